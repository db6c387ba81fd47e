import { BTreeEx } from 'sorted-btree/extended/index.js';
import type { MonotonicMillis } from '../../kernel/clock.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { OpenTransaction } from './state.ts';

/** A place in a line: the number of the item or patron (or a moment), then the order in which it happened. */
type Place<K extends string | number> = readonly [K, number];

function compare<K extends string | number>(a: Place<K>, b: Place<K>): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] - b[1];
}

const byNumber = (a: number, b: number): number => a - b;

interface Indexes {
  /** All of them, in the order in which they happened. */
  readonly bySeq: BTreeEx<number, OpenTransaction>;
  readonly seqs: BTreeEx<TransactionId, number>;
  /** Who stands in line for an item, and of a patron. */
  readonly items: BTreeEx<Place<string>, undefined>;
  readonly patrons: BTreeEx<Place<string>, undefined>;
  /** Those that rest until a moment, and those that do not: waiting ones, those that are only asked about, and all others. */
  readonly resting: BTreeEx<Place<MonotonicMillis>, undefined>;
  readonly waiting: BTreeEx<number, undefined>;
  readonly believed: BTreeEx<number, undefined>;
  readonly pressing: BTreeEx<number, undefined>;
}

function emptyIndexes(): Indexes {
  return {
    bySeq: new BTreeEx(undefined, byNumber),
    seqs: new BTreeEx(),
    items: new BTreeEx(undefined, compare<string>),
    patrons: new BTreeEx(undefined, compare<string>),
    resting: new BTreeEx(undefined, compare<number>),
    waiting: new BTreeEx(undefined, byNumber),
    believed: new BTreeEx(undefined, byNumber),
    pressing: new BTreeEx(undefined, byNumber),
  };
}

/**
 * Every transaction that is not settled, as a value: a change gives a new one and leaves the old as it was. Each change and
 * each look-up costs O(log n), so that ten thousand waiting rows slow no step down.
 */
export class OpenTransactions {
  /** How many loans wait that the station made by its own rules. */
  readonly waitingLoans: number;
  readonly #in: Indexes;

  private constructor(indexes: Indexes, waitingLoans: number) {
    this.#in = indexes;
    this.waitingLoans = waitingLoans;
  }

  static of(transactions: Iterable<OpenTransaction>): OpenTransactions {
    const indexes = emptyIndexes();
    let waitingLoans = 0;
    for (const transaction of transactions) {
      standInLine(indexes, transaction);
      enter(indexes, transaction, 0);
      waitingLoans += isWaitingLoan(transaction) ? 1 : 0;
    }
    return new OpenTransactions(indexes, waitingLoans);
  }

  get size(): number {
    return this.#in.bySeq.size;
  }

  get(id: TransactionId): OpenTransaction | undefined {
    const seq = this.#in.seqs.get(id);
    return seq === undefined ? undefined : this.#in.bySeq.get(seq);
  }

  /** In the order in which they happened. */
  *[Symbol.iterator](): IterableIterator<[TransactionId, OpenTransaction]> {
    for (const transaction of this.values()) yield [transaction.id, transaction];
  }

  values(): IterableIterator<OpenTransaction> {
    return this.#in.bySeq.values();
  }

