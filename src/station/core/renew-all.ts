import { furtherId, type TransactionId } from '../../kernel/ids.ts';
import type { ItemInformation, Outcome, RenewAllAnswer } from '../../ils/ils.ts';
import type { Refusal } from '../../shared/view.ts';
import { bounds } from '../settings.ts';
import { isOlderThanKnown } from './acceptance.ts';
import { beforeRenew, resting } from './lending.ts';
import { maybe } from './maybe.ts';
import { refusalByWords, unexplained } from './refusal-words.ts';
import { refusal } from './refusals.ts';
import { addRow, isPresent, ofSession, standingRow } from './rows.ts';
import { ask } from './settling.ts';
import type { OpenSession, OpenTransaction, SessionRow } from './state.ts';
import { begin, sendFailed } from './transactions.ts';
import type { Turn } from './turn.ts';
import { accept, refuse } from './verdicts.ts';

/** The loans of the account that a "renew all" would renew. */
export function renewableOf(session: OpenSession): readonly string[] {
  const charged = session.account?.parts.get('charged')?.entries ?? [];
  return charged.filter(
    (item) =>
      !session.rows.some(
        (row) =>
          row.item === item && (row.kind === 'renew' || (row.kind === 'checkout' && row.stage !== 'refused')),
      ),
  );
}

/** Renews all loans: by one request where that renews just these, or each by its own. */
export function renewAll(turn: Turn): void {
  const session = turn.session();
  if (session?.patron === undefined || session.service !== 'account' || session.finishing) return;
  const room = bounds.rowsPerSessionMax - session.rows.length;
  const items = renewableOf(session).slice(0, room);
  if (items.length === 0) return;
  const rest = resting(turn);
  if (rest !== undefined) {
    const why = refusal(rest);
    turn.refuse(why.rule, why.source);
    return turn.notice('no', why.cause.key);
  }
  const together = mayGoTogether(turn, session, items);
  for (const item of items) {
    if (standingRow(turn, item, ['renew', 'checkout']) !== undefined) continue;
    const title = session.account?.items.get(item)?.title;
    addRow(turn, { item, kind: 'renew', stage: 'reading', title, ofAll: true, together });
  }
}

/** One request renews every loan of the patron, so it goes only where every loan is known and wanted, and none is missing in an old list. */
function mayGoTogether(turn: Turn, session: OpenSession, items: readonly string[]): boolean {
  const part = session.account?.parts.get('charged');
  const { patron } = session;
  if (!turn.state.abilities.renewAll || part === undefined || patron === undefined || items.length < 2)
    return false;
  const whole = part.told && part.count === part.entries.length && part.entries.length === items.length;
  if (turn.state.acceptances.everyOne || isOlderThanKnown(turn, { patron: patron.card }, part.entries))
    return false;
  const [open] = turn.state.open.ofPatron(patron.card);
  return whole && open === undefined && [...patron.charged].every((item) => items.includes(item));
}

/** The due date of a loan before its renewal is known. Those that go together wait for each other. */
export function beforeRenewal(turn: Turn, rowId: string, outcome: Outcome<ItemInformation>): void {
  const row = turn.session()?.rows.find((candidate) => candidate.id === rowId);
  if (row?.together !== true) return beforeRenew(turn, rowId, outcome);
  if (outcome.kind !== 'answered') {
    // What cannot be cleared up later is not sent: the others go without it, each by its own request.
    beforeRenew(turn, rowId, outcome);
    return beginRead(turn, false);
  }
  const { dueRaw, title, holdQueue } = outcome.value;
  turn.changeRow(rowId, {
    read: { dueRaw, awaited: (holdQueue ?? 0) > 0 },
    title: title ?? row.title,
  });
  if (togetherRows(turn).every((one) => one.read !== undefined)) beginRead(turn, true);
}

/** Rows of a request for all that is not made yet, oldest first. */
function togetherRows(turn: Turn): readonly SessionRow[] {
  const rows = turn.session()?.rows ?? [];
  return rows.filter((row) => row.together === true && row.stage === 'reading').toReversed();
}

