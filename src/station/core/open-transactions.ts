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
    const draft = new Draft(emptyIndexes());
    let waitingLoans = 0;
    for (const transaction of transactions) {
      standInLine(draft, transaction);
      enter(draft, transaction, 0);
      waitingLoans += isWaitingLoan(transaction) ? 1 : 0;
    }
    return new OpenTransactions(draft.indexes, waitingLoans);
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
    const draft = new Draft(this.#in);
    if (before === undefined) standInLine(draft, transaction);
    else leave(draft, before, transaction.notBefore > now ? undefined : awakeIndex(transaction));
    enter(draft, transaction, now);
    return new OpenTransactions(draft.indexes, this.#waitingLoansAfter(before, transaction));
  }

  without(id: TransactionId): OpenTransactions {
    const before = this.get(id);
    if (before === undefined) return this;
    const draft = new Draft(this.#in);
    leave(draft, before);
    leaveLine(draft, before);
    return new OpenTransactions(draft.indexes, this.#waitingLoansAfter(before, undefined));
  }

  /** With those awake whose rest is over. */
  awake(now: MonotonicMillis): OpenTransactions {
    const first = this.nextAwakening();
    if (first === undefined || first > now) return this;
    const draft = new Draft(this.#in);
    for (const place of this.#in.resting.keys()) {
      if (place[0] > now) break;
      const transaction = this.#in.bySeq.get(place[1]);
      draft.own('resting').delete(place);
      if (transaction !== undefined) draft.own(awakeIndex(transaction)).set(transaction.seq, undefined);
    }
    return new OpenTransactions(draft.indexes, this.waitingLoans);
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
}

/** Indexes in the making: each is its ancestor’s until it is to be changed, and then a copy that shares what stays as it was. */
class Draft {
  readonly indexes: { -readonly [N in keyof Indexes]: Indexes[N] };
  readonly #ancestor: Indexes;

  constructor(ancestor: Indexes) {
    this.#ancestor = ancestor;
    this.indexes = { ...ancestor };
  }

  own<N extends keyof Indexes>(name: N): Indexes[N] {
    const tree = this.indexes[name];
    if (tree !== this.#ancestor[name]) return tree;
    const copy = tree.clone() as Indexes[N];
    this.indexes[name] = copy;
    return copy;
  }
}

function isWaitingLoan(transaction: OpenTransaction | undefined): boolean {
  return transaction?.state === 'waiting' && transaction.kind === 'checkout';
}

/** Those that do not rest. */
const awake = ['waiting', 'believed', 'pressing'] as const;

function awakeIndex({ state, believed }: OpenTransaction): (typeof awake)[number] {
  if (believed !== undefined) return 'believed';
  return state === 'waiting' ? 'waiting' : 'pressing';
}

/**
 * What a transaction is about never changes, so its places in line are taken once. A payment may be about no item. What is only
 * asked about keeps nobody but its item: whoever borrows on need not wait for the answer.
 */
function standInLine(draft: Draft, { id, seq, item, patron, believed }: OpenTransaction): void {
  draft.own('seqs').set(id, seq);
  if (item !== '') draft.own('items').set([item, seq], undefined);
  if (patron !== undefined && believed === undefined) draft.own('patrons').set([patron, seq], undefined);
}

function leaveLine(draft: Draft, { id, seq, item, patron }: OpenTransaction): void {
  draft.own('bySeq').delete(seq);
  draft.own('seqs').delete(id);
  draft.own('items').delete([item, seq]);
  if (patron !== undefined) draft.own('patrons').delete([patron, seq]);
}

function enter(draft: Draft, transaction: OpenTransaction, now: MonotonicMillis): void {
  const { seq, notBefore } = transaction;
  draft.own('bySeq').set(seq, transaction);
  if (notBefore > now) draft.own('resting').set([notBefore, seq], undefined);
  else if (!draft.indexes[awakeIndex(transaction)].has(seq))
    draft.own(awakeIndex(transaction)).set(seq, undefined);
}

/** It stands in one of them. Where it goes on being awake, as most do, none of them changes. */
function leave(draft: Draft, { seq, notBefore }: OpenTransaction, stays?: (typeof awake)[number]): void {
  if (draft.indexes.resting.has([notBefore, seq])) draft.own('resting').delete([notBefore, seq]);
  for (const index of awake)
    if (index !== stays && draft.indexes[index].has(seq)) draft.own(index).delete(seq);
}

function firstIn(line: BTreeEx<Place<string>, undefined>, number: string): number | undefined {
  const key = line.nextHigherKey([number, -Infinity]);
  return key?.[0] === number ? key[1] : undefined;
}
