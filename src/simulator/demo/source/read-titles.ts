import { assert } from '../../../kernel/assert.ts';
import type { ItemType, StandingStatus } from '../../acs/library-data.ts';

/** What is special about a title (titles.txt says how it is written). */
export interface Marks {
  parts?: number;
  branch?: string;
  fee?: string;
  status?: StandingStatus;
  reference: boolean;
  readingRoom: boolean;
  adults: boolean;
}

export interface Title {
  readonly title: string;
  /** Empty: it has none. */
  readonly author: string;
  /** Of the work, not of the print. */
  readonly year: number;
  readonly language: string;
  readonly type: ItemType;
  readonly copies: number;
  /** Of the first copy, before prefix and check digit. */
  readonly firstNumber: number;
  readonly marks: Marks;
}

const copiesUsual = 2;
/** From one copy's number to the next one's: they leave room between them, as real ones do. */
export const numbersPerCopy = 7;

/** Reads titles.txt. Throws with the line that is not as it says in its first lines. */
export function readTitles(text: string): Title[] {
  const titles: Title[] = [];
  let section: { readonly type: ItemType; readonly language: string; next: number } | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const head = /^\[(\w+) ([a-z]{2}) (\d{4})\]$/.exec(line);
    if (head !== null) {
      const [, type = '', language = '', first = ''] = head;
      section = { type: type as ItemType, language, next: Number(first) };
      continue;
    }
    const [year = '', title = '', author = '', words = ''] = line.split('|').map((part) => part.trim());
    assert(section !== undefined && /^\d{4}$/.test(year) && title !== '', `titles.txt: ${line}`);
    const { copies, marks } = readMarks(words, line);
    const { type, language, next: firstNumber } = section;
    titles.push({ title, author, year: Number(year), language, type, copies, firstNumber, marks });
    section.next += copies * numbersPerCopy;
  }
  return titles;
}

function readMarks(words: string, line: string): { copies: number; marks: Marks } {
  const marks: Marks = { reference: false, readingRoom: false, adults: false };
  let copies = copiesUsual;
  const rest = words.split(' ').filter((word) => word !== '');
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (/^x\d$/.test(word)) copies = Number(word.slice(1));
    else if (word === 'parts') marks.parts = Number(rest.shift());
    else if (word === 'branch') marks.branch = rest.shift() ?? '';
    else if (word === 'fee') marks.fee = rest.shift() ?? '';
    else if (word === 'status') marks.status = rest.shift() as StandingStatus;
    else if (word === 'reference') marks.reference = true;
    else if (word === 'readingRoom') marks.readingRoom = true;
    else if (word === 'adults') marks.adults = true;
    else assert(false, `titles.txt: ${word} in: ${line}`);
  }
  return { copies, marks };
}
