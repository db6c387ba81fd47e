import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { reopenDelayMs } from '../reopen.ts';
import { CommandQueue, type TagCommand } from './commands.ts';
import { FieldTracker, sameField } from './field-tracker.ts';
import type { ReaderProtocol, StartFailure } from './protocol.ts';
import type {
  BlockWrite,
  Field,
  RfidReader,
  RfidReaderEvents,
  RfidReaderStatus,
  TagFailure,
  TagOutcome,
  TagUid,
} from './rfid-reader.ts';
import { ScriptRunner } from '../wire/runner.ts';
import { idle, type Script } from '../wire/script.ts';
import type { SecurityScheme } from './security.ts';
import { TagWork } from './tag-work.ts';

/** Between two inventories of a field that rests. */
export const pollMsDefault = 200;
/** Between two inventories while tags come and go. */
export const unsettledPollMs = 40;
export const stillInventoriesDefault = 2;
/** So many inventories in a row may fail before the reader counts as away. */
export const failedInventoriesMax = 2;
/** A port or socket that takes longer to open will not. */
export const openTimeoutMs = 10_000;

const emptyField: Field = { tags: [], tooMany: false };

export interface PolledReaderOptions {
  readonly open: OpenByteStream;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  /** Made anew for each opening. */
  readonly protocol: () => ReaderProtocol;
  readonly scheme: SecurityScheme;
  readonly pollMs?: number;
  readonly stillInventories?: number;
}

/**
 * A reader that is asked, over and over, what lies before it. It may be unplugged, switched off, replaced and plugged in again at
 * any time; each way in which it can be away is a status, and it comes back by itself.
 */
export class PolledRfidReader implements RfidReader {
  readonly #options: PolledReaderOptions;
  readonly #queue = new CommandQueue();
  readonly #tracker: FieldTracker;
  #events: RfidReaderEvents | undefined;
  #stream: ByteStream | undefined;
  #runner: ScriptRunner | undefined;
  #status: RfidReaderStatus | undefined;
  #told: Field = emptyField;
  /** Commands that were taken from the queue and not replied to. */
  readonly #underWay = new Set<TagCommand>();
  #failures = 0;
  #cancelTimer: CancelTimer = () => undefined;

  constructor(options: PolledReaderOptions) {
    this.#options = options;
    const { scheme, stillInventories = stillInventoriesDefault } = options;
    this.#tracker = new FieldTracker({ scheme, stillInventories });
  }

