import type { PrinterProblem, PrinterStatus } from '../../devices/receipt-printer/receipt-printer.ts';
import type { UtcMillis } from '../../kernel/clock.ts';
import type { Receipt, ReceiptRow, ShownReceipt } from '../../shared/receipt.ts';
import type { MessageKey } from '../../strings/keys.ts';
import type { CoreSettings } from '../settings.ts';
import { maybe } from './maybe.ts';
import type { OpenSession, SessionRow } from './state.ts';
import type { Turn } from './turn.ts';
import { itemRow } from './view-rows.ts';
import { asLeft } from './view-tags.ts';

/** What the patron wants on paper. */
export type ReceiptWish = 'none' | 'titles' | 'withoutTitles';

/** Letters of a card number that a receipt shows: enough for its owner, too few for a finder. */
const cardCharsShown = 3;
const cardCharsMin = 6;

/** A receipt that is on its way, or to be read; gone with the good-bye screen. */
export type FinishedReceipt =
  | { readonly is: 'printing'; readonly receipt: Receipt }
  | { readonly is: 'printed' }
  | { readonly is: 'onScreen'; readonly receipt: Receipt; readonly problem: PrinterProblem | undefined };

const problemKeys: Readonly<Record<PrinterProblem, MessageKey>> = {
  away: 'receipt.problem.away',
  silent: 'receipt.problem.away',
  paperEnd: 'receipt.problem.paperEnd',
  coverOpen: 'receipt.problem.fault',
  cutter: 'receipt.problem.fault',
  notTaken: 'receipt.problem.notTaken',
  fault: 'receipt.problem.fault',
};

/** What a row says while the item still lies there is put as it holds afterwards. */
const keysOnPaper: Partial<Readonly<Record<MessageKey, MessageKey>>> = {
  'row.tag.free': 'row.checkout.done',
  'row.tag.freeNoDue': 'row.checkout.doneNoDue',
};

/** What a wish comes to under the library’s own rule about titles. */
export function wishOf(turn: Turn, receipt: boolean, titles: boolean): ReceiptWish {
  const rule = turn.settings.receipt?.titles;
  if (!receipt || rule === undefined) return 'none';
  if (rule === 'always' || (rule === 'ask' && titles)) return 'titles';
  return 'withoutTitles';
}

/** The receipt of a session as it stands, oldest row first. Undefined where nothing was done. */
export function receiptOf(turn: Turn, session: OpenSession, wish: ReceiptWish): Receipt | undefined {
  if (wish === 'none' || session.rows.length === 0) return undefined;
  const { at } = turn.event;
  const rows = session.rows.toReversed().map((row) => receiptRow(asLeft(row), wish === 'titles'));
  return {
    ...momentOf(turn.settings, at),
    ...maybe('cardEnd', cardEnd(session.patron?.card)),
    rows: wish === 'titles' ? rows : alikeTogether(rows),
    provisional: session.rows.some(({ stage }) => stage === 'offline'),
  };
}

function momentOf(settings: CoreSettings, at: UtcMillis): Pick<Receipt, 'date' | 'time'> {
  return { date: settings.localDate(at), time: settings.localTime(at) };
}

function cardEnd(card: string | undefined): string | undefined {
  return card === undefined || card.length < cardCharsMin ? undefined : card.slice(-cardCharsShown);
}

function receiptRow(row: SessionRow, withTitle: boolean): ReceiptRow {
  const { state, message, refusal } = itemRow(row);
  return {
    kind: row.kind,
    // What is still under way when the patron leaves is for staff to look at.
    state: state === 'done' || state === 'offline' || state === 'refused' ? state : 'attention',
    ...maybe('title', withTitle ? (row.title ?? row.item) : undefined),
    message: refusal?.cause ?? { ...message, key: keysOnPaper[message.key] ?? message.key },
    count: 1,
    happened: row.stage === 'done' || row.stage === 'offline' || isToldTaken(row),
  };
}

/** A return whose answer was lost counts all the same. */
function isToldTaken({ kind, stage }: SessionRow): boolean {
  return kind === 'checkin' && stage === 'unsure';
}

/** Without titles, rows that say the same are one row with a count. */
function alikeTogether(rows: readonly ReceiptRow[]): readonly ReceiptRow[] {
  const together = new Map<string, ReceiptRow>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    const count = (together.get(key)?.count ?? 0) + row.count;
    together.set(key, { ...row, count });
  }
  return [...together.values()];
}

/** Begins to print, or shows the receipt where no printer can. */
export function giveReceipt(turn: Turn, receipt: Receipt): FinishedReceipt {
  const { printer, epoch, language } = turn.state;
  if (printer === undefined || printer.problem !== undefined)
    return { is: 'onScreen', receipt, problem: printer?.problem };
  turn.act({ do: 'print', receipt, language, epoch });
  return { is: 'printing', receipt };
}

/** How the print ended. The patron who has gone meanwhile hears nothing of it. */
export function receiptPrinted(turn: Turn, epoch: number, problem: PrinterProblem | undefined): void {
  const { session } = turn.state;
  if (epoch !== turn.state.epoch || session.phase !== 'finished' || session.receipt?.is !== 'printing')
    return;
  const { receipt } = session.receipt;
  turn.change({
    session: {
      ...session,
      receipt: problem === undefined ? { is: 'printed' } : { is: 'onScreen', receipt, problem },
    },
  });
  if (problem !== undefined) return;
  turn.act({ do: 'setTimer', name: 'finished', delayMs: turn.settings.session.finishedMs, epoch });
}

export function printerChanged(turn: Turn, printer: PrinterStatus): void {
  const before = turn.state.printer;
  if (before?.problem === printer.problem && before?.paperLow === printer.paperLow) return;
  turn.change({ printer });
  if (printer.paperLow && before?.paperLow !== true)
    turn.act({ do: 'log', level: 'warning', event: 'printer.paperLow', fields: {} });
}

export function shownReceipt(receipt: FinishedReceipt | undefined): ShownReceipt | undefined {
  if (receipt === undefined) return undefined;
  if (receipt.is !== 'onScreen') return { is: receipt.is };
  const { problem } = receipt;
  return {
    is: 'onScreen',
    receipt: receipt.receipt,
    ...maybe('problem', problem === undefined ? undefined : { key: problemKeys[problem] }),
  };
}
