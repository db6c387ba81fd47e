import { describe, expect } from 'vitest';
import type { FaultKind } from '../../src/simulator/acs/faults.ts';
import { books, people } from '../support/example-library.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { stageTest, test } from '../support/on-stage.ts';
import type { StationRig } from '../support/station-rig.ts';

const { aino, sven } = people;

async function logIn(rig: StationRig, kiosk: Kiosk): Promise<void> {
  await kiosk.mode('online');
  await kiosk.speak('en');
  await kiosk.tap('home-borrow');
  await kiosk.screen('card');
  await rig.scan(aino.card);
  await kiosk.typePin(aino.pin);
  await kiosk.screen('borrow');
}

async function effects(rig: StationRig): Promise<readonly string[]> {
  return (await rig.acs.ledger()).map(({ effect, item, card }) => `${effect} ${item} ${card}`);
}

/** A return while nothing can be told: it is taken at once, and goes where it belongs when the ACS is back. */
async function takeBackMeanwhile(rig: StationRig, kiosk: Kiosk): Promise<void> {
  await kiosk.screen('return');
  await rig.scan(books.cobblers.item);
  expect(await kiosk.rowWords(books.cobblers.item, 'offline')).toContain('Taken back.');
}

describe.concurrent('an ACS in trouble', stageTest, () => {
  test('not there at the start: returns are taken, and sent when it comes', async ({ stage }) => {
    const rig = await stage.world();
    await rig.acs.refuseConnections(true);
    await rig.startStation();
    const kiosk = await stage.kiosk(rig);
    await kiosk.mode('offline');
    await rig.logged('acs.state', ({ level, state }) => level === 'warning' && state === 'unreachable');
    await kiosk.speak('en');
    await kiosk.banner(/library system is away.*can return/);
    await kiosk.offers('home-borrow', false);
    await kiosk.offers('home-account', false);
    await kiosk
      .byTestId('home-borrow')
      .filter({ hasText: 'Not available while the library system is away' })
      .waitFor();
    await kiosk.tap('home-return');
    await takeBackMeanwhile(rig, kiosk);
    expect((await rig.journal()).map(({ state }) => state)).toEqual(['waiting']);
    await kiosk.tap('finish');
    await kiosk.screen('home');
    expect(await effects(rig)).toEqual([]);

    await rig.acs.refuseConnections(false);
    await kiosk.mode('online', 60_000);
    expect(await rig.settled(books.cobblers.item, 'accepted')).toMatchObject({ kind: 'checkin' });
    expect(await effects(rig)).toEqual([`checkin ${books.cobblers.item} ${sven.card}`]);
    await kiosk.offers('home-borrow');
  });

  test('gone and back while someone borrows: the loan is refused, the return is taken', async ({ stage }) => {
    const { rig, kiosk } = await stage.both();
    await logIn(rig, kiosk);
    await rig.acs.refuseConnections(true);
    await kiosk.mode('offline');
    await rig.scan(books.brothers.item);
    await kiosk.row(books.brothers.item, 'refused').waitFor();
    const words = await kiosk.refusal('acs.away');
    expect(words).toContain('The library system is away.');
    await kiosk.tap('goto-return');
    await takeBackMeanwhile(rig, kiosk);
    await rig.acs.refuseConnections(false);
    await kiosk.mode('online', 60_000);
    await kiosk.rowWords(books.cobblers.item, 'done');
    await kiosk.tap('goto-borrow');
    await rig.scan(books.brothers.item);
    await kiosk.rowWords(books.brothers.item, 'done');
    expect(await effects(rig)).toEqual([
      `checkin ${books.cobblers.item} ${sven.card}`,
      `checkout ${books.brothers.item} ${aino.card}`,
    ]);
  });

  const faults: readonly { readonly kind: FaultKind; readonly what: string; readonly online?: true }[] = [
    { kind: 'garbage', what: 'answers garbage' },
    { kind: 'closeInReply', what: 'stops in mid-message' },
    { kind: 'closeInsteadOfReply', what: 'hangs up instead of an answer' },
    { kind: 'loseReply', what: 'never answers' },
    { kind: 'anotherItem', what: 'answers about another item', online: true },
  ];
  test.for(faults)(
    'it $what to everything: nothing is claimed, nothing is lost',
    async ({ kind, online }, { stage }) => {
      const { rig, kiosk } = await stage.both({ acs: { replyTimeoutSeconds: 1 } });
      await logIn(rig, kiosk);
      await rig.acs.fault(kind, undefined, 1000);
      await rig.scan(books.brothers.item);
      const waiting = kiosk.row(books.brothers.item, 'pending').filter({ hasText: 'No answer yet.' });
      await waiting.waitFor();
      if (online !== true) await kiosk.mode('offline');
      expect((await rig.journal()).map(({ state }) => state)).toEqual(['uncertain']);
      await kiosk.tap('goto-return');
      await takeBackMeanwhile(rig, kiosk);
      await kiosk.tap('goto-borrow');
      await waiting.waitFor();
      expect(rig.log.some(({ level, event }) => level === 'warning' && event.startsWith('acs.'))).toBe(true);

      await rig.acs.clearFaults();
      await kiosk.mode('online', 60_000);
      expect(await kiosk.rowWords(books.brothers.item, 'done', 60_000)).toContain('Lent to you until');
      await kiosk.tap('goto-return');
      await kiosk.rowWords(books.cobblers.item, 'done', 60_000);
      await rig.settled(books.brothers.item, 'accepted');
      await rig.settled(books.cobblers.item, 'accepted');
      expect((await effects(rig)).toSorted()).toEqual([
        `checkin ${books.cobblers.item} ${sven.card}`,
        `checkout ${books.brothers.item} ${aino.card}`,
      ]);
    },
  );

  test('it hangs while a PIN is checked: the patron is told, and the try does not count', async ({
    stage,
  }) => {
    const { rig, kiosk } = await stage.both({
      config: { patron: { pin: { attempts: { perCard: 1 } } } },
      acs: { replyTimeoutSeconds: 1 },
    });
    await kiosk.mode('online');
    await kiosk.speak('en');
    await kiosk.tap('home-account');
    await kiosk.screen('card');
    await rig.scan(aino.card);
    await rig.acs.pause(true);
    await kiosk.typePin(aino.pin);
    expect(await kiosk.refusal('acs.silent')).toContain('The library system did not answer.');
    await kiosk.mode('offline');
    await rig.acs.pause(false);
    await kiosk.mode('online', 60_000);
    await kiosk.typePin(aino.pin);
    await kiosk.screen('account');
  });

  test('a return of what it does not know: refused with its reason, and nothing is told', async ({
    stage,
  }) => {
    const { rig, kiosk } = await stage.both();
    await kiosk.mode('online');
    await kiosk.speak('en');
    await kiosk.tap('home-return');
    const unknown = '39999999999999';
    await rig.scan(unknown);
    await kiosk.row(unknown, 'refused').waitFor();
    await kiosk.refusal('item.unknown');
    expect(await rig.settled(unknown, 'refused')).toMatchObject({ rule: 'item.unknown' });
    expect(await effects(rig)).toEqual([]);
  });
});
