import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { patronBlocks } from '../../../src/ils/ils.ts';
import { Library } from '../../../src/simulator/acs/library.ts';
import { readLibrary } from '../../../src/simulator/acs/read-library.ts';
import { restore, snapshotOf } from '../../../src/simulator/acs/snapshot.ts';
import type { ItemData } from '../../../src/simulator/acs/library-data.ts';
import demo from '../../../src/simulator/demo/library.json' with { type: 'json' };
import { makeLibrary, type SpecialLibrary } from '../../../src/simulator/demo/source/make-library.ts';
import special from '../../../src/simulator/demo/source/special.json' with { type: 'json' };
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

  test('is what its sources say, and not large', () => {
    const titles = readFileSync(
      new URL('../../../src/simulator/demo/source/titles.txt', import.meta.url),
      'utf8',
    );
    // To make it anew: node scripts/write-demo-library.ts
    expect(makeLibrary(special as SpecialLibrary, titles)).toEqual(demo);
    const file = new URL('../../../src/simulator/demo/library.json', import.meta.url);
    expect(statSync(file).size).toBeLessThan(300_000);
  });

  test('has 300 titles and 500 items with good numbers, and patrons of all sorts', () => {
    expect(data.items.length).toBeGreaterThanOrEqual(500);
    expect(new Set(data.items.map(({ record, item }) => record ?? item)).size).toBeGreaterThanOrEqual(300);
    expect(new Set(data.items.map(({ title, author }) => `${title} ${author}`)).size).toBeGreaterThanOrEqual(
      300,
    );
    expect(data.patrons.length).toBeGreaterThanOrEqual(40);
    const numbers = [...data.items.map(({ item }) => item), ...data.patrons.map(({ card }) => card)];
    expect(new Set(numbers).size).toBe(numbers.length);
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
    for (const { item } of free.slice(0, 40)) {
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

  test.each<[string, (item: ItemData) => boolean]>([
    ['in Finnish', ({ language, title }) => language === 'fi' && /[äö]/.test(title)],
    ['in Swedish', ({ language, title }) => language === 'sv' && /å/.test(title)],
    ['in Czech', ({ language, title }) => language === 'cs' && /ř/.test(title) && /[čž]/.test(title)],
    ['in English', ({ language }) => language === 'en'],
    ['in Cyrillic', ({ title }) => /\p{Script=Cyrillic}/u.test(title)],
    ['in Chinese', ({ title }) => /\p{Script=Han}/u.test(title)],
    ['written from the right', ({ title }) => /\p{Script=Arabic}/u.test(title)],
    ['with 300 letters', ({ title }) => title.length >= 300],
    ['of several parts', ({ parts = 1 }) => parts > 1],
    ['that a magnet would ruin', ({ type }) => type === 'audioTape'],
    ['for reference only', ({ referenceOnly }) => referenceOnly === true],
    ['for the reading room', ({ inHouse }) => inHouse === true],
    ['a film with an age limit', ({ type, adultsOnly }) => type === 'dvd' && adultsOnly === true],
    ['with a fee', ({ loanFee }) => loanFee !== undefined],
    ['in transit', ({ status }) => status === 'inTransit'],
    ['missing', ({ status }) => status === 'missing'],
    ['lost', ({ status }) => status === 'lost'],
    ['on order', ({ status }) => status === 'onOrder'],
    ['still processed', ({ status }) => status === 'inProcess'],
    ['not yet on its shelf', ({ status }) => status === 'toBeReshelved'],
    ['claimed to be returned', ({ status }) => status === 'claimedReturned'],
    ['of another municipality', ({ branch }) => branch === 'Tarunniemi'],
    ['on the hold shelf', ({ item }) => library.item(item)?.shelvedFor?.readyUntil !== undefined],
    ['awaited', ({ item }) => (library.item(item)?.record.waiting.length ?? 0) > 0],
    [
      'one of three copies',
      ({ record }) =>
        data.items.filter((other) => record !== undefined && other.record === record).length >= 3,
    ],
  ])('has an item %s', (_, is) => {
    expect(data.items.filter(is)).not.toEqual([]);
  });

  test('has cards that are not lent with, or not like others', () => {
    const labels = data.patrons.map(({ label }) => label).join('\n');
    for (const words of [
      /^Child/m,
      /^Guardian/m,
      /^Institution/m,
      /^Two holds ready/m,
      /^Never set a PIN/m,
    ]) {
      expect(labels).toMatch(words);
    }
    expect(data.patrons.some(({ loans = [] }) => loans.length === 60)).toBe(true);
    expect(data.patrons.some(({ expiresInDays = 1 }) => expiresInDays < 0)).toBe(true);
    expect(data.patrons.some(({ pin }) => pin === undefined)).toBe(true);
    expect(data.patrons.some(({ pin }) => pin !== undefined && !/^\d+$/.test(pin))).toBe(true);
  });

  /** As the library system's patron status tells them today. */
  function blocksOf({ card }: { readonly card: string }) {
    const answer = library.patron(card, undefined, noon);
    return patronBlocks.filter((_, place) => answer.known && answer.standing.status[place] === 'Y');
  }

  test('has a patron for each reason against lending', () => {
    const denied = new Set(
      data.patrons.map(({ card }) => {
        const answer = library.patron(card, undefined, noon);
        return answer.known ? answer.standing.lending : undefined;
      }),
    );
    expect(new Set(data.patrons.flatMap(blocksOf))).toEqual(new Set(patronBlocks));
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
  test('of a library that has grown since is refused: the new items have no state in it', () => {
    const snapshot = snapshotOf(newLibrary());
    const more = {
      ...smallLibrary,
      items: [
        ...smallLibrary.items,
        { ...smallLibrary.items[0], item: 'newone', title: 'New', type: 'book' as const },
      ],
    };
    const back = restore(more, snapshot, { timeZone: 'Europe/Helsinki' });
    expect(back).toMatchObject({ ok: false, error: expect.stringContaining('newone is new') });
  });

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
