/** Where a command's words go; nothing else of the process is touched. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Calls `stop` when the person ends the command (Ctrl-C). */
  onStop(stop: () => void): void;
}

/** How a command ends: the exit codes of the program. */
export const exits = { fine: 0, failed: 1, usage: 2 } as const;
export type Exit = (typeof exits)[keyof typeof exits];

/** The arguments made no sense; the message says which and why. */
export class UsageError extends Error {}

export interface Command {
  /** The words that choose it, `journal list`. */
  readonly name: string;
  readonly synopsis: string;
  readonly summary: string;
  run(args: readonly string[], terminal: Terminal): Promise<Exit>;
}
