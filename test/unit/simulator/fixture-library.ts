import type { LibraryData } from '../../../src/simulator/acs/library-data.ts';
import { Library, type LibraryRules } from '../../../src/simulator/acs/library.ts';

/** Noon in Helsinki on Sunday 22 November 2026 (winter time, UTC+2). */
export const noon = Date.UTC(2026, 10, 22, 10, 0, 0);
export const dayMs = 24 * 60 * 60 * 1000;
/** The stamp of a request that was sent at noon. */
export const noonStamp = '20261122    120000';

export const smallLibrary: LibraryData = {
  institutionId: 'TEST',
  name: 'Testikirjasto',
  branch: 'Main',
  currency: 'EUR',
  limits: { loansMax: 4, childLoansMax: 1, overduesMax: 1, feeMax: '10.00' },
  items: [
    { item: 'book', title: 'A Book', type: 'book' },
    { item: 'book2', title: 'A Second Book', type: 'book' },
    { item: 'copy1', title: 'Two Copies', type: 'book', record: 'r' },
    { item: 'copy2', title: 'Two Copies', type: 'book', record: 'r' },
    { item: 'quick', title: 'Quick', type: 'quickLoan' },
    { item: 'magazine', title: 'Magazine', type: 'magazine' },
    { item: 'dvd', title: 'Film', type: 'dvd' },
    { item: 'tape', title: 'Tape', type: 'audioTape' },
    { item: 'reference', title: 'Reference', type: 'book', referenceOnly: true },
    { item: 'reading', title: 'Reading Room', type: 'book', inHouse: true },
    { item: 'adult', title: 'Horror', type: 'dvd', adultsOnly: true },
    { item: 'costly', title: 'Costly', type: 'game', loanFee: '2.00' },
    { item: 'lost', title: 'Lost', type: 'book', status: 'lost' },
    { item: 'missing', title: 'Missing', type: 'book', status: 'missing' },
    { item: 'claimed', title: 'Claimed', type: 'book', status: 'claimedReturned' },
    { item: 'transit', title: 'Transit', type: 'book', status: 'inTransit' },
    { item: 'ordered', title: 'Ordered', type: 'book', status: 'onOrder' },
    { item: 'process', title: 'Process', type: 'book', status: 'inProcess' },
    { item: 'reshelve', title: 'Reshelve', type: 'book', status: 'toBeReshelved' },
    { item: 'away', title: 'Away', type: 'book', branch: 'Branch' },
    { item: 'shelved', title: 'Shelved', type: 'book' },
    { item: 'queued', title: 'Queued', type: 'book' },
    { item: 'travels', title: 'Travels', type: 'book' },
    { item: 'taken', title: 'Taken', type: 'book' },
    ...['late1', 'late2', 'full1', 'full2', 'full3', 'full4', 'child1'].map((item) => ({
      item,
      title: item,
      type: 'book' as const,
    })),
  ],
  patrons: [
    { card: 'ann', pin: '1234', name: 'Ann', language: '007', email: 'ann@example.org', address: 'Street 1' },
    { card: 'ben', pin: 'Long-Word!9', name: 'Ben', loans: [{ item: 'taken', dueInDays: 3 }] },
    { card: 'kid', pin: '1111', name: 'Kid', child: true },
    { card: 'kidfull', pin: '1', name: 'Kid', child: true, loans: [{ item: 'child1', dueInDays: 5 }] },
    { card: 'nopin', name: 'No Pin' },
    {
      card: 'late',
      pin: '1',
      name: 'Late',
      loans: [
        { item: 'late1', dueInDays: -3 },
        { item: 'late2', dueInDays: -1 },
      ],
    },
    {
      card: 'full',
      pin: '1',
      name: 'Full',
      loans: ['full1', 'full2', 'full3', 'full4'].map((item) => ({ item, dueInDays: 9 })),
    },
    { card: 'fined', pin: '1', name: 'Fined', fees: [{ amount: '10.01', text: 'Overdue: x' }] },
    { card: 'owing', pin: '1', name: 'Owing', fees: [{ amount: '10.01', feeType: '07', text: 'Lost: x' }] },
    { card: 'justowing', pin: '1', name: 'Owing', fees: [{ amount: '10.00', text: 'Overdue: x' }] },
    { card: 'expired', pin: '1', name: 'Expired', expiresInDays: -1 },
    { card: 'expires', pin: '1', name: 'Expires', expiresInDays: 0 },
    {
      card: 'holder',
      pin: '1',
      name: 'Holder',
      holds: [{ item: 'shelved', ready: true }, { item: 'queued' }, { item: 'travels', pickup: 'Branch' }],
    },
    ...(
      [
        'chargePrivilegesDenied',
        'renewalPrivilegesDenied',
        'recallPrivilegesDenied',
        'holdPrivilegesDenied',
        'cardReportedLost',
        'tooManyItemsCharged',
        'tooManyItemsOverdue',
        'tooManyRenewals',
        'tooManyClaimsOfItemsReturned',
        'tooManyItemsLost',
        'excessiveOutstandingFines',
        'excessiveOutstandingFees',
        'recallOverdue',
        'tooManyItemsBilled',
      ] as const
    ).map((block) => ({ card: `has-${block}`, pin: '1', name: block, blocks: [block] })),
  ],
};

export function newLibrary(rules: Partial<LibraryRules> = {}, data: LibraryData = smallLibrary): Library {
  return new Library(data, { timeZone: 'Europe/Helsinki', startsAt: noon, rules });
}
