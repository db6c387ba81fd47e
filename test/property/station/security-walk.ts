import { createHash } from 'node:crypto';
import type { TagOutcome } from '../../../src/devices/rfid-reader/rfid-reader.ts';
import type { TransactionId } from '../../../src/kernel/ids.ts';
import type { Row, StoredTagWork, StoredTransaction, TagAim } from '../../../src/journal/rows.ts';
import type { Effect, Happening, Replied } from '../../../src/station/core/events.ts';
import type { Sighting } from '../../../src/station/core/tag-state.ts';
import type { State } from '../../../src/station/core/state.ts';
import { initialState, step } from '../../../src/station/core/step.ts';
import { viewOf } from '../../../src/station/core/view.ts';
import { bounds, type CoreSettings } from '../../../src/station/settings.ts';
import {
  about,
  answered,
  card,
  charged,
  customer,
  lent,
  notLent,
  notSent,
  notTaken,
  settings as usual,
  taken,
  unknown,
} from '../../unit/station/driver.ts';
import { sighting, setOf, rfid } from '../../unit/station/tags.ts';

const settings: CoreSettings = { ...usual, rfid };
const item = '300001';
const startAt = Date.UTC(2026, 10, 20, 8);

/** What is on the disk, as far as it matters here. */
interface Disk {
  readonly transactions: ReadonlyMap<string, StoredTransaction>;
  readonly tagWork: ReadonlyMap<string, Omit<StoredTagWork, 'state'> & { readonly state: string }>;
}

/** The way to a moment, the last step first. */
export interface Path {
  readonly name: string;
  readonly before: Path | undefined;
}

/** One moment of the world: the station, its disk, the tags, and what the library system holds for true. */
export interface Moment {
  /** The decision itself, or a broken one that has to be found. */
  readonly decide: typeof step;
  readonly state: State;
  readonly disk: Disk;
  readonly effects: readonly Effect[];
  /** Whether the gate sounds for each part. */
  readonly secured: ReadonlyMap<string, boolean>;
  /** Parts on the reader. */
  readonly here: readonly string[];
  readonly lent: boolean;
  readonly mono: number;
  readonly ids: number;
  /** What may still happen, so that the walk comes to an end. */
  readonly left: {
    readonly cuts: number;
    readonly lifts: number;
    readonly silences: number;
    readonly fulls: number;
  };
  /** How it came to this, for a failure. */
  readonly path: Path | undefined;
  /** After a power cut nobody knows what the patron was shown before. */
  readonly lives: number;
}

export interface Walk {
  readonly aim: TagAim;
  /** The item comes by its barcode, and its tags are laid down later, or never. */
  readonly byBarcode?: boolean;
  /** Parts that lie on the reader at the start; all of them where it is left out. */
  readonly here?: readonly string[];
  readonly uids: readonly string[];
  readonly left: Moment['left'];
  readonly decide?: typeof step;
}

const sightings = new Map<string, Sighting>();

function seen(uids: readonly string[], here: readonly string[]): readonly Sighting[] {
  for (const tag of setOf(item, ...uids)) {
    const single = uids.length === 1 ? { uid: tag.uid, item } : tag;
    sightings.set(tag.uid, sighting(single));
  }
  return here.flatMap((uid) => sightings.get(uid) ?? []);
}

function written(disk: Disk, rows: readonly Row[]): Disk {
  const transactions = new Map(disk.transactions);
  const tagWork = new Map(disk.tagWork);
  for (const row of rows) {
    if (row.row === 'begin') {
      transactions.set(row.id, {
        seq: transactions.size + 1,
        id: row.id,
        kind: row.kind,
        state: row.state,
        item: row.item,
        patron: row.patron,
        at: row.at,
        attempts: 0,
        dueBefore: undefined,
        rule: undefined,
        source: undefined,
        due: undefined,
        words: [],
      } as StoredTransaction);
    } else if (row.row === 'move' || row.row === 'attempt') {
      const before = transactions.get(row.id);
      if (before === undefined) throw new Error('a move of nothing');
      transactions.set(
        row.id,
        row.row === 'move' ? { ...before, state: row.to } : { ...before, attempts: before.attempts + 1 },
      );
    } else if (row.row === 'tagBegin') {
      if (tagWork.has(row.id)) throw new Error('two works of one transaction');
      const { row: _row, ...begun } = row;
      tagWork.set(row.id, { ...begun, state: 'open', rule: undefined });
    } else if (row.row === 'tagMove') {
      const before = tagWork.get(row.id);
      if (before === undefined) throw new Error('a move of no tag work');
      const may =
        before.state === 'open'
          ? ['done', 'void', 'staff']
          : before.state === 'staff'
            ? ['done', 'resolved']
            : [];
      if (!may.includes(row.to)) throw new Error(`tag work moves from ${before.state} to ${row.to}`);
      tagWork.set(row.id, { ...before, state: row.to, rule: row.rule });
    }
  }
  return { transactions, tagWork };
}

