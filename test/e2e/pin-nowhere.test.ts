import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { books } from '../support/example-library.ts';
import { filesBelow } from '../support/files.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { stageTest, test } from '../support/on-stage.ts';
import type { StationRig } from '../support/station-rig.ts';
import { until } from '../support/until.ts';

/** Every second character is a sign, so that no two of them in a row are found by chance. */
const secret = 'x#Q%7&v?Z!9=k';
const patron = {
  card: '21999000029990',
  pin: secret,
  name: 'Salainen, Salme',
  language: '001',
  loans: [{ item: books.kalevala.item, dueInDays: 3 }],
};
/** A PIN that does not go with the card, typed first: it is as secret as the right one. */
const wrong = 'R+8*w<2>m';

/** The forms in which a careless program would leave a secret. */
function formsOf(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text, 'utf8');
  return [
    bytes,
    Buffer.from(text, 'utf16le'),
    Buffer.from(JSON.stringify(text).slice(1, -1)),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('base64').replace(/=+$/, '').slice(0, -1)),
    Buffer.from([...text].toReversed().join('')),
  ];
}

function holds(where: Buffer | string, text: string): boolean {
  const bytes = Buffer.from(where);
  return formsOf(text).some((form) => bytes.includes(form));
}

/** The files below a folder that hold the secret in one of its forms; `-wal` and all. */
function filesWith(folder: string, text: string): readonly string[] {
  return filesBelow(folder)
    .filter(({ bytes }) => holds(bytes, text))
    .map(({ path }) => path);
}

function pairsOf(text: string): readonly string[] {
  return Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2));
}

/** On the keyboard of the screen, by the names of its keys. */
async function typePassword(kiosk: Kiosk, password: string): Promise<void> {
  await kiosk.screen('pin');
  const layers = { signs: 'Signs', letters: 'Letters' } as const;
  let layer: keyof typeof layers = 'letters';
  let typed = 0;
  for (const key of password) {
    const wanted = /[A-Za-z0-9]/.test(key) ? 'letters' : 'signs';
    if (wanted !== layer) {
      layer = wanted;
      await kiosk.page.getByRole('button', { name: layers[layer], exact: true }).tap();
    }
    if (/[A-Z]/.test(key)) await kiosk.page.getByRole('button', { name: 'Capital letters' }).tap();
    if (/\d/.test(key)) await kiosk.tap(`pin-key-${key}`);
    else await kiosk.page.getByRole('button', { name: key, exact: true }).tap();
    typed += 1;
    await kiosk.page
      .getByText(typed === 1 ? '1 character typed' : `${typed} characters typed`)
      .waitFor({ state: 'attached' });
  }
  await kiosk.tap('pin-enter');
}

async function wholeRun(rig: StationRig, kiosk: Kiosk): Promise<string> {
  const pages: string[] = [];
  await kiosk.mode('online');
  await kiosk.speak('en');
  await kiosk.tap('home-borrow');
  await kiosk.screen('card');
  await rig.scan(patron.card);
  await typePassword(kiosk, wrong);
  await kiosk.refusal('password.wrong');
  pages.push(await kiosk.everything());
  await typePassword(kiosk, secret);
  await kiosk.screen('borrow');
  pages.push(await kiosk.everything());
  await rig.scan(books.brothers.item);
  await kiosk.rowWords(books.brothers.item, 'done');
  await kiosk.tap('goto-account');
  await kiosk.row(books.kalevala.item).filter({ hasText: books.kalevala.title }).waitFor();
  await kiosk.row(books.kalevala.item).getByRole('button').tap();
  await kiosk.row(books.kalevala.item).filter({ hasText: 'Renewed' }).waitFor();
  pages.push(await kiosk.everything());
  await kiosk.tap('finish');
  await kiosk.screen('home');
  // Another is killed while the PIN is being checked, and one in the middle of typing.
  await kiosk.speak('en');
  await kiosk.tap('home-account');
  await rig.scan(patron.card);
  rig.tap.hold('63');
  const before = rig.tap.of('63').length;
  await typePassword(kiosk, secret);
  await until('the PIN is under way', async () => rig.tap.of('63').length > before);
  await kiosk.passes('oneMoment', () => rig.killStation());
  rig.tap.release();
  pages.push(await kiosk.everything());
  await kiosk.screen('home');
  await kiosk.mode('online');
  await kiosk.speak('en');
  await kiosk.tap('home-return');
  await kiosk.screen('return');
  await rig.scan(books.brothers.item);
  await kiosk.rowWords(books.brothers.item, 'done');
  pages.push(await kiosk.everything());
  return pages.join('\n');
}

