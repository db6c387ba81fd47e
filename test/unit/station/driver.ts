import type { TransactionId } from '../../../src/kernel/ids.ts';
import type {
  AccountPart,
  CheckinAnswer,
  Customership,
  FeePaidAnswer,
  HoldAnswer,
  IlsAbilities,
  IlsState,
  ItemInformation,
  LoanAnswer,
  Outcome,
  RenewAllAnswer,
} from '../../../src/ils/ils.ts';
import type { Row, StoredOutage, StoredTagWork, StoredTransaction } from '../../../src/journal/rows.ts';
import type { IntentAct } from '../../../src/shared/intent.ts';
import type { ItemRow, Screen, View } from '../../../src/shared/view.ts';
import type {
  Call,
  CoreAct,
  Effect,
  Event,
  Happening,
  Replied,
  TimerName,
} from '../../../src/station/core/events.ts';
import type { State } from '../../../src/station/core/state.ts';
import { initialState, step } from '../../../src/station/core/step.ts';
import { viewOf } from '../../../src/station/core/view.ts';
import { bounds, type CoreSettings } from '../../../src/station/settings.ts';

export const settings: CoreSettings = {
  library: { name: { en: 'Test' }, languages: ['fi', 'sv', 'cs', 'en'] },
  theme: 'light',
  offline: undefined,
  services: {
    borrow: true,
    return: true,
    returnOffline: true,
    account: true,
    holds: { place: true, cancel: true, pickup: undefined },
    feesPay: 'none',
  },
  pin: { format: 'digits', length: 4, wrongPerCardMax: 3, wrongPerStationMax: 6, windowMs: 900_000 },
  identifiers: { card: [/^2\d{5}$/], item: [/^3\d{5}$/] },
  session: { idleMs: 45_000, warningMs: 20_000, finishedMs: 8_000 },
  hash: (value) => `hash of ${value}`,
  receipt: { titles: 'ask' },
  localDate: () => '2026-11-20',
  localTime: () => '14:05',
};

export const card = '200001';
export const item = '300001';

export const answered = <T>(value: T): Outcome<T> => ({ kind: 'answered', value });
export const notSent = { kind: 'notSent', reason: 'no connection' } as const;
export const unknown = { kind: 'unknown', reason: 'no answer' } as const;

export const customer: Customership = {
  known: true,
  pin: 'right',
  blocks: [],
  chargedItems: [],
  acsText: [],
};
export const due = { kind: 'day', date: '2026-12-18' } as const;
export const lent: LoanAnswer = {
  result: 'lent',
  renewal: false,
  title: 'Sinuhe',
  due,
  desensitize: true,
  acsText: [],
};
export const notLent: LoanAnswer = {
  result: 'refused',
  title: 'Sinuhe',
  fee: undefined,
  renewal: false,
  acsText: [{ acs: 'No.' }],
};
export const taken: CheckinAnswer = {
  result: 'taken',
  title: 'Sinuhe',
  alert: false,
  resensitize: true,
  sortBin: undefined,
  acsText: [],
};
export const notTaken: CheckinAnswer = { ...taken, result: 'refused', acsText: [{ acs: 'Not checked out' }] };

export const held: HoldAnswer = {
  result: 'done',
  available: false,
  position: 2,
  pickup: 'Main library',
  title: 'Sinuhe',
  acsText: [],
};
export const notHeld: HoldAnswer = { result: 'refused', title: 'Sinuhe', acsText: [{ acs: 'No holds.' }] };
export const paid: FeePaidAnswer = { result: 'accepted', acsText: [] };
export const notPaid: FeePaidAnswer = { result: 'refused', acsText: [{ acs: 'No such fee.' }] };
export const renewedAll: RenewAllAnswer = {
  renewed: [item],
  unrenewed: [],
  renewedCount: 1,
  unrenewedCount: 0,
  acsText: [],
};
export const notRenewedAll: RenewAllAnswer = {
  ...renewedAll,
  renewed: [],
  unrenewed: [item],
  renewedCount: 0,
  unrenewedCount: 1,
};
/** Tells of nothing in particular. */
export const vague: RenewAllAnswer = {
  renewed: [],
  unrenewed: [],
  renewedCount: undefined,
  unrenewedCount: undefined,
  acsText: [],
};

export function about(status: ItemInformation['status'], dueRaw?: string): ItemInformation {
  return { item, known: true, title: 'Sinuhe', status, holdQueue: undefined, due, dueRaw, acsText: [] };
}

export function charged(entries: readonly string[], count: number | undefined = entries.length): AccountPart {
  return { list: 'charged', told: true, entries, count, feeTotal: undefined, blocks: [], acsText: [] };
}

/** What the library system of these tests can do. */
export const able: IlsAbilities = {
  placeHold: true,
  cancelHold: true,
  renewAll: false,
  feePaid: true,
  effectsShown: false,
};

export interface DriverOptions {
  readonly open?: readonly StoredTransaction[];
  readonly tagWork?: readonly StoredTagWork[];
  readonly outage?: StoredOutage;
  readonly settings?: Partial<CoreSettings>;
  readonly abilities?: IlsAbilities;
}

function idOf(number: number, chance: string): TransactionId {
  return `${chance}${number.toString(16).padStart(22, '0')}00` as TransactionId;
}

