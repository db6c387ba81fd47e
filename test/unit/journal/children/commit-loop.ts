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
  process.stdout.write(`${number}\n`);
}
