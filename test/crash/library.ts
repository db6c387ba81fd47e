import demo from '../../src/simulator/demo/library.json' with { type: 'json' };

export const patronCount = 50;
export const pin = '4711';
export const { institutionId } = demo;

export const cardOf = (index: number): string => `2${String(index).padStart(7, '0')}`;
export const itemOf = (index: number): string => `3${String(index).padStart(7, '0')}`;

/** A library for the simulated ACS, with so many items, and rules that stand in nobody's way. */
export function libraryOf(items: number): unknown {
  return {
    ...demo,
    limits: { loansMax: 9_000, overduesMax: 9_000, holdsMax: 9_000 },
    loanRules: {
      book: { loanDays: 28, renewalsMax: 1_000, mediaType: '001', magnetic: false, sortBin: '1' },
    },
    patrons: Array.from({ length: patronCount }, (_, index) => ({
      card: cardOf(index),
      pin,
      name: `Patron ${index}`,
    })),
    items: Array.from({ length: items }, (_, index) => ({
      item: itemOf(index),
      title: `Title ${index}`,
      type: 'book',
    })),
  };
}
