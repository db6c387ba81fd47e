import type { AccountPart, FeePaidAnswer, Outcome } from '../../ils/ils.ts';
import type { FeePayment } from '../../journal/rows.ts';
import type { Happening } from './events.ts';
import { foundCard } from './found.ts';
import { maybe } from './maybe.ts';
import { isReachable } from './reach.ts';
import { refusal } from './refusals.ts';
import { addRow, isPresent } from './rows.ts';
import { ask, askLater, didNotHappen, settleUntold } from './settling.ts';
import type { OpenTransaction } from './state.ts';
import { begin, sendFailed } from './transactions.ts';
import type { Turn } from './turn.ts';
import { accept, refuse } from './verdicts.ts';

/**
 * Money was taken for fees. It is written down before the library system hears of it, and reaches it once, whatever is
 * away at the moment.
 */
export function feeTaken(turn: Turn, taken: Extract<Happening, { type: 'feeTaken' }>): void {
  const session = turn.session();
  if (turn.settings.services.feesPay !== 'terminal' || session?.patron === undefined) return;
  const { card } = session.patron;
  const { amount, feeType, paymentType, fee = '' } = taken;
  const [open] = turn.state.open.ofPatron(card);
  // With something still open the sum of before is not known for sure.
  const owed = open === undefined ? session.account?.parts.get('fines')?.feeTotal : undefined;
  const comparable = owed?.currency === amount.currency ? owed.amount : undefined;
  const online = isReachable(turn);
  const transaction = begin(turn, {
    kind: 'fee',
    item: fee,
    patron: card,
    state: online ? 'intended' : 'waiting',
    fee: {
      amount: amount.amount,
      currency: amount.currency,
      feeType,
      paymentType,
      ...maybe('owedBefore', comparable),
    },
  });
  addRow(turn, { item: fee, kind: 'fee', stage: online ? 'pending' : 'offline', transaction });
}

/** The reply to a payment that was told. */
export function feeReplied(turn: Turn, transaction: OpenTransaction, outcome: Outcome<FeePaidAnswer>): void {
  if (outcome.kind !== 'answered') return sendFailed(turn, transaction, outcome.kind);
  const { result, acsText } = outcome.value;
  if (result === 'accepted') {
    accept(turn, transaction, { rule: 'answered', title: undefined, acsText });
    return feesWanted(turn, transaction);
  }
  if (transaction.attempts > 0) return ask(turn, transaction, acsText);
  // The money was taken: that the library system does not want it is for staff.
  refuse(turn, transaction, refusal('fee.refused', acsText));
}

/** What the patron owes now, asked because a reply was lost. */
export function feesAsked(turn: Turn, transaction: OpenTransaction, outcome: Outcome<AccountPart>): void {
  if (outcome.kind !== 'answered') return askLater(turn, transaction, outcome.kind);
  const asked = { ...transaction, found: foundCard(outcome.value) };
  switch (truthOf(transaction.fee, outcome.value)) {
    case 'happened':
      accept(turn, asked, { rule: 'asked', title: undefined });
      return feesWanted(turn, transaction);
    case 'didNotHappen':
      return didNotHappen(turn, asked, undefined);
    case 'cannotTell':
      return settleUntold(turn, asked);
  }
}

/** Only the two sums that can follow from this payment prove anything. */
function truthOf(
  fee: FeePayment | undefined,
  { told, feeTotal }: AccountPart,
): 'happened' | 'didNotHappen' | 'cannotTell' {
  if (fee?.owedBefore === undefined || !told || feeTotal?.currency !== fee.currency) return 'cannotTell';
  const before = hundredths(fee.owedBefore);
  const paid = hundredths(fee.amount);
  const now = hundredths(feeTotal.amount);
  if (before === undefined || paid === undefined || now === undefined || paid === 0) return 'cannotTell';
  if (now === before - paid) return 'happened';
  return now === before ? 'didNotHappen' : 'cannotTell';
}

/** A sum of decimal text in whole hundredths; undefined where it has more decimals or is none. */
function hundredths(amount: string): number | undefined {
  const found = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(amount);
  if (found === null) return undefined;
  const [, sign, whole, decimals = ''] = found;
  const sum = Number(whole) * 100 + Number(decimals.padEnd(2, '0'));
  return sign === '-' ? -sum : sum;
}

/** After a payment the fees are other ones. */
function feesWanted(turn: Turn, transaction: OpenTransaction): void {
  const account = turn.session()?.account;
  if (account === undefined || !isPresent(turn, transaction)) return;
  turn.changeSession({
    account: { ...account, wanted: [...account.wanted, { what: 'list', list: 'fines' }] },
  });
}
