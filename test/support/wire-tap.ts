import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Who sent a line. */
export type Sender = 'station' | 'acs';

export interface TappedLine {
  readonly from: Sender;
  readonly text: string;
}

interface Connection {
  readonly station: Socket;
  readonly acs: Socket;
  readonly pending: Readonly<Record<Sender, Buffer[]>>;
}

const carriageReturn = 0x0d;

/**
 * Stands between the station and its ACS on TCP, writes down every line of either, and keeps chosen ones from arriving.
 * What is held is never delivered: it is what was under way when the other end died.
 */
export class WireTap {
  readonly lines: TappedLine[] = [];
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #holding = new Set<string>();
  readonly #holdingNext = new Set<string>();
  readonly #target: { host: string; port: number };

  private constructor(server: Server, target: { host: string; port: number }) {
    this.#server = server;
    this.#target = target;
  }

  static async start(target: { host: string; port: number }): Promise<WireTap> {
    const server = createServer((socket) => tap.#connected(socket));
    const tap = new WireTap(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return tap;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the tap does not listen');
    return address.port;
  }

  /** From now on messages of these codes are written down and go no further. */
  hold(...codes: readonly string[]): void {
    for (const code of codes) this.#holding.add(code);
  }

  /** The same for the next message of this code alone. */
  holdNext(code: string): void {
    this.#holdingNext.add(code);
  }

  /** New messages pass again. Those that were held stay lost. */
  release(): void {
    this.#holding.clear();
    this.#holdingNext.clear();
  }

  /** The lines of one end that begin with this code. */
  of(code: string): readonly string[] {
    return this.lines.filter(({ text }) => text.startsWith(code)).map(({ text }) => text);
  }

  async close(): Promise<void> {
    for (const { station, acs } of this.#connections) {
      station.destroy();
      acs.destroy();
    }
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #connected(station: Socket): void {
    const acs = connect(this.#target.port, this.#target.host);
    const connection: Connection = { station, acs, pending: { station: [], acs: [] } };
    this.#connections.add(connection);
    for (const [socket, other, from] of [
      [station, acs, 'station'],
      [acs, station, 'acs'],
    ] as const) {
      socket.setNoDelay(true);
      // The beginning of a message that was broken off arrives too.
      socket.on('end', () => other.end(Buffer.concat(connection.pending[from].splice(0))));
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        other.end();
        this.#connections.delete(connection);
      });
    }
    station.on('data', (chunk: Buffer) => this.#pass('station', connection, chunk));
    acs.on('data', (chunk: Buffer) => this.#pass('acs', connection, chunk));
  }

  /** Lines are passed on whole, so that one can be held; a rest waits for its end. */
  #pass(from: Sender, connection: Connection, chunk: Buffer): void {
    let rest = Buffer.concat([...connection.pending[from].splice(0), chunk]);
    for (let end = rest.indexOf(carriageReturn); end !== -1; end = rest.indexOf(carriageReturn)) {
      const line = rest.subarray(0, end + 1);
      rest = rest.subarray(end + 1);
      const text = line.toString('utf8').trim();
      this.lines.push({ from, text });
      const code = text.slice(0, 2);
      if (this.#holding.has(code) || this.#holdingNext.delete(code)) continue;
      (from === 'station' ? connection.acs : connection.station).write(line);
    }
    if (rest.length > 0) connection.pending[from].push(rest);
  }
}