/** Drives the pure core by hand: each event at a moment of a clock that only the test moves. */
export class Driver {
  state: State;
  at = Date.UTC(2026, 10, 20, 8);
  mono = 1_000;
  /** All that were committed but what tells of outages. */
  rows: Row[] = [];
  outages: Extract<Row, { row: 'outage' }>['what'][] = [];
  effects: Effect[] = [];
  calls: { readonly number: number; readonly call: Call }[] = [];
  readonly #settings: CoreSettings;
  readonly #abilities: IlsAbilities;
  /** The beginning of the ids that events bring, by which what is looked at is drawn: `ffffffff` always is. */
  chance = '00000000';
  #ids = 0;

  constructor(options: DriverOptions = {}) {
    this.#abilities = options.abilities ?? able;
    this.#settings = { ...settings, ...options.settings };
    this.state = initialState(
      this.#settings,
      { open: options.open ?? [], pinTries: [], tagWork: options.tagWork ?? [], outage: options.outage },
      this.at,
    );
    this.happen({ type: 'started' });
  }

  /** Ids of events go on from this number. */
  ids(from: number): void {
    this.#ids = from;
  }

  /** A driver whose station is connected and whose scanner reads. */
  static online(options: DriverOptions = {}): Driver {
    const driver = new Driver(options);
    driver.backForGood();
    driver.happen({ type: 'scanner', ready: true });
    return driver;
  }

  happen(what: Happening): this {
    const event: Event = { at: this.at, mono: this.mono, id: idOf(++this.#ids, this.chance), what };
    const before = JSON.stringify(snapshot(this.state));
    const frozen = this.state;
    const decided = step(this.state, event, this.#settings);
    if (JSON.stringify(snapshot(frozen)) !== before)
      throw new Error('the step changed the state that it was given');
    this.state = decided.state;
    this.rows.push(...decided.rows.filter(({ row }) => row !== 'outage'));
    this.outages.push(...decided.rows.flatMap((row) => (row.row === 'outage' ? [row.what] : [])));
    this.effects.push(...decided.effects);
    for (const effect of decided.effects) {
      if (effect.do === 'call') this.calls.push({ number: effect.number, call: effect.call });
    }
    return this;
  }

  /** It happened, and its rows could not be written: the disk is full. */
  losing(lost: Exclude<Happening, { type: 'commitFailed' }>): this {
    return this.happen({ type: 'commitFailed', failure: { kind: 'full' }, lost });
  }

  /** An answer came, and its rows could not be written. */
  losingReply(reply: Replied): this {
    const underWay = this.state.underWay;
    if (underWay === undefined) throw new Error('no call is under way');
    return this.losing({ type: 'replied', call: underWay.number, reply });
  }

  /** What the last happening decided, alone. */
  last(what: Happening): { rows: readonly Row[]; effects: readonly Effect[] } {
    const rows = this.rows.length;
    const effects = this.effects.length;
    this.happen(what);
    return { rows: this.rows.slice(rows), effects: this.effects.slice(effects) };
  }

  link(state: IlsState): this {
    const abilities = state === 'online' ? { abilities: this.#abilities } : {};
    return this.happen({ type: 'ils', status: { state, ...abilities } });
  }

  /** The library system came back and stays: what waited may be sent. */
  backForGood(): this {
    return this.link('online').pass(bounds.steadyMs).timer('work');
  }

  act(act: Exclude<IntentAct, { do: 'pinKey' | 'wedge' }>): this {
    return this.happen({ type: 'act', act, epoch: this.state.epoch });
  }

  keys(text: string): this {
    for (const key of text) {
      const act: CoreAct = { do: 'pinKey', slot: 0, digit: /^[0-9]$/.test(key) };
      this.happen({ type: 'act', act, epoch: this.state.epoch });
    }
    return this;
  }

  scan(text: string): this {
    return this.happen({ type: 'scan', text });
  }

  timer(name: TimerName, epoch = this.state.epoch): this {
    return this.happen({ type: 'timer', name, epoch });
  }

  pass(ms: number): this {
    this.at += ms;
    this.mono += ms;
    return this;
  }

  /** The call that is under way. */
  get call(): Call | undefined {
    return this.state.underWay?.call;
  }

  /** The courtesy at the end of a session, which comes before what goes on without its patron. */
  goodbye(): this {
    return this.reply({ kind: 'endSession', outcome: answered(undefined) });
  }

  /** Answers the call that is under way. */
  reply(reply: Replied): this {
    // The courtesy at the end of a session may come first.
    if (this.call?.kind === 'endSession' && reply.kind !== 'endSession') {
      this.reply({ kind: 'endSession', outcome: answered(undefined) });
    }
    const underWay = this.state.underWay;
    if (underWay === undefined) throw new Error('no call is under way');
    if (underWay.call.kind !== reply.kind) throw new Error(`the call under way is a ${underWay.call.kind}`);
    return this.happen({ type: 'replied', call: underWay.number, reply });
  }

  get view(): View {
    return viewOf(this.state, this.#settings, this.at);
  }

  get screen(): Screen {
    return this.view.screen;
  }

  get items(): readonly ItemRow[] {
    const { screen } = this;
    return screen.name === 'borrow' || screen.name === 'return' ? screen.items : [];
  }

  get moves(): readonly string[] {
    return this.rows.flatMap((row) => {
      if (row.row === 'begin') return [`${row.kind} ${row.state}`];
      if (row.row === 'move') return [row.to];
      return row.row === 'attempt' ? ['attempt'] : [];
    });
  }

  signIn(service: 'borrow' | 'account' = 'borrow', who: Customership = customer): this {
    this.act({ do: 'chooseService', service }).scan(card).keys('1234').act({ do: 'pinEnter' });
    return this.reply({ kind: 'checkCustomership', outcome: answered(who) });
  }
}

function snapshot(state: State): unknown {
  return { ...state, open: [...state.open] };
}
