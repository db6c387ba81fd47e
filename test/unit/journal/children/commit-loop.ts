import { writeSync } from 'node:fs';
import { open, write } from '../store.ts';

/**
 * Commits until it is killed. Prints the number of a commit after the journal said that it is on the disk, never before.
 * Arguments: folder, first number.
 */
const [, , directory = '', first = '1'] = process.argv;
const journal = open(directory);
for (let number = Number(first); ; number += 1) {
  const done = write(journal, number);
  if (!done.ok) throw new Error(JSON.stringify(done.failure));
  print(`${number}\n`);
}

/** This loop never lets the event loop run, so what found no room in the pipe would never be printed: it waits for room. */
function print(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
