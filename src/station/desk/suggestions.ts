import type { TransactionKind, TransactionState } from '../../journal/rows.ts';

/** What staff can do about a transaction, in a sentence for the technician's screen. */
export interface Suggestion {
  readonly rule: RegExp;
  readonly kinds?: readonly TransactionKind[];
  /** Only for loans by the station’s own rules. */
  readonly told?: boolean;
  readonly act: string;
}

/** In this order; the first that fits is told. Rules are those of the core (`giveToStaff`, `refuse`) and of the journal. */
const suggestions: readonly Suggestion[] = [
  {
    rule: /^acs\.notDone$/,
    act: 'The library system accepted it and did not show it when it was asked: look at the item and at the patron’s account there. What is missing, enter by hand; a loan or a return can be retried too. Then resolve, and tell whoever runs the library system.',
  },
  {
    rule: /^(?!journal\.|acs\.changed|stoppedStation)/,
    kinds: ['hold'],
    act: 'Look at the patron’s holds in the library system; place or cancel the hold there if that is not done; then resolve.',
  },
  {
    rule: /^(?!journal\.|acs\.changed|stoppedStation)/,
    kinds: ['fee'],
    act: 'The patron has paid: look at the patron’s fees in the library system, and enter the payment there if it is missing; then resolve.',
  },
  {
    rule: /^patronGone$/,
    kinds: ['checkout'],
    act: 'It was not lent and its patron has gone: look for the item near the station. If it is gone too, lend it to the patron in the library system; then resolve.',
  },
  {
    rule: /^journal\.unreadable$/,
    act: 'Its item and card cannot be read, because their key is gone. Compare the time with the library system; then resolve.',
  },
  {
    rule: /^(noAnswer|attemptsUsedUp)$/,
    act: 'The library system did not answer for long: when it does, retry; the station asks what is true before it sends anything.',
  },
  {
    rule: /^sync\.otherDue$/,
    act: 'The library system lent it with another due date than the patron was told: set the date there to the one that was told, or tell the patron; then resolve.',
  },
  {
    rule: /^acs\.changed$/,
    act: 'It was made for another library system: export it, enter it in the right one; then resolve.',
  },
  {
    rule: /^stoppedStation$/,
    act: 'The station ended each time it worked on this one, so it is set aside: enter it in the library system by hand; then resolve. Report it, please.',
  },
  {
    rule: /^item\.unknown$/,
    act: 'The library system does not know the item: check its label and add it; then retry, or resolve.',
  },
  {
    rule: /^item\.lentToAnother$/,
    act: 'The library system has it on loan to another patron: find out who has it, put the loans right there; then resolve.',
  },
  {
    rule: /./,
    kinds: ['checkin'],
    act: 'The patron was told that it is taken back: check it in in the library system with the time of the return; then resolve.',
  },
  {
    rule: /./,
    kinds: ['checkout'],
    told: true,
    act: 'The patron was told in an outage that it is lent: lend it to them in the library system, past its block if you may; if not, ask the patron to bring it back; then resolve.',
  },
  {
    rule: /./,
    kinds: ['renew'],
    act: 'Look at the loan in the library system; renew it there if it was not renewed; then resolve. A retry can use up a second renewal.',
  },
  {
    rule: /./,
    act: 'Look at the item and at the patron’s loans in the library system and put them right there; then resolve.',
  },
];

/** What to do about a transaction of the staff list; undefined for any other. */
export function suggestedAct(transaction: {
  readonly state: TransactionState;
  readonly kind: TransactionKind;
  readonly rule: string | undefined;
  readonly dueTold?: string | undefined;
}): string | undefined {
  if (transaction.state !== 'staff') return undefined;
  const { kind, rule = '', dueTold } = transaction;
  return suggestions.find(
    (one) =>
      one.rule.test(rule === '' ? '?' : rule) &&
      (one.kinds?.includes(kind) ?? true) &&
      (one.told !== true || dueTold !== undefined),
  )?.act;
}
