import type { PrinterProblem, PrinterStatus } from './receipt-printer.ts';
import type { StatusFacts } from './status-wire.ts';

/** What stops a printer, the plainest first: an open cover also ends the paper, and both put it off-line. */
const order: readonly (readonly [keyof StatusFacts, PrinterProblem])[] = [
  ['coverOpen', 'coverOpen'],
  ['paperEnd', 'paperEnd'],
  ['cutter', 'cutter'],
  ['fault', 'fault'],
  ['notTaken', 'notTaken'],
  ['offline', 'fault'],
];

/** The status that follows from all that the printer said of itself. */
export function statusOfFacts(facts: StatusFacts): PrinterStatus {
  const cause = order.find(([fact]) => facts[fact] === true);
  return { problem: cause?.[1], paperLow: facts.paperLow === true };
}

export function sameStatus(one: PrinterStatus, other: PrinterStatus): boolean {
  return one.problem === other.problem && one.paperLow === other.paperLow;
}
