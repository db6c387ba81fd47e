import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { LinkEvents } from '../kept-open.ts';
import { ScriptRunner } from '../wire/runner.ts';
import type { Script } from '../wire/script.ts';
import { encodeKmtronic, encodeKmtronicAsk, kmtronicSplitter, readKmtronic } from './kmtronic-wire.ts';
import type { OpenRelay, RelayFailure, RelayLink } from './relay-link.ts';

export const kmtronicTimeoutMs = 500;

/** A KMtronic board. @param channels those that are asked about; a board does not answer about channels that it has not */
export function kmtronicRelay(open: OpenByteStream, clock: Clock, channels: readonly number[]): OpenRelay {
  return (events) => new KmtronicRelayLink(open, clock, channels, events);
}

class KmtronicRelayLink implements RelayLink {
  readonly #stream: ByteStream;
  readonly #runner: ScriptRunner;
  readonly #channels: readonly number[];

  constructor(open: OpenByteStream, clock: Clock, channels: readonly number[], events: LinkEvents) {
    this.#channels = channels;
    this.#stream = open({ ...events, bytes: (chunk) => this.#runner.bytes(chunk) });
    this.#runner = new ScriptRunner({
      clock,
      splitter: kmtronicSplitter(),
      write: (bytes) => this.#stream.write(bytes),
    });
  }

  /** Switching is not answered, so the channel is asked about: that anyone answers is what counts here. */
  set(channel: number, on: boolean, reply: (done: Result<undefined, RelayFailure>) => void): void {
    this.#stream.write(encodeKmtronic(channel, on));
    this.#ask([channel], (state) => reply(state.ok ? ok(undefined) : state));
  }

  read(reply: (channels: Result<ReadonlySet<number>, RelayFailure>) => void): void {
    this.#ask(this.#channels, reply);
  }

  allOff(channels: readonly number[]): void {
    this.#runner.stop();
    for (const channel of channels) this.#stream.write(encodeKmtronic(channel, false));
  }

  close(): void {
    this.#runner.stop();
    this.#stream.close();
  }

  #ask(channels: readonly number[], reply: (on: Result<ReadonlySet<number>, RelayFailure>) => void): void {
    let result: Result<ReadonlySet<number>, RelayFailure> = ok(new Set<number>());
    function* script(): Script<void> {
      const on = new Set<number>();
      for (const channel of channels) {
        const answer = yield {
          do: 'ask',
          frame: encodeKmtronicAsk(channel),
          timeoutMs: kmtronicTimeoutMs,
          gapMs: 0,
          accepts: (frame) => readKmtronic(frame, channel) !== undefined,
          skipsOthers: false,
        };
        if (!answer.ok) {
          result = err({ kind: answer.error.kind === 'noAnswer' ? 'noAnswer' : 'badAnswer' });
          return;
        }
        if (readKmtronic(answer.value, channel) === true) on.add(channel);
      }
      result = ok(on);
    }
    // A board that answers each question late is given up on before its last answer.
    this.#runner.stop();
    this.#runner.run(script(), () => reply(result));
  }
}
