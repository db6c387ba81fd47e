import { expect, test } from 'vitest';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import type { TagOutcome } from '../../../src/devices/rfid-reader/rfid-reader.ts';
import {
  movesOf,
  type Row,
  type StoredTagWork,
  type StoredTransaction,
  type TransactionState,
} from '../../../src/journal/rows.ts';
import type { Call, Happening, Replied, TimerName } from '../../../src/station/core/events.ts';
import type { OpenTransaction } from '../../../src/station/core/state.ts';
import type { OfflineRules } from '../../../src/station/core/offline-rules.ts';
import { seededRandom } from '../journal/support.ts';
import {
  able,
  about,
  answered,
  card,
  charged,
  customer,
  due,
  held,
  lent,
  notHeld,
  notLent,
  notSent,
  notTaken,
  renewedAll,
  settings,
  taken,
  unknown,
  vague,
  Driver,
} from './driver.ts';
import { rfid, setOf, sighting, type Tag } from './tags.ts';

/**
 * Whatever patrons, tags, the library system and the disk do, in whatever order: the journal takes every row that the core
 * decides. What it does not take ends the process, for it is a fault of the program (journal/writer.ts, and the triggers of the schema).
 */

const items = ['300001', '300002', '300003'] as const;
const tags: readonly Tag[] = [
  { uid: 'E001', item: items[0] },
  ...setOf(items[1], 'E002', 'E003'),
  { uid: 'E004', item: items[2] },
  { uid: 'E005', item: items[0], owner: 'FI-Other' },
];
const offline: OfflineRules = {
  pin: 'not-asked',
  perPatronMax: 50,
  perOutageMax: 50,
  due: { loanDays: 28, closedWeekdays: [], closedDates: [] },
  checkDigit: undefined,
  adultCards: [],
  lendableItems: [],
  neverItems: [],
  ageRatedItems: [],
  lists: [],
};
const timers: readonly TimerName[] = [
  'idle',
  'countdown',
  'finished',
  'finishWait',
  'work',
  'tags',
  'tagParts',
  'spaceProbe',
];

/** What the triggers of the schema let through for work on tags. */
const tagMoves: Readonly<Record<string, readonly string[]>> = {
  open: ['done', 'void', 'staff'],
  staff: ['done', 'resolved'],
};

/** The journal as far as its rules go. */
class Rules {
  readonly transactions = new Map<TransactionId, StoredTransaction>();
  readonly work = new Map<TransactionId, { state: string; stored: StoredTagWork }>();
  readonly #firsts = new Map<TransactionId, TransactionId>();

  take(rows: readonly Row[]): void {
    for (const row of rows) this.#one(row);
  }

