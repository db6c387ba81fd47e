import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { KeptOpen } from '../kept-open.ts';
import { ScriptRunner } from '../wire/runner.ts';
import { pause, type Script } from '../wire/script.ts';
import type { CardRead, CardReader, CardReaderEvents, CardReaderStatus } from './card-reader.ts';
import { isRandomUid, uidText, type UidForm } from './card-uid.ts';
import {
  askCard,
  askConnect,
  askContext,
  askDisconnect,
  askReaders,
  askVersion,
  getUid,
  PcscSplitter,
  pcscVersion,
  sharingViolation,
  uidIn,
  type PcscFailure,
  type PcscQuestion,
  type PcscReader,
} from './pcsc-wire.ts';

/** Between two looks for a card. */
export const lookEveryMs = 200;
/** How long the daemon may take for anything but a card. */
export const daemonTimeoutMs = 2_000;
/** How long a card may take; one that is mute holds up the daemon. */
export const cardTimeoutMs = 5_000;
/** So many tries to read one card that lies there; then it is told as unreadable. */
export const cardTriesMax = 3;

export interface PcscCardReaderOptions {
  /** The socket of the daemon. */
  readonly open: OpenByteStream;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  /** A part of the reader’s name; undefined: the first one that is plugged in. */
  readonly reader: string | undefined;
  readonly form: UidForm;
}

/** What one look at a card came to. */
type Looked =
  | CardRead
  /** It went while it was asked, or has to be asked again. */
  | { readonly kind: 'again' }
  | { readonly kind: 'taken' };

const again: Looked = { kind: 'again' };

/** Ends the life of this connection: the state that the reader is in until the next. */
type Away = Exclude<CardReaderStatus, { readonly state: 'ready' }>;

/**
 * A contactless reader behind pcscd, the PC/SC service of Linux: ACR122U, ACR1252, Omnikey 5022 and the like. The service is asked over and
 * over whether a card lies there; a card is asked for its identifier and for nothing else.
 */
export class PcscCardReader implements CardReader {
  readonly name: string;
  readonly #options: PcscCardReaderOptions;
  readonly #socket: KeptOpen<ByteStream>;
  #events: CardReaderEvents | undefined;
  #splitter = new PcscSplitter();
  #runner: ScriptRunner | undefined;
  #status: CardReaderStatus | undefined;
  #givingUp = false;
  #present = false;
  /** The coming that was dealt with, by the reader’s name and its count of changes. */
  #dealtWith: string | undefined;
  /** The coming that is being dealt with, and how often it was tried. */
  #trying = '';
  #tries = 0;

  constructor(options: PcscCardReaderOptions) {
    const { open, clock, log, path } = options;
    this.name = path;
    this.#options = options;
    this.#socket = new KeptOpen({
      clock,
      log,
      path,
      name: 'cardReader',
      open: (events) => open({ ...events, bytes: (chunk) => this.#runner?.bytes(chunk) }),
    });
  }

