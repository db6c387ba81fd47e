import { describe, expect, it } from 'vitest';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import type { StoredTransaction } from '../../../src/journal/rows.ts';
import { suggestedAct } from '../../../src/station/desk/suggestions.ts';
import { bounds } from '../../../src/station/settings.ts';
import { about, answered, card, charged, Driver, item, lent, notLent } from './driver.ts';

const onList: StoredTransaction = {
  seq: 7,
  id: 'b'.repeat(32) as TransactionId,
  kind: 'checkout',
  state: 'staff',
  item,
  patron: card,
  at: Date.UTC(2026, 10, 14, 17),
  attempts: 1,
  dueBefore: undefined,
  rule: 'noAnswer',
  source: 'station',
  due: undefined,
  words: [],
};

function retried(stored: Partial<StoredTransaction> = {}, driver = Driver.online()): Driver {
  return driver.happen({ type: 'retry', stored: { ...onList, ...stored }, by: 'vieno' });
}

describe('a transaction that staff give back', () => {
  it('is resolved, waits anew with its own time, and is noted, in one commit', () => {
    const driver = new Driver();
    const { rows } = driver.last({ type: 'retry', stored: onList, by: 'vieno' });
    expect(rows).toMatchObject([
      { row: 'move', id: onList.id, to: 'resolved', rule: 'retried', source: 'station' },
      {
        row: 'begin',
        kind: 'checkout',
        state: 'waiting',
        item,
        patron: card,
        at: onList.at,
        replaces: onList.id,
      },
      { row: 'attempt' },
      { row: 'audit', act: 'retry', by: 'vieno', subject: onList.id },
    ]);
    expect(driver.calls).toEqual([]);
  });

  it('is asked about first, and not sent when it turns out to have happened', () => {
    const driver = retried();
    expect(driver.call).toEqual({ kind: 'item', item });
    driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    driver.reply({ kind: 'account', outcome: answered(charged([item])) });
    expect(driver.moves.at(-1)).toBe('accepted');
    expect(driver.calls.map(({ call }) => call.kind)).not.toContain('checkout');
  });

  it('is sent when it was said twice that it had not happened', () => {
    const driver = retried();
    for (let said = 1; said <= bounds.denialsMin; said += 1) {
      driver.reply({ kind: 'item', outcome: answered(about('available')) });
      driver.reply({ kind: 'account', outcome: answered(charged([])) });
      driver.pass(bounds.denialPauseMs).timer('work');
    }
    expect(driver.call).toMatchObject({ kind: 'checkout', card, item, at: onList.at });
    driver.reply({ kind: 'checkout', outcome: answered(lent) });
    expect(driver.moves.at(-1)).toBe('accepted');
  });

  it('goes back to the staff list when it is refused, and is not sent twice', () => {
    const driver = retried();
    for (let said = 1; said <= bounds.denialsMin; said += 1) {
      driver.reply({ kind: 'item', outcome: answered(about('available')) });
      driver.reply({ kind: 'account', outcome: answered(charged([])) });
      driver.pass(bounds.denialPauseMs).timer('work');
    }
    driver.reply({ kind: 'checkout', outcome: answered(notLent) });
    // After a repeated request a no is asked about.
    driver.pass(bounds.denialPauseMs).timer('work');
    driver.reply({ kind: 'item', outcome: answered(about('available')) });
    driver.reply({ kind: 'account', outcome: answered(charged([])) });
    expect(driver.moves.at(-1)).toBe('staff');
    expect(driver.calls.filter(({ call }) => call.kind === 'checkout')).toHaveLength(1);
  });

  it('that is on loan to another goes back to the staff list', () => {
    const driver = retried();
    driver.reply({ kind: 'item', outcome: answered(about('charged')) });
    driver.reply({ kind: 'account', outcome: answered(charged([])) });
    expect(driver.rows.at(-1)).toMatchObject({ to: 'staff', rule: 'item.lentToAnother' });
  });

  it('stays where it is when it cannot be written down', () => {
    const driver = new Driver();
    const lost = { type: 'retry', stored: onList, by: 'vieno' } as const;
    const before = driver.state.open;
    const { rows } = driver.last({ type: 'commitFailed', failure: { kind: 'full' }, lost });
    expect(rows).toEqual([]);
    expect(driver.state.open).toEqual(before);
  });

  it('a return is sent with the time at which it happened', () => {
    const driver = retried({ kind: 'checkin', patron: undefined });
    for (let said = 1; said <= bounds.denialsMin; said += 1) {
      driver.reply({ kind: 'item', outcome: answered(about('charged')) });
      driver.pass(bounds.denialPauseMs).timer('work');
    }
    expect(driver.call).toEqual({ kind: 'checkin', item, at: onList.at, offline: true });
  });
});

describe('a hold or a payment that staff give back', () => {
  it('begins anew with what it asks for, and is asked about by its own question', () => {
    const hold = { mode: 'cancel', countBefore: 2 } as const;
    const held = retried({ kind: 'hold', hold });
    expect(held.rows).toContainEqual(expect.objectContaining({ row: 'begin', kind: 'hold', hold }));
    expect(held.call).toEqual({ kind: 'account', card, list: 'holdsWaiting' });
    const fee = { amount: '2.50', currency: 'EUR', feeType: '01', paymentType: '02', owedBefore: '4.00' };
    const paid = retried({ kind: 'fee', item: '', fee });
    expect(paid.rows).toContainEqual(expect.objectContaining({ row: 'begin', kind: 'fee', fee }));
    expect(paid.call).toEqual({ kind: 'account', card, list: 'fines' });
    expect(paid.calls.map(({ call }) => call.kind)).not.toContain('feePaid');
  });
});

describe('what staff are told to do', () => {
  it('is something for each rule, and nothing for what is settled', () => {
    for (const kind of ['checkout', 'checkin', 'renew', 'hold', 'fee'] as const) {
      for (const rule of [
        'patronGone',
        'noAnswer',
        'cannotTell',
        'item.unknown',
        'a rule to come',
        undefined,
      ]) {
        expect(suggestedAct({ state: 'staff', kind, rule })).toMatch(/resolve|retry/);
      }
      expect(suggestedAct({ state: 'accepted', kind, rule: 'answered' })).toBeUndefined();
    }
    expect(suggestedAct({ state: 'staff', kind: 'checkout', rule: 'patronGone' })).toContain('has gone');
    expect(suggestedAct({ state: 'staff', kind: 'hold', rule: 'patronGone' })).toContain('holds');
    expect(suggestedAct({ state: 'staff', kind: 'fee', rule: 'cannotTell' })).toContain('has paid');
    expect(suggestedAct({ state: 'staff', kind: 'fee', rule: 'journal.unreadable' })).toContain('key');
    expect(suggestedAct({ state: 'staff', kind: 'checkin', rule: 'checkin.refused' })).toContain(
      'taken back',
    );
  });
});
