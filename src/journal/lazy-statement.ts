import type { Database, Statement } from 'better-sqlite3';

/**
 * A statement that is prepared when it is first needed: most lives of a station never list, look up or audit anything, and each
 * statement costs a start some fifty microseconds.
 */
export function lazily<P extends unknown[], R = unknown>(
  db: Database,
  sql: string,
  shape: (prepared: Statement<P, R>) => Statement<P, R> = (prepared) => prepared,
): () => Statement<P, R> {
  let made: Statement<P, R> | undefined;
  return () => (made ??= shape(db.prepare<P, R>(sql)));
}