  start(events: CardReaderEvents): void {
    this.#socket.start({
      onOpened: () => this.#opened(),
      onLost: (reason) => {
        this.#drop();
        if (!this.#givingUp) this.#tell({ state: 'offline', reason });
      },
    });
    this.#events = events;
  }

  stop(): void {
    this.#events = undefined;
    this.#drop();
    this.#socket.stop();
  }

  #opened(): void {
    const stream = this.#socket.link;
    if (stream === undefined) return;
    this.#splitter = new PcscSplitter();
    this.#runner = new ScriptRunner({
      clock: this.#options.clock,
      splitter: this.#splitter,
      write: (bytes) => stream.write(bytes),
    });
    let away: Away = { state: 'silent' };
    const life = this.#life((status) => (away = status));
    this.#runner.run(life, () => this.#giveUp(away));
  }

  #giveUp(away: Away): void {
    this.#drop();
    this.#tell(away);
    this.#givingUp = true;
    this.#socket.giveUp('reason' in away ? away.reason : away.state);
    this.#givingUp = false;
  }

  #drop(): void {
    this.#runner?.stop();
    this.#runner = undefined;
    this.#gone();
  }

  /** From the opening of the socket until nothing more can be done on it. */
  *#life(end: (away: Away) => void): Script<void> {
    const started = yield* this.#begin();
    if (!started.ok) return end(started.error);
    for (;;) {
      const readers = yield* this.#ask(askReaders(), daemonTimeoutMs);
      if (!readers.ok) return end(awayBy(readers.error));
      this.#socket.well();
      const looked = yield* this.#lookAt(this.#chosen(readers.value), started.value);
      if (!looked.ok) return end(awayBy(looked.error));
      yield* pause(lookEveryMs);
    }
  }

  /** Agrees on a version, and gets the context. */
  *#begin(): Script<Result<number, Away>> {
    let version = yield* this.#ask(askVersion(pcscVersion.minor), daemonTimeoutMs);
    if (version.ok && !version.value.accepted && version.value.major === pcscVersion.major) {
      version = yield* this.#ask(askVersion(version.value.minor), daemonTimeoutMs);
    }
    if (!version.ok) return err(awayBy(version.error));
    const { major, minor, accepted } = version.value;
    if (!accepted) return err({ state: 'faulty', reason: `pcscd speaks version ${major}.${minor}` });
    const context = yield* this.#ask(askContext(), daemonTimeoutMs);
    return context.ok ? context : err(awayBy(context.error));
  }

  #chosen(readers: readonly PcscReader[]): PcscReader | undefined {
    const { reader } = this.#options;
    return readers.find(({ name }) => reader === undefined || name.includes(reader));
  }

  /** Fails only where the connection is of no more use. */
  *#lookAt(reader: PcscReader | undefined, context: number): Script<Result<undefined, Lost>> {
    if (reader === undefined) {
      this.#gone();
      this.#tell({ state: 'offline', reason: 'pcscd has no such reader' });
      return ok(undefined);
    }
    const coming = `${reader.changes} ${reader.name}`;
    if (coming !== this.#dealtWith) this.#gone();
    if (coming !== this.#trying) this.#tries = 0;
    this.#trying = coming;
    if (!reader.cardIsThere || coming === this.#dealtWith) {
      if (this.#status?.state !== 'ready') this.#tell({ state: 'ready' });
      return ok(undefined);
    }
    // A card that held up the service each time is not asked again.
    const looked = this.#tries < cardTriesMax ? yield* this.#readCard(context, reader.name) : ok(again);
    if (!looked.ok) {
      this.#tries += 1;
      return looked;
    }
    this.#found(looked.value, coming);
    return ok(undefined);
  }

  #found(looked: Looked, coming: string): void {
    if (looked.kind === 'taken') {
      return this.#tell({ state: 'faulty', reason: 'another program has it for itself' });
    }
    this.#tell({ state: 'ready' });
    if (looked.kind === 'again') {
      this.#tries += 1;
      if (this.#tries < cardTriesMax) return;
    }
    this.#dealtWith = coming;
    this.#present = true;
    this.#events?.onPresence(true);
    this.#events?.onCard(looked.kind === 'again' ? { kind: 'unreadable', why: 'badRead' } : looked);
  }

  *#readCard(context: number, reader: string): Script<Result<Looked, Lost>> {
    const card = yield* this.#ask(askConnect(context, reader), cardTimeoutMs);
    if (!card.ok) return lookedBy(card.error);
    const answer = yield* this.#ask(askCard(card.value, getUid), cardTimeoutMs);
    if (!answer.ok && answer.error.kind === 'lost') return err(answer.error);
    // Whatever it answered, the card is let go.
    const released = yield* this.#ask(askDisconnect(card.value.handle), cardTimeoutMs);
    if (!released.ok && released.error.kind === 'lost') return err(released.error);
    if (!answer.ok) return lookedBy(answer.error);
    const read = this.#cardIn(answer.value);
    answer.value.fill(0);
    return ok(read);
  }

  #cardIn(answer: Uint8Array): Looked {
    // A card that was taken away while it was asked has nothing to say.
    if (answer.length < 2) return again;
    const uid = uidIn(answer);
    if (uid === undefined) return { kind: 'unreadable', why: 'badReport' };
    if (isRandomUid(uid)) return { kind: 'unreadable', why: 'randomUid' };
    return { kind: 'card', text: uidText(uid, this.#options.form) };
  }

  *#ask<T>(question: PcscQuestion<T>, timeoutMs: number): Script<Result<T, PcscFailure | Lost>> {
    this.#splitter.expect(question);
    const answer = yield {
      do: 'ask',
      frame: question.frame,
      timeoutMs,
      gapMs: 0,
      accepts: () => true,
      skipsOthers: false,
    };
    if (!answer.ok) return err({ kind: 'lost' });
    const read = question.read(answer.value);
    answer.value.fill(0);
    return read;
  }

  #gone(): void {
    this.#dealtWith = undefined;
    if (!this.#present) return;
    this.#present = false;
    this.#events?.onPresence(false);
  }

  #tell(status: CardReaderStatus): void {
    const before = this.#status;
    if (before?.state === status.state && reasonOf(before) === reasonOf(status)) return;
    this.#status = status;
    const { log, path } = this.#options;
    if (status.state === 'silent' || status.state === 'faulty') {
      log.write('warning', 'cardReader.away', { path, state: status.state });
    }
    this.#events?.onStatus(status);
  }
}

/** No answer came in time, or none that is whole: what comes after it would answer something else. */
interface Lost {
  readonly kind: 'lost';
}

function awayBy(failure: PcscFailure | Lost): Away {
  if (failure.kind === 'lost') return { state: 'silent' };
  if (failure.kind === 'badAnswer') return { state: 'faulty', reason: 'its answers are damaged' };
  return { state: 'faulty', reason: `it refuses with ${failure.code.toString(16).toUpperCase()}` };
}

function lookedBy(failure: PcscFailure | Lost): Result<Looked, Lost> {
  if (failure.kind === 'lost') return err(failure);
  const isTaken = failure.kind === 'refused' && failure.code === sharingViolation;
  return ok({ kind: isTaken ? 'taken' : 'again' });
}

function reasonOf(status: CardReaderStatus): string | undefined {
  return 'reason' in status ? status.reason : undefined;
}
