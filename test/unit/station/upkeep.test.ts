import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import { retentionMax } from '../../../src/journal/retention.ts';
import { parseConfig } from '../../../src/station/config/load.ts';
import type { StationConfig } from '../../../src/station/config/schema.ts';
import { initialState } from '../../../src/station/core/step.ts';
import type { Happening } from '../../../src/station/core/events.ts';
import type { State } from '../../../src/station/core/state.ts';
import { startUpkeep } from '../../../src/station/upkeep.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { begin, dayMs, idOf, move, openIn, temporaryDirectory } from '../journal/support.ts';
import { settings } from './driver.ts';

const hourMs = 3_600_000;
const sources = { env: () => undefined, file: () => '' };

/** The libraries on whose notices the product was asked for, as their stations are configured. */
const imatra = 'imatra.yaml';
const plzen = 'svkpk.yaml';
const libraries = [imatra, plzen] as const;

function textOf(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../fixtures/libraries', name), 'utf8');
}

function configOf(name: string, more = ''): StationConfig {
  const parsed = parseConfig(textOf(name) + more, name, sources);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

/** A station's journal under upkeep, with a clock that the test moves. */
function station(config: StationConfig, start: number) {
  const clock = new VirtualClock(start);
  const journal = openIn(temporaryDirectory(), { zone: config.library.timeZone, now: () => clock.now() });
  const told: Happening[] = [];
  const loop: { state: State; post: (what: Happening) => void } = {
    state: initialState(settings, { open: [], pinTries: [] }, start),
    post: (what) => told.push(what),
  };
  let deletions = 0;
  const stop = startUpkeep({
    journal,
    loop,
    clock,
    log: silentLog,
    settledDays: config.data.settledDays,
    verifierDays: 1,
    onDeleted: () => (deletions += 1),
  });
  return {
    clock,
    journal,
    loop,
    told,
    stop,
    deletions: () => deletions,
    states: () => journal.list({ limit: 50 }).map(({ state }) => state),
    /** Whole days, hour by hour, as a station lives them. */
    days: (count: number) => {
      for (let hour = 0; hour < count * 24; hour += 1) clock.advance(hourMs);
    },
  };
}

describe.each(libraries)('what %s keeps', (name) => {
  it('rests fourteen days after it was settled, and is gone on the fifteenth', () => {
    const config = configOf(name);
    expect(config.data.settledDays).toBe(14);
    // Over the end of summer time, too.
    const start = Date.UTC(2026, 9, 20, 12);
    const { journal, days, states, deletions, told, clock } = station(config, start);
    journal.commit([begin(1, { at: start }), move(1, 'accepted', start)]);
    days(14);
    // Each time the station is told before, so that it asks nobody about what is gone.
    expect(told).toHaveLength(14);
    expect(told.at(-1)).toMatchObject({ type: 'outlived' });
    expect(clock.now() - start).toBe(14 * dayMs);
    expect(states()).toEqual(['accepted']);
    expect(deletions()).toBe(0);
    days(1);
    expect(states()).toEqual([]);
    expect(deletions()).toBe(1);
    expect(journal.person('patron-1')).toMatchObject({ transactions: [] });
  });

  it('stays as long as it is not settled, two years and more, and goes fourteen days after staff resolved it', () => {
    const start = Date.UTC(2026, 10, 20, 8);
    const { journal, days, states, clock } = station(configOf(name), start);
    journal.commit([begin(1, { at: start }), move(1, 'uncertain', start), move(1, 'staff', start)]);
    clock.jump(800 * dayMs);
    days(2);
    expect(states()).toEqual(['staff']);
    journal.commit([{ row: 'move', id: idOf(1), to: 'resolved', at: clock.now() }]);
    days(14);
    expect(states()).toEqual(['resolved']);
    days(1);
    expect(states()).toEqual([]);
  });

  it('can be kept for the 24 months of the notices, and not a day longer', () => {
    const start = Date.UTC(2026, 10, 20, 8);
    const config = parseConfig(
      textOf(name).replace('directory: ./data', 'directory: ./data\n  settledDays: 730'),
      name,
      sources,
    );
    if (!config.ok) throw new Error(JSON.stringify(config.error));
    const { journal, clock, states, days } = station(config.value, start);
    journal.commit([begin(1, { at: start }), move(1, 'accepted', start)]);
    clock.jump(729 * dayMs);
    days(1);
    expect(states()).toEqual(['accepted']);
    days(2);
    expect(states()).toEqual([]);
    for (const settledDays of [0, 731, 3_650]) {
      const text = textOf(name).replace(
        'directory: ./data',
        `directory: ./data\n  settledDays: ${settledDays}`,
      );
      expect(parseConfig(text, name, sources), String(settledDays)).toMatchObject({
        ok: false,
        error: [
          { key: 'data.settledDays', expected: `a whole number from 1 to ${retentionMax.settledDays}` },
        ],
      });
    }
  });
});

describe('upkeep', () => {
  it('waits until nobody stands at the station, but not for ever', () => {
    const start = Date.UTC(2026, 10, 20, 8);
    const { journal, clock, loop, states } = station(configOf(imatra), start);
    journal.commit([begin(1, { at: start - 20 * dayMs }), move(1, 'accepted', start - 20 * dayMs)]);
    loop.state = { ...loop.state, session: { phase: 'card', service: 'borrow', refusal: undefined } };
    // The first purge after a start is due at once.
    clock.advance(hourMs);
    expect(states()).toEqual(['accepted']);
    loop.state = { ...loop.state, session: { phase: 'home' } };
    clock.advance(hourMs);
    expect(states()).toEqual([]);
    journal.commit([begin(2, { at: start - 20 * dayMs }), move(2, 'accepted', start - 20 * dayMs)]);
    loop.state = { ...loop.state, session: { phase: 'card', service: 'borrow', refusal: undefined } };
    for (let hour = 0; hour < 35; hour += 1) clock.advance(hourMs);
    expect(states()).toEqual(['accepted']);
    for (let hour = 0; hour < 2; hour += 1) clock.advance(hourMs);
    expect(states()).toEqual([]);
  });

  it('deletes nothing early when the clock was set back, and ends with the station', () => {
    const start = Date.UTC(2026, 10, 20, 8);
    const { journal, states, days, stop } = station(configOf(plzen), start);
    // Settled in a future from which the clock came back.
    journal.commit([begin(1, { at: start + 365 * dayMs }), move(1, 'accepted', start + 365 * dayMs)]);
    days(30);
    expect(states()).toEqual(['accepted']);
    stop();
    days(20);
    expect(states()).toEqual(['accepted']);
  });
});