  #one(row: Row): void {
    switch (row.row) {
      case 'begin': {
        if (this.transactions.has(row.id)) throw new Error(`${row.id} begins twice`);
        if (row.replaces !== undefined) this.#firsts.set(row.id, row.replaces);
        const { row: _, ...begun } = row;
        this.transactions.set(row.id, {
          ...begun,
          seq: this.transactions.size + 1,
          attempts: 0,
          dueBefore: row.dueBefore,
          dueTold: row.dueTold,
          hold: row.hold,
          fee: row.fee,
          rule: undefined,
          source: undefined,
          due: undefined,
          words: [],
          found: undefined,
        });
        return;
      }
      case 'move': {
        const now = this.#known(row.id);
        if (!movesOf[now.state].includes(row.to)) throw new Error(`${now.kind}: ${now.state} to ${row.to}`);
        this.transactions.set(row.id, { ...now, state: row.to, rule: row.rule });
        return;
      }
      case 'attempt': {
        const now = this.#known(row.id);
        if (!isOpen(now.state)) throw new Error(`an attempt of one that is ${now.state}`);
        this.transactions.set(row.id, { ...now, attempts: now.attempts + 1 });
        return;
      }
      case 'tagBegin': {
        if (this.work.has(row.id)) throw new Error(`work on the tags of ${row.id} begins twice`);
        const { id, aim, item, uids, parts, at } = row;
        const stored = { id, aim, item, uids, at, state: 'open' as const, rule: undefined };
        this.work.set(id, { state: 'open', stored: parts === undefined ? stored : { ...stored, parts } });
        return;
      }
      case 'tagMove': {
        const now = this.work.get(row.id);
        if (now === undefined) throw new Error('work on tags that never began');
        if (tagMoves[now.state]?.includes(row.to) !== true)
          throw new Error(`tags: ${now.state} to ${row.to}`);
        this.work.set(row.id, { ...now, state: row.to });
        return;
      }
      case 'refusal':
      case 'audit':
      case 'outage':
      case 'pinTried':
      case 'pinForgiven':
      case 'pinVerifier':
      case 'pinVerifierGone':
        // The journal takes these at any time.
        return;
    }
  }

  /** What stands in one line, on an item or of a patron, stands there in the order in which it happened. */
  holdOrder(inLine: readonly OpenTransaction[]): void {
    const last = new Map<string, number>();
    for (const { id, kind, item, patron, believed } of inLine) {
      // What is only asked about keeps nobody waiting.
      if (believed !== undefined) continue;
      for (const line of [`item ${item}`, ...(patron === undefined ? [] : [`patron ${patron}`])]) {
        if ((last.get(line) ?? 0) > this.#origin(id)) throw new Error(`a ${kind} stands out of its order`);
        last.set(line, this.#origin(id));
      }
    }
  }

  /** When it happened: the number of the first of those that took each other’s places. */
  #origin(id: TransactionId): number {
    const { seq } = this.#known(id);
    const first = this.#firsts.get(id);
    return first === undefined ? seq : this.#origin(first);
  }

  #known(id: TransactionId): StoredTransaction {
    const known = this.transactions.get(id);
    if (known === undefined) throw new Error(`${id} never began`);
    return known;
  }

  /** A return of the same item that happened later. */
  returnSince(loan: StoredTransaction): StoredTransaction | undefined {
    return [...this.transactions.values()].find(
      ({ id, kind, item, state }) =>
        kind === 'checkin' &&
        item === loan.item &&
        this.#origin(id) > this.#origin(loan.id) &&
        state !== 'refused' &&
        state !== 'withdrawn',
    );
  }

  /** As the journal gives them at a start. */
  get open(): StoredTransaction[] {
    return [...this.transactions.values()]
      .filter(({ state }) => isOpen(state))
      .toSorted((a, b) => this.#origin(a.id) - this.#origin(b.id));
  }

  get tagWork(): StoredTagWork[] {
    return [...this.work.values()].flatMap(({ state, stored }) =>
      state === 'open' || state === 'staff' ? [{ ...stored, state }] : [],
    );
  }
}

function isOpen(state: TransactionState): boolean {
  return state === 'intended' || state === 'uncertain' || state === 'waiting';
}

