import { spawnSync } from 'node:child_process';
import { err, ok, type Result } from '../../kernel/result.ts';

const commandMsMax = 30_000;
const outputBytesMax = 1_048_576;
/** What is told of a program’s own words: its last line, and no more of that. */
const wordsCharsMax = 200;

/** Runs a program to its end with these bytes as its input. The error is for the technician and holds nothing of the input. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  input: Uint8Array,
) => Result<Uint8Array, string>;

/** The real program; killed when it takes too long. */
export const runProgram: RunProgram = (program, args, input) => {
  const ended = spawnSync(program, args, { input, timeout: commandMsMax, maxBuffer: outputBytesMax });
  if (ended.error !== undefined) return err(`${program}: ${ended.error.message}`);
  if (ended.status === 0) return ok(ended.stdout);
  const words = ended.stderr.toString('utf8').trim().split('\n').at(-1)?.trim().slice(0, wordsCharsMax) ?? '';
  const how = `${program} ended with ${ended.status ?? ended.signal ?? 'nothing'}`;
  return err(words === '' ? how : `${how}: ${words}`);
};
