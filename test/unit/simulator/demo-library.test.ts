import { describe, expect, test } from 'vitest';
import { patronBlocks } from '../../../src/ils/ils.ts';
import { Library } from '../../../src/simulator/acs/library.ts';
import { readLibrary } from '../../../src/simulator/acs/read-library.ts';
import { restore, snapshotOf } from '../../../src/simulator/acs/snapshot.ts';
import demo from '../../../src/simulator/demo/library.json' with { type: 'json' };
import { newLibrary, noon, noonStamp, smallLibrary } from './fixture-library.ts';

/** The check digit of ISO/IEC 7812: every second digit from the right is doubled. */
function luhnSum(digits: string): number {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
}

describe('the demo library', () => {
  const read = readLibrary(demo);
  const data = read.ok ? read.value : expect.fail(read.error);
  const library = new Library(data, { timeZone: 'Europe/Helsinki', startsAt: noon });

  test('the check of the check digit itself is right', () => {
    expect(luhnSum('79927398713') % 10).toBe(0);
    expect(luhnSum('79927398710') % 10).not.toBe(0);
  });

  test('has a few dozen items with good numbers, and patrons of all sorts', () => {
    expect(data.items.length).toBeGreaterThanOrEqual(48);
    expect(data.patrons.length).toBeGreaterThanOrEqual(14);
    for (const { item } of data.items) {
      expect(item).toMatch(/^3\d{13}$/);
      expect(luhnSum(item) % 10).toBe(0);
    }
    for (const { card } of data.patrons.filter(({ card: number }) => /^\d+$/.test(number))) {
      expect(card).toMatch(/^2\d{13}$/);
      expect(luhnSum(card) % 10).toBe(0);
    }
    expect(data.patrons.some(({ card }) => /[A-Z]/.test(card))).toBe(true);
    expect(data.patrons.filter(({ pin }) => pin !== undefined && !/^\d{4}$/.test(pin))).toHaveLength(1);
  });

  test('says of each item and patron what it shows', () => {
    expect([...data.items, ...data.patrons].filter(({ label }) => label === undefined)).toEqual([]);
  });

  test('has twenty free items that an ordinary patron can borrow one after the other', () => {
    const free = data.items.filter(({ label }) => label === 'Free: lend it');
    expect(free.length).toBeGreaterThanOrEqual(20);
    const [patron] = data.patrons;
    for (const { item } of free) {
      const answer = library.checkout({
        card: patron?.card ?? '',
        item,
        at: noon,
        requestedAt: noonStamp,
        noBlock: false,
        scRenewalPolicy: false,
        feeAcknowledged: false,
      });
      expect(answer.ok).toBe(true);
    }
  });

  test('has a patron for each reason against lending', () => {
    const denied = new Set(
      data.patrons.map(({ card }) => {
        const answer = library.patron(card, undefined, noon);
        return answer.known ? answer.standing.lending : undefined;
      }),
    );
    const reasons = patronBlocks.filter(
      (block) => !/^(renewal|recall|hold)PrivilegesDenied$|^tooManyRenewals$/.test(block),
    );
    for (const reason of [...reasons, 'cardExpired' as const]) {
      expect(denied).toContain(reason);
    }
  });
});

describe('reading a library', () => {
  const good = { ...smallLibrary };

  test('takes a good one', () => {
    expect(readLibrary(good)).toMatchObject({ ok: true });
  });

  test.each([
    ['nothing', undefined, /not|expected/i],
    ['an unknown key', { ...good, books: [] }, /books/],
    ['a float as money', { ...good, limits: { feeMax: 20 } }, /limits\.feeMax/],
    [
      'the same item twice',
      { ...good, items: [...good.items, good.items[0]] },
      /two items have the number book/,
    ],
    [
      'the same card twice',
      { ...good, patrons: [...good.patrons, good.patrons[0]] },
      /two patrons have the card ann/,
    ],
    [
      'an item lent twice',
      {
        ...good,
        patrons: [...good.patrons, { card: 'x', name: 'X', loans: [{ item: 'taken', dueInDays: 1 }] }],
      },
      /taken is lent twice/,
    ],
    [
      'an item lent and on the hold shelf',
      {
        ...good,
        patrons: [...good.patrons, { card: 'x', name: 'X', holds: [{ item: 'taken', ready: true }] }],
      },
      /taken/,
    ],
    ['a bar in a card', { ...good, patrons: [{ card: 'a|b', name: 'X' }] }, /patrons\.0\.card/],
  ])('refuses %s, with the place', (_, json, sentence) => {
    const read = readLibrary(json);
    expect(read.ok ? 'taken' : read.error).toMatch(sentence);
  });
});

describe('a snapshot', () => {
  const request = { at: noon, requestedAt: noonStamp, noBlock: false };
  const loan = { ...request, scRenewalPolicy: false, feeAcknowledged: true };

  test('of a library brings back the same library, through JSON', () => {
    const library = newLibrary();
    library.checkout({ ...loan, card: 'ann', item: 'book' });
    library.checkout({ ...loan, card: 'ann', item: 'costly' });
    library.renew({ ...loan, card: 'ann', item: 'book' });
    library.placeHold('ann', 'taken', noon);
    library.placeHold('kid', 'taken', noon);
    library.checkin({ ...request, item: 'taken' });
    library.checkin({ ...request, item: 'travels' });
    library.checkin({ ...request, item: 'late1' });
    const snapshot = snapshotOf(library);
    const back = restore(smallLibrary, JSON.parse(JSON.stringify(snapshot)), { timeZone: 'Europe/Helsinki' });
    const restored = back.ok ? back.value : expect.fail(back.error);
    expect(JSON.parse(JSON.stringify(snapshotOf(restored)))).toEqual(JSON.parse(JSON.stringify(snapshot)));

    const next = { ...loan, requestedAt: '20261123    120000', at: noon + 1 };
    for (const [card, item] of [
      ['kid', 'taken'],
      ['ann', 'taken'],
      ['ann', 'travels'],
      ['ann', 'book'],
      ['late', 'book2'],
    ] as const) {
      const one = library.checkout({ ...next, card, item });
      const other = restored.checkout({ ...next, card, item });
      expect([other.ok, other.renewal, other.ok || other.refusal]).toEqual([
        one.ok,
        one.renewal,
        one.ok || one.refusal,
      ]);
    }
    expect(restored.ledger.entries).toEqual(library.ledger.entries);
  });

  test('that names what the library does not have is refused', () => {
    const snapshot = snapshotOf(newLibrary());
    const [, ...fewer] = smallLibrary.items;
    const back = restore({ ...smallLibrary, items: fewer }, snapshot, { timeZone: 'Europe/Helsinki' });
    expect(back).toMatchObject({ ok: false, error: expect.stringContaining('book is not in it') });
  });
});
