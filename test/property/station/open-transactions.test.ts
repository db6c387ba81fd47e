import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import { OpenTransactions } from '../../../src/station/core/open-transactions.ts';
import type { OpenTransaction } from '../../../src/station/core/state.ts';

const states = ['intended', 'uncertain', 'waiting'] as const;

const transaction: fc.Arbitrary<OpenTransaction> = fc.record({
  id: fc.integer({ min: 0, max: 40 }).map((number) => `t${number}` as TransactionId),
  seq: fc.constant(0),
  kind: fc.constantFrom('checkout', 'checkin', 'renew'),
  item: fc.constantFrom('i1', 'i2', 'i3', 'i4'),
  patron: fc.constantFrom(undefined, 'p1', 'p2'),
  at: fc.constant(0),
  state: fc.constantFrom(...states),
  attempts: fc.constant(0),
  dueBefore: fc.constant(undefined),
  dueTold: fc.constant(undefined),
  epoch: fc.constant(undefined),
  next: fc.constant('send' as const),
  itemSaid: fc.constant(undefined),
  answer: fc.constant(undefined),
  found: fc.constant(undefined),
  sent: fc.boolean(),
  toldTaken: fc.constant(false),
  denials: fc.constant(0),
  refused: fc.constant(undefined),
  notBefore: fc.integer({ min: 0, max: 30 }),
  asks: fc.constant(0),
  uncertainSince: fc.constant(undefined),
});

/** Some of those that wait are only asked about. What a transaction is about never changes, so it is told by its id. */
const someBelieved = transaction.map((one): OpenTransaction =>
  isAsked(one.id)
    ? {
        ...one,
        state: 'waiting',
        believed: { acsText: [], due: undefined, waited: true, doubted: false },
      }
    : one,
);

function isAsked(id: string): boolean {
  return id.endsWith('7');
}

type Change =
  | { readonly do: 'with'; readonly transaction: OpenTransaction }
  | { readonly do: 'without'; readonly id: TransactionId }
  | { readonly do: 'pass'; readonly ms: number };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: someBelieved.map((one) => ({ do: 'with', transaction: one }) as const) },
  { weight: 2, arbitrary: transaction.map(({ id }) => ({ do: 'without', id }) as const) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }).map((ms) => ({ do: 'pass', ms }) as const) },
);

/** The same by the plainest means. */
class Model {
  readonly all: readonly OpenTransaction[];
  /** As the index has it: whether it rests is decided when it changes and when all awake. */
  readonly resting: ReadonlySet<string>;

  constructor(all: readonly OpenTransaction[] = [], resting: ReadonlySet<string> = new Set()) {
    this.all = all;
    this.resting = resting;
  }

  with(one: OpenTransaction, now: number): Model {
    const others = this.all.filter(({ id }) => id !== one.id);
    const resting = new Set([...this.resting].filter((id) => id !== one.id));
    if (one.notBefore > now) resting.add(one.id);
    return new Model(
      [...others, one].toSorted((a, b) => a.seq - b.seq),
      resting,
    );
  }

  without(id: string): Model {
    return new Model(
      this.all.filter((one) => one.id !== id),
      new Set([...this.resting].filter((other) => other !== id)),
    );
  }

  awake(now: number): Model {
    const resting = this.all.filter((one) => this.resting.has(one.id) && one.notBefore > now);
    return new Model(this.all, new Set(resting.map(({ id }) => id)));
  }
}

function compare(real: OpenTransactions, { all, resting }: Model): void {
  expect(real.size).toBe(all.length);
  expect([...real.values()]).toEqual(all);
  expect([...real].map(([id]) => id)).toEqual(all.map(({ id }) => id));
  const awake = all.filter(({ id }) => !resting.has(id));
  expect([...real.waiting()]).toEqual(
    awake.filter(({ state, believed }) => state === 'waiting' && believed === undefined),
  );
  expect([...real.believed()]).toEqual(awake.filter(({ believed }) => believed !== undefined));
  expect([...real.pressing()]).toEqual(awake.filter(({ state }) => state !== 'waiting'));
  expect(real.countWaiting()).toBe(all.filter(({ state }) => state === 'waiting').length);
  expect(real.waitingLoans).toBe(
    all.filter(({ state, kind }) => state === 'waiting' && kind === 'checkout').length,
  );
  const rests = all.filter(({ id }) => resting.has(id)).map(({ notBefore }) => notBefore);
  expect(real.nextAwakening()).toBe(rests.length === 0 ? undefined : Math.min(...rests));
  for (const one of all) {
    const before = all.find(
      (other) =>
        other.seq < one.seq &&
        (other.item === one.item ||
          (one.patron !== undefined && other.believed === undefined && other.patron === one.patron)),
    );
    expect(real.before(one)).toEqual(before);
    expect(real.get(one.id)).toBe(one);
  }
  for (const patron of ['p1', 'p2']) {
    expect([...real.ofPatron(patron)]).toEqual(
      all.filter((one) => one.patron === patron && one.believed === undefined),
    );
  }
  for (const item of ['i1', 'i2', 'i3', 'i4']) {
    expect(real.lastOfItem(item)).toBe(all.findLast((one) => one.item === item));
  }
}

describe('the open transactions', () => {
  it('say the same as a plain list, and each version stays as it was', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        let real = OpenTransactions.of([]);
        let model = new Model();
        let now = 0;
        let seq = 0;
        const versions: [OpenTransactions, Model][] = [];
        for (const one of changes) {
          if (one.do === 'with') {
            // What a transaction is about never changes.
            const known = real.get(one.transaction.id);
            const { item, patron } = known ?? one.transaction;
            const next = { ...one.transaction, item, patron, seq: known?.seq ?? seq++ };
            real = real.with(next, now);
            model = model.with(next, now);
          } else if (one.do === 'without') {
            real = real.without(one.id);
            model = model.without(one.id);
          } else {
            now += one.ms;
            real = real.awake(now);
            model = model.awake(now);
          }
          versions.push([real, model]);
        }
        for (const [version, expected] of versions) compare(version, expected);
        compare(OpenTransactions.of(model.all), new Model(model.all, new Set(restingAtStart(model.all))));
      }),
      { numRuns: 150 },
    );
  });
});

/** Made whole, it stands at the beginning of time. */
function restingAtStart(all: readonly OpenTransaction[]): readonly string[] {
  return all.filter(({ notBefore }) => notBefore > 0).map(({ id }) => id);
}
