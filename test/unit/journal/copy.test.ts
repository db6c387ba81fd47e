import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import Database from 'better-sqlite3';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyName, makeCopy } from '../../../src/journal/copy.ts';
import { lockDataDirectory } from '../../../src/journal/directory-lock.ts';
import { FileKeyStore, type KeyGuard } from '../../../src/journal/file-key-store.ts';
import { KeyWrap } from '../../../src/journal/key-wrap.ts';
import { restoreKeys } from '../../../src/journal/restore-keys.ts';
import { restoreJournal, type RestoreOrder } from '../../../src/journal/restore.ts';
import type { SqliteJournal } from '../../../src/journal/sqlite-journal.ts';
import {
  after,
  begin,
  dayMs,
  filesWith,
  friday,
  idOf,
  move,
  openIn,
  seededRandom,
  temporaryDirectory,
  value,
} from './support.ts';

const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);

interface Place {
  readonly data: string;
  readonly to: string;
  readonly keys: FileKeyStore;
  readonly journal: SqliteJournal;
}

let places = 0;

const guardBy = (fill: number): KeyGuard => ({
  wrap: new KeyWrap(new Uint8Array(32).fill(fill), seededRandom(40 + fill)),
  wrapped: true,
});

function place(guard?: KeyGuard): Place {
  const folder = temporaryDirectory();
  const [data, to] = [join(folder, 'data'), join(folder, 'elsewhere')];
  mkdirSync(data);
  mkdirSync(to);
  const keys = value(FileKeyStore.open(join(data, 'keys.json'), seededRandom(500 + places++), guard));
  return { data, to, keys, journal: openIn(data, { keyStore: keys }) };
}

const copied = ({ data, to, keys }: Place) =>
  makeCopy({ data, to, keys: keys.clearText(), recipient, now: friday });

function restoring(from: Place, changes: Partial<RestoreOrder> = {}): RestoreOrder {
  return {
    data: from.data,
    from: from.to,
    identities: undefined,
    replace: false,
    guard: undefined,
    by: 'vieno',
    zone: 'Europe/Helsinki',
    random: seededRandom(6),
    now: friday + dayMs,
    ...changes,
  };
}

/** A waiting return that was never sent, a loan in doubt, one on the staff list, one settled. */
function fill(journal: SqliteJournal): void {
  journal.commit([1, 2, 3].map((number) => begin(number)));
  journal.commit([begin(4, { kind: 'checkin', state: 'waiting' })]);
  journal.commit([move(1, 'accepted'), move(2, 'uncertain'), move(3, 'uncertain'), move(3, 'staff')]);
  journal.commit([{ row: 'audit', at: friday, act: 'list', by: 'eino' }]);
}

describe('a copy elsewhere', () => {
  it('is whole, sealed, for its owner only, and made while the station writes', async () => {
    const here = place();
    fill(here.journal);
    const copying = copied(here);
    here.journal.commit([begin(5)]);
    expect(await copying).toMatchObject({ ok: true, value: { sameDisk: true, bytes: expect.any(Number) } });
    expect(readdirSync(here.to)).toEqual([copyName]);
    const file = join(here.to, copyName);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const db = new Database(file, { readonly: true });
    after(() => db.close());
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(Number(db.prepare('select count(*) from transactions').pluck().get())).toBeGreaterThanOrEqual(4);
    for (const needle of [
      'item-1',
      'patron-1',
      'eino',
      Buffer.from(here.keys.current().key).toString('base64'),
    ]) {
      expect(filesWith(here.to, needle), needle).toEqual([]);
    }
  });

  it('replaces the last one in one step, and what was purged is gone from it', async () => {
    const here = place();
    fill(here.journal);
    await copied(here);
    expect(filesWith(here.to, idOf(1))).toEqual([copyName]);
    expect(value(here.journal.purge(friday + 20 * dayMs))).toMatchObject({ transactions: 1, deleted: true });
    expect(await copied(here)).toMatchObject({ ok: true });
    expect(filesWith(here.to, idOf(1))).toEqual([]);
    expect(filesWith(here.to, idOf(2))).toEqual([copyName]);
  });

  it('fails with a reason, and leaves the last one as it was', async () => {
    const here = place();
    fill(here.journal);
    await copied(here);
    const last = readFileSync(join(here.to, copyName));
    const order = { ...here, keys: here.keys.clearText(), recipient, now: friday };
    expect(await makeCopy({ ...order, recipient: 'age1nonsense' })).toEqual({
      ok: false,
      error: expect.stringContaining('public key'),
    });
    expect(await makeCopy({ ...order, to: join(here.to, 'not-mounted') })).toEqual({
      ok: false,
      error: 'the folder is not there',
    });
    expect(existsSync(join(here.to, 'not-mounted'))).toBe(false);
    expect(await makeCopy({ ...order, data: temporaryDirectory() })).toMatchObject({ ok: false });
    expect(readFileSync(join(here.to, copyName))).toEqual(last);
  });

  it('does not follow a draft that a power cut left', async () => {
    const here = place();
    fill(here.journal);
    writeFileSync(join(here.to, `${copyName}.new`), 'half of one');
    chmodSync(join(here.to, `${copyName}.new`), 0o644);
    expect(await copied(here)).toMatchObject({ ok: true });
    expect(readdirSync(here.to)).toEqual([copyName]);
  });
});

