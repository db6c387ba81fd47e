import { describe, expect, test } from 'vitest';
import { completions, helpOn, readLine, requestCodes } from '../../../src/cli/sip/line.ts';
import { shownAnswer, shownRequest } from '../../../src/cli/sip/show.ts';
import { decode } from '../../../src/sip2/decode.ts';

const now = '20261122    120000';
const defaults = { now, institutionId: 'HERE', location: 'DOOR', terminalPassword: undefined };

function read(text: string) {
  const line = readLine(text, defaults);
  if (!line.ok) throw new Error(line.error);
  return line.value;
}

function refused(text: string): string {
  const line = readLine(text, defaults);
  return line.ok ? 'taken' : line.error;
}

describe('a line', () => {
  test('becomes a request with what was said and what goes without saying', () => {
    expect(read('63 AA=123 AD summary=charged')).toEqual({
      code: '63',
      fixed: { language: '000', transactionDate: now, summary: '  Y       ' },
      fields: [
        ['AO', 'HERE'],
        ['AA', '123'],
      ],
      secrets: ['AD'],
    });
  });

  test('takes names for ids, values in quotation marks, places for summaries, extensions', () => {
    expect(read('17 itemIdentifier="a b" XY=1 institutionId=OTHER').fields).toEqual(
      expect.arrayContaining([
        ['AO', 'OTHER'],
        ['AB', 'a b'],
        ['XY', '1'],
      ]),
    );
    expect(read('63 AA=1 summary=5').fixed['summary']).toBe('     Y    ');
    expect(read('09 AB=1').fields[0]).toEqual(['AP', 'DOOR']);
  });

  test.each([
    ['12', /no request/],
    ['what', /no request/],
    ['63 colour=blue', /no colour/],
    ['63 AA', /needs a value/],
    ['11 AA=1', /needs AB \(itemIdentifier\)/],
    ['15 AA=1', /needs holdMode/],
    ['63 AA="1', /quotation mark/],
    ['63 AA=1 AD=1234', /secret/],
  ])('%s is refused with a reason', (text, reason) => expect(refused(text)).toMatch(reason));

  test('may hold an empty secret, which is none', () => {
    expect(read('63 AA=1 AD=')).toMatchObject({ secrets: [], fields: expect.arrayContaining([['AD', '']]) });
  });
});

describe('the Tab key', () => {
  test.each([
    ['6', ['63', '65']],
    ['q', ['quit']],
    ['help 1', ['11', '15', '17', '19']],
    ['63 pat', ['patronIdentifier=', 'patronPassword ']],
    ['63 AA=1 summary=ch', ['summary=charged ']],
    ['99 stat', ['statusCode=']],
    ['xx a', []],
  ])('after %j offers %j', (line, offered) => expect(completions(line)[0]).toEqual(offered));
});

describe('the view of both sides', () => {
  test('shows a request in words, and no secret', () => {
    const lines = shownRequest({
      ...read('63 AA=123 AD'),
      fields: [
        ['AO', 'HERE'],
        ['AC', 'word'],
        ['AA', '123'],
      ],
    }).join('\n');
    expect(lines).toContain('→ 63 Patron Information');
    expect(lines).toMatch(/AA patronIdentifier +123/);
    expect(lines).toMatch(/AD patronPassword +••••/);
    expect(lines).toMatch(/AC terminalPassword +••••/);
    expect(lines).not.toContain('word\n');
  });

  test('shows an answer with its flags in words and all that is odd', () => {
    const line = `64Y    Y        000${now}000000000001000000000000AOHERE|AA1|AE\u001b[2JX|ZZ1`;
    const lines = shownAnswer(decode(Buffer.from(line)), 12.34).join('\n');
    expect(lines).toContain('← 64 Patron Information Response (12.3 ms, no error detection)');
    expect(lines).toContain('chargePrivilegesDenied, tooManyItemsCharged');
    expect(lines).toContain('\\x1b[2JX');
    expect(lines).toContain('! unterminated ZZ');
  });

  test('shows what is no message', () => {
    expect(shownAnswer(decode(Buffer.from('HTTP/1.1 400')), 1)[0]).toBe('← HT: no message of SIP2');
  });
});

test('help knows every request', () => {
  for (const code of requestCodes) expect(helpOn(code)[0]).toContain(code);
  expect(helpOn(undefined).join('\n')).toContain('Tab completes');
});
