import type { Database } from 'better-sqlite3';

/** One step of the schema. It is never edited after it was shipped: a later step changes what it left. */
export interface Migration {
  /** The `user_version` after it; they count up by one from 1. */
  readonly version: number;
  /** What is there afterwards, for the log. */
  readonly name: string;
  /** Runs inside a transaction that the migrator opened. */
  up(db: Database): void;
}
