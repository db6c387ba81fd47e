import { describe, expect } from 'vitest';
import { books, people } from '../support/example-library.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { stageTest, test } from '../support/on-stage.ts';
import type { StationRig } from '../support/station-rig.ts';
import { until } from '../support/until.ts';

/** Tests that wait for the station's own times: they do little else, and all at once. */

const { aino, sven } = people;

/** The station asks a closed library system again after a quarter of a minute. */
const comesBackMsMax = 100_000;
/** Patrons are asked after a quarter of a minute. */
const askedMsMax = 60_000;

async function takeBack(rig: StationRig, kiosk: Kiosk): Promise<void> {
  await kiosk.tap('home-return');
  await kiosk.screen('return');
  await rig.scan(books.cobblers.item);
  expect(await kiosk.rowWords(books.cobblers.item, 'offline')).toContain('Taken back.');
  await kiosk.tap('finish');
  await kiosk.screen('home');
  expect(await rig.acs.ledger()).toEqual([]);
}

async function sent(rig: StationRig): Promise<void> {
  await rig.settled(books.cobblers.item, 'accepted');
  const ledger = await rig.acs.ledger();
  expect(ledger.map(({ effect, item, card }) => ({ effect, item, card }))).toEqual([
    { effect: 'checkin', item: books.cobblers.item, card: sven.card },
  ]);
}

async function logIn(rig: StationRig, kiosk: Kiosk): Promise<void> {
  await kiosk.mode('online');
  await kiosk.speak('en');
  await kiosk.tap('home-borrow');
  await kiosk.screen('card');
  await rig.scan(aino.card);
  await kiosk.typePin(aino.pin);
  await kiosk.screen('borrow');
}

describe.concurrent('a library system that does not serve', stageTest, () => {
  test('refuses the log-in: said so, returns taken, and it goes on by itself', async ({ stage }) => {
    const rig = await stage.world({ acs: { refusedRetrySeconds: 5 } });
    await rig.acs.refuseLogin(true);
    await rig.startStation();
    const kiosk = await stage.kiosk(rig);
    await kiosk.mode('offline');
    await kiosk.speak('en');
    await kiosk.banner('does not accept this station');
    await kiosk.offers('home-borrow', false);
    await rig.logged('acs.state', ({ level, state }) => level === 'warning' && state === 'loginRefused');
    await takeBack(rig, kiosk);
    await rig.acs.refuseLogin(false);
    await kiosk.mode('online', comesBackMsMax);
    await sent(rig);
    expect(rig.output).not.toContain('terminal-word');
  });

  test('is closed: said so, returns taken, and it goes on by itself', async ({ stage }) => {
    const rig = await stage.world();
    await rig.acs.onLine(false);
    await rig.startStation();
    const kiosk = await stage.kiosk(rig);
    await kiosk.mode('offline');
    await kiosk.speak('en');
    await kiosk.banner('closed at the moment');
    await rig.logged('acs.state', ({ level, state }) => level === 'warning' && state === 'closed');
    await takeBack(rig, kiosk);
    await rig.acs.onLine(true);
    await kiosk.mode('online', comesBackMsMax);
    await sent(rig);
  });
});

/** Whether anybody is still there. */
function asked(kiosk: Kiosk): Promise<void> {
  return kiosk.byTestId('timeout-stay').waitFor({ timeout: askedMsMax });
}

describe.concurrent('a patron who does nothing', stageTest, () => {
  const short = { config: { session: { idleSeconds: 15, warningSeconds: 15, finishedSeconds: 2 } } };

  test('is asked, stays with one touch, and otherwise leaves nothing behind', async ({ stage }) => {
    const { rig, kiosk } = await stage.both(short);
    await logIn(rig, kiosk);
    await rig.scan(books.brothers.item);
    await kiosk.rowWords(books.brothers.item, 'done');
    await asked(kiosk);
    await kiosk.page.getByText('Are you still there?').waitFor();
    await kiosk.tap('timeout-stay');
    await kiosk.byTestId('timeout-stay').waitFor({ state: 'detached' });
    await kiosk.row(books.brothers.item, 'done').waitFor();
    expect(await kiosk.everything()).toContain(books.brothers.title);

    await kiosk.passes('finished', () => asked(kiosk));
    await kiosk.screen('home');
    await kiosk.page.locator('html[lang="fi"]').waitFor({ state: 'attached' });
    const left = await kiosk.everything();
    for (const trace of [aino.card, books.brothers.item, books.brothers.title, 'timeout-stay'])
      expect(left).not.toContain(trace);
    // The library system was told that the session is over.
    await until('the end is told', async () => (await rig.acs.status()).requests['35'] === 1);
  });

  test('in the middle of a PIN: the start, and no key of it is left', async ({ stage }) => {
    const { rig, kiosk } = await stage.both(short);
    await kiosk.mode('online');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await rig.scan(aino.card);
    await kiosk.screen('pin');
    await kiosk.tap('pin-key-1');
    await kiosk.tap('pin-key-2');
    await asked(kiosk);
    await kiosk.screen('home');
    await kiosk.tap('home-borrow');
    await rig.scan(sven.card);
    await kiosk.screen('pin');
    expect(await kiosk.page.locator('.place.filled').count()).toBe(0);
    await kiosk.typePin(sven.pin);
    await kiosk.screen('borrow');
  });
});
