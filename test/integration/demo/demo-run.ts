import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { IntentAct } from '../../../src/shared/intent.ts';
import { contractVersion, type Screen, type View } from '../../../src/shared/view.ts';
import { eventually } from '../../support/wait.ts';

const startFile = fileURLToPath(new URL('../../../src/cli/start.ts', import.meta.url));
const leashFile = fileURLToPath(new URL('../../../scripts/bootstrap/leash.cjs', import.meta.url));

/** `npm start` in a process of its own, as its users see it: by its words and its exit code. */
export class StartRun {
  output = '';
  errors = '';
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[]) {
    // What it leaves when it is killed goes with its own folder.
    const scratch = mkdtempSync(join(tmpdir(), 'omatoimi-run-'));
    // On a leash: it ends with this process, also where a test is killed and cleans nothing up.
    this.#child = spawn(process.execPath, ['--require', leashFile, startFile, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, OMATOIMI_LEASH_FD: '3', TMPDIR: scratch },
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString('utf8')));
    this.ended = new Promise((resolve) =>
      this.#child.once('close', (code, signal) => {
        rmSync(scratch, { recursive: true, force: true, maxRetries: 10 });
        resolve(code ?? signal ?? 'gone');
      }),
    );
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The address of the page, once it says so. */
  async url(): Promise<string> {
    const over = this.ended.then((how) => {
      throw new Error(`it ended (${how}): ${this.errors}`);
    });
    const [, url] = await Promise.race([
      eventually(
        'it says where the page is',
        () => /(http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(this.output) ?? undefined,
        90_000,
      ),
      over,
    ]);
    over.catch(() => undefined);
    return url ?? '';
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** Processes that a process started, and those that they started. */
export function descendantsOf(pid: number): { readonly pid: number; readonly command: string }[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(Number(entry));
    if (parent !== undefined) {
      parents.set(Number(entry), parent);
    }
  }
  const found = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child);
  return found.flatMap((child) => [{ pid: child, command: commandOf(child) }, ...descendantsOf(child)]);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(join('/proc', String(pid), 'stat'), 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(join('/proc', String(pid), 'cmdline'), 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return commandOf(pid) !== '';
  } catch {
    return false;
  }
}

/** Whoever ended by itself in the meantime is not killed. */
export function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** A page without a screen: sends intents, sees views. */
export class TestPage {
  view: View | undefined;
  /** All views that came, in order. */
  readonly views: View[] = [];
  readonly #socket: WebSocket;
  #intents = 0;

  constructor(url: string) {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}station`, {
      headers: { origin: url.slice(0, -1) },
    });
    this.#socket.on('open', () => this.#send({ v: contractVersion, kind: 'watch' }));
    this.#socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as { kind: string; view?: View };
      this.view = frame.view ?? this.view;
      if (frame.view !== undefined) this.views.push(frame.view);
    });
    this.#socket.on('error', () => undefined);
  }

  do(act: IntentAct): void {
    this.#intents += 1;
    const intent = { id: `t${this.#intents}`, epoch: this.view?.epoch ?? 0, act };
    this.#send({ v: contractVersion, kind: 'intent', intent });
  }

  async screen<N extends Screen['name']>(
    name: N,
    accept: (screen: Extract<Screen, { name: N }>) => boolean = () => true,
  ): Promise<Extract<Screen, { name: N }>> {
    try {
      return await eventually(`the screen ${name}`, () => {
        const screen = this.view?.screen;
        if (screen?.name !== name) {
          return undefined;
        }
        const found = screen as Extract<Screen, { name: N }>;
        return accept(found) ? found : undefined;
      });
    } catch {
      throw new Error(`the screen ${name} does not come; there is ${JSON.stringify(this.view)}`);
    }
  }

  /** The shell gave up waiting for a station, or lost it. */
  get gone(): boolean {
    return this.#socket.readyState === WebSocket.CLOSED;
  }

  close(): void {
    this.#socket.terminate();
  }

  #send(frame: unknown): void {
    this.#socket.send(JSON.stringify(frame));
  }
}

/** As the dock's own page does it. */
export function post(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url.slice(0, -1), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
