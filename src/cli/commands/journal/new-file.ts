import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { err, ok, type Result } from '../../../kernel/result.ts';

/** A new file for its owner only, on the disk when this returns; one that is there is not written over. */
export function writeNew(file: string, content: Uint8Array): Result<undefined, string> {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'wx', 0o600);
    for (let at = 0; at < content.length;) at += writeSync(handle, content, at);
    fsyncSync(handle);
    return ok(undefined);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return err(code === 'EEXIST' ? 'there is a file of this name already' : `it cannot be written (${code})`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
