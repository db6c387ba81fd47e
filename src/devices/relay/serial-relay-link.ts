import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { LinkEvents } from '../kept-open.ts';
import { ScriptRunner } from '../wire/runner.ts';
import type { Script } from '../wire/script.ts';
import { encodeLcus } from './lcus-wire.ts';
import { modbusAsk, modbusSplitter, readCoilsAnswer, readWritten } from './modbus-wire.ts';
import { relayChannelsMax } from './relay-board.ts';
import type { OpenRelay, RelayFailure, RelayLink } from './relay-link.ts';

/** 3.5 characters of silence before a frame (Modbus over serial line 1.02, 2.5.1.1), at 9600 baud. */
const modbusGapMs = 4;
export const modbusTimeoutMs = 500;

/** A board that is told by bytes and never answers. */
export function lcusRelay(open: OpenByteStream, clock: Clock): OpenRelay {
  return (events) => {
    const stream = open({ ...events, bytes: () => undefined });
    return {
      set: (channel, on, reply) => {
        const sent = stream.write(encodeLcus(channel, on));
        clock.after(0, () => reply(sent ? ok(undefined) : err({ kind: 'failed', reason: 'not open' })));
      },
      allOff: (channels) => {
        for (const channel of channels) stream.write(encodeLcus(channel, false));
      },
      close: () => stream.close(),
    };
  };
}

/** A board that speaks Modbus RTU. */
export function modbusRelay(open: OpenByteStream, clock: Clock, address: number): OpenRelay {
  return (events) => new ModbusRelayLink(open, clock, address, events);
}

class ModbusRelayLink implements RelayLink {
  readonly #stream: ByteStream;
  readonly #runner: ScriptRunner;
  readonly #address: number;

  constructor(open: OpenByteStream, clock: Clock, address: number, events: LinkEvents) {
    this.#address = address;
    this.#stream = open({ ...events, bytes: (chunk) => this.#runner.bytes(chunk) });
    this.#runner = new ScriptRunner({
      clock,
      splitter: modbusSplitter(address),
      write: (bytes) => this.#stream.write(bytes),
    });
  }

  set(channel: number, on: boolean, reply: (done: Result<undefined, RelayFailure>) => void): void {
    const request = modbusAsk.writeCoil(this.#address, channel - 1, on);
    this.#exchange(request, (answer) => readWritten(answer, request), reply);
  }

  read(reply: (channels: Result<ReadonlySet<number>, RelayFailure>) => void): void {
    this.#exchange(
      modbusAsk.readCoils(this.#address, relayChannelsMax),
      (answer) => {
        const coils = readCoilsAnswer(answer, relayChannelsMax);
        return coils.ok ? ok(new Set([...coils.value].map((coil) => coil + 1))) : coils;
      },
      reply,
    );
  }

  allOff(): void {
    this.#runner.stop();
    this.#stream.write(modbusAsk.allOff(this.#address, relayChannelsMax));
  }

  close(): void {
    this.#runner.stop();
    this.#stream.close();
  }

  #exchange<T>(
    frame: Uint8Array,
    read: (answer: Uint8Array) => Result<T, RelayFailure>,
    reply: (result: Result<T, RelayFailure>) => void,
  ): void {
    let result: Result<T, RelayFailure> = err({ kind: 'noAnswer' });
    function* script(): Script<void> {
      const answer = yield {
        do: 'ask',
        frame,
        timeoutMs: modbusTimeoutMs,
        gapMs: modbusGapMs,
        accepts: () => true,
        skipsOthers: false,
      };
      if (answer.ok) result = read(answer.value);
      else if (answer.error.kind !== 'noAnswer') result = err({ kind: 'badAnswer' });
    }
    this.#runner.run(script(), () => reply(result));
  }
}
