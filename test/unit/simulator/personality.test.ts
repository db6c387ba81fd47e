import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { usualBehaviour } from '../../../src/simulator/acs/behaviour.ts';
import { faultKinds } from '../../../src/simulator/acs/faults.ts';
import {
  becomes,
  personalities,
  personalityFrom,
  personalityNamed,
} from '../../../src/simulator/acs/personality.ts';
import { Sip2Session } from '../../../src/simulator/acs/sip2-session.ts';
import { profileNames } from '../../../src/sip2/profiles/built-in.ts';
import { newLibrary, noon } from './fixture-library.ts';

const now = '20261122    120000';
const unused = ' '.repeat(18);

/** What an ACS of that personality says to each request, in Latin-1 with its line ends. */
function says(name: string, ...requests: readonly string[]): string[] {
  const personality = personalityNamed(name);
  if (personality === undefined) throw new Error(name);
  const behaviour = usualBehaviour();
  expect(becomes(behaviour, personality)).toEqual({ ok: true, value: undefined });
  const session = new Sip2Session(newLibrary(), behaviour);
  return requests.map((request) =>
    session
      .receive(Buffer.from(request, 'latin1'), noon)
      .map((bytes) => Buffer.from(bytes).toString('latin1'))
      .join(''),
  );
}

const status = '9900402.00\r';
const patron = (card = 'ann', rest = ''): string => `63000${now}  Y       AOTEST|AA${card}|AD1234|${rest}\r`;
const lend = (item = 'book', rest = ''): string => `11NN${now}${unused}AOTEST|AAann|AB${item}|AC|${rest}\r`;
const take = (item = 'taken', place = ''): string => `09N${now}${unused}AP${place}|AOTEST|AB${item}|AC|\r`;

const item = (number = 'book'): string => `17${now}AOTEST|AB${number}|AC|\r`;

describe('each personality', () => {
  test.each([
    ['aurora', [status], /AOHEILI\|.*ANIMATRA-1\|/],
    ['aurora', [take()], /^$/],
    ['quria', [status], /AOARENA\|/],
    ['aleph', [patron('late').replace('1234', '1')], /^64Y{14}/],
    ['aleph', [lend('reading')], /^121N.Y.*AFPrezencni vypujcka\|/],
    ['koha', [take()], /^101YNY.*CV00\|.*\r\n$/],
    ['koha', [lend('nothing')], /AFInvalid Item\|/],
    ['evergreen', [status], /^98YNNYNN/],
    ['evergreen', [patron()], /^64 {2}Y/],
    ['evergreen', [lend()], /AH20\d\d-\d\d-\d\d \d\d:\d\d:59\|/],
    ['alma', [lend('reading')], /^121N.Y/],
    ['sierra', [patron('who')], /^64Y{4} {10}000.{18} {24}AOTEST\|AAwho\|AE\|AF/],
    ['sierra', [patron('ann', 'BP1|BQ5|')], /BLN\|/],
    ['polaris', [patron()], /AFPatron status is ok\.\|/],
    ['symphony', [lend()], /AH\d\d\/\d\d\/20\d\d\|/],
    ['folio', [patron('late').replace('1234', '1')], /^64Y{14}/],
    ['wise', [lend()], /AH\d\d-\d\d-20\d\d\|/],
    ['fbs', [patron()], /^$/],
    ['fbs', [patron().replace('  Y       AO', 'YYYYYYYYY|AO')], /AALN:ann\|.*CQY\|/],
    ['fbs', [lend().replace('AOTEST', '|AOTEST')], /^120.*AFInvalid PIN\.\|/],
    ['fbs', [lend('book', 'AD1234|').replace('AOTEST', '|AOTEST')], /^121/],
    ['lies-in-98', [status], /^98NNNNNN/],
    ['wants-crlf', [status], /^$/],
    ['wants-crlf', [status.replace('\r', '\r\n')], /^98.*\r\n$/],
    ['silent-about-pins', [patron()], /^(?!.*CQ)64/],
    ['repeats-fields', [lend()], /AJA Book\|.*AJtwice\|/],
    ['renews-by-checkout', [`29NN${now}${unused}AOTEST|AAann|ABbook|\r`], /^$/],
    ['never-ends-sessions', [`35${now}AOTEST|AAann|\r`], /^$/],
    ['month-first', [lend()], /AH12\/\d\d\/2026\|/],
    ['other-bin-field', [take()], /CR4\|/],
    ['small-pages', [patron('full').replace('1234', '1')], /AUfull1\|AUfull2\|(?!AU)/],
  ])('%s, asked %j', (name, requests, expected) => {
    expect(says(name, ...requests).at(-1)).toMatch(expected);
  });

  test('ignores-no-block refuses what happened in an outage', () => {
    const late = lend('taken').replace('11NN', '11NY');
    expect(says('ignores-no-block', late)[0]).toMatch(/^120/);
    expect(says('standard', late)[0]).toMatch(/^121/);
  });

  test('accepts-and-does-nothing says yes each time, and what it tells stays as it was', () => {
    const [first, second, book, back, taken] = says(
      'accepts-and-does-nothing',
      lend(),
      lend(),
      item(),
      take(),
      item('taken'),
    );
    // Not even a renewal: to it, the second is a first loan too.
    for (const answer of [first, second]) expect(answer).toMatch(/^121N/);
    expect(book).toMatch(/^1803/);
    expect(back).toMatch(/^101/);
    expect(taken).toMatch(/^1804/);
  });

  test('yesterday does what it says, and tells of the morning', () => {
    const [, second, book, ann] = says('yesterday', lend(), lend(), item(), patron());
    expect(second).toMatch(/^121Y/);
    expect(book).toMatch(/^1803/);
    expect(ann).not.toContain('AUbook');
  });

  test('cp850 and nfd write the letters that they say', () => {
    const library = newLibrary();
    const named = (name: string): string => {
      const behaviour = usualBehaviour();
      const personality = personalityNamed(name);
      if (personality === undefined || !becomes(behaviour, personality).ok) throw new Error(name);
      behaviour.manners = { ...behaviour.manners, texts: { unknownItem: 'Nidettä ei löydy' } };
      const session = new Sip2Session(library, behaviour);
      const [answer] = session.receive(Buffer.from(lend('nothing')), noon);
      return Buffer.from(answer ?? []).toString('latin1');
    };
    expect(named('cp850')).toContain('Nidett\x84 ei l\x94ydy');
    expect(named('standard')).toContain(Buffer.from('Nidettä ei löydy').toString('latin1'));
    expect(named('symphony')).toContain('Nidett\x84 ei l\x94ydy');
    expect(named('nfd')).toContain(Buffer.from('Nidetta\u0308 ei lo\u0308ydy').toString('latin1'));
  });
});

