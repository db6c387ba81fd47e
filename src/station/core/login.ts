import { unreachable } from '../../kernel/assert.ts';
import type { Customership, Outcome } from '../../ils/ils.ts';
import { bounds } from '../settings.ts';
import { openAccount } from './account.ts';
import { cardValidityOf } from './card-validity.ts';
import type { CoreAct } from './events.ts';
import { identify } from './identifiers/identify.ts';
import type { Given } from './identifiers/rules.ts';
import { countingTries, pinLock } from './pin-limits.ts';
import { openByOwnRules } from './offline-lending.ts';
import { ownRules } from './offline-rules.ts';
import { isReachable } from './reach.ts';
import { ruleOfPatronWords } from './refusal-words.ts';
import { borrowRefusal, refusal, type Rule } from './refusals.ts';
import type { Session } from './state.ts';
import type { Turn } from './turn.ts';

type PinSession = Extract<Session, { phase: 'pin' }>;

/** A card number was scanned or typed where a card is expected. */
export function cardGiven(turn: Turn, service: 'borrow' | 'return' | 'account', given: Given): void {
  const identified = identify(given, 'card', turn.settings.identifiers);
  switch (identified.is) {
    case 'notKept':
      return turn.notice('attention', 'notice.notKept');
    case 'damaged':
      return turn.notice('attention', 'notice.unreadable');
    case 'unrecognised':
      return turn.notice('attention', 'notice.unrecognised');
    case 'item':
      return turn.notice('attention', 'notice.itemNotCard');
    case 'card': {
      const rules = service === 'borrow' ? ownRules(turn, undefined) : undefined;
      if (rules?.pin === 'not-asked') return openByOwnRules(turn, rules, identified.number);
      turn.act({ do: 'pinClear' });
      return turn.change({
        session: {
          phase: 'pin',
          service,
          card: identified.number,
          entered: 0,
          check: 'none',
          refusal: undefined,
        },
      });
    }
    default:
      return unreachable(identified);
  }
}

/** A key of the PIN pad. The core knows how many characters there are, never which. */
export function pinActed(turn: Turn, act: Extract<CoreAct, { do: `pin${string}` }>): void {
  const { session } = turn.state;
  if (session.phase !== 'pin' || session.check !== 'none') {
    if (act.do === 'pinKey') turn.act({ do: 'pinDrop', slot: act.slot });
    return;
  }
  switch (act.do) {
    case 'pinKey':
      return pinKey(turn, session, act);
    case 'pinErase':
      if (session.entered === 0) return;
      turn.act({ do: 'pinErase' });
      return turn.change({ session: { ...session, entered: session.entered - 1, refusal: undefined } });
    case 'pinClear':
      turn.act({ do: 'pinClear' });
      return turn.change({ session: { ...session, entered: 0, refusal: undefined } });
    case 'pinEnter':
      return pinEntered(turn, session);
    default:
      return unreachable(act);
  }
}

function pinKey(
  turn: Turn,
  session: PinSession,
  act: { readonly slot: number; readonly digit: boolean },
): void {
  const { format, length } = turn.settings.pin;
  const longest = length ?? bounds.passwordCharsMax;
  if (session.entered >= longest || (format === 'digits' && !act.digit)) {
    return turn.act({ do: 'pinDrop', slot: act.slot });
  }
  turn.act({ do: 'pinKeep', slot: act.slot });
  turn.change({ session: { ...session, entered: session.entered + 1, refusal: undefined } });
}

function pinEntered(turn: Turn, session: PinSession): void {
  const { pin, hash } = turn.settings;
  const { at } = turn.event;
  const rules = session.service === 'borrow' ? ownRules(turn, undefined) : undefined;
  if (rules?.pin === 'not-asked') return openByOwnRules(turn, rules, session.card);
  if (session.entered === 0 || (pin.length !== undefined && session.entered < pin.length)) return;
  if (!isReachable(turn) && rules?.pin !== 'verifier') return pinRefused(turn, session, 'acs.away');
  if (turn.state.disk !== 'fine') return pinRefused(turn, session, 'space.full');
  const cardHash = hash(session.card);
  // A try from a clock that was wrong counts from now on, not from a day that is yet to come.
  turn.change({ pinTries: turn.state.pinTries.map((one) => (one.at > at ? { ...one, at } : one)) });
  const lock = pinLock(turn.state.pinTries, cardHash, at, pin);
  if (lock.locked) return pinLocked(turn, lock);
  // Counted before it is checked: pulling the plug does not give another try.
  turn.commit({ row: 'pinTried', card: session.card, at });
  turn.change({
    pinTries: [...countingTries(turn.state.pinTries, at, pin), { cardHash, at }],
    session: { ...session, check: rules === undefined ? 'wanted' : 'own', refusal: undefined },
  });
  if (rules !== undefined) turn.act({ do: 'pinVerify', card: session.card, epoch: turn.state.epoch });
}

function pinLocked(
  turn: Turn,
  lock: { readonly by: 'card' | 'station'; readonly minutesLeft: number },
): void {
  const kind = secretKind(turn);
  const rule: Rule = lock.by === 'card' ? `${kind}.lockedCard` : `${kind}.lockedStation`;
  turn.act({ do: 'pinClear' });
  turn.refuse(rule, 'station');
  turn.change({ session: { phase: 'refused', refusal: refusal(rule, [], { count: lock.minutesLeft }) } });
}

function pinRefused(turn: Turn, session: PinSession, rule: Rule, triesLeft?: number): void {
  const why = refusal(rule, [], triesLeft === undefined ? undefined : { count: triesLeft });
  turn.act({ do: 'pinClear' });
  turn.refuse(why.rule, why.source);
  turn.change({ session: { ...session, entered: 0, check: 'none', refusal: why } });
}

