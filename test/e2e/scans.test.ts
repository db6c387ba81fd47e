import { describe, expect } from 'vitest';
import { books, people } from '../support/example-library.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { filesBelow } from '../support/files.ts';
import { stageTest, test } from '../support/on-stage.ts';
import type { StationRig } from '../support/station-rig.ts';
import { until } from '../support/until.ts';

const { aino } = people;
/** How long a scan may take to be seen before it is made again. */
const seenMsMax = 8_000;

async function toBorrow(rig: StationRig, kiosk: Kiosk): Promise<void> {
  await kiosk.mode('online');
  await kiosk.speak('en');
  await kiosk.tap('home-borrow');
  await kiosk.screen('card');
  await rig.scan(aino.card);
  await kiosk.typePin(aino.pin);
  await kiosk.screen('borrow');
}

/** The next notice after those before it: its words, and that it was heard as well. */
async function heard(kiosk: Kiosk, act: () => Promise<void>, words: string): Promise<void> {
  const before = (await kiosk.sounds()).length;
  await kiosk.notice(words, act);
  await until(`the sound of it: ${words}`, async () => {
    const played = await kiosk.sounds();
    return played.length > before && played.at(-1) === 'attention';
  });
}

/** The items that the library system lent, each time it did. */
async function lent(rig: StationRig): Promise<readonly string[]> {
  return (await rig.acs.ledger()).filter(({ effect }) => effect === 'checkout').map(({ item }) => item);
}

/** Every byte that the station keeps. */
function onDisk(rig: StationRig): Buffer {
  return Buffer.concat(filesBelow(rig.data).map(({ bytes }) => bytes));
}

describe.concurrent('a barcode that is none', stageTest, () => {
  test('4,000 characters, control characters, nothing: ignored with a sound and a word', async ({
    stage,
  }) => {
    const { rig, kiosk } = await stage.both();
    await toBorrow(rig, kiosk);
    const unreadable = 'The barcode could not be read.';
    const long = '3'.repeat(4_000);
    await heard(kiosk, () => rig.scan(long), unreadable);
    const next = async (scan: string): Promise<void> => {
      // Another word in between, so that each is heard for itself.
      await heard(kiosk, () => rig.scan(aino.card), 'That is a library card.');
      await heard(kiosk, () => rig.scan(scan), unreadable);
    };
    await next('31999\u0007000010070');
    await next('\u001b[2J31999000010070');
    await next('\u0002\u0003');
    expect(await kiosk.byTestId('item-row').count()).toBe(0);
    expect((await rig.acs.status()).requests['11']).toBeUndefined();
    // Their numbers are no business of the log's.
    expect(rig.output).not.toContain('333333');
    expect(rig.output).not.toContain('000010070');
    await rig.logged('scanner.unreadable', ({ reason }) => reason === 'tooLong');
    await rig.logged('scanner.unreadable', ({ reason }) => reason === 'controlCharacters');
    await rig.logged('scanner.unreadable', ({ reason }) => reason === 'empty');

    await rig.scan(books.brothers.item);
    await kiosk.rowWords(books.brothers.item, 'done');
  });

  test('of another library: said so, and nothing asked', async ({ stage }) => {
    const { rig, kiosk } = await stage.both();
    await toBorrow(rig, kiosk);
    await heard(kiosk, () => rig.scan('9781234567897'), 'That is not a barcode of this library.');
    expect(await kiosk.byTestId('item-row').count()).toBe(0);
    expect((await rig.acs.status()).requests['11']).toBeUndefined();
  });
});