  start(events: RfidReaderEvents): void {
    if (this.#events !== undefined) throw new Error('the reader was started before');
    this.#events = events;
    this.#open();
  }

  stop(): void {
    this.#events = undefined;
    this.#cancelTimer();
    this.#queue.takeAll();
    this.#underWay.clear();
    this.#drop();
  }

  setSecurity(uid: TagUid, secured: boolean, reply: (outcome: TagOutcome) => void): void {
    this.#command((once) => ({ do: 'setSecurity', uid, secured, reply: once }), reply);
  }

  write(uid: TagUid, blocks: BlockWrite, reply: (outcome: TagOutcome) => void): void {
    const copy = { ...blocks, data: Uint8Array.from(blocks.data) };
    this.#command((once) => ({ do: 'write', uid, blocks: copy, reply: once }), reply);
  }

  #command(
    make: (reply: (outcome: TagOutcome) => void) => TagCommand,
    reply: (outcome: TagOutcome) => void,
  ): void {
    const command = make((outcome) => {
      this.#underWay.delete(command);
      if (this.#events !== undefined) reply(outcome);
    });
    if (this.#runner === undefined) return this.#refuse(command, { kind: 'offline' });
    if (!this.#queue.push(command)) return this.#refuse(command, { kind: 'busy' });
    this.#runner.wake();
  }

  /** Never from within the call that asks. */
  #refuse(command: TagCommand, why: TagFailure): void {
    this.#options.clock.after(0, () => command.reply({ kind: 'failed', why }));
  }

  #open(): void {
    const { clock, open } = this.#options;
    this.#cancelTimer = clock.after(openTimeoutMs, () => this.#closed('it does not open'));
    this.#stream = open({
      opened: () => this.#opened(),
      bytes: (chunk) => this.#runner?.bytes(chunk),
      closed: (reason) => this.#closed(reason),
    });
  }

  #opened(): void {
    const { clock, scheme } = this.#options;
    this.#cancelTimer();
    const stream = this.#stream;
    if (stream === undefined) return;
    const protocol = this.#options.protocol();
    const work = new TagWork({ protocol, tracker: this.#tracker, scheme });
    const runner = new ScriptRunner({
      clock,
      splitter: protocol.splitter,
      write: (bytes) => stream.write(bytes),
    });
    this.#runner = runner;
    // What the reader was found to be stays said until it is found to be otherwise.
    if (this.#status === undefined || this.#status.state === 'offline') this.#tell({ state: 'starting' });
    if (this.#runner !== runner) return;
    runner.run(this.#life(protocol, work), () => this.#ended());
  }

  /** From the opening on until the reader proves to be away. */
  *#life(protocol: ReaderProtocol, work: TagWork): Script<void> {
    const started = yield* protocol.start();
    if (!started.ok) return this.#tell(statusOf(started.error));
    this.#failures = 0;
    this.#tell({ state: 'ready', words: started.value });
    let failed = 0;
    while (failed < failedInventoriesMax) {
      yield* this.#commands(work);
      const seen = yield* work.inventory();
      if (seen.ok) {
        failed = 0;
        this.#tellField();
        yield* this.#readNew(work);
      } else {
        failed += 1;
        if (failed === failedInventoriesMax) return this.#tell(statusOf(seen.error));
      }
      if (this.#queue.empty) yield* idle(this.#pauseMs());
    }
  }

  *#commands(work: TagWork): Script<void> {
    for (let next = this.#queue.take(); next !== undefined; next = this.#queue.take()) {
      if ('do' in next) {
        this.#underWay.add(next);
        yield* work.write(next);
      } else {
        for (const command of next) this.#underWay.add(command);
        yield* work.setSecurity(next);
      }
      this.#tellField();
    }
  }

  /** Commands go before the reading of further tags. */
  *#readNew(work: TagWork): Script<void> {
    for (const tag of this.#tracker.unread()) {
      yield* this.#commands(work);
      yield* work.read(tag);
      this.#tellField();
    }
    for (const tag of this.#tracker.unmarked()) yield* work.readMarks(tag);
    this.#tellField();
  }

  #pauseMs(): number {
    const { pollMs = pollMsDefault } = this.#options;
    return this.#tracker.unsettled ? Math.min(unsettledPollMs, pollMs) : pollMs;
  }

  /** The reader is there no more, or is none; the port is opened anew, for it may be the port. */
  #ended(): void {
    this.#again();
  }

  #closed(reason: string): void {
    if (this.#events === undefined) return;
    this.#tell({ state: 'offline', reason });
    this.#again();
  }

  #again(): void {
    if (this.#events === undefined) return;
    this.#cancelTimer();
    this.#drop();
    this.#tracker.clear();
    const delayMs = reopenDelayMs(this.#failures);
    this.#failures += 1;
    this.#cancelTimer = this.#options.clock.after(delayMs, () => this.#open());
    const lost = [...this.#underWay, ...this.#queue.takeAll()];
    this.#underWay.clear();
    for (const command of lost) command.reply({ kind: 'failed', why: { kind: 'offline' } });
    this.#tellField();
  }

  #drop(): void {
    this.#runner?.stop();
    this.#runner = undefined;
    this.#stream?.close();
    this.#stream = undefined;
  }

  #tell(status: RfidReaderStatus): void {
    const before = this.#status;
    if (before !== undefined && sameStatus(before, status)) return;
    this.#status = status;
    const { log, path } = this.#options;
    const level = status.state === 'ready' || status.state === 'starting' ? 'info' : 'warning';
    log.write(level, 'rfid.state', { path, state: status.state, reason: reasonOf(status) });
    this.#events?.onStatus(status);
  }

  #tellField(): void {
    const field = this.#tracker.field();
    if (sameField(field, this.#told)) return;
    this.#told = field;
    this.#events?.onField(field);
  }
}

function statusOf(failure: StartFailure): RfidReaderStatus {
  switch (failure.kind) {
    case 'unfit':
      return { state: 'unfit', reason: failure.reason };
    case 'noAnswer':
    case 'offline':
      return { state: 'silent' };
    case 'badFrame':
      return { state: 'faulty', reason: `its frames are damaged (${failure.why})` };
    case 'rejected':
      return { state: 'faulty', reason: `it refuses with ${failure.code}` };
    default:
      return { state: 'faulty', reason: `it answers otherwise than asked (${failure.kind})` };
  }
}

function reasonOf(status: RfidReaderStatus): string | undefined {
  if ('reason' in status) return status.reason;
  return 'words' in status ? status.words : undefined;
}

function sameStatus(a: RfidReaderStatus, b: RfidReaderStatus): boolean {
  return a.state === b.state && reasonOf(a) === reasonOf(b);
}