/** Begins the renewals whose due dates were read, all in one commit. The rest, if any, goes on one by one. */
function beginRead(turn: Turn, together: boolean): void {
  const patron = turn.session()?.patron?.card;
  for (const [index, row] of togetherRows(turn).entries()) {
    if (row.read === undefined) {
      turn.changeRow(row.id, { together: false });
      continue;
    }
    const transaction = begin(turn, {
      id: furtherId(turn.event.id, index),
      kind: 'renew',
      item: row.item,
      patron,
      state: 'intended',
      ...maybe('dueBefore', row.read.dueRaw),
      together,
    });
    turn.changeRow(row.id, { stage: 'pending', transaction, together });
  }
}

/**
 * The renewals that go by one request, if this is one of them and none of them has been sent. Where something older waits on one of
 * the items they would all overtake it, so that each goes by its own request, in line.
 */
export function goTogether(turn: Turn, transaction: OpenTransaction): readonly OpenTransaction[] {
  if (!isUnsentTogether(transaction) || !isPresent(turn, transaction)) return [];
  const together = ofSession(turn).filter(isUnsentTogether);
  if (!together.some((one) => standsBehindAnother(turn, one))) return together;
  for (const one of together) turn.setTransaction(one.id, { ...one, together: false });
  return [];
}

function standsBehindAnother(turn: Turn, renewal: OpenTransaction): boolean {
  const before = turn.state.open.before(renewal);
  return before !== undefined && !isUnsentTogether(before);
}

function isUnsentTogether({ together, state, next, sent }: OpenTransaction): boolean {
  return together === true && state === 'intended' && next === 'send' && !sent;
}

/** The reply to a request for all: what it names is believed, what it leaves open is asked about. */
export function renewAllReplied(
  turn: Turn,
  ids: readonly TransactionId[],
  outcome: Outcome<RenewAllAnswer>,
): void {
  const transactions = ids.map((id) => turn.state.open.get(id)).filter((one) => one !== undefined);
  if (outcome.kind !== 'answered') {
    for (const transaction of transactions) sendFailed(turn, transaction, outcome.kind);
    return;
  }
  const verdict = verdictsOf(
    transactions.map(({ item }) => item),
    outcome.value,
  );
  for (const transaction of transactions) {
    switch (verdict(transaction.item)) {
      case 'renewed':
        accept(turn, transaction, { rule: 'answered', title: undefined });
        if (isPresent(turn, transaction)) dueWanted(turn, transaction.item);
        break;
      case 'refused':
        refuse(turn, transaction, refusalOf(turn, transaction, outcome.value));
        break;
      case 'notTold':
        ask(turn, transaction, undefined);
    }
  }
}

/** An answer may name the loans, or count them, or both; it may name them by titles, which match nothing. */
function verdictsOf(
  items: readonly string[],
  answer: RenewAllAnswer,
): (item: string) => 'renewed' | 'refused' | 'notTold' {
  const renewed = new Set(items.filter((item) => answer.renewed.includes(item)));
  const refused = new Set(
    items.filter((item) => answer.unrenewed.includes(item) && !answer.renewed.includes(item)),
  );
  const open = items.length - renewed.size - refused.size;
  const renewedOpen = (answer.renewedCount ?? Number.NaN) - renewed.size;
  const refusedOpen = (answer.unrenewedCount ?? Number.NaN) - refused.size;
  const others =
    renewedOpen === open && refusedOpen === 0
      ? 'renewed'
      : refusedOpen === open && renewedOpen === 0
        ? 'refused'
        : 'notTold';
  return (item) => (renewed.has(item) ? 'renewed' : refused.has(item) ? 'refused' : others);
}

/** The words are about all that was not renewed; only of a single one they tell the cause. */
function refusalOf(turn: Turn, transaction: OpenTransaction, answer: RenewAllAnswer): Refusal {
  const { acsText, unrenewedCount } = answer;
  const byWords = unrenewedCount === 1 ? refusalByWords('renew', acsText) : undefined;
  if (byWords !== undefined) return byWords;
  const row = turn.session()?.rows.find((one) => one.transaction === transaction.id);
  const rule = row?.read?.awaited === true ? 'renew.onHold' : 'renew.refused';
  return refusal(rule, unexplained(acsText));
}

/** The new due date was not told with the renewal: the old one goes, and it is asked for. */
function dueWanted(turn: Turn, item: string): void {
  const account = turn.session()?.account;
  if (account === undefined) return;
  const items = new Map(account.items);
  const known = items.get(item);
  if (known !== undefined) items.set(item, { ...known, due: undefined, dueRaw: undefined });
  turn.changeSession({ account: { ...account, items, wanted: [...account.wanted, { what: 'item', item }] } });
}
