import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movesOf, type TransactionState } from '../../../src/journal/rows.ts';
import type { Happening, Replied } from '../../../src/station/core/events.ts';
import {
  about,
  answered,
  card,
  charged,
  customer,
  Driver,
  held,
  item,
  lent,
  notHeld,
  notLent,
  notPaid,
  notRenewedAll,
  notSent,
  notTaken,
  paid,
  renewedAll,
  taken,
  unknown,
  vague,
} from '../../unit/station/driver.ts';

const items = [item, '300002', '300003'];
const scans = [...items, card, '200002', '131052-308T', 'rubbish', ''];

const act = fc.constantFrom(
  { do: 'chooseService', service: 'borrow' },
  { do: 'chooseService', service: 'return' },
  { do: 'chooseService', service: 'account' },
  { do: 'chooseLanguage', language: 'sv' },
  { do: 'submitCardNumber', number: card },
  { do: 'pinErase' },
  { do: 'pinClear' },
  { do: 'pinEnter' },
  { do: 'renewItem', item },
  { do: 'renewAll' },
  { do: 'askPlaceHold', item },
  { do: 'askCancelHold', item },
  { do: 'answer', yes: true },
  { do: 'answer', yes: false },
  { do: 'finish', receipt: false },
  { do: 'leave' },
  { do: 'stay' },
  { do: 'dismiss' },
) satisfies fc.Arbitrary<Parameters<Driver['act']>[0]>;

const timers = fc.constantFrom('idle', 'countdown', 'finished', 'finishWait', 'work', 'spaceProbe');
const links = fc.constantFrom(
  'online',
  'slow',
  'unreachable',
  'connecting',
  'loginRefused',
  'closed',
  'plannedDown',
);
const failures = fc.constantFrom({ kind: 'full' }, { kind: 'broken', reason: 'EIO' });

/** An answer that fits the call under way: any of those that an ACS gives. */
function replyTo(driver: Driver, choice: number): Replied | undefined {
  const pick = <T>(list: readonly T[]): T => list[choice % list.length] as T;
  const call = driver.call;
  switch (call?.kind) {
    case 'checkCustomership':
      return {
        kind: call.kind,
        outcome: pick([
          answered(customer),
          answered({ ...customer, chargedItems: [item] }),
          answered({ ...customer, pin: 'wrong' as const }),
          answered({ ...customer, known: false }),
          unknown,
          notSent,
        ]),
      };
    case 'account':
      return {
        kind: call.kind,
        outcome: pick([
          answered(charged([])),
          answered(charged([item])),
          answered(charged([], 3)),
          unknown,
          notSent,
        ]),
      };
    case 'item':
      return {
        kind: call.kind,
        outcome: pick([
          answered(about('available')),
          answered(about('charged', 'a')),
          answered(about('charged', 'b')),
          unknown,
          notSent,
        ]),
      };
    case 'checkout':
    case 'renew':
      return { kind: call.kind, outcome: pick([answered(lent), answered(notLent), unknown, notSent]) };
    case 'checkin':
      return { kind: call.kind, outcome: pick([answered(taken), answered(notTaken), unknown, notSent]) };
    case 'renewAll':
      return {
        kind: call.kind,
        outcome: pick([answered(renewedAll), answered(notRenewedAll), answered(vague), unknown, notSent]),
      };
    case 'hold':
      return { kind: call.kind, outcome: pick([answered(held), answered(notHeld), unknown, notSent]) };
    case 'feePaid':
      return { kind: call.kind, outcome: pick([answered(paid), answered(notPaid), unknown, notSent]) };
    case 'endSession':
      return { kind: call.kind, outcome: answered(undefined) };
    case undefined:
      return undefined;
  }
}

const happening = fc.oneof(
  { weight: 4, arbitrary: act.map((one) => (driver: Driver) => void driver.act(one)) },
  { weight: 2, arbitrary: fc.constant((driver: Driver) => void driver.keys('1234')) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(...scans).map((text) => (driver: Driver) => void driver.scan(text)),
  },
  {
    weight: 6,
    arbitrary: fc.nat().map((choice) => (driver: Driver) => {
      const reply = replyTo(driver, choice);
      if (reply !== undefined) driver.reply(reply);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...scans).map((text) => (driver: Driver) => {
      driver.happen({ type: 'scan', text, source: 'card-reader' });
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Happening>(
        { type: 'cardPresence', present: true },
        { type: 'cardPresence', present: false },
        { type: 'cardUnreadable', why: 'badRead' },
      )
      .map((what) => (driver: Driver) => void driver.happen(what)),
  },
  { weight: 2, arbitrary: timers.map((name) => (driver: Driver) => void driver.timer(name)) },
  { weight: 1, arbitrary: links.map((link) => (driver: Driver) => void driver.link(link)) },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 0, max: 70_000 }).map((ms) => (driver: Driver) => void driver.pass(ms)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(failures, fc.constantFrom(...items)).map(([failure, text]) => (driver: Driver) => {
      driver.happen({ type: 'commitFailed', failure: failure as never, lost: { type: 'scan', text } });
    }),
  },
);

describe('whatever happens in whatever order', () => {
  it('a row only moves forward, one call at a time, and no session shows another’s', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 120 }), (list) => {
        const driver = Driver.online();
        for (const one of list) one(driver);
        const states = new Map<string, TransactionState>();
        for (const row of driver.rows) {
          if (row.row === 'begin') {
            expect(states.has(row.id)).toBe(false);
            states.set(row.id, row.state);
          } else if (row.row === 'move') {
            const from = states.get(row.id);
            expect(from === undefined ? [] : movesOf[from]).toContain(row.to);
            states.set(row.id, row.to);
          }
        }
        for (const [id, open] of driver.state.open) expect(states.get(id)).toBe(open.state);
        const numbers = driver.calls.map(({ number }) => number);
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
        if (driver.screen.name === 'home') {
          for (const text of [...items, card]) expect(JSON.stringify(driver.view)).not.toContain(text);
          expect(driver.view.cardLeft === true).toBe(driver.state.cardInReader);
        }
        if (!driver.state.cardInReader) {
          expect(driver.view.notice?.message.key).not.toBe('notice.takeCard');
        }
      }),
      { numRuns: 400 },
    );
  });
});
