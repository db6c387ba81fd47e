import type { TypeOfUsage } from './tag.ts';

const main: readonly TypeOfUsage[] = [
  'acquisition',
  'circulating',
  'notForLoan',
  'local',
  'local',
  'future',
  'unspecified',
  'discarded',
  'patronCard',
  'equipment',
];

/** Main category of the type of usage (ISO 28560-1, one hexadecimal digit). */
export function usageOf(category: number): TypeOfUsage {
  return main[category] ?? 'unspecified';
}

/** The digit of a type of usage, for writing; `local` is 3. */
export function categoryOf(usage: TypeOfUsage): number {
  return main.indexOf(usage);
}

/** What the second digit of a circulating item (13 to 15 in hexadecimal) forbids while the library system is away. */
export function offlineUseOf(byte: number): { checkout: boolean; checkin: boolean } | undefined {
  switch (byte) {
    case 0x13:
      return { checkout: false, checkin: true };
    case 0x14:
      return { checkout: true, checkin: false };
    case 0x15:
      return { checkout: false, checkin: false };
    default:
      return undefined;
  }
}