describe('restoring', () => {
  it('on a new disk, with the library’s key: what was open is asked about, and the audit log goes on', async () => {
    const here = place();
    fill(here.journal);
    await copied(here);
    const data = join(temporaryDirectory(), 'new');
    expect(await restoreJournal(restoring(here, { data }))).toEqual({
      ok: false,
      error: expect.stringContaining('--identity'),
    });
    expect(
      await restoreJournal(restoring(here, { data, identities: await generateX25519Identity() })),
    ).toEqual({
      ok: false,
      error: expect.stringContaining('another key'),
    });
    expect(await restoreJournal(restoring(here, { data, identities: `# key\n${identity}\n` }))).toEqual({
      ok: true,
      value: { copiedAt: friday, unsettled: 2, staff: 1, aside: undefined },
    });
    expect(statSync(join(data, 'keys.json')).mode & 0o777).toBe(0o600);
    const keyStore = value(FileKeyStore.open(join(data, 'keys.json'), seededRandom(7)));
    const restored = openIn(data, { keyStore });
    expect(restored.open()).toMatchObject([
      { id: idOf(2), state: 'uncertain', attempts: 1, item: 'item-2' },
      { id: idOf(4), state: 'waiting', attempts: 1, item: 'item-4' },
    ]);
    expect(restored.person('patron-2')?.transactions).toHaveLength(1);
    expect(restored.audit(9).map(({ act, by }) => `${act} ${by}`)).toEqual(['restore vieno', 'list eino']);
    expect(restored.verifyAudit()).toMatchObject({ whole: true, entries: 2 });
    expect(readdirSync(data).filter((name) => name.includes('restoring'))).toEqual([]);
  });

  it('in its own folder needs no other key, and keeps the journal that was there', async () => {
    const here = place();
    fill(here.journal);
    await copied(here);
    here.journal.commit([begin(6)]);
    here.journal.close();
    const before = readFileSync(join(here.data, 'journal.db'));
    expect(await restoreJournal(restoring(here))).toMatchObject({
      error: expect.stringContaining('--replace'),
    });
    expect(readFileSync(join(here.data, 'journal.db'))).toEqual(before);
    const restored = await restoreJournal(restoring(here, { replace: true }));
    const aside = join(here.data, 'journal.replaced-20261121T080000Z.db');
    expect(restored).toMatchObject({ ok: true, value: { unsettled: 2, aside } });
    expect(readFileSync(aside)).toEqual(before);
    expect(openIn(here.data, { keyStore: here.keys }).open()).toHaveLength(2);
  });

  it('of wrapped keys wraps them by the device key of the new machine, and leaves them nowhere in clear', async () => {
    const here = place(guardBy(1));
    fill(here.journal);
    await copied(here);
    const secrets = [here.keys.current().key, here.keys.lookupKey()].map((key) =>
      Buffer.from(key).toString('base64'),
    );
    const data = join(temporaryDirectory(), 'new');
    const guard = guardBy(2);
    const order = restoring(here, { data, guard, identities: identity });
    expect(await restoreJournal(order)).toMatchObject({ ok: true, value: { unsettled: 2 } });
    for (const secret of secrets)
      expect([
        ...filesWith(here.data, secret),
        ...filesWith(here.to, secret),
        ...filesWith(data, secret),
      ]).toEqual([]);
    const keyStore = value(FileKeyStore.open(join(data, 'keys.json'), seededRandom(7), guard));
    expect(keyStore.current()).toEqual(here.keys.current());
    expect(openIn(data, { keyStore }).open()).toHaveLength(2);
    expect(FileKeyStore.open(join(data, 'keys.json'), seededRandom(7), guardBy(1))).toMatchObject({
      error: { kind: 'locked' },
    });
  });

  it('after the device key was lost takes the keys of the copy, with the library’s key only', async () => {
    const here = place(guardBy(1));
    fill(here.journal);
    await copied(here);
    here.journal.close();
    const guard = guardBy(2);
    expect(await restoreJournal(restoring(here, { guard, replace: true }))).toEqual({
      ok: false,
      error: expect.stringContaining('--identity'),
    });
    const order = restoring(here, { guard, replace: true, identities: identity });
    expect(await restoreJournal(order)).toMatchObject({ ok: true, value: { unsettled: 2 } });
    const keyStore = value(FileKeyStore.open(join(here.data, 'keys.json'), seededRandom(7), guard));
    expect(openIn(here.data, { keyStore }).open()).toHaveLength(2);
  });

  it('of nothing but the keys loses nothing of a journal that is whole', async () => {
    const here = place(guardBy(1));
    fill(here.journal);
    await copied(here);
    here.journal.commit([begin(7)]);
    here.journal.close();
    const guard = guardBy(2);
    const order = { ...restoring(here, { guard }), identities: identity };
    expect(await restoreKeys({ ...order, identities: await generateX25519Identity() })).toMatchObject({
      ok: false,
      error: expect.stringContaining('another key'),
    });
    const aside = join(here.data, 'journal.replaced-20261121T080000Z.keys');
    expect(await restoreKeys(order)).toEqual({ ok: true, value: { aside } });
    expect(existsSync(aside)).toBe(true);
    const keyStore = value(FileKeyStore.open(join(here.data, 'keys.json'), seededRandom(7), guard));
    const journal = openIn(here.data, { keyStore });
    expect(journal.open().map(({ item, attempts }) => [item, attempts])).toEqual([
      ['item-2', 0],
      ['item-4', 0],
      ['item-7', 0],
    ]);
    expect(journal.audit(9).map(({ act, by }) => `${act} ${by}`)).toEqual(['restore vieno', 'list eino']);
    expect(journal.verifyAudit()).toMatchObject({ whole: true });
    expect(readdirSync(here.data).filter((name) => name.includes('restoring'))).toEqual([]);
  });

  it('of keys that are not those of the journal is refused, and touches nothing', async () => {
    const [here, other] = [place(guardBy(1)), place()];
    fill(here.journal);
    fill(other.journal);
    await copied(other);
    here.journal.close();
    const before = readFileSync(join(here.data, 'keys.json'), 'utf8');
    const order = { ...restoring(here, { from: other.to, guard: guardBy(2) }), identities: identity };
    expect(await restoreKeys(order)).toEqual({
      ok: false,
      error: 'the keys in the copy do not open the journal',
    });
    expect(await restoreKeys({ ...order, from: here.to })).toMatchObject({
      ok: false,
      error: expect.stringContaining('there is no'),
    });
    expect(await restoreKeys({ ...order, data: join(temporaryDirectory(), 'empty') })).toEqual({
      ok: false,
      error: 'there is no journal; restore the copy as a whole',
    });
    expect(readFileSync(join(here.data, 'keys.json'), 'utf8')).toBe(before);
  });

  it('takes the keys of the copy where those of the folder are others, and keeps these too', async () => {
    const here = place();
    fill(here.journal);
    await copied(here);
    const other = place();
    other.journal.close();
    const identities = identity;
    const order = restoring(here, { data: other.data, identities, replace: true });
    expect(await restoreJournal(order)).toMatchObject({ ok: true });
    const names = readdirSync(other.data);
    expect(names).toContain('journal.replaced-20261121T080000Z.keys');
    const keyStore = value(FileKeyStore.open(join(other.data, 'keys.json'), seededRandom(7)));
    expect(
      openIn(other.data, { keyStore })
        .open()
        .every(({ readable }) => readable),
    ).toBe(true);
  });

  it('refuses a copy that is damaged, none, or of something else, and touches nothing', async () => {
    const here = place();
    fill(here.journal);
    await copied(here);
    here.journal.close();
    const file = join(here.to, copyName);
    const good = readFileSync(file);
    const before = readFileSync(join(here.data, 'journal.db'));
    const wrecks: readonly (readonly [string, () => void])[] = [
      ['cut', () => writeFileSync(file, good.subarray(0, good.length / 2))],
      ['noise', () => writeFileSync(file, Buffer.alloc(good.length, 0xa5))],
      [
        'another database',
        () => {
          rmSync(file);
          new Database(file).exec('create table t (x)').close();
        },
      ],
      ['none', () => rmSync(file)],
    ];
    for (const [what, wreck] of wrecks) {
      wreck();
      expect(await restoreJournal(restoring(here, { replace: true })), what).toMatchObject({ ok: false });
      expect(readFileSync(join(here.data, 'journal.db')), what).toEqual(before);
    }
  });

  it('refuses while a station works in the folder', async () => {
    const here = place();
    fill(here.journal);
    await copied(here);
    const lock = value(lockDataDirectory(here.data, { pid: process.pid, since: friday }));
    after(() => lock.release());
    expect(await restoreJournal(restoring(here, { replace: true }))).toEqual({
      ok: false,
      error: 'a station works in the data folder; stop it first',
    });
  });
});
