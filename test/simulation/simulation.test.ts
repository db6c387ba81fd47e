import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plants, type PlantName } from './planted.ts';
import { quietDay } from './scenario.ts';
import type { RunResult } from './run-result.ts';
import { World } from './world.ts';

/** Enough for each fault to happen many times; `npm run sim` does more. */
const seedCount = 24;
const sessionsPerSeed = 40;
/** A planted bug that is not found within these is not found. */
const plantedSeedsMax = 25;

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'omatoimi-sim-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const file = (): string => join(directory, 'journal.db');

function run(seed: number, sessions = sessionsPerSeed, plant?: PlantName): RunResult {
  return new World({
    seed,
    file: file(),
    sessions,
    plant: plant === undefined ? undefined : plants[plant].plant,
  }).run();
}

describe('the station in virtual time', () => {
  it(`breaks no assertion in ${seedCount} seeds, though everything fails around it`, () => {
    const results = Array.from({ length: seedCount }, (_, index) => run(index + 1));
    expect(
      results.flatMap((result) => result.violations.map((one) => ({ seed: result.seed, ...one }))),
    ).toEqual([]);
    const sum = (count: (result: RunResult) => number): number =>
      results.reduce((total, result) => total + count(result), 0);
    // A run in which nothing failed would prove nothing.
    expect(sum((result) => result.crashes)).toBeGreaterThan(10);
    expect(sum((result) => result.tagChanges)).toBeGreaterThan(100);
    expect(sum((result) => result.torn)).toBeGreaterThan(3);
    expect(sum((result) => result.partitions)).toBeGreaterThan(3);
    expect(sum((result) => result.unplugs)).toBeGreaterThan(3);
    expect(sum((result) => result.ownPinChecks)).toBeGreaterThan(20);
    expect(sum((result) => result.readerUnplugs)).toBeGreaterThan(10);
    expect(sum((result) => result.fullCommits)).toBeGreaterThan(3);
    expect(sum((result) => result.uncertain)).toBeGreaterThan(20);
    expect(sum((result) => result.feigned)).toBeGreaterThan(5);
    expect(sum((result) => result.notDone)).toBeGreaterThan(5);
    expect(sum((result) => result.lags)).toBeGreaterThan(0);
    expect(sum((result) => result.transactions)).toBeGreaterThan(seedCount * sessionsPerSeed);
  }, 120_000);

  it('is the same to the last view and row for the same seed', () => {
    const [one, again, other] = [run(3), run(3), run(4)];
    expect(again.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
  }, 60_000);

  it('survives a power cut at every single boundary of a quiet morning', () => {
    const order = { seed: 7, file: file(), sessions: 7, scenario: quietDay };
    const whole = new World(order).run();
    expect(whole.violations).toEqual([]);
    expect(whole.crashes).toBe(0);
    expect(whole.boundaries).toBeGreaterThan(400);
    for (let cutAt = 1; cutAt <= whole.boundaries; cutAt++) {
      const cut = new World({ ...order, cutAt }).run();
      expect({ cutAt, violations: cut.violations, crashes: cut.crashes }).toEqual({
        cutAt,
        violations: [],
        crashes: 1,
      });
    }
  }, 180_000);

  it('finds each commit of a quiet morning whole or not at all when the power goes in its middle', () => {
    const order = { seed: 7, file: file(), sessions: 3, scenario: quietDay };
    const { boundaries } = new World(order).run();
    let torn = 0;
    for (let tearAt = 1; tearAt <= boundaries; tearAt++) {
      const cut = new World({ ...order, tearAt }).run();
      expect({ tearAt, violations: cut.violations }).toEqual({ tearAt, violations: [] });
      torn += cut.torn;
    }
    expect(torn).toBeGreaterThan(20);
  }, 180_000);

  it.each(Object.keys(plants) as PlantName[])(
    'finds the planted bug %s',
    (name) => {
      const wanted: readonly number[] = plants[name].breaks;
      for (let seed = 1; seed <= plantedSeedsMax; seed++) {
        const found = run(seed, 100, name).violations.some((one) => wanted.includes(one.assertion));
        if (found) return;
      }
      expect.fail(`not found in ${plantedSeedsMax} seeds`);
    },
    240_000,
  );
});
