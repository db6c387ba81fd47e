import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../kernel/clock.ts';
import { err, type Result } from '../kernel/result.ts';
import { CannotStart } from './web-page.ts';
import { findElectron } from './electron-binary.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** How long the window may take to end in order, its station with it, before it is killed. */
const stopMsMax = 8_000;
/** What is kept of its last words, to tell why it ended. */
const lastWordsChars = 4_000;

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** The folder of the clone. */
  readonly root: string;
  readonly say: (line: string) => void;
}

/** Electron’s executable where a window can be opened; else one sentence that says why not. */
export function judgeElectron(here: Surroundings): Result<string, string> {
  const { platform, env, isRoot, say } = here;
  if (isRoot) {
    return err(
      'Electron’s sandbox does not work for root: start as an ordinary user, or use --shell web and a browser.',
    );
  }
  const display = env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '';
  if (platform === 'linux' && display === '') {
    return err(
      'There is no display for a window: neither DISPLAY nor WAYLAND_DISPLAY is set. Without one, use --shell web.',
    );
  }
  if (!existsSync(join(here.root, 'dist', 'main', 'main.cjs'))) {
    return err('The Electron shell is not built: npm run build makes it.');
  }
  return findElectron({ env, say });
}

export interface ElectronWindowOptions {
  /** For the shell (src/main/main.ts). */
  readonly args: readonly string[];
  readonly say: (line: string) => void;
  readonly writeLog: (chunk: Uint8Array) => void;
}

export interface ElectronWindow {
  /** Fulfilled when it has ended unasked: undefined when a person closed it, else a sentence. */
  readonly ended: Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Finds Electron, or fails with one sentence. */
export function requireElectron(say: (line: string) => void): string {
  const { platform, env } = process;
  const found = judgeElectron({ platform, env, isRoot: process.getuid?.() === 0, root, say });
  if (!found.ok) throw new CannotStart(found.error);
  return found.value;
}

/** Opens the Electron shell. It ends with this process: its standard input closes when this process is gone. */
export function openElectronWindow(electron: string, options: ElectronWindowOptions): ElectronWindow {
  const child = spawn(electron, [root, '--supervised', ...options.args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  let lastWords = '';
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString('utf8')).slice(-lastWordsChars);
    options.writeLog(chunk);
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(`Electron could not be started: ${error.message}.`));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(sentences(lastWords) ?? `The window ended (${signal ?? `exit code ${code}`}).`);
    });
  });
  return {
    ended,
    async stop() {
      child.kill('SIGTERM');
      const cancel = systemClock.after(stopMsMax, () => child.kill('SIGKILL'));
      await ended;
      cancel();
    },
  };
}

/** What it said to people: no line of a log, neither ours, which is JSON, nor Chromium’s. */
function sentences(words: string): string | undefined {
  const lines = words.split('\n').filter((line) => line !== '' && !/^[{[]/.test(line));
  return lines.length === 0 ? undefined : lines.join('\n');
}
