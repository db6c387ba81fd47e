import { assert } from '../../../kernel/assert.ts';
import type { ItemData, LibraryData, PatronData, StandingStatus } from '../../acs/library-data.ts';
import { numbersPerCopy, readTitles, type Title } from './read-titles.ts';

/** A patron of special.json may have copies of the titles on loan, as many as it says. */
interface SpecialPatron extends PatronData {
  readonly takes?: { readonly copies: number; readonly label: string };
}

/** Items and patrons written by hand, each for what it shows. */
export type SpecialLibrary = Omit<LibraryData, 'patrons'> & { readonly patrons: readonly SpecialPatron[] };

/** Numbers of copies: this, four digits, and the check digit. */
const itemPrefix = '319990000';
/** Due dates of loans that are taken spread over as many days from tomorrow. */
const dueInDaysMax = 27;

/** The example library: what was written by hand, and the copies of the titles. Throws where the sources contradict. */
export function makeLibrary(special: SpecialLibrary, titlesText: string): LibraryData {
  const items = readTitles(titlesText).flatMap(copiesOf);
  const onShelf = items.filter(
    (item) => item.type === 'book' && item.label === freeLabel && isSecondCopy(item),
  );
  const taken = new Map<string, string>();
  const patrons = special.patrons.map(({ takes, ...patron }) => {
    if (takes === undefined) return patron;
    const some = onShelf.splice(0, takes.copies);
    assert(some.length === takes.copies, `there are ${takes.copies} copies left to take for ${patron.card}`);
    for (const { item } of some) taken.set(item, takes.label);
    const loans = some.map(({ item }, index) => ({ item, dueInDays: 1 + (index % dueInDaysMax) }));
    return { ...patron, loans: [...(patron.loans ?? []), ...loans] };
  });
  const shelf = items.map((item) => ({ ...item, label: taken.get(item.item) ?? item.label }));
  return { ...special, items: [...special.items, ...shelf], patrons };
}

const freeLabel = 'Free: lend it';

function isSecondCopy({ item, record }: ItemData): boolean {
  return record !== undefined && !record.endsWith(item.slice(-5, -1));
}

/** Copies of one title share a record, which has the number of the first. */
function copiesOf(title: Title): (ItemData & { readonly label: string })[] {
  const { copies, firstNumber, marks, type, language } = title;
  return Array.from({ length: copies }, (_, index) => {
    const status = index === copies - 1 ? marks.status : undefined;
    return {
      item: withCheckDigit(`${itemPrefix}${firstNumber + index * numbersPerCopy}`),
      title: title.title,
      ...(title.author === '' ? {} : { author: title.author }),
      year: title.year,
      language,
      type,
      ...(copies > 1 ? { record: `t${firstNumber}` } : {}),
      ...(marks.parts === undefined ? {} : { parts: marks.parts }),
      ...(marks.branch === undefined ? {} : { branch: marks.branch }),
      ...(status === undefined ? {} : { status }),
      ...(marks.reference ? { referenceOnly: true } : {}),
      ...(marks.readingRoom ? { inHouse: true } : {}),
      ...(marks.adults ? { adultsOnly: true } : {}),
      ...(marks.fee === undefined ? {} : { loanFee: marks.fee }),
      label: labelOf(title, status),
    };
  });
}

/** ISO/IEC 7812-1, annex B. */
function withCheckDigit(digits: string): string {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighed = place % 2 === 0 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function labelOf({ marks, type }: Title, status: StandingStatus | undefined): string {
  if (status !== undefined && status !== 'available') return statusLabels[status];
  if (marks.reference) return 'Reference only: never lent';
  if (marks.readingRoom) return 'Reading room only: lent, but the gate stays on';
  if (marks.adults) return 'Age limit: not for children';
  if (marks.fee !== undefined) return `Costs ${marks.fee} EUR to lend`;
  const what =
    marks.branch === undefined ? typeLabels[type] : `Belongs to ${marks.branch}: a return sends it home`;
  if (marks.parts === undefined) return what;
  return type === 'book' && marks.branch === undefined
    ? `${marks.parts} parts: lend it`
    : `${what}, ${marks.parts} parts`;
}

const statusLabels: Readonly<Record<Exclude<StandingStatus, 'available'>, string>> = {
  onOrder: 'On order, not yet here',
  inProcess: 'Still being processed',
  toBeReshelved: 'Just returned, to be put on its shelf',
  inTransit: 'In transit to another branch',
  claimedReturned: 'A patron says that it was returned',
  lost: 'Marked as lost',
  missing: 'Marked as missing',
};

const typeLabels: Readonly<Record<ItemData['type'], string>> = {
  book: freeLabel,
  quickLoan: 'Quick loan: 14 days, no renewals',
  magazine: 'Magazine: 7 days',
  dvd: 'DVD: 7 days',
  cd: 'CD: 14 days',
  audioTape: 'Audio tape: magnetic media',
  game: 'Board game: 14 days',
  map: 'Map: 28 days',
  equipment: 'Equipment: 14 days, no renewals',
};
