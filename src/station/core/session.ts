import { unreachable } from '../../kernel/assert.ts';
import type { LanguageCode } from '../../shared/languages.ts';
import type { Service } from '../../shared/view.ts';
import { bounds } from '../settings.ts';
import { openAccount } from './account.ts';
import type { CoreAct, TimerName } from './events.ts';
import { itemScanned, renewInHand, resting } from './lending.ts';
import { cardGiven, pinActed } from './login.ts';
import { identify, knows } from './identifiers/identify.ts';
import type { Given } from './identifiers/rules.ts';
import { askHold, holdAnswered } from './holds.ts';
import { ownRules } from './offline-rules.ts';
import { isReachable } from './reach.ts';
import { maybe } from './maybe.ts';
import { giveReceipt, receiptOf, wishOf, type ReceiptWish } from './receipt.ts';
import { renewAll } from './renew-all.ts';
import { refusal } from './refusals.ts';
import { isForStaff, isUnseenRow, isUnsettled } from './rows.ts';
import type { OpenSession } from './state.ts';
import { giveUpTags, isPutBackAsked, sayNoTag } from './tag-work.ts';
import type { Turn } from './turn.ts';

/** Ends of session that the ACS is still to be told, at most. */
const goodbyesMax = 5;

/** Something was done at the page. */
export function acted(turn: Turn, act: CoreAct, epoch: number): void {
  if (epoch !== turn.state.epoch) {
    if (act.do === 'pinKey') turn.act({ do: 'pinDrop', slot: act.slot });
    return;
  }
  touched(turn);
  // Who changes the language wants to read the word, and who says "I am here" has not read it yet.
  if (act.do !== 'chooseLanguage' && act.do !== 'stay') wordPassed(turn);
  if (!keepsQuestion.has(act.do)) questionPassed(turn);
  if (!keepsLayAsked.has(act.do)) layPassed(turn);
  switch (act.do) {
    case 'chooseService':
      return chooseService(turn, act.service);
    case 'chooseLanguage':
      return chooseLanguage(turn, act.language);
    case 'submitCardNumber':
      if (turn.state.session.phase === 'card')
        cardGiven(turn, turn.state.session.service, { text: act.number, source: 'typed' });
      return;
    case 'pinKey':
    case 'pinErase':
    case 'pinClear':
    case 'pinEnter':
      return pinActed(turn, act);
    case 'renewItem':
      return renewInHand(turn, act.item);
    case 'renewAll':
      return renewAll(turn);
    case 'askPlaceHold':
      return askHold(turn, 'place', act.item);
    case 'askCancelHold':
      return askHold(turn, 'cancel', act.item);
    case 'answer':
      return holdAnswered(turn, act.yes);
    case 'finish':
      return finish(turn, wishOf(turn, act.receipt, act.titles ?? true));
    case 'leave':
      return turn.state.session.phase === 'open' ? finish(turn, 'none') : goHome(turn);
    case 'stay':
      return;
    case 'dismiss':
      giveUpTags(turn);
      return dismiss(turn);
    case 'noTag':
      return sayNoTag(turn);
    default:
      return unreachable(act);
  }
}

/** A barcode was read. */
export function scanned(turn: Turn, given: Given): void {
  touched(turn);
  wordPassed(turn);
  questionPassed(turn);
  layPassed(turn);
  leaveFinished(turn);
  const { session } = turn.state;
  switch (session.phase) {
    case 'card':
      return cardGiven(turn, session.service, given);
    case 'open':
      return itemScanned(turn, session, given);
    case 'pin':
      return scannedAtPin(turn, session.service, session.check, given);
    case 'home':
    case 'finished':
    case 'refused':
      return scannedAtHome(turn, given);
    default:
      return unreachable(session);
  }
}

/** At the start a known card opens the way to its PIN; anything else needs to know what is wanted. */
function scannedAtHome(turn: Turn, given: Given): void {
  const { identifiers, services } = turn.settings;
  const identified = identify(given, 'card', identifiers);
  if (identified.is === 'notKept') return turn.notice('attention', 'notice.notKept');
  if (identified.is === 'damaged') return turn.notice('attention', 'notice.unreadable');
  if (identified.is === 'card' && knows(identifiers, 'card') && services.borrow) {
    chooseService(turn, 'borrow');
    if (turn.state.session.phase === 'card') cardGiven(turn, 'borrow', given);
    return;
  }
  turn.notice('attention', 'notice.chooseFirst');
}

function scannedAtPin(
  turn: Turn,
  service: Service,
  check: 'none' | 'wanted' | 'running' | 'own',
  given: Given,
): void {
  if (check !== 'none') return turn.notice('attention', 'notice.wait');
  cardGiven(turn, service, given);
}

/** A word about the last thing would be wrong about the next one. */
function wordPassed(turn: Turn): void {
  if (turn.state.notice !== undefined) turn.change({ notice: undefined });
}

