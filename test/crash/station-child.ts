import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { StartRun, descendantsOf, isAlive, killIfAlive } from '../integration/demo/demo-run.ts';
import { eventually } from '../support/wait.ts';
import type { Order } from './orders.ts';

const processFile = fileURLToPath(new URL('./station-process.ts', import.meta.url));
/** Starting takes a second; on a machine that runs other tests, many. */
const readyMsMax = 120_000;

/** A station that can be killed and waited for, whoever started it. */
export interface StationUnderTest {
  /** Whether a shell stands around it. */
  readonly whole: boolean;
  /** Everything that it wrote, as log and for people. */
  readonly output: string;
  kill(what: 'station' | 'shell'): void;
  /** Fulfilled when no process of it is left. */
  ended(): Promise<void>;
  order(order: Order): Promise<void>;
  /** Names of the boundaries that it came by, each once; none where it tells nothing of them. */
  boundaries(): readonly string[];
  /** Whether it, or its station, runs at this moment. */
  alive(): boolean;
}

/** The station's own process, which takes orders when to die. */
export class BareStation implements StationUnderTest {
  readonly whole = false;
  output = '';
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #said = '';
  #orders = 0;
  #over = false;

  constructor(config: string) {
    this.#child = spawn(process.execPath, [processFile, config], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#said += chunk.toString('utf8')));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.#exited = new Promise((resolve) =>
      this.#child.once('close', () => {
        this.#over = true;
        resolve();
      }),
    );
  }

  /** False: it refused to start. */
  async ready(): Promise<boolean> {
    return eventually(
      'the station is ready or refuses',
      () => (this.#said.includes('"ready":true') ? 'ready' : this.#over ? 'over' : undefined),
      readyMsMax,
    ).then((how) => how === 'ready');
  }

  alive(): boolean {
    return !this.#over;
  }

  boundaries(): readonly string[] {
    return [...this.#said.matchAll(/\{"came":"([^"]*)"\}/g)].map(([, name]) => name ?? '');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  ended(): Promise<void> {
    return this.#exited;
  }

  /** Fulfilled when the station has taken it, or is gone. */
  async order(order: Order): Promise<void> {
    this.#orders += 1;
    const wanted = this.#orders;
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    await eventually(
      'the order is taken',
      () => this.#over || this.#said.split('"taken"').length > wanted,
      readyMsMax,
    );
  }
}

/** Station and web shell as `npm start -- --config FILE` runs them. */
export class WholeStation implements StationUnderTest {
  readonly whole = true;
  readonly #run: StartRun;

  constructor(config: string) {
    this.#run = new StartRun(['--config', config, '--port', '0']);
  }

  get output(): string {
    return this.#run.output + this.#run.errors;
  }

  async ready(): Promise<void> {
    await this.#run.url();
  }

  #stationPid(): number | undefined {
    return descendantsOf(this.#run.pid).find(({ command }) => command.includes('station/main.ts'))?.pid;
  }

  alive(): boolean {
    return this.#stationPid() !== undefined;
  }

  kill(what: 'station' | 'shell'): void {
    const pid = what === 'shell' ? this.#run.pid : this.#stationPid();
    if (pid !== undefined) killIfAlive(pid);
  }

  /** The whole of it: the shell is killed, and its station ends by itself. */
  async ended(): Promise<void> {
    const children = descendantsOf(this.#run.pid);
    this.#run.kill('SIGKILL');
    await this.#run.ended;
    await eventually('its station has ended', () => children.every(({ pid }) => !isAlive(pid)), readyMsMax);
  }

  order(): Promise<void> {
    throw new Error('a shipped station takes no orders');
  }

  boundaries(): readonly string[] {
    return [];
  }
}