describe('the PIN', { ...stageTest, retry: 0 }, () => {
  test('is nowhere after a whole run: not on disk, in logs, frames, page or any message but 63', async ({
    stage,
  }) => {
    const { rig, kiosk } = await stage.both({
      tapped: true,
      morePatrons: [patron],
      config: { patron: { pin: { format: 'password' } } },
      acs: { replyTimeoutSeconds: 30 },
    });
    const pages = await wholeRun(rig, kiosk);
    // The search must find what is there: the whole, and in each of its forms.
    const planted = join(rig.data, 'planted');
    for (const form of formsOf(secret)) {
      writeFileSync(planted, Buffer.concat([Buffer.alloc(10_000, 7), form, Buffer.alloc(10_000, 7)]));
      expect(filesWith(rig.data, secret)).toEqual([planted]);
    }
    writeFileSync(planted, '');

    const sentToStation = kiosk.frames.filter(({ from }) => from === 'page').map(({ text }) => text);
    const views = kiosk.frames.filter(({ from }) => from === 'station').map(({ text }) => text);
    const keys = sentToStation.map((text) => keyOf(text)).filter((key) => key !== undefined);
    // Each key crossed, alone in its frame.
    expect(keys.join('')).toBe(wrong + secret + secret);
    expect(rig.tap.of('63').filter((line) => line.includes(`|AD${secret}|`))).toHaveLength(2);
    expect(rig.tap.of('63').filter((line) => line.includes(`|AD${wrong}|`))).toHaveLength(1);

    for (const text of [secret, wrong]) {
      expect(filesWith(rig.data, text)).toEqual([]);
      expect(holds(rig.output, text)).toBe(false);
      expect(holds(pages, text)).toBe(false);
      for (const pair of pairsOf(text)) {
        expect(
          [...sentToStation, ...views].filter((frame) => stringsIn(frame).some((one) => one.includes(pair))),
        ).toEqual([]);
      }
      const elsewhere = rig.tap.lines.filter(({ text: line }) => !line.startsWith('63'));
      expect(elsewhere.filter(({ text: line }) => holds(line, text))).toEqual([]);
    }
    // AD goes with 63 and with nothing else, and the views tell how many characters there are.
    const withPin = rig.tap.lines.filter(({ text }) => /\|AD[^|]/.test(text));
    expect(new Set(withPin.map(({ from, text }) => `${from} ${text.slice(0, 2)}`))).toEqual(
      new Set(['station 63']),
    );
    expect(Math.max(...views.map(enteredIn))).toBe(secret.length);
    await rig.stopStation();
    for (const text of [secret, wrong]) expect(filesWith(rig.data, text)).toEqual([]);
  });
});

/** Every text in a frame, at any depth. */
function stringsIn(frame: string): readonly string[] {
  const found: string[] = [];
  JSON.parse(frame, (_, value: unknown) => {
    if (typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

function keyOf(frame: string): string | undefined {
  const { intent } = JSON.parse(frame) as { intent?: { act: { do: string; key?: string } } };
  if (intent?.act.do !== 'pinKey') return undefined;
  expect([...(intent.act.key ?? '')]).toHaveLength(1);
  return intent.act.key;
}

function enteredIn(frame: string): number {
  const { view } = JSON.parse(frame) as { view?: { screen: { entered?: number } } };
  return view?.screen.entered ?? 0;
}
