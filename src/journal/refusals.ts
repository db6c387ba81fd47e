import type { Database, Statement } from 'better-sqlite3';
import type { UtcMillis } from '../kernel/clock.ts';

/** How often a rule refused, and whose rule it is. Says nothing about whom. */
export interface RefusedRule {
  readonly rule: string;
  readonly source: 'acs' | 'station';
  readonly count: number;
  readonly first: UtcMillis;
  readonly last: UtcMillis;
}

/** Each rule that refused as long as refusals are kept, the most frequent first. */
export function refusedRules(db: Database): readonly RefusedRule[] {
  const statement: Statement<[], RefusedRule> = db.prepare(`
    select rule, source, count(*) as count, min(at) as first, max(at) as last from refusals
    group by rule, source order by count desc, rule, source`);
  return statement.all();
}