/** These are about the question, or about nothing. */
const keepsQuestion: ReadonlySet<CoreAct['do']> = new Set(['answer', 'chooseLanguage', 'stay']);

/** Who goes on with something else has answered with "no". */
function questionPassed(turn: Turn): void {
  if (turn.session()?.question !== undefined) turn.changeSession({ question: undefined });
}

/** These answer what is asked at the end about tags that nobody saw, or say nothing about it. */
const keepsLayAsked: ReadonlySet<CoreAct['do']> = new Set([
  'finish',
  'leave',
  'dismiss',
  'noTag',
  'chooseLanguage',
  'stay',
]);

/** Who goes on has not come to the end yet. */
function layPassed(turn: Turn): void {
  if (turn.session()?.layAsked === true) turn.changeSession({ layAsked: false });
}

/** Something was held before the scanner that is no barcode, or too much of one. */
export function scanUnreadable(turn: Turn): void {
  touched(turn);
  turn.notice('attention', 'notice.unreadable');
}

function chooseService(turn: Turn, service: Service): void {
  const { services } = turn.settings;
  if (!services[service]) return;
  const session = turn.session();
  if (session?.patron !== undefined) {
    // Renewals and account rest in a session of which the library system does not know.
    if (service === 'account' && session.patron.identifiedBy === 'station') return;
    turn.changeSession({ service });
    return service === 'account' ? openAccount(turn) : undefined;
  }
  if (service === 'return') {
    leaveFinished(turn);
    if (!isReachable(turn) && !services.returnOffline) return refuseService(turn, 'acs.away');
    return turn.change({
      session: {
        phase: 'open',
        service,
        patron: undefined,
        rows: session?.rows ?? [],
        account: undefined,
        borrowRefusal: undefined,
        finishing: false,
      },
    });
  }
  // A card that was scanned in the same moment has chosen already.
  const now = turn.state.session;
  if (session !== undefined || (now.phase === 'pin' && now.service === service)) return;
  leaveFinished(turn);
  const lendsAlone = service === 'borrow' && turn.state.disk === 'fine' && ownRules(turn, undefined);
  const rest = lendsAlone ? undefined : resting(turn);
  if (rest === 'acs.away' || (rest === 'space.full' && service === 'borrow'))
    return refuseService(turn, rest);
  turn.change({ session: { phase: 'card', service, refusal: undefined } });
}

/** The good-bye screen still had its patron’s language and timer; the next choice may be another person’s. */
function leaveFinished(turn: Turn): void {
  if (turn.state.session.phase !== 'finished') return;
  turn.act({ do: 'cancelTimer', name: 'finished' });
  turn.change({ session: { phase: 'home' }, language: restingLanguage(turn), notice: undefined });
}

function refuseService(turn: Turn, rule: 'acs.away' | 'space.full'): void {
  const why = refusal(rule);
  turn.refuse(why.rule, why.source);
  turn.change({ session: { phase: 'refused', refusal: why } });
}

function chooseLanguage(turn: Turn, language: LanguageCode): void {
  if (turn.settings.library.languages.includes(language)) turn.change({ language });
}

function dismiss(turn: Turn): void {
  const { session } = turn.state;
  if (session.phase === 'refused' || session.phase === 'finished') return goHome(turn);
  if (session.phase === 'card' || session.phase === 'pin')
    turn.change({ session: { ...session, refusal: undefined } });
}

/** Ends the session, as soon as what is under way has its answer. */
function finish(turn: Turn, wish: ReceiptWish): void {
  const session = turn.session();
  if (session === undefined) return turn.state.session.phase === 'home' ? undefined : goHome(turn);
  if (session.layAsked !== true && session.rows.some(isUnseenRow))
    return turn.changeSession({ layAsked: true, wish });
  if (session.finishing || !session.rows.some(isUnsettled)) return sayGoodbye(turn, { ...session, wish });
  turn.changeSession({ finishing: true, wish });
  turn.act({ do: 'setTimer', name: 'finishWait', delayMs: bounds.finishWaitMs, epoch: turn.state.epoch });
}

/** Carries out a "finish" that waited, once there is nothing to wait for. */
export function finishIfSettled(turn: Turn): void {
  const session = turn.session();
  if (session === undefined) return;
  const unseen = session.rows.some(isUnseenRow);
  const asked = session.layAsked === true;
  if (asked && !unseen && !session.finishing) {
    layPassed(turn);
    return finish(turn, session.wish ?? 'none');
  }
  if (!session.finishing || session.rows.some(isUnsettled)) return;
  if (asked || !unseen) return sayGoodbye(turn, session);
  // What was under way when "finish" was pressed is lent now, and still locked.
  turn.act({ do: 'cancelTimer', name: 'finishWait' });
  turn.changeSession({ finishing: false, layAsked: true });
}

