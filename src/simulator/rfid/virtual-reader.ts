import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ByteStream } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import { openSerial } from '../../devices/serial.ts';
import { PtyPair } from '../pty.ts';
import type { ReaderEmulator } from './emulator.ts';

export interface VirtualReaderOptions {
  readonly emulator: ReaderEmulator;
  readonly clock: Clock;
  /** Bits per second, eleven for each byte; undefined: the line takes no time, only the reader’s work does. */
  readonly baudRate?: number;
}

/** A reader outside the station’s process, behind a port that a real driver opens; steered from outside. */
export interface VirtualReader {
  /** The cable is pulled, or the network of the reader goes away. */
  unplug(): Promise<void>;
  /** It is plugged in again under the same name, and begins anew. */
  replug(): Promise<void>;
  readonly plugged: boolean;
  close(): Promise<void>;
}

const bitsPerByte = 11;

/** Hands the host’s bytes to the emulator, and its replies back when they are due. */
function answering(
  options: VirtualReaderOptions,
  write: (bytes: Uint8Array) => void,
): (chunk: Uint8Array) => void {
  const { emulator, clock, baudRate } = options;
  const lineMs = (bytes: number) => (baudRate === undefined ? 0 : (bytes * bitsPerByte * 1_000) / baudRate);
  return (chunk) => {
    for (const { bytes, workMs } of emulator.onBytes(chunk, clock.monotonic())) {
      clock.after(workMs + lineMs(bytes.length), () => write(bytes));
    }
  };
}

/** A virtual reader on a terminal, for the serial driver. */
export class PtyReader implements VirtualReader {
  readonly #options: VirtualReaderOptions;
  readonly #pair: PtyPair;
  #line: ByteStream | undefined;

  private constructor(pair: PtyPair, options: VirtualReaderOptions) {
    this.#pair = pair;
    this.#options = options;
  }

  /** Fails where no pair of terminals can be made. */
  static async create(options: VirtualReaderOptions): Promise<PtyReader> {
    const reader = new PtyReader(await PtyPair.create(), options);
    await reader.#listen();
    return reader;
  }

  /** The port for the driver. */
  get path(): string {
    return this.#pair.devicePath;
  }

  get plugged(): boolean {
    return this.#pair.plugged;
  }

  async unplug(): Promise<void> {
    this.#line?.close();
    this.#line = undefined;
    await this.#pair.unplug();
  }

  async replug(): Promise<void> {
    if (this.#pair.plugged) return;
    await this.#pair.replug();
    this.#options.emulator.powerCycle();
    await this.#listen();
  }

  async close(): Promise<void> {
    this.#line?.close();
    this.#line = undefined;
    await this.#pair.close();
  }

  /** Ends when the reader hears. */
  #listen(): Promise<void> {
    const answer = answering(this.#options, (bytes) => this.#line?.write(bytes));
    const open = openSerial({
      path: this.#pair.emulatorPath,
      baudRate: 115_200,
      dataBits: 8,
      parity: 'none',
      stopBits: 1,
    });
    return new Promise((resolve, reject) => {
      this.#line = open({
        opened: () => resolve(),
        bytes: answer,
        closed: (reason) => reject(new Error(`the virtual reader cannot hear: ${reason}`)),
      });
    });
  }
}

/** A virtual reader on this machine’s own network, for readers with an Ethernet port. */
export class TcpReader implements VirtualReader {
  readonly #options: VirtualReaderOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(options: VirtualReaderOptions) {
    this.#options = options;
  }

  static async create(options: VirtualReaderOptions): Promise<TcpReader> {
    const reader = new TcpReader(options);
    await reader.replug();
    return reader;
  }

  get port(): number {
    return this.#port;
  }

  get plugged(): boolean {
    return this.#server !== undefined;
  }

  async unplug(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  async replug(): Promise<void> {
    if (this.#server !== undefined) return;
    this.#options.emulator.powerCycle();
    const server = createServer((socket) => this.#connected(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return this.unplug();
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    const answer = answering(this.#options, (bytes) => {
      if (socket.writable) socket.write(bytes);
    });
    socket.on('data', (chunk: Buffer) => answer(chunk));
  }
}
