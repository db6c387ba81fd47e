import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { err, type Result } from '../../kernel/result.ts';
import { KeptOpen } from '../kept-open.ts';
import { ScriptRunner } from '../wire/runner.ts';
import { pause, type Script } from '../wire/script.ts';
import type { CardReader, CardReaderEvents, CardReaderStatus } from './card-reader.ts';
import { uidText, type UidForm } from './card-uid.ts';
import { isRandom, readSearchTag, searchTag, twn4Splitter, type Twn4Tag } from './twn4-wire.ts';

/** Between two looks for a card. */
export const lookEveryMs = 200;
/** How long an answer may take; the reader looks for up to a quarter of it. */
export const twn4TimeoutMs = 1_000;
/** So many looks in a row that find no card mean that it was taken: a single one misses. */
export const missesForGone = 2;
/** So many looks in a row without a good answer mean that the reader is not well. */
export const failuresForAway = 3;

const noTwn4: CardReaderStatus = { state: 'faulty', reason: 'what it answers is no TWN4’s simple protocol' };

export interface Twn4CardReaderOptions {
  readonly open: OpenByteStream;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  readonly form: UidForm;
  readonly lookEveryMs?: number;
}

/** A contactless reader Elatec TWN4 with its simple protocol, which is asked over and over whether a card is there. */
export class Twn4CardReader implements CardReader {
  readonly name: string;
  readonly #options: Twn4CardReaderOptions;
  readonly #port: KeptOpen<ByteStream>;
  #events: CardReaderEvents | undefined;
  #runner: ScriptRunner | undefined;
  #state: CardReaderStatus['state'] | undefined;
  /** The card that lies there, as text. */
  #card: string | undefined;
  #misses = 0;
  /** What one look has found and the next has to find as well: an answer has no checksum. */
  #unconfirmed: string | undefined;

  constructor(options: Twn4CardReaderOptions) {
    const { open, clock, log, path } = options;
    this.name = path;
    this.#options = options;
    this.#port = new KeptOpen({
      clock,
      log,
      path,
      name: 'cardReader',
      open: (events) => open({ ...events, bytes: (chunk) => this.#runner?.bytes(chunk) }),
    });
  }

  start(events: CardReaderEvents): void {
    this.#port.start({
      onOpened: () => this.#opened(),
      onLost: (reason) => {
        this.#runner?.stop();
        this.#runner = undefined;
        this.#state = undefined;
        this.#gone();
        this.#tell({ state: 'offline', reason });
      },
    });
    this.#events = events;
  }

  stop(): void {
    this.#events = undefined;
    this.#runner?.stop();
    this.#runner = undefined;
    this.#port.stop();
  }

  #opened(): void {
    const stream = this.#port.link;
    if (stream === undefined) return;
    this.#runner = new ScriptRunner({
      clock: this.#options.clock,
      splitter: twn4Splitter(),
      write: (bytes) => stream.write(bytes),
    });
    this.#runner.run(this.#life(), () => undefined);
  }

  *#life(): Script<void> {
    let failures = 0;
    for (;;) {
      const looked = yield* this.#look();
      failures = looked.ok ? 0 : failures + 1;
      if (looked.ok) {
        this.#tell({ state: 'ready' });
        this.#found(looked.value);
      } else if (failures >= failuresForAway) {
        this.#gone();
        this.#tell(looked.error);
      }
      yield* pause(this.#unconfirmed === undefined ? (this.#options.lookEveryMs ?? lookEveryMs) : 0);
    }
  }

  /** One look: the card that lies there, or what is wrong with the reader. */
  *#look(): Script<Result<Twn4Tag | undefined, CardReaderStatus>> {
    const answer = yield {
      do: 'ask',
      frame: searchTag,
      timeoutMs: twn4TimeoutMs,
      gapMs: 0,
      accepts: () => true,
      skipsOthers: false,
    };
    if (!answer.ok) return err(answer.error.kind === 'noAnswer' ? { state: 'silent' } : noTwn4);
    const tag = readSearchTag(answer.value);
    if (tag.ok) return tag;
    return err(
      tag.error.kind === 'rejected'
        ? { state: 'faulty', reason: `it refuses with ${tag.error.code}` }
        : noTwn4,
    );
  }

  #found(tag: Twn4Tag | undefined): void {
    const before = this.#unconfirmed;
    this.#unconfirmed = undefined;
    if (tag === undefined) {
      this.#misses += 1;
      if (this.#misses >= missesForGone) this.#gone();
      return;
    }
    this.#misses = 0;
    const text = isRandom(tag) ? 'random' : uidText(tag.uid, this.#options.form);
    tag.uid.fill(0);
    if (text === this.#card) return;
    if (text !== before) {
      this.#unconfirmed = text;
      return;
    }
    const came = this.#card === undefined;
    this.#card = text;
    if (came) this.#events?.onPresence(true);
    this.#events?.onCard(
      text === 'random' ? { kind: 'unreadable', why: 'randomUid' } : { kind: 'card', text },
    );
  }

  #gone(): void {
    this.#misses = 0;
    this.#unconfirmed = undefined;
    if (this.#card === undefined) return;
    this.#card = undefined;
    this.#events?.onPresence(false);
  }

  #tell(status: CardReaderStatus): void {
    if (status.state === this.#state && status.state !== 'offline') return;
    this.#state = status.state;
    const { log, path } = this.#options;
    if (status.state === 'silent' || status.state === 'faulty') {
      log.write('warning', 'cardReader.away', { path, state: status.state });
    }
    this.#events?.onStatus(status);
  }
}