/** Takes the moment on by one happening; `takeIn` follows at once, as in the loop. */
function happen(moment: Moment, what: Happening): Moment {
  const { mono, ids } = moment;
  const event = { at: startAt + mono, mono, id: `t${ids}` as TransactionId, what };
  const decided = moment.decide(moment.state, event, settings);
  let next: Moment = {
    ...moment,
    state: decided.state,
    disk: written(moment.disk, decided.rows),
    effects: decided.effects,
    ids: ids + 1,
  };
  for (const effect of decided.effects) if (effect.do === 'takeIn') next = happen(next, { type: 'takeIn' });
  return next;
}

/** The disk is full: what this happening wanted written is not, and the station decides again. */
function happenUnwritten(
  moment: Moment,
  what: Exclude<Happening, { type: 'commitFailed' }>,
): Moment | undefined {
  const { mono, ids } = moment;
  const event = { at: startAt + mono, mono, id: `t${ids}` as TransactionId, what };
  if (moment.decide(moment.state, event, settings).rows.length === 0) return undefined;
  return happen(moment, { type: 'commitFailed', failure: { kind: 'full' }, lost: what });
}

export function firstMoment({ aim, uids, left, byBarcode, decide = step, here }: Walk): Moment {
  const before: Moment = {
    decide,
    state: initialState(settings, { open: [], pinTries: [] }, startAt),
    disk: { transactions: new Map(), tagWork: new Map() },
    effects: [],
    secured: new Map(uids.map((uid) => [uid, aim === 'unlock'])),
    here: byBarcode === true ? [] : (here ?? uids),
    lent: aim === 'lock',
    mono: 1_000,
    ids: 1,
    left,
    path: undefined,
    lives: 1,
  };
  const up = wake(before, uids);
  const { epoch } = up.state;
  const show = (moment: Moment): Moment =>
    byBarcode === true ? happen(moment, { type: 'scan', text: item }) : moment;
  if (aim === 'lock')
    return show(happen(up, { type: 'act', act: { do: 'chooseService', service: 'return' }, epoch }));
  let now = happen(up, { type: 'act', act: { do: 'chooseService', service: 'borrow' }, epoch });
  now = happen(now, { type: 'scan', text: card });
  for (let key = 0; key < 4; key++)
    now = happen(now, { type: 'act', act: { do: 'pinKey', slot: 0, digit: true }, epoch: now.state.epoch });
  now = happen(now, { type: 'act', act: { do: 'pinEnter' }, epoch: now.state.epoch });
  return show(reply(now, { kind: 'checkCustomership', outcome: answered(customer) }));
}

/** A life of the station begins: it is connected, and its reader sees what lies there. */
function wake(moment: Moment, uids: readonly string[]): Moment {
  let now = happen(moment, { type: 'started' });
  now = happen(now, { type: 'ils', status: { state: 'online' } });
  now = happen({ ...now, mono: now.mono + bounds.steadyMs }, { type: 'scanner', ready: true });
  now = happen(now, { type: 'rfidReader', ready: true });
  return field(now, uids, now.here);
}

function field(moment: Moment, uids: readonly string[], here: readonly string[]): Moment {
  return happen({ ...moment, here }, { type: 'field', field: { tags: seen(uids, here), tooMany: false } });
}

function reply(moment: Moment, reply: Replied): Moment {
  const call = moment.state.underWay?.number ?? 0;
  return happen(moment, { type: 'replied', call, reply });
}

export interface Choice {
  readonly name: string;
  readonly next: () => Moment | undefined;
}