/** The library system told (or did not tell) whether card and PIN belong together. */
export function customershipTold(
  turn: Turn,
  card: string,
  epoch: number,
  outcome: Outcome<Customership>,
): void {
  const verdict = verdictOf(outcome);
  if (verdict === 'right') forgive(turn, card, true);
  if (verdict === 'unchecked') forgive(turn, card, false);
  const { session } = turn.state;
  // The patron may have walked away while it was checked.
  if (epoch !== turn.state.epoch || session.phase !== 'pin' || session.check !== 'running') return;
  if (outcome.kind !== 'answered') {
    return pinRefused(turn, session, outcome.kind === 'notSent' ? 'acs.away' : 'acs.silent');
  }
  const customership = outcome.value;
  keepVerifier(turn, card, customership);
  if (!customership.known) return cardUnknown(turn, session, customership);
  if (customership.pin === 'wrong') return pinWrong(turn, session);
  if (customership.pin === 'notTold') return pinRefused(turn, session, `${secretKind(turn)}.notChecked`);
  signIn(turn, session, customership);
}

/** A PIN that was right just now, of a card that may borrow, can be checked in the next outage; of any other card nothing is kept. */
function keepVerifier(turn: Turn, card: string, customership: Customership): void {
  if (turn.settings.offline?.pin !== 'verifier') return;
  const { known, pin, blocks, acsText } = customership;
  const lends = known && borrowRefusal(blocks, acsText, ruleOfPatronWords(acsText)) === undefined;
  if (!lends) return turn.commit({ row: 'pinVerifierGone', card });
  if (pin === 'right') turn.act({ do: 'pinEnrol', card });
}

/** The station checked the PIN by itself. */
export function pinVerified(
  turn: Turn,
  { card, epoch, verdict }: { card: string; epoch: number; verdict: 'right' | 'wrong' | 'none' },
): void {
  if (verdict !== 'wrong') forgive(turn, card, verdict === 'right');
  const { session } = turn.state;
  if (epoch !== turn.state.epoch || session.phase !== 'pin' || session.check !== 'own') return;
  // One patron may have made way for the next while it was derived.
  if (session.card !== card) return;
  const rules = turn.settings.offline;
  if (rules === undefined || verdict === 'none') return pinNotKnown(turn);
  if (verdict === 'wrong') {
    const kind = secretKind(turn);
    return pinWrong(turn, session, kind === 'pin' ? 'offline.pinWrong' : 'offline.passwordWrong');
  }
  openByOwnRules(turn, rules, card);
}

/** This station has not seen the PIN confirmed, or not lately. */
function pinNotKnown(turn: Turn): void {
  const why = refusal('offline.pinNotKnown');
  turn.act({ do: 'pinClear' });
  turn.refuse(why.rule, why.source);
  turn.change({ session: { phase: 'refused', refusal: why } });
}

function verdictOf(outcome: Outcome<Customership>): 'right' | 'wrong' | 'unchecked' {
  if (outcome.kind !== 'answered') return 'unchecked';
  const { known, pin } = outcome.value;
  if (!known || pin === 'wrong') return 'wrong';
  return pin === 'right' ? 'right' : 'unchecked';
}

function forgive(turn: Turn, card: string, all: boolean): void {
  const cardHash = turn.settings.hash(card);
  turn.commit({ row: 'pinForgiven', card, all });
  const tries = turn.state.pinTries;
  const last = tries.findLastIndex((one) => one.cardHash === cardHash);
  turn.change({
    pinTries: tries.filter((one, index) => (all ? one.cardHash !== cardHash : index !== last)),
  });
}

function cardUnknown(turn: Turn, session: PinSession, customership: Customership): void {
  turn.refuse('card.unknown', 'acs');
  turn.change({
    session: {
      phase: 'card',
      service: session.service,
      refusal: refusal('card.unknown', customership.acsText),
    },
  });
}

function pinWrong(turn: Turn, session: PinSession, rule: Rule = `${secretKind(turn)}.wrong`): void {
  const { pin, hash } = turn.settings;
  const lock = pinLock(turn.state.pinTries, hash(session.card), turn.event.at, pin);
  if (lock.locked) return pinLocked(turn, lock);
  pinRefused(turn, session, rule, lock.triesLeft);
}

/** What the patron types is called by its own name. */
function secretKind(turn: Turn): 'pin' | 'password' {
  return turn.settings.pin.format === 'digits' ? 'pin' : 'password';
}

function signIn(turn: Turn, session: PinSession, customership: Customership): void {
  const validity = cardValidityOf(customership.expires, turn.settings.localDate(turn.event.at));
  const words = ruleOfPatronWords(customership.acsText);
  const why = borrowRefusal(customership.blocks, customership.acsText, words, validity);
  if (why !== undefined && session.service === 'borrow') turn.refuse(why.rule, why.source);
  turn.change({
    session: {
      phase: 'open',
      service: session.service,
      patron: {
        card: session.card,
        identifiedBy: 'acs',
        blocks: customership.blocks,
        charged: new Set(customership.chargedItems ?? []),
        expires: customership.expires,
        acsText: customership.acsText,
      },
      rows: [],
      account: undefined,
      borrowRefusal: why,
      finishing: false,
    },
  });
  if (session.service === 'account') return openAccount(turn);
  // The account says it on its own line.
  if (validity?.state === 'endsSoon')
    turn.notice('attention', 'notice.cardEndsSoon', { date: { date: validity.date } });
}
