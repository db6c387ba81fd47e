import type { Message } from './message.ts';
import type { LocalDate } from './values.ts';

/** What can stand on a receipt, in the order in which it stands there. */
export const receiptKinds = ['checkout', 'renew', 'checkin', 'hold', 'fee'] as const;
export type ReceiptKind = (typeof receiptKinds)[number];

/** One item of a receipt, or several that can be told alike where titles are left out. */
export interface ReceiptRow {
  readonly kind: ReceiptKind;
  readonly state: 'done' | 'offline' | 'refused' | 'attention';
  /** Missing: the patron wants no titles, or none is known. */
  readonly title?: string;
  /** What became of it, with its due date. */
  readonly message: Message;
  readonly count: number;
  /** It was borrowed, returned … for certain. What was refused, or is not clear yet, stands on the receipt and was not. */
  readonly happened: boolean;
}

/** How many a heading speaks of. */
export function countHappened(rows: readonly ReceiptRow[]): number {
  return rows.filter(({ happened }) => happened).reduce((sum, { count }) => sum + count, 0);
}

/** What a patron takes along of a session. The card is shown by its end alone. */
export interface Receipt {
  readonly date: LocalDate;
  /** `HH:MM` in the library. */
  readonly time: string;
  readonly cardEnd?: string;
  readonly rows: readonly ReceiptRow[];
  /** Something was done without the library system, so that what it will say can differ. */
  readonly provisional: boolean;
}

/** A receipt of a finished session: on its way to the paper, there, or to be read from the screen. */
export type ShownReceipt =
  | { readonly is: 'printing' }
  | { readonly is: 'printed' }
  | { readonly is: 'onScreen'; readonly receipt: Receipt; readonly problem?: Message };