/** Everything that may happen now. */
export function choices(moment: Moment, { uids }: Walk): Choice[] {
  const { state, left, here } = moment;
  const list: Choice[] = [...answers(moment), ...tagOutcomes(moment)];
  const { epoch, session, workAt } = state;
  const add = (name: string, next: Choice['next']): void => void list.push({ name, next });
  if (left.lifts > 0) {
    for (const uid of here) {
      const fewer = { ...moment, left: { ...left, lifts: left.lifts - 1 } };
      add(`lift ${uid}`, () =>
        field(
          fewer,
          uids,
          here.filter((one) => one !== uid),
        ),
      );
    }
  }
  for (const uid of uids)
    if (!here.includes(uid)) add(`lay ${uid}`, () => field(moment, uids, [...here, uid]));
  if (session.phase === 'open') {
    const { putBack } = viewOf(state, settings, startAt);
    if (putBack !== undefined)
      add('cannot put it back', () => happen(moment, { type: 'act', act: { do: 'dismiss' }, epoch }));
    if (putBack?.some(({ why }) => why === 'notSeen') === true)
      add('it has no tag', () => happen(moment, { type: 'act', act: { do: 'noTag' }, epoch }));
    if (session.finishing)
      add('waited long enough', () => happen(moment, { type: 'timer', name: 'finishWait', epoch }));
    else add('finish', () => happen(moment, { type: 'act', act: { do: 'finish', receipt: false }, epoch }));
  }
  if (workAt !== undefined) {
    const later = { ...moment, mono: Math.max(moment.mono, workAt) };
    add('time passes', () => happen(later, { type: 'timer', name: 'work', epoch }));
  }
  const pauses = state.tags.works.flatMap(({ parts }) => parts.map(({ missed }) => missed?.until ?? 0));
  const until = Math.max(0, ...pauses);
  if (until > moment.mono)
    add('a pause passes', () => happen({ ...moment, mono: until }, { type: 'timer', name: 'tags', epoch }));
  if (state.disk === 'full')
    add('the disk has room', () => happen(moment, { type: 'diskProbed', disk: 'fine' }));
  if (left.cuts > 0) add('power cut', () => powerCut(moment, uids));
  return list;
}

function powerCut(moment: Moment, uids: readonly string[]): Moment {
  const { disk, left } = moment;
  const open = [...disk.transactions.values()].filter(({ state }) =>
    ['intended', 'uncertain', 'waiting'].includes(state),
  );
  const tagWork = [...disk.tagWork.values()].flatMap((work): StoredTagWork[] =>
    work.state === 'open' || work.state === 'staff' ? [{ ...work, state: work.state }] : [],
  );
  const state = initialState(settings, { open, pinTries: [], tagWork }, startAt + moment.mono);
  return wake(
    {
      ...moment,
      state,
      left: { ...left, cuts: left.cuts - 1 },
      lives: moment.lives + 1,
      mono: moment.mono + 1_000,
    },
    uids,
  );
}

/** What the library system may answer, with what it then holds for true. */
function answers(moment: Moment): Choice[] {
  const { state, left } = moment;
  const call = state.underWay?.call;
  if (call === undefined) return [];
  const silent = { ...moment, left: { ...left, silences: left.silences - 1 } };
  const full = { ...moment, left: { ...left, fulls: left.fulls - 1 } };
  const answer = (name: string, from: Moment, becomes: boolean, replied: Replied): Choice[] => {
    const happening = { type: 'replied', call: state.underWay?.number ?? 0, reply: replied } as const;
    const plain = { name, next: () => happen({ ...from, lent: becomes }, happening) };
    if (left.fulls === 0) return [plain];
    return [
      plain,
      {
        name: `${name}, and the disk is full`,
        next: () => happenUnwritten({ ...full, lent: becomes }, happening),
      },
    ];
  };
  switch (call.kind) {
    case 'checkout': {
      const refused = moment.lent ? { ...notLent } : notLent;
      return [
        ...answer('lent', moment, true, { kind: 'checkout', outcome: answered(lent) }),
        ...answer('lent, stays locked', moment, true, {
          kind: 'checkout',
          outcome: answered({ ...lent, desensitize: false }),
        }),
        ...answer('not lent', moment, moment.lent, { kind: 'checkout', outcome: answered(refused) }),
        ...(left.silences === 0
          ? []
          : answer('not sent', silent, moment.lent, { kind: 'checkout', outcome: notSent })),
        ...(left.silences === 0
          ? []
          : [true, moment.lent].flatMap((becomes) =>
              answer(`silence, ${becomes ? 'lent' : 'not lent'}`, silent, becomes, {
                kind: 'checkout',
                outcome: unknown,
              }),
            )),
      ];
    }
    case 'checkin':
      return [
        ...answer('taken', moment, false, { kind: 'checkin', outcome: answered(taken) }),
        ...answer('not taken', moment, moment.lent, { kind: 'checkin', outcome: answered(notTaken) }),
        ...(left.silences === 0
          ? []
          : answer('not sent', silent, moment.lent, { kind: 'checkin', outcome: notSent })),
        ...(left.silences === 0
          ? []
          : [false, moment.lent].flatMap((becomes) =>
              answer(`silence, ${becomes ? 'not taken' : 'taken'}`, silent, becomes, {
                kind: 'checkin',
                outcome: unknown,
              }),
            )),
      ];
    case 'item':
      return answer('item', moment, moment.lent, {
        kind: 'item',
        outcome: answered(about(moment.lent ? 'charged' : 'available')),
      });
    case 'account':
      return answer('account', moment, moment.lent, {
        kind: 'account',
        outcome: answered(charged(moment.lent ? [item] : [])),
      });
    case 'endSession':
      return answer('good-bye', moment, moment.lent, { kind: 'endSession', outcome: answered(undefined) });
    default:
      throw new Error(`nobody asked for ${call.kind}`);
  }
}