/** One life after the other of a station at which anything happens. */
class Trial {
  readonly #random: ReturnType<typeof seededRandom>;
  readonly #rules = new Rules();
  readonly #lends: boolean;
  #driver: Driver;
  #here: readonly Tag[] = [];
  #rows = 0;
  readonly did: string[] = [];
  /** Rows that the journal took, and commands that freed a tag. */
  rows = 0;
  freed = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#lends = seed % 2 === 0;
    this.#driver = this.#start();
  }

  #start(): Driver {
    const driver = new Driver({
      open: this.#rules.open,
      tagWork: this.#rules.tagWork,
      abilities: { ...able, effectsShown: true },
      settings: {
        rfid: { ...rfid, withoutTag: [/^300003$/] },
        ...(this.#lends ? { offline } : {}),
        services: { ...settings.services, returnOffline: this.#lends },
      },
    });
    driver.ids(this.#rules.transactions.size + 1_000_000 * (1 + this.did.length));
    this.#rules.take(driver.rows);
    this.#rows = driver.rows.length;
    return driver;
  }

  #one<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.#random.fraction() * choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  step(): void {
    const what = this.#one(deeds);
    this.did.push(what);
    this.#do(what);
    while (this.#driver.state.tags.takeInComes) this.#happen({ type: 'takeIn' });
  }

  #happen(what: Exclude<Happening, { type: 'commitFailed' }>): void {
    const driver = this.#driver;
    const before = driver.state;
    const effects = driver.effects.length;
    driver.happen(what);
    const rows = driver.rows.slice(this.#rows);
    if (rows.some(({ row }) => row !== 'refusal') && this.#random.fraction() < 0.02) {
      driver.state = before;
      driver.rows.length = this.#rows;
      driver.effects.length = effects;
      driver.losing(what);
      expect(driver.rows.length).toBe(this.#rows);
      this.did.push('(lost)');
      return;
    }
    this.#rows = driver.rows.length;
    this.#rules.take(rows);
    this.rows += rows.length;
    this.#holdsSecurity(before.tags.job?.number);
    if (before.open !== this.#driver.state.open) this.#rules.holdOrder([...this.#driver.state.open.values()]);
  }

  /** A tag is freed only because of a loan that is certain, or that the library system lists, and of which no return began since. */
  #holdsSecurity(numberBefore: number | undefined): void {
    const { tags: now, session } = this.#driver.state;
    const { job } = now;
    if (job === undefined || job.number === numberBefore || job.secured) return;
    this.freed += 1;
    const loan = this.#rules.transactions.get(job.work);
    if (loan === undefined) throw new Error('a tag is freed for nothing');
    const isListed = session.phase === 'open' && session.patron?.charged.has(loan.item) === true;
    if (loan.state !== 'accepted' && loan.state !== 'waiting' && !isListed)
      throw new Error(`a tag is freed for a loan that is ${loan.state} (${loan.rule ?? ''})`);
    const back = this.#rules.returnSince(loan);
    if (back !== undefined && !isListed) throw new Error(`a tag is freed of what came back (${back.state})`);
  }

  #do(what: (typeof deeds)[number]): void {
    const driver = this.#driver;
    const { epoch } = driver.state;
    const act = (one: Extract<Happening, { type: 'act' }>['act']): void =>
      this.#happen({ type: 'act', act: one, epoch });
    switch (what) {
      case 'borrow':
      case 'return':
      case 'account':
        return act({ do: 'chooseService', service: what });
      case 'card':
        return this.#happen({ type: 'scan', text: this.#one([card, '200002']) });
      case 'pin':
        for (const slot of [1, 2, 3, 4]) act({ do: 'pinKey', slot, digit: true });
        return act({ do: 'pinEnter' });
      case 'item':
        return this.#happen({ type: 'scan', text: this.#one(items) });
      case 'lay':
        this.#here = [...new Set([...this.#here, this.#one(tags), this.#one(tags)])];
        return this.#tell();
      case 'lift':
        this.#here = this.#here.filter(() => this.#random.fraction() < 0.4);
        return this.#tell();
      case 'tag':
        return this.#tagAnswer();
      case 'answer':
        return this.#answer();
      case 'up':
        return this.#happen({
          type: 'ils',
          status: { state: 'online', abilities: { ...able, effectsShown: true } },
        });
      case 'down':
        this.#happen({ type: 'ils', status: { state: this.#one(['unreachable', 'connecting']) } });
        // What was under way ends with the connection.
        return this.#driver.state.linkBlinks ? undefined : this.#ended();
      case 'reader':
        return this.#happen({ type: 'rfidReader', ready: this.#random.fraction() < 0.8 });
      case 'time':
        driver.pass(this.#one([200, 1_000, 6_000, 31_000]));
        return this.#happen({ type: 'timer', name: this.#one(timers), epoch });
      case 'finish':
        return act({
          do: this.#one(['finish', 'leave', 'dismiss', 'noTag', 'stay']),
          receipt: false,
        } as Parameters<typeof act>[0]);
      case 'renew':
        return act(this.#one([{ do: 'renewItem', item: this.#one(items) }, { do: 'renewAll' }]));
      case 'hold':
        act({ do: this.#one(['askPlaceHold', 'askCancelHold']), item: this.#one(items) });
        return act({ do: 'answer', yes: true });
      case 'disk':
        return this.#happen({ type: 'diskProbed', disk: 'fine' });
      case 'restart':
        if (this.#random.fraction() < 0.2) this.#driver = this.#start();
    }
  }

  #tell(): void {
    this.#happen({ type: 'field', field: { tags: this.#here.map(sighting), tooMany: false } });
  }

  #tagAnswer(): void {
    const { job } = this.#driver.state.tags;
    if (job === undefined) return;
    const outcomes: TagOutcome[] = [
      { kind: 'done' },
      { kind: 'done' },
      { kind: 'done' },
      { kind: 'gone' },
      { kind: 'failed', why: { kind: 'locked' } },
      { kind: 'failed', why: { kind: 'noAnswer' } },
      { kind: 'failed', why: { kind: 'offline' } },
    ];
    this.#happen({ type: 'tagReplied', job: job.number, outcome: this.#one(outcomes) });
  }

  #answer(): void {
    const { underWay } = this.#driver.state;
    if (underWay === undefined) return;
    this.#happen({ type: 'replied', call: underWay.number, reply: this.#reply(underWay.call) });
  }

  #ended(): void {
    for (let calls = 0; this.#driver.state.underWay !== undefined && calls < 20; calls++) {
      const { number, call } = this.#driver.state.underWay;
      const outcome = this.#one([notSent, unknown]);
      this.#happen({ type: 'replied', call: number, reply: { kind: call.kind, outcome } });
    }
  }

  #reply(call: Call): Replied {
    const all = items.filter(() => this.#random.fraction() < 0.5);
    switch (call.kind) {
      case 'checkCustomership':
        return {
          kind: call.kind,
          outcome: this.#one([
            answered({ ...customer, chargedItems: all }),
            answered({ ...customer, pin: 'wrong' as const }),
            unknown,
          ]),
        };
      case 'checkout':
      case 'renew':
        return {
          kind: call.kind,
          outcome: this.#one([
            answered(lent),
            answered({ ...lent, desensitize: false }),
            answered({ ...lent, renewal: true, due: { ...due, date: '2027-01-02' } }),
            answered(notLent),
            unknown,
            notSent,
          ]),
        };
      case 'checkin':
        return {
          kind: call.kind,
          outcome: this.#one([
            answered(taken),
            answered({ ...taken, resensitize: false }),
            answered(notTaken),
            unknown,
            notSent,
          ]),
        };
      case 'item':
        return {
          kind: call.kind,
          outcome: this.#one([
            answered({
              ...about(this.#one(['available', 'charged', 'onHoldShelf', 'other']), this.#one(['a', 'b'])),
              item: call.item,
            }),
            answered({ ...about('other'), item: call.item, known: false }),
            unknown,
            notSent,
          ]),
        };
      case 'account':
        return {
          kind: call.kind,
          outcome: this.#one([
            answered({ ...charged(all), list: call.list }),
            answered({ ...charged([]), told: false }),
            unknown,
            notSent,
          ]),
        };
      case 'renewAll':
        return {
          kind: call.kind,
          outcome: this.#one([answered(renewedAll), answered(vague), unknown, notSent]),
        };
      case 'hold':
        return { kind: call.kind, outcome: this.#one([answered(held), answered(notHeld), unknown, notSent]) };
      case 'feePaid':
        return { kind: call.kind, outcome: unknown };
      case 'endSession':
        return { kind: call.kind, outcome: answered(undefined) };
    }
  }
}

