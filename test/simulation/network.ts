import type { ByteStream, ByteStreamEvents } from '../../src/kernel/bytes.ts';
import { Sip2Session } from '../../src/simulator/acs/sip2-session.ts';
import type { AcsBehaviour } from '../../src/simulator/acs/behaviour.ts';
import type { Library } from '../../src/simulator/acs/library.ts';
import { keepAsItIs } from '../../src/simulator/acs/make-believe.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Fates } from './fates.ts';
import { unreachable } from '../../src/kernel/assert.ts';

const refusedAfterMs = 3;
const callAgainMs = 1_000;

/** The way from the station to the ACS, with everything that can go wrong on it. */
export class Network {
  /** False: the ACS is away, connections are refused and open ones break. */
  up = true;
  /** Packets vanish on one way or both, and no connection breaks by itself. */
  cut: 'none' | 'toAcs' | 'fromAcs' | 'both' = 'none';
  /** A connection was opened. */
  onOpened: (() => void) | undefined;
  /** Each request as it left the station. */
  onRequest: ((bytes: Uint8Array) => void) | undefined;
  /** Each reply as it left the library system. */
  onReply: ((bytes: Uint8Array) => void) | undefined;
  readonly #clock: VirtualClock;
  readonly #library: Library;
  readonly #behaviour: AcsBehaviour;
  readonly #fates: Fates;
  readonly #open = new Set<Connection>();
  /** Open ones and those that are being opened. */
  readonly #all = new Set<Connection>();

  constructor(parts: { clock: VirtualClock; library: Library; behaviour: AcsBehaviour; fates: Fates }) {
    this.#clock = parts.clock;
    this.#library = parts.library;
    this.#behaviour = parts.behaviour;
    this.#fates = parts.fates;
  }

  connect(events: ByteStreamEvents): ByteStream {
    const connection: Connection = {
      events,
      state: 'opening',
      session: new Sip2Session(this.#library, this.#behaviour),
    };
    this.#all.add(connection);
    this.#later(refusedAfterMs, () => this.#answerCall(connection));
    return {
      write: (bytes) => this.#write(connection, bytes),
      close: () => {
        connection.state = 'closed';
        this.#forget(connection);
      },
    };
  }

  #answerCall(connection: Connection): void {
    if (connection.state !== 'opening') return;
    // Nobody answers and nobody refuses: the machine goes on calling.
    if (this.cut !== 'none') return this.#later(callAgainMs, () => this.#answerCall(connection));
    if (!this.up) {
      connection.state = 'closed';
      this.#all.delete(connection);
      return connection.events.closed('connection refused');
    }
    connection.state = 'open';
    this.#open.add(connection);
    this.onOpened?.();
    connection.events.opened();
  }

  /** Whether the ACS says yes to loans, returns and renewals and does nothing. */
  set lies(lies: boolean) {
    this.#behaviour.manners = lies ? { pretends: ['11', '09', '29', '65'] } : {};
  }

  /** Whether the ACS takes orders and tells how things stood when this began: a copy that it asks does not follow. */
  set lags(lags: boolean) {
    if (lags) keepAsItIs(this.#library);
    this.#behaviour.manners = lags ? { yesterday: true } : {};
  }

  /** The ACS goes: every connection breaks. */
  goDown(): void {
    this.up = false;
    for (const connection of [...this.#open]) this.#break(connection, 'connection reset');
  }

  /** The station died: nobody listens on its connections any more. What it had sent is still on its way. */
  stationDied(): void {
    for (const connection of this.#all) connection.state = 'closed';
    this.#all.clear();
    this.#open.clear();
  }

  #write(connection: Connection, bytes: Uint8Array): boolean {
    if (connection.state !== 'open') return false;
    const copy = Uint8Array.from(bytes);
    this.onRequest?.(copy);
    if (this.cut === 'toAcs' || this.cut === 'both') return true;
    const fate = this.#fates.of('request', copy);
    if (fate.is === 'lost') return true;
    // What has left the machine arrives, though the station may have hung up meanwhile.
    this.#later(fate.afterMs, () => this.#arrive(connection, copy));
    return true;
  }

  #arrive(connection: Connection, bytes: Uint8Array): void {
    if (!this.up) return;
    for (const reply of connection.session.receive(bytes, this.#clock.now())) this.#reply(connection, reply);
    if (connection.session.ended) this.#break(connection, 'closed by the ACS');
  }

  #reply(connection: Connection, reply: Uint8Array): void {
    this.onReply?.(reply);
    const fate = this.#fates.of('reply', reply);
    if (this.cut === 'fromAcs' || this.cut === 'both' || fate.is === 'lost') return;
    this.#later(fate.afterMs, () => {
      switch (fate.is) {
        case 'arrives':
          return this.#deliver(connection, reply);
        case 'garbled':
          return this.#deliver(connection, garbled(reply, fate.at));
        case 'cutOff':
          this.#deliver(connection, reply.subarray(0, fate.at));
          return this.#break(connection, 'connection reset');
        case 'split':
          this.#deliver(connection, reply.subarray(0, fate.at));
          return this.#later(fate.gapMs, () => this.#deliver(connection, reply.subarray(fate.at)));
        default:
          return unreachable(fate);
      }
    });
  }

  #deliver(connection: Connection, bytes: Uint8Array): void {
    if (connection.state === 'open' && bytes.length > 0) connection.events.bytes(bytes);
  }

  #break(connection: Connection, reason: string): void {
    if (connection.state !== 'open') return;
    connection.state = 'closed';
    this.#forget(connection);
    connection.events.closed(reason);
  }

  #forget(connection: Connection): void {
    this.#open.delete(connection);
    this.#all.delete(connection);
  }

  #later(delay: number, act: () => void): void {
    this.#clock.after(delay, act);
  }
}

function garbled(reply: Uint8Array, at: number): Uint8Array {
  const bytes = Uint8Array.from(reply);
  bytes[at] = (bytes[at] ?? 0) ^ 0x15;
  return bytes;
}

interface Connection {
  readonly events: ByteStreamEvents;
  readonly session: Sip2Session;
  state: 'opening' | 'open' | 'closed';
}
