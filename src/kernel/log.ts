import type { LogFieldName } from './log-fields.ts';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

export type LogFields = { readonly [name in LogFieldName]?: string | number | boolean | undefined };

/** The technical log. `event` is a stable dotted name such as `acs.connected`. */
export interface Log {
  write(level: LogLevel, event: string, fields?: LogFields): void;
}

/** A log that keeps nothing. */
export const silentLog: Log = { write: () => undefined };