const failed: TagOutcome = { kind: 'failed', why: { kind: 'mismatch' } };
const gone: TagOutcome = { kind: 'gone' };

/** How the command to a tag may end, each with and without having reached it. */
function tagOutcomes(moment: Moment): Choice[] {
  const { job } = moment.state.tags;
  if (job === undefined) return [];
  const { left } = moment;
  const end = (name: string, outcome: TagOutcome, reached: boolean): Choice[] => {
    const secured = reached ? new Map([...moment.secured, [job.uid, job.secured]]) : moment.secured;
    const happening = { type: 'tagReplied', job: job.number, outcome } as const;
    const plain = { name: `${job.uid}: ${name}`, next: () => happen({ ...moment, secured }, happening) };
    if (left.fulls === 0) return [plain];
    const full = { ...moment, secured, left: { ...left, fulls: left.fulls - 1 } };
    return [
      plain,
      { name: `${job.uid}: ${name}, and the disk is full`, next: () => happenUnwritten(full, happening) },
    ];
  };
  const away = !moment.here.includes(job.uid);
  if (away) return [...end('gone', gone, false), ...end('gone, reached', gone, true)];
  return [
    ...end('done', { kind: 'done' }, true),
    ...end('fails', failed, false),
    ...end('fails, reached', failed, true),
    ...end('gone', gone, false),
    ...end('gone, reached', gone, true),
  ];
}

/** Two moments with the same key have the same future. */
export function keyOf(moment: Moment): string {
  const { state, disk, mono } = moment;
  const names = new Map([...disk.transactions.keys()].map((id, index) => [id, `#${index}`]));
  const rows = state.session.phase === 'open' ? state.session.rows : [];
  const key = {
    phase: state.session.phase,
    finishing: state.session.phase === 'open' && state.session.finishing,
    service: state.session.phase === 'open' ? state.session.service : '',
    layAsked: state.session.phase === 'open' && state.session.layAsked === true,
    charged: state.session.phase === 'open' ? [...(state.session.patron?.charged ?? [])] : [],
    rows: rows.map(({ id: _id, title: _title, ...row }) => row),
    open: [...state.open].map(
      ([, { at: _at, seq: _seq, notBefore, uncertainSince, epoch, ...transaction }]) => ({
        ...transaction,
        ours: epoch === state.epoch,
        waits: Math.max(0, notBefore - mono),
        since:
          uncertainSince === undefined || transaction.kind === 'checkin'
            ? -1
            : Math.min(mono - uncertainSince, bounds.settleInSessionMs),
      }),
    ),
    underWay: state.underWay?.call.kind,
    works: state.tags.works.map(({ epoch, ...work }) => ({
      ...work,
      ours: epoch === state.epoch,
      parts: work.parts.map(({ missed, ...part }) => ({
        ...part,
        missed: missed !== undefined && missed.field === state.tags.fieldNumber && missed.until > mono,
      })),
    })),
    job:
      state.tags.job === undefined
        ? undefined
        : [state.tags.job.work, state.tags.job.uid, state.tags.job.secured],
    handled: [...state.tags.handled],
    goodbyes: state.goodbyes,
    disk: state.disk,
    syncIn: Math.max(0, state.syncFrom - mono),
    workIn: state.workAt === undefined ? -1 : Math.max(0, state.workAt - mono),
    stored: [...disk.transactions.values()].map(({ kind, state: stored }) => [kind, stored]),
    tagWork: [...disk.tagWork.values()].map(({ id, state: stored, rule, aim }) => [id, stored, rule, aim]),
    secured: [...moment.secured],
    here: moment.here,
    lent: moment.lent,
    left: moment.left,
    lives: moment.lives,
  };
  const text = JSON.stringify(key).replaceAll(/"(t\d+)"/gu, (_all, id: string) => `"${names.get(id) ?? id}"`);
  return createHash('sha1').update(text).digest('base64');
}

