import type { Told } from './server.ts';

interface Try {
  readonly name: TryName;
  readonly label: string;
  readonly words: string;
  /** What the demo tells when it has been done. */
  readonly isDone: (told: Told) => boolean;
}

export type TryName = 'borrow' | 'receipt' | 'gate' | 'outage' | 'lostAnswer' | 'kill';

/** What to try first, in this order: a whole visit, then what the station is made for. */
export const tries: readonly Try[] = [
  {
    name: 'borrow',
    label: 'Borrow',
    words:
      'Choose English and Borrow on the station. Press Aino’s card here, type her PIN there, then press a few books.',
    isDone: (told) => told.kind === 'ledger' && told.entries.some(({ effect }) => effect === 'checkout'),
  },
  {
    name: 'receipt',
    label: 'Receipt',
    words: 'Finish on the station with a receipt, and look at it under “What happens”.',
    isDone: (told) => told.kind === 'state' && told.state.printer.lines.length > 0,
  },
  {
    name: 'gate',
    label: 'Gate',
    words:
      'Send books to the plate, take one you have borrowed and one you have not, and walk out with them.',
    isDone: (told) => told.kind === 'state' && told.state.plate.gate !== undefined,
  },
  {
    name: 'outage',
    label: 'Outage',
    words:
      'Pull the network cable and return a book on loan. Plug it in again: the library system hears of it.',
    isDone: (told) =>
      told.kind === 'journal' &&
      told.rows.some(({ kind, state }) => kind === 'checkin' && state === 'waiting'),
  },
  {
    name: 'lostAnswer',
    label: 'Lost answer',
    words:
      'Let the library system lose its answer, and borrow. The station asks what is true: one loan, not two.',
    isDone: (told) => told.kind === 'wire' && told.lines.some(({ fault }) => fault === 'loseReply'),
  },
  {
    name: 'kill',
    label: 'Kill',
    words: 'Kill the station while it lends. It starts again, and its journal knows where it was.',
    isDone: (told) => told.kind === 'state' && told.state.station.starts > 1,
  },
];

/** What has been tried by now, in the order of the list. */
export function triedAfter(before: readonly TryName[], told: Told): readonly TryName[] {
  const fresh = tries.some((one) => !before.includes(one.name) && one.isDone(told));
  if (!fresh) return before;
  return tries.filter((one) => before.includes(one.name) || one.isDone(told)).map(({ name }) => name);
}
