import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { books, people } from '../support/example-library.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { stageTest, test } from '../support/on-stage.ts';
import type { StationRig } from '../support/station-rig.ts';

const { aino, sven } = people;

async function borrows(rig: StationRig, kiosk: Kiosk, item: string): Promise<void> {
  await kiosk.mode('online');
  await kiosk.tap('home-borrow');
  await kiosk.screen('card');
  await rig.scan(aino.card);
  await kiosk.typePin(aino.pin);
  await kiosk.screen('borrow');
  await rig.scan(item);
  await kiosk.rowWords(item, 'done');
  expect(await rig.settled(item, 'accepted')).toMatchObject({ kind: 'checkout' });
}

function hash(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** The files of a journal that was kept aside. */
function asides(rig: StationRig, kind: string): readonly string[] {
  return readdirSync(rig.data).filter((name) => name.startsWith(`journal.${kind}`) && name.endsWith('.db'));
}

describe.concurrent('a journal that the station cannot use', stageTest, () => {
  test('of a newer program: kept untouched, named in the log, and the station serves', async ({ stage }) => {
    const rig = await stage.world();
    mkdirSync(rig.data, { recursive: true });
    const file = join(rig.data, 'journal.db');
    const newer = new Database(file);
    newer.exec('create table from_the_future (what text); insert into from_the_future values (1)');
    // The mark of a journal of ours, `Omat`, and a version of years to come.
    newer.pragma('application_id = 0x4f6d6174');
    newer.pragma('user_version = 99');
    newer.close();
    const before = hash(file);
    await rig.startStation();
    const kiosk = await stage.kiosk(rig);
    await borrows(rig, kiosk, books.brothers.item);
    const [kept = 'none', ...others] = asides(rig, 'newer-99');
    expect(others).toEqual([]);
    expect(hash(join(rig.data, kept))).toBe(before);
    expect(await rig.logged('journal.newer')).toMatchObject({
      level: 'error',
      path: kept,
      reason: 'schema 99',
    });
  });

  test('a damaged one: kept, exported, named, its open returns carried over, and the station serves', async ({
    stage,
  }) => {
    const rig = await stage.world();
    // A return waits for a library system that is away, when the power goes.
    await rig.acs.refuseConnections(true);
    await rig.startStation();
    const kiosk = await stage.kiosk(rig);
    await kiosk.mode('offline');
    await kiosk.tap('home-return');
    await kiosk.screen('return');
    await rig.scan(books.cobblers.item);
    await kiosk.rowWords(books.cobblers.item, 'offline');
    await rig.stopStation();

    const file = join(rig.data, 'journal.db');
    const bytes = readFileSync(file);
    // The page after the one that holds the schema's first tables, as a failing disk would leave it.
    damage(bytes);
    writeFileSync(file, bytes);
    const before = hash(file);
    await rig.acs.refuseConnections(false);
    await rig.startStation();
    const next = await stage.kiosk(rig);
    await borrows(rig, next, books.brothers.item);

    const [kept = 'none', ...others] = asides(rig, 'damaged');
    expect(others).toEqual([]);
    expect(hash(join(rig.data, kept))).toBe(before);
    expect(readdirSync(rig.data)).toContain(kept.replace(/\.db$/, '.export'));
    expect(await rig.logged('journal.damaged')).toMatchObject({ level: 'error', path: kept, count: 1 });
    expect(await rig.settled(books.cobblers.item, 'accepted')).toMatchObject({ kind: 'checkin' });
    expect((await rig.acs.ledger()).map(({ effect, card }) => `${effect} ${card}`).toSorted()).toEqual([
      `checkin ${sven.card}`,
      `checkout ${aino.card}`,
    ]);
  });

  test('no journal at all but noise: kept, named, and the station serves', async ({ stage }) => {
    const rig = await stage.world();
    mkdirSync(rig.data, { recursive: true });
    const file = join(rig.data, 'journal.db');
    writeFileSync(file, Buffer.alloc(64 * 1024, 'noise '));
    const before = hash(file);
    await rig.startStation();
    const kiosk = await stage.kiosk(rig);
    await borrows(rig, kiosk, books.brothers.item);
    const [kept = 'none'] = asides(rig, 'damaged');
    expect(hash(join(rig.data, kept))).toBe(before);
    expect(await rig.logged('journal.damaged')).toMatchObject({ level: 'error', path: kept });
  });
});

/** Spoils the last page in use: the index pages lie at the end, the rows before them. */
function damage(bytes: Buffer): void {
  const pageBytes = bytes.readUInt16BE(16);
  bytes.fill(0xa5, bytes.length - pageBytes, bytes.length - pageBytes / 2);
}
