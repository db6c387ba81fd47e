import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { askStation } from '../../src/cli/ask-station.ts';
import { startStation, type StationProcess } from '../../src/cli/station-process.ts';
import { LineReader } from '../../src/kernel/lines.ts';
import type { FrameFromStation, FrameToStation } from '../../src/shared/frames.ts';
import type { IntentAct } from '../../src/shared/intent.ts';
import { contractVersion, type View } from '../../src/shared/view.ts';
import { openLocalSocket } from '../../src/station/socket-connect.ts';
import { eventually } from './wait.ts';

/** A loaded machine is slow, and an outage ends after half a minute at most. */
const waitMsMax = 90_000;
const frameBytesMax = 4_194_304;

/**
 * A whole station in a process of its own, and the test in the place of its page: views come, intents go, and the scanner is
 * one that types. No browser.
 */
export class StationDesk {
  readonly #folder: string;
  readonly #process: StationProcess;
  readonly #socket: Socket;
  readonly #log: { text: string };
  #view: View | undefined;
  #intents = 0;

  private constructor(folder: string, process: StationProcess, socket: Socket, log: { text: string }) {
    this.#folder = folder;
    this.#process = process;
    this.#socket = socket;
    this.#log = log;
    const reader = new LineReader(frameBytesMax);
    socket.on('data', (chunk: Buffer) => {
      for (const line of reader.push(chunk)) {
        if (line === 'tooLong') continue;
        const frame = JSON.parse(line.toString('utf8')) as FrameFromStation;
        if (frame.kind === 'view') this.#view = frame.view;
      }
    });
    socket.on('error', () => undefined);
  }

  /** @param acs the section `acs` of the configuration */
  static async start(
    acs: Readonly<Record<string, unknown>>,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<StationDesk> {
    const folder = mkdtempSync(join(tmpdir(), 'omatoimi-desk-'));
    const log = { text: '' };
    const file = join(folder, 'station.yaml');
    const config = {
      configVersion: 1,
      library: { institutionId: 'KEKSILA', name: { en: 'Test Library' }, languages: ['en'] },
      acs,
      devices: [{ kind: 'barcode-scanner', driver: 'wedge' }],
      // Nobody reads the last screen, and nobody goes away because the machine is slow.
      session: { idleSeconds: 600, finishedSeconds: 2 },
      data: { directory: join(folder, 'data') },
      ...more,
    };
    writeFileSync(file, stringify(config), { mode: 0o600 });
    try {
      const process = await startStation({
        config: file,
        onLog: (chunk) => (log.text += chunk.toString('utf8')),
      });
      const socket = connect(process.socket);
      const desk = new StationDesk(folder, process, socket, log);
      desk.#send({ v: contractVersion, kind: 'watch' });
      return desk;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The technical log so far. */
  get log(): string {
    return this.#log.text;
  }

  /** Waits until the log has it: it comes another way than the views do. */
  async logged(words: RegExp, what = String(words)): Promise<void> {
    await eventually(`the log tells of ${what}`, () => words.test(this.log), waitMsMax);
  }

  /** What `omatoimi status` is told. */
  async status(): Promise<Record<string, unknown>> {
    const answer = await askStation(openLocalSocket(this.#process.socket), 'status');
    if (!answer.ok) throw new Error('the station does not answer');
    return answer.value as Record<string, unknown>;
  }

  act(act: IntentAct): void {
    this.#intents++;
    const epoch = this.#view?.epoch ?? 0;
    this.#send({ v: contractVersion, kind: 'intent', intent: { id: `d${this.#intents}`, epoch, act } });
  }

  scan(text: string): void {
    this.act({ do: 'wedge', text, ended: true });
  }

  /** The first view that is as wanted, from the present one on. */
  until(what: string, accept: (view: View) => boolean): Promise<View> {
    const found = (): View | undefined => {
      const view = this.#view;
      return view !== undefined && accept(view) ? view : undefined;
    };
    return eventually(what, found, waitMsMax).catch((error: unknown) => {
      throw new Error(`${String(error)}; there is ${JSON.stringify(this.#view)}\n${this.log.slice(-2_000)}`);
    });
  }

  online(): Promise<View> {
    return this.until('on-line', ({ status }) => status.mode === 'online');
  }

  screen(name: View['screen']['name']): Promise<View> {
    return this.until(`the screen ${name}`, ({ screen }) => screen.name === name);
  }

  /** The row of an item, once it is in this state. */
  row(item: string, state: string): Promise<View> {
    return this.until(`${item} is ${state}`, ({ screen }) => {
      const rows = 'items' in screen ? screen.items : [];
      return rows.some((row) => row.item === item && row.state === state);
    });
  }

  /** From the start to the list of a service. */
  async signIn(service: 'borrow' | 'account', card: string, pin: string): Promise<void> {
    this.act({ do: 'chooseService', service });
    await this.screen('card');
    this.scan(card);
    await this.screen('pin');
    for (const key of pin) this.act({ do: 'pinKey', key });
    await this.until(
      'the PIN is typed',
      ({ screen }) => screen.name === 'pin' && screen.entered === pin.length,
    );
    this.act({ do: 'pinEnter' });
    await this.screen(service);
  }

  async stop(): Promise<void> {
    this.#socket.destroy();
    await this.#process.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #send(frame: FrameToStation): void {
    this.#socket.write(`${JSON.stringify(frame)}\n`);
  }
}
