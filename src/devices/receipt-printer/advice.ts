import type { PrinterProblem, PrinterStatus } from './receipt-printer.ts';

/** The status of a printer in one word. */
export type PrinterState = 'ready' | 'paperLow' | PrinterProblem;

export function printerState({ problem, paperLow }: PrinterStatus): PrinterState {
  return problem ?? (paperLow ? 'paperLow' : 'ready');
}

/** What a technician should look at. */
export const printerAdvice: Readonly<Record<PrinterState, string | undefined>> = {
  ready: undefined,
  paperLow: 'The roll is almost used up: put in a new one at the next opportunity.',
  away: 'The port cannot be opened: look at the cable, and at path or host in the configuration.',
  silent: 'The port is there and the printer does not answer: is it switched on, and is the speed right?',
  paperEnd: 'Put in a new roll of paper.',
  coverOpen: 'Close the cover.',
  cutter: 'The cutter is stuck: open the cover, take the paper out, close it again.',
  notTaken: 'A receipt hangs in the slot: take it away.',
  fault: 'The printer reports a fault: switch it off and on; if it stays, have it looked at.',
};
