import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { cardOf, itemOf, pin } from '../../crash/library.ts';
import type { SocketPage } from '../../crash/socket-page.ts';
import { CrashWorld } from '../../crash/world.ts';
import { askStation } from '../../../src/cli/ask-station.ts';
import { openLocalSocket } from '../../../src/station/socket-connect.ts';
import { stationSocketPath } from '../../../src/station/socket-path.ts';
import { until } from '../../support/until.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const waitMsMax = 120_000;

let world: CrashWorld;
beforeEach(async () => {
  world = await CrashWorld.create({ items: 20, hasPlate: false });
  await world.station(false);
  expect(await world.settled()).toBe(true);
});
afterEach(() => world.close());

const statusSchema = z.object({
  acceptances: z.object({ lookedAt: z.string(), done: z.number(), notDone: z.number(), notTold: z.number() }),
});

async function acceptances(): Promise<z.infer<typeof statusSchema>['acceptances']> {
  return statusSchema.parse(await world.status()).acceptances;
}

async function handles(page: SocketPage, item: string, state: 'done' | 'offline'): Promise<void> {
  await world.scanner.write(`${item}\r`);
  await page.sees(
    `${item} is ${state}`,
    ({ screen }) =>
      (screen.name === 'borrow' || screen.name === 'return') &&
      screen.items.some((row) => row.item === item && row.state === state),
  );
}

async function borrows(...items: readonly string[]): Promise<void> {
  const page = await world.page();
  page.do({ do: 'chooseService', service: 'borrow' });
  await page.screen('card');
  await world.scanner.write(`${cardOf(1)}\r`);
  await page.screen('pin');
  for (const key of pin) page.do({ do: 'pinKey', key });
  page.do({ do: 'pinEnter' });
  await page.screen('borrow');
  for (const item of items) await handles(page, item, 'done');
  page.do({ do: 'finish', receipt: false });
  await page.screen('home');
}

async function returnsInOutage(...items: readonly string[]): Promise<void> {
  await world.acs.refuseConnections(true);
  const page = await world.page();
  await page.sees('the outage', ({ status }) => status.mode === 'offline');
  page.do({ do: 'chooseService', service: 'return' });
  await page.screen('return');
  for (const item of items) await handles(page, item, 'offline');
  page.do({ do: 'leave' });
  await page.screen('home');
}

const staffSchema = z.object({
  kind: z.string(),
  item: z.string(),
  rule: z.string(),
  found: z.record(z.string(), z.string()),
});

/** What is on the staff list, as soon as so many are. */
async function staffList(count: number): Promise<readonly z.infer<typeof staffSchema>[]> {
  const list = async () => {
    const answer = await askStation(openLocalSocket(stationSocketPath(world.data)), 'journal');
    if (!answer.ok) throw new Error(answer.error);
    const rows = z.array(z.looseObject({ state: z.string() })).parse(answer.value);
    const staff = rows.filter(({ state }) => state === 'staff');
    return staff.length < count ? undefined : z.array(staffSchema).parse(staff);
  };
  return until(`${count} are on the staff list`, list, waitMsMax);
}

const effects = async (): Promise<readonly string[]> =>
  (await world.acs.ledger()).map(({ effect, item }) => `${effect} ${item}`);

describe('a library system', () => {
  test('that does what it says is asked, and believed', async () => {
    await borrows(itemOf(1), itemOf(2));
    await until('the first loan was looked at', async () => (await acceptances()).done > 0, waitMsMax);
    await returnsInOutage(itemOf(1), itemOf(2));
    await world.acs.refuseConnections(false);
    expect(await world.settled()).toBe(true);
    // One loan; of the returns the first and the last.
    await until('three were looked at', async () => (await acceptances()).done === 3, waitMsMax);
    expect(await acceptances()).toMatchObject({ lookedAt: 'samples', done: 3, notDone: 0, notTold: 0 });
    expect(await effects()).toEqual([
      `checkout ${itemOf(1)}`,
      `checkout ${itemOf(2)}`,
      `checkin ${itemOf(1)}`,
      `checkin ${itemOf(2)}`,
    ]);
  });

  test('that accepts everything after an outage and does nothing is found, and all of it is with staff', async () => {
    await borrows(itemOf(1), itemOf(2));
    await until('the first loan was looked at', async () => (await acceptances()).done > 0, waitMsMax);
    await returnsInOutage(itemOf(1), itemOf(2));
    await world.acs.personality('accepts-and-does-nothing');
    await world.acs.refuseConnections(false);
    const staff = await staffList(2);
    expect(new Set(staff.map(({ item }) => item))).toEqual(new Set([itemOf(1), itemOf(2)]));
    for (const row of staff) {
      expect(row).toMatchObject({ kind: 'checkin', rule: 'acs.notDone', found: { item: 'charged' } });
    }
    expect(await acceptances()).toMatchObject({ lookedAt: 'all', notDone: 2 });
    expect(await effects()).toEqual([`checkout ${itemOf(1)}`, `checkout ${itemOf(2)}`]);
  });

  test('that answers with yesterday’s state is found by the first loan', async () => {
    await world.acs.personality('yesterday');
    await borrows(itemOf(3));
    const [row] = await staffList(1);
    expect(row).toMatchObject({
      kind: 'checkout',
      item: itemOf(3),
      rule: 'acs.notDone',
      found: { item: 'available', patron: 'hasItNot', card: 'fine' },
    });
    expect(await acceptances()).toMatchObject({ lookedAt: 'all', notDone: 1 });
    expect(await effects()).toEqual([`checkout ${itemOf(3)}`]);
  });
});
