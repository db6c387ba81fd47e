import type { Database, Statement } from 'better-sqlite3';
import { assert } from '../kernel/assert.ts';
import type { UtcMillis } from '../kernel/clock.ts';
import type { TransactionId } from '../kernel/ids.ts';
import type { Row, StoredParts, StoredTagWork, TagAim } from './rows.ts';
import type { Sealer } from './seal.ts';

interface TagWorkRecord {
  readonly id: TransactionId;
  readonly aim: TagAim;
  readonly state: StoredTagWork['state'];
  readonly rule: string | null;
  readonly sealed: Buffer;
  readonly keyId: string;
  readonly at: UtcMillis;
}

/** To what the blob of tag work is bound. */
export function boundToTags(id: string): string {
  return `${id}/tags`;
}

/** What has to be done, or was left undone, to the security of tags. The caller opened the transaction. */
export class TagWorkTable {
  readonly #sealer: Sealer;
  readonly #insert: Statement<[string, string, Buffer, string, number, number]>;
  readonly #move: Statement<[string, string, number, string]>;
  readonly #unsettled: Statement<[], TagWorkRecord>;
  readonly #state: Statement<[string], string>;
  readonly #staff: Statement<[], number>;

  constructor(db: Database, sealer: Sealer) {
    this.#sealer = sealer;
    this.#insert = db.prepare(
      `insert into tag_work (id, aim, state, sealed, key_id, at, moved_at) values (?, ?, 'open', ?, ?, ?, ?)`,
    );
    this.#move = db.prepare(
      `update tag_work set state = ?, rule = ?, moved_at = ? where id = ? and state <> 'resolved'`,
    );
    this.#unsettled = db.prepare(
      `select id, aim, state, rule, sealed, key_id as keyId, at from tag_work
       where state in ('open', 'staff') order by seq`,
    );
    this.#state = db.prepare<[string], string>('select state from tag_work where id = ?').pluck();
    this.#staff = db
      .prepare<[], number>(
        `select count(*) from tag_work where state in ('open', 'staff') and state = 'staff'`,
      )
      .pluck();
  }

  begin(row: Extract<Row, { row: 'tagBegin' }>): void {
    const { id, item, uids, parts } = row;
    const fields = { item, uids, ...(parts === undefined ? {} : { parts }) };
    const { blob, keyId } = this.#sealer.seal(fields, boundToTags(id));
    this.#insert.run(row.id, row.aim, blob, keyId, row.at, row.at);
  }

  move(row: Extract<Row, { row: 'tagMove' }>): void {
    const { changes } = this.#move.run(row.to, row.rule, row.at, row.id);
    // Staff may have resolved it by hand, and the station then finds it done.
    assert(changes === 1 || this.#state.get(row.id) === 'resolved', 'the tag work is known');
  }

  /** What is open or with staff, oldest first. What cannot be unsealed has no item and no tags. */
  unsettled(): StoredTagWork[] {
    return this.#unsettled.all().map(({ id, aim, state, rule, sealed, keyId, at }) => {
      const read = readSealed(this.#sealer.unseal({ keyId, blob: sealed }, boundToTags(id)));
      return { id, aim, state, at, rule: rule ?? undefined, ...read };
    });
  }

  staffCount(): number {
    return this.#staff.get() ?? 0;
  }
}

function readSealed(value: unknown): Pick<StoredTagWork, 'item' | 'uids' | 'parts'> {
  const fields = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const item: unknown = fields.get('item');
  const uids: unknown = fields.get('uids');
  const parts = readParts(fields.get('parts'));
  return {
    item: typeof item === 'string' ? item : '',
    uids: Array.isArray(uids) ? uids.filter((uid) => typeof uid === 'string') : [],
    ...(parts === undefined ? {} : { parts }),
  };
}

function readParts(value: unknown): StoredParts | undefined {
  if (typeof value !== 'object' || value === null || !('numbers' in value)) return undefined;
  const { numbers } = value;
  if (!Array.isArray(numbers)) return undefined;
  const of = 'of' in value && typeof value.of === 'number' ? { of: value.of } : {};
  return { numbers: numbers.filter((number) => typeof number === 'number'), ...of };
}
