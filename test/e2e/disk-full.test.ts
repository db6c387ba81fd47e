import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import library from '../../src/simulator/demo/library.json' with { type: 'json' };
import { books, people } from '../support/example-library.ts';
import { stageTest, test as base } from '../support/on-stage.ts';

const { aino, sven } = people;

/** Only root can mount; without it there is no small disk to fill. */
const isRoot = process.getuid?.() === 0 && process.platform === 'linux';
/** Room for the journal, the space kept for returns, and what must be free besides before that is kept again. */
const diskMiB = 48;
/** Full disks are tried again every half minute. */
const lendsAgainMsMax = 90_000;

/** A disk of its own, and something big on it. */
interface SmallDisk {
  readonly directory: string;
  fill(): void;
  empty(): void;
}

const test = base.extend('disk', async ({}, { onCleanup }): Promise<SmallDisk> => {
  const directory = mkdtempSync(join(tmpdir(), 'omatoimi-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMiB}m,mode=700`, 'tmpfs', directory]);
  onCleanup(() => {
    execFileSync('umount', ['--lazy', directory]);
    rmdirSync(directory);
  });
  const big = join(directory, 'something-big');
  return {
    directory,
    // The station may give some room back in the meantime.
    fill: () => {
      do fill(big);
      while (statfsSync(directory).bavail > 0);
    },
    empty: () => rmSync(big),
  };
});

/** Writes until not one byte more is taken. */
function fill(file: string): void {
  const handle = openSync(file, 'a');
  try {
    for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      const block = Buffer.alloc(bytes, 1);
      while (wrote(handle, block));
    }
  } finally {
    closeSync(handle);
  }
}

function wrote(handle: number, block: Buffer): boolean {
  try {
    return writeSync(handle, block) === block.length;
  } catch {
    return false;
  }
}

const loanable = library.items.filter(({ label }) => label === 'Free: lend it').map(({ item }) => item);

describe.runIf(isRoot)('a disk without space', stageTest, () => {
  test('lending stops with a truthful word, returns are taken, and it lends again by itself', async ({
    stage,
    disk,
  }) => {
    const rig = await stage.station({ data: join(disk.directory, 'data') });
    const kiosk = await stage.kiosk(rig);
    await kiosk.mode('online');
    await kiosk.speak('en');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await rig.scan(aino.card);
    await kiosk.typePin(aino.pin);
    await kiosk.screen('borrow');
    disk.fill();

    // SQLite has some room in files that it has; after so many loans it is used up.
    let refused: string | undefined;
    const lent: string[] = [];
    for (const item of loanable) {
      await rig.scan(item);
      const row = kiosk.page.locator(
        ['done', 'refused'].map((state) => `[data-item="${item}"][data-state="${state}"]`).join(', '),
      );
      await row.waitFor();
      if ((await row.getAttribute('data-state')) === 'refused') {
        refused = item;
        break;
      }
      lent.push(item);
    }
    expect(await kiosk.refusal('space.full')).toContain('no room left to record new loans');
    await kiosk.mode('degraded');
    await kiosk.banner('cannot lend at the moment');
    await rig.logged('journal.commitFailed', ({ reason }) => reason === 'full');

    // A return is taken all the same, and is on the disk.
    await kiosk.tap('goto-return');
    await kiosk.screen('return');
    await rig.scan(books.cobblers.item);
    await kiosk.rowWords(books.cobblers.item, 'done');
    expect(await rig.settled(books.cobblers.item, 'accepted')).toMatchObject({ kind: 'checkin' });
    await kiosk.tap('finish');
    await kiosk.screen('home');
    const made = (await rig.acs.ledger()).map(({ effect, item, card }) => ({ effect, item, card }));
    expect(made).toEqual([
      ...lent.map((item) => ({ effect: 'checkout', item, card: aino.card })),
      { effect: 'checkin', item: books.cobblers.item, card: sven.card },
    ]);

    disk.empty();
    await kiosk.mode('online', lendsAgainMsMax);
    await kiosk.offers('home-borrow');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await rig.scan(aino.card);
    await kiosk.typePin(aino.pin);
    await kiosk.screen('borrow');
    const again = refused ?? '';
    await rig.scan(again);
    await kiosk.rowWords(again, 'done');
    expect(await rig.settled(again, 'accepted')).toMatchObject({ kind: 'checkout' });
  });
});
