import type { LibraryData } from '../../src/simulator/acs/library-data.ts';

/** A library of the size of a small branch’s day: all of it made up, numbers told apart by their first digit. */
export function simulatedLibrary(
  base: LibraryData,
  size: { readonly patrons: number; readonly items: number },
): LibraryData {
  return {
    ...base,
    limits: { ...base.limits, loansMax: 500, childLoansMax: 500, overduesMax: 500 },
    patrons: Array.from({ length: size.patrons }, (_, index) => ({
      card: cardNumber(index),
      pin: pinOf(index),
      name: `Patron ${index}`,
    })),
    items: Array.from({ length: size.items }, (_, index) => ({
      item: itemNumber(index),
      title: `Title ${itemNumber(index)}`,
      type: 'book',
      ...(index % 40 === 7 ? { referenceOnly: true } : {}),
    })),
  };
}

export function cardNumber(index: number): string {
  return `2C${String(index).padStart(6, '0')}`;
}

export function itemNumber(index: number): string {
  return `3I${String(index).padStart(6, '0')}`;
}

/** Signs that stand in nothing else, so that a PIN is found wherever it shows up. */
export const pinMark = '§ßQ';
const lastSigns = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Four signs, one for each patron of at most 62. */
export function pinOf(index: number): string {
  const last = lastSigns[index];
  if (last === undefined) throw new Error('more patrons than PINs');
  return pinMark + last;
}

/** The PIN of a card number. */
export function pinOfCard(card: string): string {
  return pinOf(Number(card.slice(2)));
}

/** What somebody types who does not know it. */
export const wrongPin = '0000';