  /** With this one added, or in the place of what it was before. */
  with(transaction: OpenTransaction, now: MonotonicMillis): OpenTransactions {
    const before = this.get(transaction.id);
    const indexes = this.#copy();
    if (before === undefined) standInLine(indexes, transaction);
    else leave(indexes, before);
    enter(indexes, transaction, now);
    return new OpenTransactions(indexes, this.#waitingLoansAfter(before, transaction));
  }

  without(id: TransactionId): OpenTransactions {
    const before = this.get(id);
    if (before === undefined) return this;
    const indexes = this.#copy();
    leave(indexes, before);
    leaveLine(indexes, before);
    return new OpenTransactions(indexes, this.#waitingLoansAfter(before, undefined));
  }

  /** With those awake whose rest is over. */
  awake(now: MonotonicMillis): OpenTransactions {
    const first = this.nextAwakening();
    if (first === undefined || first > now) return this;
    const indexes = this.#copy();
    for (let place = indexes.resting.minKey(); place !== undefined && place[0] <= now;) {
      const transaction = indexes.bySeq.get(place[1]);
      indexes.resting.delete(place);
      if (transaction !== undefined) awakeIndex(indexes, transaction).set(transaction.seq, undefined);
      place = indexes.resting.minKey();
    }
    return new OpenTransactions(indexes, this.waitingLoans);
  }

  /** When the next rest ends. */
  nextAwakening(): MonotonicMillis | undefined {
    return this.#in.resting.minKey()?.[0];
  }

  /** Those begun in good times that do not rest, oldest first: few at any time. */
  pressing(): Iterable<OpenTransaction> {
    return this.#inOrder(this.#in.pressing);
  }

  /** Those that the library system accepted and that are asked about, and do not rest, oldest first. */
  believed(): Iterable<OpenTransaction> {
    return this.#inOrder(this.#in.believed);
  }

  /** Those made by the station's own rules that are to be sent and do not rest, oldest first: there may be thousands, so look at the first ones only. */
  waiting(): Iterable<OpenTransaction> {
    return this.#inOrder(this.#in.waiting);
  }

  /** How many of all were made by the station's own rules, or are asked about. */
  countWaiting(): number {
    const awake = this.#in.waiting.size + this.#in.believed.size;
    if (this.#in.resting.size === 0) return awake;
    let resting = 0;
    for (const [, seq] of this.#in.resting.keys())
      resting += this.#in.bySeq.get(seq)?.state === 'waiting' ? 1 : 0;
    return awake + resting;
  }

  /** The oldest one on the same item or of the same patron that stands before this one. */
  before(transaction: OpenTransaction): OpenTransaction | undefined {
    const { item, patron, seq } = transaction;
    const ofItem = firstIn(this.#in.items, item);
    const ofPatron = patron === undefined ? undefined : firstIn(this.#in.patrons, patron);
    const first = Math.min(ofItem ?? seq, ofPatron ?? seq);
    return first < seq ? this.#in.bySeq.get(first) : undefined;
  }

  /** Those of one patron, oldest first. */
  *ofPatron(patron: string): IterableIterator<OpenTransaction> {
    for (const [number, seq] of this.#in.patrons.keys([patron, -Infinity])) {
      if (number !== patron) return;
      const transaction = this.#in.bySeq.get(seq);
      if (transaction !== undefined) yield transaction;
    }
  }

  /** The newest one on this item. */
  lastOfItem(item: string): OpenTransaction | undefined {
    const key = this.#in.items.nextLowerKey([item, Infinity]);
    return key?.[0] === item ? this.#in.bySeq.get(key[1]) : undefined;
  }

  /** Almost always there is none or one, and a walk through a tree costs more than the look at it. */
  #inOrder(seqs: BTreeEx<number, undefined>): Iterable<OpenTransaction> {
    if (seqs.size === 0) return [];
    const first = this.#in.bySeq.get(seqs.minKey() ?? -1);
    return seqs.size === 1 && first !== undefined ? [first] : this.#walk(seqs);
  }

  *#walk(seqs: BTreeEx<number, undefined>): IterableIterator<OpenTransaction> {
    for (const seq of seqs.keys()) {
      const transaction = this.#in.bySeq.get(seq);
      if (transaction !== undefined) yield transaction;
    }
  }

  #waitingLoansAfter(before: OpenTransaction | undefined, after: OpenTransaction | undefined): number {
    return this.waitingLoans - (isWaitingLoan(before) ? 1 : 0) + (isWaitingLoan(after) ? 1 : 0);
  }

  /** Shares everything with this one until it is changed. */
  #copy(): Indexes {
    const { bySeq, seqs, items, patrons, resting, waiting, believed, pressing } = this.#in;
    return {
      bySeq: bySeq.clone(),
      seqs: seqs.clone(),
      items: items.clone(),
      patrons: patrons.clone(),
      resting: resting.clone(),
      waiting: waiting.clone(),
      believed: believed.clone(),
      pressing: pressing.clone(),
    };
  }
}

function isWaitingLoan(transaction: OpenTransaction | undefined): boolean {
  return transaction?.state === 'waiting' && transaction.kind === 'checkout';
}

function awakeIndex(indexes: Indexes, { state, believed }: OpenTransaction): BTreeEx<number, undefined> {
  if (believed !== undefined) return indexes.believed;
  return state === 'waiting' ? indexes.waiting : indexes.pressing;
}

/**
 * What a transaction is about never changes, so its places in line are taken once. A payment may be about no item. What is only
 * asked about keeps nobody but its item: whoever borrows on need not wait for the answer.
 */
function standInLine(indexes: Indexes, { id, seq, item, patron, believed }: OpenTransaction): void {
  indexes.seqs.set(id, seq);
  if (item !== '') indexes.items.set([item, seq], undefined);
  if (patron !== undefined && believed === undefined) indexes.patrons.set([patron, seq], undefined);
}

function leaveLine(indexes: Indexes, { id, seq, item, patron }: OpenTransaction): void {
  indexes.bySeq.delete(seq);
  indexes.seqs.delete(id);
  indexes.items.delete([item, seq]);
  if (patron !== undefined) indexes.patrons.delete([patron, seq]);
}

function enter(indexes: Indexes, transaction: OpenTransaction, now: MonotonicMillis): void {
  const { seq, notBefore } = transaction;
  indexes.bySeq.set(seq, transaction);
  if (notBefore > now) indexes.resting.set([notBefore, seq], undefined);
  else awakeIndex(indexes, transaction).set(seq, undefined);
}

function leave(indexes: Indexes, { seq, notBefore }: OpenTransaction): void {
  indexes.resting.delete([notBefore, seq]);
  indexes.waiting.delete(seq);
  indexes.believed.delete(seq);
  indexes.pressing.delete(seq);
}

function firstIn(line: BTreeEx<Place<string>, undefined>, number: string): number | undefined {
  const key = line.nextHigherKey([number, -Infinity]);
  return key?.[0] === number ? key[1] : undefined;
}
