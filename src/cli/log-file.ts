import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** At this size a log is put aside as `.1`, in place of the one before. */
export const logBytesMax = 5_000_000;

/** Appends to a log that can't grow without end. What the disk does not take is lost: a log must not stop anything. */
export class LogFile {
  readonly path: string;
  #bytes: number;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(chunk: string | Uint8Array): void {
    try {
      if (this.#bytes > logBytesMax) {
        renameSync(this.path, `${this.path}.1`);
        this.#bytes = 0;
      }
      appendFileSync(this.path, chunk, { mode: 0o600 });
      this.#bytes += chunk.length;
    } catch {
      // Said above.
    }
  }
}
