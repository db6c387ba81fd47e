import { describe, expect } from 'vitest';
import { books, people } from '../support/example-library.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { stageTest, test, type Stage } from '../support/on-stage.ts';
import type { StationRig } from '../support/station-rig.ts';
import { until } from '../support/until.ts';
import { eventually } from '../support/wait.ts';

const { aino, sven } = people;

/** A lost reply is found out about only after the kill. */
const acs = { replyTimeoutSeconds: 30 };

async function ready(stage: Stage): Promise<{ rig: StationRig; kiosk: Kiosk }> {
  const opened = await stage.both({ tapped: true, acs });
  await opened.kiosk.mode('online');
  return opened;
}

async function logIn(
  rig: StationRig,
  kiosk: Kiosk,
  patron: { card: string; pin: string } = aino,
): Promise<void> {
  await kiosk.tap('home-borrow');
  await kiosk.screen('card');
  await rig.scan(patron.card);
  await kiosk.typePin(patron.pin);
  await kiosk.screen('borrow');
}

/** `kill -9`, and what a patron sees of it: one moment, and then the start, by itself. */
async function killAndSee(rig: StationRig, kiosk: Kiosk): Promise<void> {
  const pid = rig.stationPid();
  await kiosk.passes('oneMoment', () => rig.killStation());
  expect(await kiosk.everything()).not.toContain(aino.card);
  expect(await kiosk.byTestId('item-row').count()).toBe(0);
  await kiosk.screen('home');
  await kiosk.mode('online');
  expect(rig.stationPid()).not.toBe(pid);
}

async function effects(rig: StationRig): Promise<readonly string[]> {
  return (await rig.acs.ledger()).map(({ effect, item, card }) => `${effect} ${item} ${card}`);
}

describe.concurrent('kill -9 of the station', stageTest, () => {
  test('between request and reply of a checkout: the loan is known, once', async ({ stage }) => {
    const { rig, kiosk } = await ready(stage);
    await logIn(rig, kiosk);
    await rig.acs.fault('loseReply', '11');
    await rig.scan(books.brothers.item);
    const lent = `checkout ${books.brothers.item} ${aino.card}`;
    await until('the loan is made', async () => (await effects(rig)).includes(lent));
    await kiosk.row(books.brothers.item, 'pending').waitFor();
    expect((await rig.journal()).map(({ state }) => state)).toEqual(['intended']);

    await killAndSee(rig, kiosk);
    const row = await rig.settled(books.brothers.item, 'accepted');
    expect(row).toMatchObject({ kind: 'checkout', rule: 'asked', attempts: 0 });
    const [loan] = (await rig.acs.loans()).filter(({ item }) => item === books.brothers.item);
    const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: 'Europe/Helsinki' });
    expect(row.due).toBe(day.format(loan?.dueAt));
    expect(await effects(rig)).toEqual([lent]);
    expect(rig.tap.of('11')).toHaveLength(1);

    // The patron finds the book in the account.
    await kiosk.tap('home-account');
    await rig.scan(aino.card);
    await kiosk.typePin(aino.pin);
    await kiosk.screen('account');
    await kiosk.row(books.brothers.item).filter({ hasText: books.brothers.title }).waitFor();
  });

  test('the same with a power cut: another start of everything finds out', async ({ stage }) => {
    const { rig, kiosk } = await ready(stage);
    await logIn(rig, kiosk);
    await rig.acs.fault('loseReply', '11');
    await rig.scan(books.brothers.item);
    await until('the loan is made', async () => (await effects(rig)).length === 1);
    await rig.powerCut();
    await rig.startStation();
    expect(await rig.settled(books.brothers.item, 'accepted')).toMatchObject({
      kind: 'checkout',
      rule: 'asked',
    });
    expect(await effects(rig)).toEqual([`checkout ${books.brothers.item} ${aino.card}`]);
    expect(rig.tap.of('11')).toHaveLength(1);
  });

  test('after the intent of a checkout and before its request arrives: no loan, and staff are told', async ({
    stage,
    expect,
  }) => {
    const { rig, kiosk } = await ready(stage);
    await logIn(rig, kiosk);
    rig.tap.hold('11');
    await rig.scan(books.brothers.item);
    await eventually('the request is under way', () => rig.tap.of('11').length === 1);
    expect((await rig.journal()).map(({ state }) => state)).toEqual(['intended']);

    await killAndSee(rig, kiosk);
    rig.tap.release();
    const row = await rig.settled(books.brothers.item, 'staff');
    expect(row).toMatchObject({ kind: 'checkout', rule: 'patronGone' });
    expect(await rig.status()).toMatchObject({ unsettled: 0, staffList: 1 });
    expect(await effects(rig)).toEqual([]);
    expect(rig.tap.of('11')).toHaveLength(1);

    // Who comes back for it gets it.
    await logIn(rig, kiosk);
    await rig.scan(books.brothers.item);
    await kiosk.rowWords(books.brothers.item, 'done');
    expect(await effects(rig)).toEqual([`checkout ${books.brothers.item} ${aino.card}`]);
  });

  test('between request and reply of a checkin: the return is known, once', async ({ stage }) => {
    const { rig, kiosk } = await ready(stage);
    await kiosk.tap('home-return');
    await kiosk.screen('return');
    await rig.acs.fault('loseReply', '09');
    await rig.scan(books.cobblers.item);
    const returned = `checkin ${books.cobblers.item} ${sven.card}`;
    await until('the return is made', async () => (await effects(rig)).includes(returned));

    await killAndSee(rig, kiosk);
    expect(await rig.settled(books.cobblers.item, 'accepted')).toMatchObject({
      kind: 'checkin',
      rule: 'asked',
    });
    expect(await effects(rig)).toEqual([returned]);
    expect(rig.tap.of('09')).toHaveLength(1);
  });

  test('after the intent of a checkin and before its request arrives: it is sent later, once', async ({
    stage,
    expect,
  }) => {
    const { rig, kiosk } = await ready(stage);
    await kiosk.tap('home-return');
    await kiosk.screen('return');
    rig.tap.holdNext('09');
    await rig.scan(books.cobblers.item);
    await eventually('the request is under way', () => rig.tap.of('09').length === 1);
    expect(await effects(rig)).toEqual([]);
    await kiosk.passes('oneMoment', () => rig.killStation());
    await kiosk.screen('home');
    expect(await rig.settled(books.cobblers.item, 'accepted')).toMatchObject({
      kind: 'checkin',
      attempts: 1,
    });
    expect(await effects(rig)).toEqual([`checkin ${books.cobblers.item} ${sven.card}`]);
    const sent = rig.tap.lines.filter(({ from }) => from === 'station').map(({ text }) => text.slice(0, 2));
    // It asked what is true before it sent again, and sent once.
    expect(sent.filter((code) => code === '09')).toHaveLength(2);
    expect(sent.slice(sent.indexOf('09'), sent.lastIndexOf('09'))).toContain('17');
  });

  test('between request and reply of a renewal: it is known, once', async ({ stage }) => {
    const { rig, kiosk } = await ready(stage);
    await logIn(rig, kiosk, people.sven);
    await rig.acs.fault('loseReply', '29');
    await rig.scan(books.cobblers.item);
    await until('it is renewed', async () => (await effects(rig)).length === 1);
    await killAndSee(rig, kiosk);
    expect(await rig.settled(books.cobblers.item, 'accepted')).toMatchObject({
      kind: 'renew',
      rule: 'asked',
    });
    expect(await effects(rig)).toEqual([`renewal ${books.cobblers.item} ${sven.card}`]);
    expect(rig.tap.of('29')).toHaveLength(1);
  });
});
