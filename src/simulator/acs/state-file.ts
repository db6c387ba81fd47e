import { readFileSync } from 'node:fs';
import { err, type Result } from '../../kernel/result.ts';
import { systemCode, writeDurably } from '../../journal/durable-file.ts';
import type { LibraryData } from './library-data.ts';
import { Library, type LibraryOptions } from './library.ts';
import { restore, snapshotOf, type Snapshot } from './snapshot.ts';

/** Opens a library with the state of a file; a new one where there is no file. */
export function openLibrary(
  data: LibraryData,
  file: string,
  options: LibraryOptions,
): Result<Library, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return systemCode(error) === 'ENOENT'
      ? { ok: true, value: new Library(data, options) }
      : err(error instanceof Error ? error.message : String(error));
  }
  try {
    // Only this program writes the file, whole or not at all; what else stands there fails below.
    return restore(data, JSON.parse(text) as Snapshot, options);
  } catch (error) {
    return err(`it can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Writes the state when it changed, and not otherwise. When `save` returns it is on the disk. */
export class StateFile {
  readonly #file: string;
  readonly #library: Library;
  #saved: number;

  constructor(file: string, library: Library) {
    this.#file = file;
    this.#library = library;
    this.#saved = library.revision;
  }

  save(): void {
    if (this.#library.revision !== this.#saved) {
      writeDurably(this.#file, JSON.stringify(snapshotOf(this.#library)));
      this.#saved = this.#library.revision;
    }
  }
}
