import { describe, expect, it } from 'vitest';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import type { StoredTransaction } from '../../../src/journal/rows.ts';
import { answered, Driver, taken } from './driver.ts';

function waiting(number: number, attempts = 0): StoredTransaction {
  return {
    seq: number,
    id: String(number).repeat(32) as TransactionId,
    kind: 'checkin',
    state: 'waiting',
    item: `30000${number}`,
    patron: undefined,
    at: Date.UTC(2026, 10, 14, 17),
    attempts,
    dueBefore: undefined,
    rule: undefined,
    source: undefined,
    due: undefined,
    words: [],
  };
}

const [first, second, tried] = [waiting(1), waiting(2), waiting(3, 1)];
const ids = [first, second, tried].map(({ id }) => id);
const handedOver = { type: 'handedOver', ids, by: 'vieno' } as const;

describe('waiting transactions that staff carry to the library system', () => {
  it('are let go of, each with its note, and not sent when it is back', () => {
    const driver = new Driver({ open: [first, second] });
    const { rows } = driver.last(handedOver);
    expect(rows).toEqual(
      [first, second].flatMap(({ id }) => [
        { row: 'move', id, to: 'staff', at: driver.at, rule: 'exported', source: 'station' },
        { row: 'move', id, to: 'resolved', at: driver.at, rule: 'resolved.exported', source: 'station' },
        { row: 'audit', at: driver.at, act: 'take', by: 'vieno', subject: id },
      ]),
    );
    driver.link('online');
    expect(driver.calls).toEqual([]);
  });

  it('are kept when one may have been sent already: it could take effect twice', () => {
    const driver = new Driver({ open: [first, tried] });
    driver.happen(handedOver);
    expect([...driver.state.open.values()].map(({ id }) => id)).toEqual([tried.id]);
  });

  it('are kept while one is under way', () => {
    const driver = Driver.online({ open: [first, second] });
    expect(driver.call).toMatchObject({ kind: 'checkin', item: first.item });
    driver.happen(handedOver);
    expect([...driver.state.open.values()].map(({ id }) => id)).toEqual([first.id]);
    driver.reply({ kind: 'checkin', outcome: answered(taken) });
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(driver.calls.filter(({ call }) => call.kind === 'checkin')).toHaveLength(1);
  });

  it('are kept when it cannot be written down', () => {
    const driver = new Driver({ open: [first] });
    driver.last({ type: 'commitFailed', failure: { kind: 'full' }, lost: handedOver });
    expect([...driver.state.open.values()].map(({ id }) => id)).toEqual([first.id]);
  });

  it('that are not there, or were named twice, change nothing', () => {
    const driver = new Driver({ open: [first] });
    driver.happen({ type: 'handedOver', ids: [first.id, first.id, second.id], by: 'vieno' });
    expect(driver.moves).toEqual(['staff', 'resolved']);
  });
});
