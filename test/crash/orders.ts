import { z } from 'zod';

/** What the harness tells the station under test while it runs: one JSON object a line, on its standard input. */
export const orderSchema = z.discriminatedUnion('do', [
  /** Kills itself, as a power cut would, at the n-th boundary of this name from now on, and leaves word of where that was. */
  z.strictObject({
    do: z.literal('dieAtBoundary'),
    name: z.string(),
    count: z.int().min(1),
    word: z.string(),
  }),
  /** Kills itself right after the n-th commit from now on, and leaves word where that commit lies in the log. */
  z.strictObject({ do: z.literal('dieAfterCommit'), count: z.int().min(1), word: z.string() }),
  /** Kills another process at the n-th boundary from now on, before anything else happens there, and leaves word. */
  z.strictObject({
    do: z.literal('killAtBoundary'),
    count: z.int().min(1),
    pid: z.int().min(2),
    word: z.string(),
  }),
  /** Lets go of all orders that were not carried out yet. */
  z.strictObject({ do: z.literal('forget') }),
  /** Its wall clock jumps, at the n-th boundary from now on. */
  z.strictObject({ do: z.literal('jumpAtBoundary'), count: z.int().min(1), byMs: z.int() }),
]);
export type Order = z.infer<typeof orderSchema>;

/** The names of the boundary at which something was killed. */
export const boundaryWordSchema = z.array(z.string());

/** Where the last commit lies, for a harness that tears it. */
export const tornCommitSchema = z.strictObject({
  /** Up to here the log was on the disk before the commit. */
  fromByte: z.int().min(0),
  toByte: z.int().min(0),
  /** The main file was written too: the log had been flushed before, and is not to be torn. */
  mainChanged: z.boolean(),
});
export type TornCommit = z.infer<typeof tornCommitSchema>;
