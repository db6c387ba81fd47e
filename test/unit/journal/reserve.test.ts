import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileReserve, reserveMarginBytes, reserveStepBytes } from '../../../src/journal/file-reserve.ts';
import { mayUseReserve, noReserve, type Reserve } from '../../../src/journal/reserve.ts';
import type { Row } from '../../../src/journal/rows.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import {
  after,
  begin,
  dayMs,
  friday,
  idOf,
  move,
  openIn,
  openWhole,
  seededRandom,
  temporaryDirectory,
  value,
} from './support.ts';

const mebibyte = 1024 * 1024;

/** A real small disk; undefined where this account may not mount one. */
function smallDisk(bytes: number): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'omatoimi-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    rmSync(directory, { recursive: true });
    return undefined;
  }
  after(() => {
    execFileSync('umount', ['-l', directory]);
    rmSync(directory, { recursive: true });
  });
  return directory;
}

const canMount = ((): boolean => {
  const directory = mkdtempSync(join(tmpdir(), 'omatoimi-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory], { stdio: 'ignore' });
    execFileSync('umount', [directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
})();

/** Writes into a file of its own until not a byte fits any more. Deleting the file makes room again. */
function fillDisk(directory: string): string {
  const file = join(directory, 'somebody-elses-log');
  const handle = openSync(file, 'a');
  for (let bytes = 65_536; bytes > 0;) {
    try {
      writeSync(handle, Buffer.alloc(bytes, 1));
    } catch {
      bytes = Math.floor(bytes / 2);
    }
  }
  fsyncSync(handle);
  closeSync(handle);
  return file;
}

function overwriteHeader(file: string): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, seededRandom(6).bytes(100), 0, 100, 0);
  closeSync(handle);
}

const checkin = (number: number): Row => begin(number, { kind: 'checkin' });
const full = { ok: false, failure: { kind: 'full' } } as const;

/** Commits checkouts until the disk has no room for one more; tells how many went in. */
function lendUntilFull(journal: SqliteJournal, from: number): number {
  for (let number = from; number < from + 10_000; number += 1) {
    const done = journal.commit([begin(number)]);
    if (!done.ok) {
      expect(done).toEqual(full);
      return number - from;
    }
  }
  throw new Error('the disk was never full');
}

// Only who may mount a tmpfs can make a small disk; what the reserve does without one is tested below.
describe.skipIf(!canMount)('on a real full disk (a small tmpfs)', () => {
  const diskBytes = 24 * mebibyte;
  const reserveBytes = 2 * mebibyte;

  function station(): { directory: string; journal: SqliteJournal } {
    const directory = smallDisk(diskBytes);
    if (directory === undefined) throw new Error('this account could mount a moment ago');
    return { directory, journal: openWhole(directory, { reserveBytes }).journal };
  }

  it('lending stops with `full`, and returns and moves go into the kept space', () => {
    const { directory, journal } = station();
    expect(journal.status().reserveBytes).toBe(reserveBytes);
    expect(journal.commit([begin(1), begin(2)])).toEqual({ ok: true });
    fillDisk(directory);
    lendUntilFull(journal, 100);
    expect(journal.status().reserveBytes).toBe(reserveBytes);

    // What was begun can be ended, and returned is returned.
    expect(journal.commit([{ row: 'attempt', id: idOf(1), at: friday }])).toEqual({ ok: true });
    expect(journal.commit([move(1, 'accepted')])).toEqual({ ok: true });
    for (let number = 20_000; number < 21_000; number += 1) {
      expect(journal.commit([checkin(number), { row: 'attempt', id: idOf(number), at: friday }])).toEqual({
        ok: true,
      });
      expect(journal.commit([move(number, 'accepted')])).toEqual({ ok: true });
    }
    const kept = journal.status().reserveBytes;
    expect(kept).toBeLessThan(reserveBytes);
    // Space that was given for returns is not for loans, not even what is left of it.
    expect(journal.commit([begin(2_000_000)])).toEqual(full);
    expect(journal.commit([begin(2_000_001, { kind: 'renew' })])).toEqual(full);
    expect(journal.commit([move(2, 'accepted'), begin(2_000_002)])).toEqual(full);
    expect(journal.status().reserveBytes).toBe(kept);
    expect(journal.commit([checkin(40_000)])).toEqual({ ok: true });

    journal.close();
    const again = openWhole(directory, { reserveBytes });
    expect(again.aside).toBeUndefined();
    expect(again.journal.status().counts.accepted).toBe(1_001);
    expect(again.journal.open().filter(({ kind }) => kind === 'checkin')).toHaveLength(1);
  });

  it('a station that was killed on a full disk starts again and takes returns', () => {
    const { directory, journal } = station();
    fillDisk(directory);
    lendUntilFull(journal, 100);
    expect(journal.commit([checkin(1)])).toEqual({ ok: true });
    journal.close();
    rmSync(join(directory, 'journal.db-shm'), { force: true });
    fillDisk(directory);
    const again = openWhole(directory, { reserveBytes }).journal;
    expect(again.open().at(-1)).toMatchObject({ id: idOf(1) });
    expect(again.commit([checkin(2), move(1, 'accepted')])).toEqual({ ok: true });
  });

  it('a damaged journal is replaced on a full disk too', () => {
    const { directory, journal } = station();
    journal.commit([begin(1)]);
    journal.close();
    overwriteHeader(join(directory, 'journal.db'));
    fillDisk(directory);
    const again = openWhole(directory, { reserveBytes });
    expect(again.aside).toMatchObject({ why: { kind: 'damaged' } });
    expect(again.journal.commit([checkin(2)])).toEqual({ ok: true });
  });

  it('is empty at last: then returns say `full` too, and nothing is half done', () => {
    const { directory, journal } = station();
    fillDisk(directory);
    let taken = 0;
    for (; taken < 100_000; taken += 1) {
      const done = journal.commit([checkin(taken + 1)]);
      if (!done.ok) {
        expect(done).toEqual(full);
        break;
      }
    }
    expect(journal.status().reserveBytes).toBe(0);
    // The log does not grow: what the reserve gives goes into rows.
    expect(taken).toBeGreaterThan(5_000);
    expect(journal.open()).toHaveLength(taken);
  });

  it('is filled again when the disk has room, and not before', () => {
    const { directory, journal } = station();
    const other = fillDisk(directory);
    lendUntilFull(journal, 100);
    journal.commit([checkin(1)]);
    const less = journal.status().reserveBytes;
    expect(less).toBeLessThan(reserveBytes);
    journal.maintain();
    expect(journal.status().reserveBytes).toBe(less);
    expect(journal.commit([begin(9_999_998)])).toEqual(full);
    rmSync(other);
    // The next loan finds the room by itself.
    expect(journal.commit([begin(9_999_999)])).toEqual({ ok: true });
    expect(journal.status().reserveBytes).toBe(reserveBytes);
  });

  it('the purge says that it could not, and does it when there is room', () => {
    const { directory, journal } = station();
    const rows = Array.from({ length: 2_000 }, (_, index) => [
      begin(index + 1),
      move(index + 1, 'accepted'),
    ]).flat();
    journal.commit(rows);
    const other = fillDisk(directory);
    expect(journal.purge(friday + 20 * dayMs)).toEqual({ ok: false, error: { kind: 'full' } });
    expect(journal.status()).toMatchObject({ counts: { accepted: 2_000 }, reserveBytes });
    rmSync(other);
    expect(value(journal.purge(friday + 20 * dayMs))).toMatchObject({ transactions: 2_000, traceless: true });
  });
});

describe('what may use the reserve', () => {
  it.each([
    ['checkin', true],
    ['fee', true],
    ['checkout', false],
    ['renew', false],
    ['hold', false],
  ] as const)('the beginning of a %s: %s', (kind, may) => {
    expect(mayUseReserve([begin(1, { kind })])).toBe(may);
  });
});

describe('a journal whose file may not grow (max_page_count)', () => {
  it('asks the reserve for returns and ends of transactions only, as often as it helps', () => {
    const asked: string[] = [];
    let given = 0;
    const reserve: Reserve = {
      ...noReserve,
      release: () => {
        asked.push('release');
        given += 1;
        return given <= 3;
      },
    };
    const journal = openIn(temporaryDirectory(), { reserve, pagesMax: 40 });
    const lent = lendUntilFull(journal, 1);
    expect(lent).toBeGreaterThan(10);
    expect(asked).toEqual([]);
    // The reserve gives, but here that does not help: it is asked until it says no, and the answer is honest.
    expect(journal.commit([checkin(9_001), checkin(9_002), ...manyCheckins(9_100)])).toEqual(full);
    expect(asked).toHaveLength(4);
    expect(journal.open()).toHaveLength(lent);
    expect(journal.commit([move(1, 'accepted')])).toEqual({ ok: true });
  });
});

function manyCheckins(from: number): Row[] {
  return Array.from({ length: 200 }, (_, index) => checkin(from + index));
}

describe('the reserve file', () => {
  it('is written for real, gives piece by piece, and ends', () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'reserve.bin');
    const reserve = new FileReserve(file, seededRandom(1), reserveStepBytes * 2 + 5);
    expect(reserve.bytes()).toBe(0);
    reserve.refill();
    const { size, blocks } = statSync(file);
    expect(size).toBe(reserveStepBytes * 2 + 5);
    expect(blocks * 512).toBeGreaterThanOrEqual(size);
    expect(reserve.isSpent()).toBe(false);
    expect([reserve.release(), reserve.bytes()]).toEqual([true, reserveStepBytes + 5]);
    expect(reserve.isSpent()).toBe(true);
    expect(new FileReserve(file, seededRandom(1), reserveStepBytes * 2 + 5).isSpent()).toBe(true);
    expect([reserve.release(), reserve.bytes()]).toEqual([true, 5]);
    expect([reserve.release(), reserve.bytes()]).toEqual([true, 0]);
    expect(reserve.release()).toBe(false);
    reserve.refill();
    expect(reserve.bytes()).toBe(reserveStepBytes * 2 + 5);
  });

  it('fills up what is missing of an older one', () => {
    const file = join(temporaryDirectory(), 'reserve.bin');
    const reserve = new FileReserve(file, seededRandom(1), 100_000);
    reserve.refill();
    truncateSync(file, 70_000);
    reserve.refill();
    expect(reserve.bytes()).toBe(100_000);
  });

  it('of size nothing is no file, and a folder that is gone is no crash', () => {
    const directory = temporaryDirectory();
    const none = new FileReserve(join(directory, 'reserve.bin'), seededRandom(1), 0);
    none.refill();
    expect([none.bytes(), none.release()]).toEqual([0, false]);
    const lost = new FileReserve(join(directory, 'gone', 'reserve.bin'), seededRandom(1), 10);
    lost.refill();
    expect(lost.release()).toBe(false);
  });

  it.skipIf(!canMount)('leaves a margin for the others on the disk', () => {
    const directory = smallDisk(reserveMarginBytes) ?? '';
    const reserve = new FileReserve(join(directory, 'reserve.bin'), seededRandom(1), 65_536);
    reserve.refill();
    expect(reserve.bytes()).toBe(0);
    expect(statfsSync(directory).bavail).toBe(statfsSync(directory).blocks);
  });
});
