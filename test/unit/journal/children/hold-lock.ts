import { lockDataDirectory } from '../../../../src/journal/directory-lock.ts';

/** Takes the lock of the folder in its argument, says how that went, and lives until it is killed. */
const [, , directory = ''] = process.argv;
const lock = lockDataDirectory(directory, { pid: process.pid, since: 1_000 });
process.stdout.write(lock.ok ? 'held\n' : `${JSON.stringify(lock.error)}\n`);
process.stdin.resume();