const deeds = [
  'borrow',
  'borrow',
  'return',
  'return',
  'account',
  'card',
  'card',
  'pin',
  'pin',
  'item',
  'item',
  'item',
  'lay',
  'lay',
  'lay',
  'lift',
  'lift',
  'tag',
  'tag',
  'tag',
  'tag',
  'answer',
  'answer',
  'answer',
  'answer',
  'answer',
  'answer',
  'answer',
  'up',
  'up',
  'down',
  'reader',
  'time',
  'time',
  'time',
  'finish',
  'renew',
  'hold',
  'disk',
  'restart',
] as const;

const trials = 40;
const stepsOfTrial = 400;

test(
  'the journal takes each row, lines keep their order, and tags are freed for loans only',
  { timeout: 180_000 },
  () => {
    let rows = 0;
    let freed = 0;
    for (let seed = 1; seed <= trials; seed++) {
      const trial = new Trial(seed);
      try {
        for (let step = 0; step < stepsOfTrial; step++) trial.step();
      } catch (error) {
        throw new Error(`seed ${seed}, after ${trial.did.slice(-40).join(' ')}`, { cause: error });
      }
      rows += trial.rows;
      freed += trial.freed;
    }
    // Enough happened for the rules to say something.
    expect(rows).toBeGreaterThan(trials * 50);
    expect(freed).toBeGreaterThan(10);
  },
);
