import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Socket } from 'node:net';
import { stringify } from 'yaml';
import { startStation, type StationProcess } from '../../src/cli/station-process.ts';
import { LineReader } from '../../src/kernel/lines.ts';
import type { FrameFromStation, FrameToStation } from '../../src/shared/frames.ts';
import type { IntentAct } from '../../src/shared/intent.ts';
import { contractVersion, type View } from '../../src/shared/view.ts';

const waitMsMax = 10_000;
const frameBytesMax = 4_194_304;
const lastWordsChars = 2_000;

/** A view, when its last byte was there, and how long its line was. */
export interface SeenView {
  readonly view: View;
  readonly at: number;
  readonly bytes: number;
}

interface Wait {
  readonly worthReading: (line: Buffer) => boolean;
  readonly accept: (view: View) => boolean;
  readonly done: (seen: SeenView) => void;
}

/** Writes the configuration of a station in that folder and gives its name. */
export function writeConfig(
  directory: string,
  acsPort: number,
  tty: string,
  moreDevices: readonly Readonly<Record<string, unknown>>[] = [],
): string {
  const file = join(directory, 'station.yaml');
  const config = {
    configVersion: 1,
    library: { institutionId: 'BENCH', name: { en: 'Bench Library' } },
    acs: { host: '127.0.0.1', port: acsPort, login: { user: 'bench', password: 'bench' } },
    devices: [{ kind: 'barcode-scanner', driver: 'serial', path: tty, baudRate: 9600 }, ...moreDevices],
    identifiers: { card: [String.raw`2\d{13}`], item: [String.raw`3\d{13}`] },
    data: { directory: join(directory, 'data') },
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return file;
}

/** The real station in its own process, with the bench in the place of its page. */
export class StationUnderTest {
  readonly #process: StationProcess;
  readonly #socket: Socket;
  #latest: SeenView | undefined;
  #waits: Wait[] = [];
  #intents = 0;
  #ending = false;

  private constructor(process: StationProcess, socket: Socket, lastWords: () => string) {
    this.#process = process;
    this.#socket = socket;
    const reader = new LineReader(frameBytesMax);
    socket.on('data', (chunk: Buffer) => {
      const at = performance.now();
      for (const line of reader.push(chunk)) if (line !== 'tooLong') this.#line(line, at);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (!this.#ending) throw new Error(`the station ended: ${lastWords()}`);
    });
  }

  /** Starts it and begins to watch. */
  static async start(config: string): Promise<StationUnderTest> {
    let lastWords = '';
    const process = await startStation({
      config,
      onLog: (chunk) => {
        lastWords = (lastWords + chunk.toString('utf8')).slice(-lastWordsChars);
      },
    });
    const socket = await new Promise<Socket>((resolve, reject) => {
      const made = connect({ path: process.socket }, () => resolve(made));
      made.once('error', reject);
    });
    const station = new StationUnderTest(process, socket, () => lastWords);
    station.#send({ v: contractVersion, kind: 'watch' });
    return station;
  }

  act(act: IntentAct): void {
    this.#intents += 1;
    const epoch = this.#latest?.view.epoch ?? 0;
    this.#send({ v: contractVersion, kind: 'intent', intent: { id: `b${this.#intents}`, epoch, act } });
  }

  /**
   * The first view that is accepted, the present one among them. Views that `worthReading` turns away by their bytes are not
   * parsed, so that the bench’s own work does not count for the station’s.
   */
  until(
    what: string,
    accept: (view: View) => boolean,
    worthReading: (line: Buffer) => boolean = () => true,
  ): Promise<SeenView> {
    const latest = this.#latest;
    if (latest !== undefined && accept(latest.view)) return Promise.resolve(latest);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${what} did not come; there is ${JSON.stringify(this.#latest?.view.screen)}`));
      }, waitMsMax);
      const done = (seen: SeenView): void => {
        clearTimeout(timer);
        resolve(seen);
      };
      this.#waits.push({ worthReading, accept, done });
    });
  }

  async stop(): Promise<void> {
    this.#ending = true;
    this.#socket.destroy();
    await this.#process.stop();
  }

  #send(frame: FrameToStation): void {
    this.#socket.write(`${JSON.stringify(frame)}\n`);
  }

  #line(line: Buffer, at: number): void {
    if (this.#waits.length > 0 && !this.#waits.some(({ worthReading }) => worthReading(line))) return;
    const frame = JSON.parse(line.toString('utf8')) as FrameFromStation;
    if (frame.kind !== 'view') return;
    const seen: SeenView = { view: frame.view, at, bytes: line.length + 1 };
    this.#latest = seen;
    const [met, still] = [[] as Wait[], [] as Wait[]];
    for (const wait of this.#waits) (wait.accept(seen.view) ? met : still).push(wait);
    this.#waits = still;
    for (const wait of met) wait.done(seen);
  }
}

/** Home, online, and lending: a card would be served. */
export function isReadyForCard({ status, screen }: View): boolean {
  return (
    status.mode === 'online' &&
    screen.name === 'home' &&
    screen.services.some(({ service, available }) => service === 'borrow' && available)
  );
}
