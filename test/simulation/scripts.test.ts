import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPlantName, plants, type Plant } from './planted.ts';
import type { Script } from './script.ts';
import type { RunResult } from './run-result.ts';
import { World } from './world.ts';

const folder = join(import.meta.dirname, 'scripts');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'omatoimi-sim-scripts-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function play(script: Script, plant?: Plant): RunResult {
  return new World({ seed: 1, file: join(directory, 'journal.db'), sessions: 0, script, plant }).run();
}

/** Runs that once went wrong, by what happened in them; each found the bug that it names, and finds it again. */
describe.each(names)('the script %s', (name) => {
  const script = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Script;

  it('breaks nothing now', () => {
    const result = play(script);
    expect(result.violations).toEqual([]);
    expect(result.transactions).toBeGreaterThan(0);
  });

  const { plant } = script;
  if (plant === undefined) return;
  it('still finds the bug that it was made with', () => {
    if (!isPlantName(plant)) throw new Error(`no planted bug is called ${plant}`);
    const found = play(script, plants[plant].plant).violations.map(({ assertion }) => assertion);
    expect(found).toEqual(expect.arrayContaining([...plants[plant].breaks]));
  });
});

it('a recorded run goes the same way again', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const first = new World({ seed, file: join(directory, 'journal.db'), sessions: 20 }).run();
    const again = play(first.script());
    expect({ seed, violations: again.violations }).toEqual({ seed, violations: [] });
    expect(Math.abs(again.transactions - first.transactions)).toBeLessThan(first.transactions / 4);
  }
});