function sayGoodbye(turn: Turn, session: OpenSession): void {
  const { language } = turn.state;
  const count = (kind: string, stages: readonly string[]): number =>
    session.rows.filter((row) => row.kind === kind && stages.includes(row.stage)).length;
  const unsettled = session.rows.filter((row) => isUnsettled(row) || isForStaff(row)).length;
  const counts = {
    lent: count('checkout', ['done', 'offline']),
    returned: count('checkin', ['done', 'offline']),
    renewed: count('renew', ['done']),
    unsettled,
    provisional: count('checkout', ['offline']),
  };
  const receipt = receiptOf(turn, session, session.wish ?? 'none');
  endSession(turn);
  if (counts.lent + counts.returned + counts.renewed + unsettled === 0 && session.patron === undefined)
    return;
  turn.change({ language });
  const given = receipt === undefined ? undefined : giveReceipt(turn, receipt);
  turn.change({ session: { phase: 'finished', ...counts, ...maybe('receipt', given) } });
  turn.act({
    do: 'setTimer',
    name: 'finished',
    // A receipt takes its time to come out or to be read.
    delayMs: given === undefined ? turn.settings.session.finishedMs : bounds.receiptMs,
    epoch: turn.state.epoch,
  });
}

/** Everything of the session goes; the next one has another epoch. */
export function endSession(turn: Turn): void {
  const { session, goodbyes } = turn.state;
  const patron = session.phase === 'open' ? session.patron : undefined;
  const wasHere = session.phase !== 'home' && session.phase !== 'finished';
  const card = patron?.identifiedBy === 'acs' ? patron.card : undefined;
  for (const name of ['idle', 'countdown', 'finishWait', 'finished'] as const)
    turn.act({ do: 'cancelTimer', name });
  turn.act({ do: 'pinClear' });
  turn.change({
    epoch: turn.state.epoch + 1,
    language: restingLanguage(turn),
    session: { phase: 'home' },
    secondsLeft: undefined,
    notice: undefined,
    goodbyes: card === undefined ? goodbyes : [...goodbyes, card].slice(-goodbyesMax),
  });
  if (wasHere && turn.state.cardInReader) turn.notice('attention', 'notice.takeCard');
}

function goHome(turn: Turn): void {
  endSession(turn);
}

function restingLanguage(turn: Turn): LanguageCode {
  return turn.settings.library.languages[0] ?? 'en';
}

/** Somebody is there: the idle time starts anew and "are you still there" goes away. */
export function touched(turn: Turn): void {
  if (turn.state.secondsLeft !== undefined) {
    turn.act({ do: 'cancelTimer', name: 'countdown' });
    turn.change({ secondsLeft: undefined });
  }
  const stretch = isPutBackAsked(turn.state) ? bounds.putBackStretch : 1;
  const delayMs = turn.settings.session.idleMs * stretch;
  turn.act({ do: 'setTimer', name: 'idle', delayMs, epoch: turn.state.epoch });
}

export function timerFired(turn: Turn, name: TimerName, epoch: number): void {
  // Work and disk belong to the station; all other timers die with their session.
  if (name === 'work') return turn.change({ workAt: undefined });
  // That time has passed is enough: what to do about tags is decided in each step.
  if (name === 'tags' || name === 'tagParts') return;
  if (name === 'spaceProbe') return turn.state.disk === 'fine' ? undefined : turn.act({ do: 'probeDisk' });
  if (epoch !== turn.state.epoch) return;
  switch (name) {
    case 'idle':
      return idle(turn);
    case 'countdown':
      return countDown(turn);
    case 'finished':
      return turn.state.session.phase === 'finished' ? goHome(turn) : undefined;
    case 'finishWait': {
      const session = turn.session();
      return session?.finishing === true ? sayGoodbye(turn, session) : undefined;
    }
    default:
      return unreachable(name);
  }
}

function idle(turn: Turn): void {
  const { session, language } = turn.state;
  if (session.phase === 'home') {
    // A language that someone chose and left is no one’s any more.
    return language === restingLanguage(turn) && turn.state.notice === undefined ? undefined : goHome(turn);
  }
  if (session.phase === 'finished') return;
  if (session.phase === 'refused') return goHome(turn);
  const seconds = Math.ceil(turn.settings.session.warningMs / bounds.countdownTickMs);
  turn.change({ secondsLeft: seconds });
  setCountdown(turn);
}

function countDown(turn: Turn): void {
  const left = (turn.state.secondsLeft ?? 0) - 1;
  if (left > 0) {
    turn.change({ secondsLeft: left });
    return setCountdown(turn);
  }
  const session = turn.session();
  turn.change({ secondsLeft: undefined });
  if (session === undefined) return goHome(turn);
  sayGoodbye(turn, session);
}

function setCountdown(turn: Turn): void {
  const { epoch } = turn.state;
  turn.act({ do: 'setTimer', name: 'countdown', delayMs: bounds.countdownTickMs, epoch });
}
