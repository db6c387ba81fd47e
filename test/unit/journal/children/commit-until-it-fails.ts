import { open, write } from '../store.ts';

/**
 * Commits until the journal says no; prints what it said, and what it says to the next commit. Argument: folder.
 * Started with a limit on the size of files, so that a write fails with EFBIG: an I/O error that is no full disk.
 */
const [, , directory = ''] = process.argv;
const commitsMax = 20_000;
const journal = open(directory);
for (let number = 1; number <= commitsMax; number += 1) {
  const done = write(journal, number);
  if (done.ok) continue;
  const again = write(journal, number);
  process.stdout.write(JSON.stringify({ committed: number - 1, failure: done.failure, again }));
  break;
}
