import { join, relative } from 'node:path';
import { CannotStart } from '../../cli/web-page.ts';
import { lockDataDirectory, type DirectoryLock } from '../../journal/directory-lock.ts';
import { systemClock } from '../../kernel/clock.ts';

/** Files of the demo in its folder. */
export function filesIn(directory: string) {
  return {
    config: join(directory, 'station.yaml'),
    state: join(directory, 'library-system.json'),
    station: join(directory, 'station'),
    log: join(directory, 'station.log'),
    clock: join(directory, 'clock-shift'),
  };
}

/** Only one demonstration runs in a folder. Fails with one sentence. */
export function lockOf(directory: string): DirectoryLock {
  const lock = lockDataDirectory(directory, { pid: process.pid, since: systemClock.now() });
  if (lock.ok) {
    return lock.value;
  }
  const name = relative(process.cwd(), directory) || directory;
  const why =
    lock.error.kind === 'held'
      ? 'another one runs there; end it, or choose another with --data'
      : lock.error.reason;
  throw new CannotStart(`The demonstration's folder ${name} can't be used: ${why}.`);
}

/** Makes a device on a virtual terminal. Fails with one sentence. */
export async function onTerminal<T>(create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch {
    throw new CannotStart(
      'The virtual devices need socat or python3, and neither works here. On Debian or Ubuntu: apt-get install socat',
    );
  }
}
