import type { Database, Statement } from 'better-sqlite3';
import type { UtcMillis } from '../kernel/clock.ts';
import { lazily } from './lazy-statement.ts';
import type { Row, StoredOutage } from './rows.ts';
import { selectTransactions, whereUnsettled, type TransactionRecord } from './reader.ts';

/** Loans that the station made by its own rules: they began as waiting. One begun online is never sent again without having been uncertain. */
const bornWaiting = `(t.state = 'waiting' or (t.state in ('accepted', 'staff', 'resolved')
  and not exists (select 1 from transitions u where u.transaction_seq = t.seq and u.what = 'uncertain')
  and (t.attempts > 0
    or not exists (select 1 from transitions a where a.transaction_seq = t.seq and a.what = 'accepted'))))`;

/** What was accepted a short while ago is among so many of the newest. */
const newestLookedAt = 2_000;

interface OutageRecord {
  readonly since: UtcMillis;
  readonly after: number;
  readonly doubted: number;
}

/** The outage that is not over yet, and what the station did in it by its own rules. */
export class OutageTable {
  readonly #began: () => Statement<[UtcMillis]>;
  readonly #doubted: () => Statement<[]>;
  readonly #ended: () => Statement<[]>;
  readonly #noted: Statement<[], OutageRecord>;
  readonly #oldestWaiting: Statement<[], { readonly since: UtcMillis | null; readonly after: number | null }>;
  readonly #loans: () => Statement<[number], { readonly cardHash: string; readonly count: number }>;
  readonly #notDone: () => Statement<[UtcMillis], number>;
  readonly #accepted: () => Statement<[UtcMillis, number], TransactionRecord>;
  readonly #believed: () => Statement<[number, number], TransactionRecord>;

  constructor(db: Database) {
    // What waits already, from before it was noted, is of this outage too.
    this.#began = lazily(
      db,
      `
      insert into outage (id, began_at, after_seq) values (1, ?, coalesce(
        (select min(seq) - 1 from transactions where state = 'waiting'),
        (select seq from sqlite_sequence where name = 'transactions'), 0))
      on conflict (id) do nothing`,
    );
    this.#doubted = lazily(db, 'update outage set doubted = 1');
    this.#ended = lazily(db, 'delete from outage');
    this.#noted = db.prepare('select began_at as since, after_seq as after, doubted from outage');
    this.#oldestWaiting = db.prepare(`
      select min(at) as since, min(seq) - 1 as after from transactions
      where state in ('intended', 'uncertain', 'waiting', 'staff') and state = 'waiting'`);
    this.#loans = lazily(
      db,
      `
      select t.patron_hash as cardHash, count(*) as count from transactions t
      where t.seq > ? and t.kind = 'checkout' and t.patron_hash is not null and ${bornWaiting}
      group by t.patron_hash`,
    );
    this.#notDone = lazily(
      db,
      `
      select 1 from transactions t join transitions m on m.transaction_seq = t.seq
      where ${whereUnsettled} and t.state = 'staff' and m.what = 'staff' and m.rule = 'acs.notDone' and m.at >= ?
      limit 1`,
    );
    this.#accepted = lazily(
      db,
      `
      ${selectTransactions}
      where t.seq > (select max(seq) - ${newestLookedAt} from transactions)
        and t.state = 'accepted' and m.rule = 'answered' and t.moved_at >= ?
        and t.seq in (select max(seq) from transactions
          where seq > (select max(seq) - ${newestLookedAt} from transactions)
            and state not in ('withdrawn', 'refused') group by item_hash)
      order by t.seq desc limit ?`,
    );
    this.#believed = lazily(
      db,
      `
      ${selectTransactions}
      where t.seq > ? and t.state = 'accepted' and m.rule = 'answered' and ${bornWaiting}
        and t.seq in (select max(seq) from transactions
          where seq > ? and state not in ('withdrawn', 'refused') group by item_hash)
      order by t.seq`,
    );
  }

  write({ what, at }: Extract<Row, { readonly row: 'outage' }>): void {
    if (what === 'began') this.#began().run(at);
    else if (what === 'doubted') this.#doubted().run();
    else this.#ended().run();
  }

  /** Where none was noted and something waits all the same (from an older program, or saved from a damaged journal), it counts from there. */
  read(): StoredOutage | undefined {
    const noted = this.#noted.get();
    const oldest = noted === undefined ? this.#oldestWaiting.get() : undefined;
    const since = noted?.since ?? oldest?.since ?? undefined;
    const after = noted?.after ?? oldest?.after ?? undefined;
    if (since === undefined || after === undefined) return undefined;
    const loans = (): ReadonlyMap<string, number> => this.#loansAfter(after);
    return { since, noted: noted !== undefined, doubted: noted?.doubted === 1, loans };
  }

  #loansAfter(after: number): ReadonlyMap<string, number> {
    return new Map(
      this.#loans()
        .all(after)
        .map(({ cardHash, count }) => [cardHash, count]),
    );
  }

  /** What of it the library system accepted and nobody looked at, oldest first; of each item the newest only. */
  believed(): readonly TransactionRecord[] {
    const noted = this.#noted.get();
    return noted === undefined ? [] : this.#believed().all(noted.after, noted.after);
  }

  /**
   * Where something was accepted and found not done since then: what else was accepted since then and nobody looked at, of each item
   * the newest only, oldest first. Undefined where all that was looked at was done.
   */
  doubted({
    since,
    max,
  }: {
    readonly since: UtcMillis;
    readonly max: number;
  }): readonly TransactionRecord[] | undefined {
    if (this.#notDone().get(since) === undefined) return undefined;
    return this.#accepted().all(since, max).toReversed();
  }
}
