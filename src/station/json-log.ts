import type { Clock } from '../kernel/clock.ts';
import type { Log, LogLevel } from '../kernel/log.ts';

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

/** The technical log as one JSON object a line. Its fields are those of the data policy; none is personal. */
export function jsonLog(write: (line: string) => void, clock: Clock, lowest: LogLevel = 'info'): Log {
  return {
    write(level, event, fields = {}) {
      if (ranks[level] < ranks[lowest]) return;
      write(`${JSON.stringify({ at: new Date(clock.now()).toISOString(), level, event, ...fields })}\n`);
    },
  };
}
