import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Chromium's sandbox is not for root, so for root the shell runs as this user ("nobody"). */
const otherUser = 65_534;
const isRoot = process.getuid?.() === 0;

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What the shell and its station need of the clone. */
const parts = ['dist', 'src', 'package.json', 'node_modules'];

/** A place to run the shell at: a display, a folder, and a user that Chromium's sandbox works for. */
export class Desk {
  readonly folder: string;
  readonly display: string;
  /** Electron, which this user can execute. */
  readonly program: string;
  /** Starts Electron as the user of this desk. */
  readonly executable: string;
  /** The clone, or a copy that this user can read. */
  readonly appFolder: string;
  readonly #screen: ChildProcess;

  private constructor(folder: string, screen: ChildProcess, display: string, electron: string) {
    this.folder = folder;
    this.#screen = screen;
    this.display = display;
    this.appFolder = isReadable(root) ? root : copyOf(root, parts, folder);
    const home = dirname(electron);
    this.program = isReadable(home)
      ? electron
      : join(copyOf(dirname(home), [basename(home)], folder), basename(home), basename(electron));
    this.executable = join(folder, 'electron.sh');
    const as = isRoot ? `setpriv --reuid=${otherUser} --regid=${otherUser} --clear-groups ` : '';
    writeFileSync(this.executable, `#!/bin/sh\nexec ${as}'${this.program}' "$@"\n`, { mode: 0o755 });
  }

  static async open(electron: string): Promise<Desk> {
    const folder = mkdtempSync(join(tmpdir(), 'omatoimi-desk-'));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'node-cache'));
    chmodSync(join(folder, 'node-cache'), 0o777);
    // Without -ac only the user who started it could draw on it.
    const args = [
      '-displayfd',
      '3',
      '-screen',
      '0',
      '1080x1920x24',
      '-nolisten',
      'tcp',
      '-ac',
      '-fbdir',
      folder,
    ];
    // The screen goes with this process, however it goes.
    const screen = spawn('setpriv', ['--pdeathsig', 'KILL', 'Xvfb', ...args], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const display = await new Promise<string>((resolve, reject) => {
      let heard = '';
      screen.stdio[3]?.on('data', (chunk: Buffer) => {
        heard += chunk.toString('utf8');
        if (heard.includes('\n')) resolve(`:${heard.trim()}`);
      });
      screen.once('error', reject);
      screen.once('exit', () => reject(new Error('Xvfb ended at once')));
    });
    return new Desk(folder, screen, display, electron);
  }

  /** Starts a program as the shell’s user. */
  spawn(program: string, args: readonly string[], env: Record<string, string>): ChildProcess {
    const as = isRoot ? { uid: otherUser, gid: otherUser } : {};
    return spawn(program, args, { ...as, env, cwd: this.appFolder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Runs one of the clone’s own programs on Node 24. */
  spawnNode(args: readonly string[], env: Record<string, string>): ChildProcess {
    return this.spawn(join(this.appFolder, 'node_modules/node/bin/node'), args, env);
  }

  /** A folder that the shell’s user owns. */
  ownFolder(name: string): string {
    const folder = mkdtempSync(join(this.folder, `${name}-`));
    this.give(folder);
    return folder;
  }

  /** Makes a file, folder or device the shell’s user’s. */
  give(path: string): void {
    if (isRoot) chownSync(path, otherUser, otherUser);
  }

  env(home: string): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      HOME: home,
      XDG_CONFIG_HOME: home,
      XDG_RUNTIME_DIR: home,
      TMPDIR: home,
      DISPLAY: this.display,
      // This user cannot read what Node keeps elsewhere (vitest.config.ts).
      NODE_COMPILE_CACHE: join(this.folder, 'node-cache'),
    };
  }

  /**
   * How many colours are on the screen: one where nothing is drawn, hundreds where letters are. Read from the X server's own
   * memory, a window dump (X11/XWDFile.h) of 32 bits a pixel.
   */
  colours(): number {
    const dump = readFileSync(join(this.folder, 'Xvfb_screen0'));
    const field = (index: number): number => dump.readUInt32BE(index * 4);
    const [width, height, lineBytes] = [field(4), field(5), field(12)];
    const start = field(0) + field(19) * 12;
    const seen = new Set<number>();
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) seen.add(dump.readUInt32LE(start + y * lineBytes + x * 4));
    }
    return seen.size;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#screen.once('exit', resolve));
    this.#screen.kill('SIGKILL');
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A copy of parts of a folder, for everyone to read. */
function copyOf(folder: string, names: readonly string[], desk: string): string {
  const copy = mkdtempSync(join(desk, 'copy-'));
  chmodSync(copy, 0o755);
  for (const name of names.filter((part) => existsSync(join(folder, part)))) {
    // Links cost nothing, but do not lead to another disk.
    const from = join(folder, name);
    if (spawnSync('cp', ['-al', from, copy]).status !== 0) spawnSync('cp', ['-a', from, copy]);
  }
  spawnSync('chmod', ['-R', 'a+rX', copy]);
  return copy;
}

/** Whether the shell’s user can read a folder, and those that lead to it. */
function isReadable(folder: string): boolean {
  if (isRoot && (statSync(folder).mode & 0o005) !== 0o005) return false;
  return dirname(folder) === folder || isReadable(dirname(folder));
}