describe('the personalities', () => {
  test('have names of their own, and profiles that there are', () => {
    const names = personalities.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { profile } of personalities) {
      if (profile !== undefined) expect(profileNames).toContain(profile);
    }
    for (const profile of profileNames) {
      expect(personalities.some((one) => one.profile === profile)).toBe(true);
    }
  });

  test('leave out no fault but a bare hang-up', () => {
    const played = new Set(
      personalities.flatMap(({ manners }) => manners.faults?.map(({ kind }) => kind) ?? []),
    );
    expect(faultKinds.filter((kind) => !played.has(kind))).toEqual(['closeInsteadOfReply']);
  });

  test('do what goes wrong again and again', () => {
    const answers = says('loses-replies', lend('book'), lend('book2'), lend('quick'), lend('magazine'));
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['121', '121', '', '121']);
    const spoilt = says('wrong-sequence', ...Array.from({ length: 4 }, () => detected('AY3')));
    expect(spoilt.map((answer) => /AY(\d)/.exec(answer)?.[1])).toEqual(['3', '3', '3', '4']);
  });

  test('may come from a file, and only from one that can be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'personality-'));
    try {
      const file = join(folder, 'ours.json');
      writeFileSync(file, JSON.stringify({ name: 'ours', about: 'Ours.', manners: { ignores: ['35'] } }));
      expect(personalityFrom(file)).toMatchObject({
        ok: true,
        value: { name: 'ours', manners: { ignores: ['35'] } },
      });
      writeFileSync(file, JSON.stringify({ name: 'ours', about: 'Ours.', manners: { colour: 1 } }));
      expect(personalityFrom(file).ok).toBe(false);
      expect(personalityFrom('nobody').ok).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** A checkout with error detection, whose checksum is written by the rule of the standard. */
function detected(tail: string): string {
  const head = `${lend('nothing').slice(0, -1)}${tail}AZ`;
  const sum = Buffer.from(head, 'latin1').reduce((total, byte) => total + byte, 0);
  return `${head}${(0x10000 - (sum % 0x10000)).toString(16).toUpperCase().padStart(4, '0')}\r`;
}
