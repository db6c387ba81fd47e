import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/journal/rows.ts';
import { breakerPauseMsMax } from '../../../src/sip2/health.ts';
import type { Effect } from '../../../src/station/core/events.ts';
import { acsDeaths, BoundaryTally, boundaryWishes, namesOf } from '../../crash/boundaries.ts';
import { settleMsMax } from '../../crash/world.ts';

const tried: Row = { row: 'pinTried', card: '20000001', at: 0 };
const outage: Row = { row: 'outage', what: 'began', at: 0 };
const log: Effect = { do: 'log', level: 'info', event: 'test', fields: {} };
const call: Effect = { do: 'call', number: 1, call: { kind: 'item', item: '30000001' } };

describe('the name of a boundary', () => {
  it('tells what comes next there', () => {
    expect(namesOf('commit', { rows: [tried, outage, tried] })).toEqual([
      'commit pinTried',
      'commit outage began',
    ]);
    expect(namesOf('publish', { rows: [] })).toEqual(['publish']);
    expect(namesOf('publish', { rows: [tried] })).toEqual(['publish what was committed']);
    expect(namesOf('effect', { rows: [tried], effect: log })).toEqual(['effect log']);
    expect(namesOf('effect', { rows: [], effect: call })).toEqual(['effect call item']);
  });
});

describe('the tally of boundaries', () => {
  it('aims at each of the list before at one that was hit', () => {
    const tally = new BoundaryTally();
    const list = Object.keys(boundaryWishes);
    const aimed = list.map((_, round) => {
      const name = tally.next({ hasPlate: true });
      tally.hit(round, [name]);
      return name;
    });
    expect(aimed.toSorted()).toEqual(list.toSorted());
    expect(tally.neverHit).toEqual(Object.keys(acsDeaths));
  });

  it('aims at each place of an exchange with the library system too, and misses none', () => {
    const tally = new BoundaryTally();
    const list = Object.keys(acsDeaths);
    const [missed] = list.map(() => tally.nextAcs());
    for (const name of list.filter((one) => one !== missed)) tally.acsHit([name]);
    expect(tally.neverHit).toEqual([...Object.keys(boundaryWishes), missed]);
    expect(tally.nextAcs()).toBe(missed);
    expect(tally.lines().find((line) => line.startsWith('ACS renew done '))).toMatch(
      /station {3}0 {2}ACS {3}1/,
    );
    expect(tally.lines().join('\n')).not.toContain('not of the list');
  });

  it('comes back to one that was aimed at in vain, after the others', () => {
    const tally = new BoundaryTally();
    const first = tally.next({ hasPlate: true });
    const rest = Object.keys(boundaryWishes).slice(1);
    for (const [round] of rest.entries()) tally.hit(round, [tally.next({ hasPlate: true })]);
    expect(tally.neverHit).toEqual([first, ...Object.keys(acsDeaths)]);
    expect(tally.next({ hasPlate: true })).toBe(first);
  });

  it('asks a station without an RFID reader for nothing that needs one', () => {
    const tally = new BoundaryTally();
    const aimed = Object.keys(boundaryWishes).map(() => tally.next({ hasPlate: false }));
    expect(aimed).not.toContain('effect setSecurity');
    expect(aimed).toContain('effect call checkout');
  });

  it('shows how often each was hit and in which rounds, and what is not of its list', () => {
    const tally = new BoundaryTally();
    tally.hit(7, ['effect call renew']);
    tally.hit(12, ['effect call renew', 'effect brew']);
    tally.acsHit(['effect call renew']);
    tally.came(['effect stir']);
    const lines = tally.lines();
    expect(lines.find((line) => line.startsWith('effect call renew '))).toMatch(
      /station {3}2 {2}ACS {3}1 {2}rounds 7 12$/,
    );
    expect(lines.find((line) => line.startsWith('effect brew '))).toMatch(
      /rounds 12 {2}\(not of the list\)$/,
    );
    expect(lines.find((line) => line.startsWith('effect stir '))).toMatch(
      /station {3}0 {2}ACS {3}0 {2}\(not of the list\)$/,
    );
    expect(lines.length).toBe(Object.keys(boundaryWishes).length + Object.keys(acsDeaths).length + 2);
  });
});

it('a round waits for longer than the station may rest by its own bounds', () => {
  expect(settleMsMax).toBeGreaterThan(breakerPauseMsMax);
});
