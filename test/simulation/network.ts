import type { ByteStream, ByteStreamEvents } from '../../src/kernel/bytes.ts';
import { Sip2Session } from '../../src/simulator/acs/sip2-session.ts';
import type { AcsBehaviour } from '../../src/simulator/acs/behaviour.ts';
import type { Library } from '../../src/simulator/acs/library.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Stream } from './streams.ts';

/** How often the network fails, as probabilities for each message; drawn once for each seed. */
export interface NetworkFaults {
  readonly loseRequest: number;
  readonly loseReply: number;
  readonly garbleReply: number;
  /** The reply comes in pieces. */
  readonly split: number;
  readonly closeMidReply: number;
  /** The ACS takes the request only after the station has given up waiting. */
  readonly lateRequest: number;
}

export const noFaults: NetworkFaults = {
  loseRequest: 0,
  loseReply: 0,
  garbleReply: 0,
  split: 0,
  closeMidReply: 0,
  lateRequest: 0,
};

const latencyMsMin = 1;
const latencyMsMax = 40;
const refusedAfterMs = 3;
const callAgainMs = 1_000;

/** The way from the station to the ACS, with everything that can go wrong on it. */
export class Network {
  faults: NetworkFaults = noFaults;
  /** False: the ACS is away, connections are refused and open ones break. */
  up = true;
  /** Packets vanish on one way or both, and no connection breaks by itself. */
  cut: 'none' | 'toAcs' | 'fromAcs' | 'both' = 'none';
  /** Each request as it left the station. */
  onRequest: ((bytes: Uint8Array) => void) | undefined;
  /** How long the station waits for a reply; a late request takes up to `lateMsMax` longer than that. */
  readonly #patienceMs: number;
  readonly #lateMsMax: number;
  readonly #clock: VirtualClock;
  readonly #library: Library;
  readonly #behaviour: AcsBehaviour;
  readonly #chance: Stream;
  readonly #open = new Set<Connection>();
  /** Open ones and those that are being opened. */
  readonly #all = new Set<Connection>();

  constructor(parts: {
    clock: VirtualClock;
    library: Library;
    behaviour: AcsBehaviour;
    chance: Stream;
    patienceMs: number;
    lateMsMax: number;
  }) {
    this.#clock = parts.clock;
    this.#library = parts.library;
    this.#behaviour = parts.behaviour;
    this.#chance = parts.chance;
    this.#patienceMs = parts.patienceMs;
    this.#lateMsMax = parts.lateMsMax;
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
    connection.events.opened();
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
    if (this.#chance.chance(this.faults.loseRequest)) return true;
    const late = this.#chance.chance(this.faults.lateRequest);
    const delay = late
      ? this.#patienceMs + this.#chance.whole(1, Math.max(1, this.#lateMsMax))
      : this.#chance.whole(latencyMsMin, latencyMsMax);
    // What has left the machine arrives, though the station may have hung up meanwhile.
    this.#later(delay, () => this.#arrive(connection, copy));
    return true;
  }

  #arrive(connection: Connection, bytes: Uint8Array): void {
    if (!this.up) return;
    for (const reply of connection.session.receive(bytes, this.#clock.now())) this.#reply(connection, reply);
    if (connection.session.ended) this.#break(connection, 'closed by the ACS');
  }

  #reply(connection: Connection, reply: Uint8Array): void {
    const { loseReply, garbleReply, split, closeMidReply } = this.faults;
    if (this.cut === 'fromAcs' || this.cut === 'both' || this.#chance.chance(loseReply)) return;
    const delay = this.#chance.whole(latencyMsMin, latencyMsMax);
    if (this.#chance.chance(closeMidReply)) {
      const cut = this.#chance.whole(0, reply.length - 1);
      this.#later(delay, () => {
        this.#deliver(connection, reply.subarray(0, cut));
        this.#break(connection, 'connection reset');
      });
      return;
    }
    const bytes = this.#chance.chance(garbleReply) ? this.#garbled(reply) : reply;
    if (!this.#chance.chance(split)) return this.#later(delay, () => this.#deliver(connection, bytes));
    const cut = this.#chance.whole(1, bytes.length - 1);
    this.#later(delay, () => this.#deliver(connection, bytes.subarray(0, cut)));
    this.#later(delay + this.#chance.whole(1, 20), () => this.#deliver(connection, bytes.subarray(cut)));
  }

  #garbled(reply: Uint8Array): Uint8Array {
    const bytes = Uint8Array.from(reply);
    const at = this.#chance.whole(0, bytes.length - 2);
    bytes[at] = (bytes[at] ?? 0) ^ 0x15;
    return bytes;
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

interface Connection {
  readonly events: ByteStreamEvents;
  readonly session: Sip2Session;
  state: 'opening' | 'open' | 'closed';
}
