import Database from 'better-sqlite3';
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from './durable-file.ts';

/** Below this much free space a failed write counts as a full disk, whatever its name. */
export const fullBelowBytes = 65_536;

export type DiskFault =
  | { readonly kind: 'full' }
  /** The file's content is not what SQLite wrote. */
  | { readonly kind: 'damaged'; readonly reason: string }
  /** The write or flush failed, or the file cannot be had. */
  | { readonly kind: 'broken'; readonly reason: string };

/**
 * What an error of SQLite says about the disk; undefined for anything else, which is a fault of the program and must crash.
 * A full disk is not always SQLITE_FULL: growing the shared-memory file fails as an I/O error.
 */
export function classify(error: unknown, file: string): DiskFault | undefined {
  if (!(error instanceof Database.SqliteError)) return ofSystem(systemCode(error));
  const { code } = error;
  if (code === 'SQLITE_FULL') return { kind: 'full' };
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_FORMAT') {
    return { kind: 'damaged', reason: code };
  }
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|BUSY|LOCKED|PERM|NOLFS|PROTOCOL|NOMEM)/u.test(code)) {
    const space = /^SQLITE_(IOERR|CANTOPEN)/u.test(code) ? freeBytes(dirname(file)) : undefined;
    return space !== undefined && space < fullBelowBytes
      ? { kind: 'full' }
      : { kind: 'broken', reason: code };
  }
  return undefined;
}

function ofSystem(code: string | undefined): DiskFault | undefined {
  if (code === undefined) return undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' ? { kind: 'full' } : { kind: 'broken', reason: code };
}

/** Bytes that an ordinary process may still write in this folder's file system; undefined when it cannot be told. */
export function freeBytes(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