describe.concurrent('a scan in the wrong place', stageTest, () => {
  test('a card as a book, a book as a card: explained', async ({ stage }) => {
    const { rig, kiosk } = await stage.both();
    await kiosk.mode('online');
    await kiosk.speak('en');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await heard(kiosk, () => rig.scan(books.brothers.item), 'That is the barcode of a book');
    await kiosk.screen('card');
    await rig.scan(people.kaarina.card);
    await kiosk.typePin(people.kaarina.pin);
    await kiosk.screen('borrow');
    await heard(kiosk, () => rig.scan(aino.card), 'That is a library card.');
    expect(await kiosk.byTestId('item-row').count()).toBe(0);
    expect((await rig.acs.status()).requests['11']).toBeUndefined();
    expect(await rig.journal()).toEqual([]);
  });

  test('an identity number and a bank card: dropped, and nowhere to be found', async ({ stage }) => {
    const { rig, kiosk } = await stage.both({ tapped: true });
    // A Finnish, a Swedish and a Czech number of nobody, and two test numbers of card schemes.
    const numbers = [
      '131052-308T',
      '19811228-9874',
      '736028/5163',
      '4111111111111111',
      '5555 5555 5555 4444',
    ];
    const dropped = 'Nothing of it was kept.';
    await kiosk.mode('online');
    await kiosk.speak('en');
    const [atHome = '', ...atBorrow] = numbers;
    await heard(kiosk, () => rig.scan(atHome), dropped);
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    for (const number of numbers) {
      await heard(kiosk, () => rig.scan(books.brothers.item), 'That is the barcode of a book');
      await heard(kiosk, () => rig.scan(number), dropped);
    }
    await kiosk.screen('card');
    await rig.scan(aino.card);
    await kiosk.typePin(aino.pin);
    await kiosk.screen('borrow');
    for (const number of atBorrow) {
      await heard(kiosk, () => rig.scan(aino.card), 'That is a library card.');
      await heard(kiosk, () => rig.scan(number), dropped);
    }
    expect(await kiosk.byTestId('item-row').count()).toBe(0);

    const page = await kiosk.everything();
    const frames = kiosk.frames.map(({ text }) => text).join('\n');
    const wire = rig.tap.lines.map(({ text }) => text).join('\n');
    const disk = onDisk(rig);
    for (const number of numbers) {
      for (const form of [number, number.replaceAll(/\D/g, '')]) {
        expect(page).not.toContain(form);
        expect(frames).not.toContain(form);
        expect(wire).not.toContain(form);
        expect(rig.output).not.toContain(form);
        expect(disk.includes(form)).toBe(false);
      }
    }
  });
});

describe.concurrent('the scanner', stageTest, () => {
  test('unplugged and plugged in again while someone borrows: said, and then it goes on', async ({
    stage,
  }) => {
    const { rig, kiosk } = await stage.both();
    await toBorrow(rig, kiosk);
    await rig.scan(books.brothers.item);
    await kiosk.rowWords(books.brothers.item, 'done');
    await rig.scanner.unplug();
    await kiosk.mode('degraded');
    await kiosk.banner('The scanner is not connected.');
    await rig.logged('scanner.offline');
    await rig.scanner.replug();
    await kiosk.mode('online');
    await rig.scan(books.sinuhe.item);
    await kiosk.rowWords(books.sinuhe.item, 'done');
    await kiosk.row(books.brothers.item, 'done').waitFor();
  });

  test('the same label twice at once is one scan, and a scan may come in pieces', async ({ stage }) => {
    const { rig, kiosk } = await stage.both({ doubleScanMs: 1_500 });
    await toBorrow(rig, kiosk);
    await rig.scanner.write(`${books.brothers.item}\r${books.brothers.item}\r`);
    await kiosk.rowWords(books.brothers.item, 'done');
    expect(await kiosk.byTestId('notice').count()).toBe(0);
    // Pieces that come too far apart, as on a machine that stood still in between, are no scan; then the label is held there again.
    const { item } = books.sinuhe;
    await until('the pieces are one scan', async () => {
      for (const piece of [item.slice(0, 5), item.slice(5, 6), item.slice(6), '\r'])
        await rig.scanner.write(piece);
      return kiosk
        .row(item)
        .waitFor({ timeout: seenMsMax })
        .then(() => true);
    });
    await kiosk.rowWords(item, 'done');
    expect(await kiosk.byTestId('item-row').count()).toBe(2);
    expect(await lent(rig)).toEqual([books.brothers.item, item]);
    expect((await rig.acs.status()).requests['11']).toBe(2);
  });

  test('the same label later: the list has it, and nothing is asked again', async ({ stage }) => {
    const { rig, kiosk } = await stage.both();
    await toBorrow(rig, kiosk);
    await rig.scan(books.brothers.item);
    await kiosk.rowWords(books.brothers.item, 'done');
    await heard(kiosk, () => rig.scan(books.brothers.item), 'on your list already');
    expect(await kiosk.byTestId('item-row').count()).toBe(1);
    expect(await lent(rig)).toEqual([books.brothers.item]);
    expect((await rig.acs.status()).requests['11']).toBe(1);
  });
});
