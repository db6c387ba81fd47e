import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('bare-station.ts', import.meta.url));
const waitMsMax = 10_000;

/** One barcode through the bare process, in milliseconds. */
export interface BareRound {
  readonly toWireMs: number;
  readonly toViewMs: number;
}

/** One checkout of the bare client with the journal’s commits before and after it, in milliseconds. */
export interface BareExchange {
  readonly exchangeMs: number;
  readonly allMs: number;
}

export interface BareOptions {
  readonly tty: string;
  readonly acsPort: number;
  /** Of its journal; it is there. */
  readonly directory: string;
  readonly socketPath: string;
}

/** The floor, driven and timed by the same means as the station. */
export class BareUnderTest {
  readonly #child: ChildProcess;
  readonly #server: Server;
  readonly #lines: Socket;
  readonly #watcher: Socket;

  private constructor(child: ChildProcess, server: Server, lines: Socket, watcher: Socket) {
    this.#child = child;
    this.#server = server;
    this.#lines = lines;
    this.#watcher = watcher;
  }

  static async start({ tty, acsPort, directory, socketPath }: BareOptions): Promise<BareUnderTest> {
    const server = createServer({ noDelay: true });
    const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const child = spawn(
      process.execPath,
      [program, tty, String(port), String(acsPort), directory, socketPath],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const [lines] = await Promise.all([
      connected,
      new Promise((resolve, reject) => {
        child.stdout?.once('data', resolve);
        child.once('exit', (code) => reject(new Error(`the bare process ended (${code})`)));
      }),
    ]);
    const watcher = await new Promise<Socket>((resolve, reject) => {
      const made = connect({ path: socketPath }, () => resolve(made));
      made.once('error', reject);
    });
    return new BareUnderTest(child, server, lines, watcher);
  }

  /** `scan` writes a barcode to the tty; the view has as many bytes as the station’s had. */
  async round(scan: () => number, reply: string, viewBytes: number): Promise<BareRound> {
    const onWire = lineOn(this.#lines);
    const scannedAt = scan();
    const wire = await onWire;
    const onSocket = lineOn(this.#watcher);
    const repliedAt = performance.now();
    this.#lines.write(`${viewBytes} ${reply}\n`);
    const view = await onSocket;
    if (view.bytes !== viewBytes) throw new Error(`a view of ${view.bytes} bytes, not ${viewBytes}`);
    return { toWireMs: wire.at - scannedAt, toViewMs: view.at - repliedAt };
  }

  async exchange(): Promise<BareExchange> {
    const answer = lineOn(this.#watcher);
    this.#watcher.write('exchange\n');
    return JSON.parse((await answer).text) as BareExchange;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#watcher.destroy();
    this.#lines.destroy();
    this.#server.close();
    this.#child.stdin?.end();
    await gone;
  }
}

/** The next line of a socket that says one at a time, and when its last byte was there. */
function lineOn(
  socket: Socket,
): Promise<{ readonly at: number; readonly bytes: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => reject(new Error('the bare process says nothing')), waitMsMax);
    const hear = (chunk: Buffer): void => {
      const at = performance.now();
      chunks.push(chunk);
      if (chunk[chunk.length - 1] !== 0x0a) return;
      clearTimeout(timer);
      socket.off('data', hear);
      const all = Buffer.concat(chunks);
      resolve({ at, bytes: all.length, text: all.toString('latin1') });
    };
    socket.on('data', hear);
  });
}
