import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FileRead {
  readonly path: string;
  readonly bytes: Buffer;
}

/** The files below a folder, `-wal` and all. What a running station takes away in the meantime is not among them. */
export function filesBelow(folder: string): readonly FileRead[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = readIfThere(path);
      return bytes === undefined ? [] : [{ path, bytes }];
    });
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