/** What is wrong with a moment, in a sentence; undefined where all is well. */
export function wrongWith(moment: Moment, { aim }: Walk): string | undefined {
  const { disk, state } = moment;
  const stored = [...disk.transactions.values()];
  const works = [...disk.tagWork.values()];
  const loanCertain = stored.some(
    ({ kind, state: at }) => kind === 'checkout' && (at === 'accepted' || at === 'waiting'),
  );
  const free = [...moment.secured.values()].filter((secured) => !secured).length;
  const some = free > 0 && free < moment.secured.size;
  if (aim === 'unlock') {
    if (free > 0 && !loanCertain) return 'unlocked and not certainly lent';
    if (free > 0 && !moment.lent) return 'unlocked and not lent';
    const { job } = state.tags;
    if (job?.secured === false && !loanCertain) return 'about to unlock what is not certainly lent';
  }
  const saidNoTag = works.some(({ rule }) => rule === 'patron.noTag');
  const view = viewOf(state, settings, startAt);
  const shown = view.screen.name === 'borrow' || view.screen.name === 'return' ? view.screen.items : [];
  for (const row of shown) {
    const takeIt = row.message.key.startsWith('row.tag.free');
    if (takeIt && free < moment.secured.size) return 'told to take it while a part is locked';
    const staysOn = row.message.key.startsWith('row.tag.staysOn');
    if (aim === 'unlock' && row.state === 'done' && !takeIt && !staysOn && !saidNoTag)
      return `done without a word of its lock: ${row.message.key}`;
    if (aim === 'lock' && row.state === 'done' && free > 0 && !saidNoTag)
      return 'told as returned and secured while a part is not';
  }
  const known = works.some(({ state: at }) => at === 'open' || at === 'staff');
  const released = saidNoTag || works.some(({ rule }) => rule === 'acs.leave' || rule === 'acs.asItIs');
  const accepted = stored.some(({ state: at }) => at === 'accepted');
  if (aim === 'unlock' && accepted && free < moment.secured.size && !known && !released)
    return 'lent and locked, and nothing on the disk says so';
  if (aim === 'lock' && accepted && free > 0 && !known && !released)
    return 'taken back and not secured, and nothing on the disk says so';
  if (some && !known) return 'some parts of it only, and nothing on the disk says so';
  return undefined;
}

/** Nothing more happens by itself: nobody is there, nothing is under way, nothing waits. */
export function isAtRest({ state, mono }: Moment): boolean {
  const { session, underWay, workAt, tags, disk } = state;
  return (
    (session.phase === 'home' || session.phase === 'finished') &&
    underWay === undefined &&
    workAt === undefined &&
    tags.job === undefined &&
    !tags.works.some(({ parts }) => parts.some(({ missed }) => (missed?.until ?? 0) > mono)) &&
    disk === 'fine'
  );
}

/** What is wrong with a moment in which nothing more happens by itself. */
export function wrongAtRest(moment: Moment): string | undefined {
  const works = [...moment.disk.tagWork.values()];
  if (works.some(({ state }) => state === 'open')) return 'tag work is open, and nobody works on it';
  const stored = [...moment.disk.transactions.values()];
  if (stored.some(({ state }) => state === 'intended' || state === 'uncertain'))
    return 'a transaction is open';
  return undefined;
}
