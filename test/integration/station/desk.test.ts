import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decryptWith } from '../../../src/journal/age.ts';
import { accountName } from '../../../src/cli/commands/journal/at-desk.ts';
import { journalAudit, journalVerify } from '../../../src/cli/commands/journal/audit.ts';
import { journalCopy, journalRestore } from '../../../src/cli/commands/journal/copy.ts';
import { journalExport } from '../../../src/cli/commands/journal/export.ts';
import { journalList } from '../../../src/cli/commands/journal/list.ts';
import { journalResolve, journalRetry, journalShow } from '../../../src/cli/commands/journal/one.ts';
import { journalErase, journalPerson } from '../../../src/cli/commands/journal/person.ts';
import { journalRefusals } from '../../../src/cli/commands/journal/refusals.ts';
import { journalRotateKeys } from '../../../src/cli/commands/journal/rotate-keys.ts';
import type { Command } from '../../../src/cli/commands/command.ts';
import { stationSocketPath } from '../../../src/station/socket-path.ts';
import { cardOf, itemOf, pin } from '../../crash/library.ts';
import { CrashWorld } from '../../crash/world.ts';
import { until } from '../../support/until.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const identity = await generateX25519Identity();
let world: CrashWorld;
let copies = '';
beforeEach(async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'omatoimi-elsewhere-'));
  world = await CrashWorld.create({
    items: 50,
    hasPlate: false,
    moreData: { libraryKey: await identityToRecipient(identity), copy: { directory: elsewhere } },
  });
  copies = elsewhere;
  await world.station(false);
  expect(await world.settled()).toBe(true);
});
afterEach(async () => {
  await world.close();
  rmSync(copies, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command of `omatoimi` on this world's station. */
async function run(command: Command, ...args: readonly string[]): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    onStop: () => undefined,
  };
  const code = await command.run([...args, '--socket', stationSocketPath(world.data)], terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

async function json(command: Command, ...args: readonly string[]): Promise<unknown> {
  const ended = await run(command, ...args, '--json');
  expect(ended).toMatchObject({ code: 0, err: '' });
  return JSON.parse(ended.out);
}

/** Returns that are taken while the library system is away. */
async function returnsInOutage(...items: readonly string[]): Promise<void> {
  await world.acs.refuseConnections(true);
  const page = await world.page();
  await page.sees('the outage', ({ status }) => status.mode === 'offline');
  page.do({ do: 'chooseService', service: 'return' });
  await page.screen('return');
  for (const item of items) {
    await world.scanner.write(`${item}\r`);
    await page.sees(
      `${item} is taken`,
      ({ screen }) =>
        screen.name === 'return' && screen.items.some((row) => row.item === item && row.state === 'offline'),
    );
  }
  page.do({ do: 'leave' });
  await page.screen('home');
}

async function borrows(item: string): Promise<void> {
  const page = await world.page();
  page.do({ do: 'chooseService', service: 'borrow' });
  await page.screen('card');
  await world.scanner.write(`${cardOf(1)}\r`);
  await page.screen('pin');
  for (const key of pin) page.do({ do: 'pinKey', key });
  page.do({ do: 'pinEnter' });
  await page.screen('borrow');
  await world.scanner.write(`${item}\r`);
  await page.sees(
    'the loan',
    ({ screen }) =>
      screen.name === 'borrow' && screen.items.some((row) => row.item === item && row.state === 'done'),
  );
  page.do({ do: 'finish', receipt: false });
  await page.screen('home');
}

/** A return of something that the library system does not know, on the staff list after the outage; gives its number. */
async function onStaffList(item = '39999999'): Promise<string> {
  await returnsInOutage(item);
  await world.acs.refuseConnections(false);
  return until('it is on the staff list', async () => {
    const rows = (await json(journalList, '--staff')) as readonly { seq: number; item: string }[];
    const row = rows.find((one) => one.item === item);
    return row === undefined ? undefined : String(row.seq);
  });
}

describe('the staff list', () => {
  test('shows what it is, whose words, and what to do; resolved, it is off the list and noted', async () => {
    const number = await onStaffList();
    const shown = await run(journalShow, number);
    expect(shown.out).toContain('item        39999999');
    expect(shown.out).toMatch(/staff, /);
    expect(shown.out).toMatch(/What to do: .*library system/);

    expect(await run(journalResolve, number, '--note', 'itemFound')).toMatchObject({ code: 0 });
    expect((await run(journalList, '--staff')).out).toBe('The journal has no transaction.');
    expect(await run(journalResolve, number, '--note', 'itemFound')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is resolved and not on the staff list'),
    });
    expect(await run(journalShow, '999')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no transaction 999'),
    });

    const acts = (await json(journalAudit)) as readonly { act: string; by: string; detail?: string }[];
    expect(acts).toContainEqual(
      expect.objectContaining({ act: 'resolve', by: accountName(), detail: 'itemFound' }),
    );
    expect(acts.map(({ act }) => act)).toEqual(expect.arrayContaining(['list', 'show', 'resolve', 'audit']));
    expect(await run(journalVerify)).toEqual({
      code: 0,
      out: expect.stringMatching(/^The audit log is whole: \d+ acts\.$/),
      err: '',
    });
  });

  test('retried, the station asks first, and the same comes back under a new number', async () => {
    const number = await onStaffList();
    const asked = (await world.acs.status()).requests['17'] ?? 0;
    expect(await run(journalRetry, number)).toMatchObject({ code: 0 });
    await until('it is on the list again', async () => {
      const rows = (await json(journalList, '--staff')) as readonly { seq: number; item: string }[];
      return rows.some(({ seq, item }) => item === '39999999' && String(seq) !== number);
    });
    expect((await world.acs.status()).requests['17'] ?? 0).toBeGreaterThan(asked);
    expect(await world.acs.ledger()).toEqual([]);
  });
});

test('refusals by the station’s own rules can be reviewed, and who did so is noted', async () => {
  await world.acs.refuseConnections(true);
  const page = await world.page();
  await page.sees('the outage', ({ status }) => status.mode === 'offline');
  page.do({ do: 'chooseService', service: 'account' });
  await page.screen('refusal');
  expect(await json(journalRefusals)).toMatchObject([{ rule: 'acs.away', source: 'station', count: 1 }]);
  expect((await run(journalRefusals)).out).toMatch(/the station +acs\.away +1 /);
  expect(await json(journalAudit)).toContainEqual(
    expect.objectContaining({ act: 'list', by: accountName(), detail: 'refusals' }),
  );
});

describe('an export', () => {
  test('is encrypted for the library, and what it took the station does not send', async () => {
    const recipient = await identityToRecipient(identity);
    await returnsInOutage(itemOf(1), itemOf(2));
    const out = join(world.folder, 'waiting.koc.age');
    const ended = await run(journalExport, '--format', 'koha', '--out', out, '--to', recipient, '--take');
    expect(ended).toEqual({
      code: 0,
      out: `2 transactions are in ${out}.\nThe station has let go of 2 of them.`,
      err: '',
    });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const sealed = readFileSync(out);
    expect(sealed.includes(itemOf(1))).toBe(false);
    const opened = await decryptWith(`# made by a test\n${identity}\n`, sealed);
    const text = opened.ok ? Buffer.from(opened.value).toString('utf8') : opened.error;
    expect(text.split('\n').map((line) => line.split('\t').slice(1))).toEqual([
      ['Generator=Omatoimi', expect.stringMatching(/^GeneratorVersion=/)],
      ['return', itemOf(1)],
      ['return', itemOf(2)],
      [],
    ]);
    expect(await decryptWith(await generateX25519Identity(), sealed)).toMatchObject({ ok: false });

    await world.acs.refuseConnections(false);
    expect(await world.settled()).toBe(true);
    expect(await world.acs.ledger()).toEqual([]);
    const rows = (await json(journalList)) as readonly { state: string; rule: string }[];
    expect(rows.map(({ state, rule }) => `${state} ${rule}`)).toEqual([
      'resolved resolved.exported',
      'resolved resolved.exported',
    ]);
    // A file that is there is not written over.
    expect(await run(journalExport, '--format', 'csv', '--out', out, '--clear')).toMatchObject({ code: 1 });
  });

  test('holds card numbers, and so is not written in clear without being told to', async () => {
    const out = join(world.folder, 'all.csv');
    await expect(run(journalExport, '--format', 'csv', '--out', out)).rejects.toThrow('public key');
    await borrows(itemOf(3));
    expect(await run(journalExport, '--format', 'csv', '--out', out, '--clear', '--all')).toMatchObject({
      code: 0,
      out: expect.stringContaining('IN CLEAR'),
    });
    expect(readFileSync(out, 'utf8')).toContain(`${itemOf(3)},${cardOf(1)}`);
  });
});

describe('what is kept about a card', () => {
  test('is told, and erased as far as it is settled; the audit log does not say whose', async () => {
    expect((await run(journalPerson, '--card', cardOf(1))).out).toBe(
      'The station keeps nothing about this card.',
    );
    await borrows(itemOf(4));
    expect((await run(journalPerson, '--card', cardOf(1))).out).toContain(itemOf(4));
    expect((await run(journalErase, '--card', cardOf(2))).out).toBe('0 transactions are erased.');
    expect((await run(journalErase, '--card', cardOf(1))).out).toBe('1 transactions are erased.');
    expect((await run(journalPerson, '--card', cardOf(1))).out).toBe(
      'The station keeps nothing about this card.',
    );
    const acts = JSON.stringify(await json(journalAudit));
    expect(acts).toContain('"erase"');
    expect(acts).not.toContain(cardOf(1));
    const log = (await world.station(false)).output;
    expect(log).not.toContain(cardOf(1));
    for (const name of readdirSync(world.data).filter((one) => one.startsWith('journal'))) {
      expect(readFileSync(join(world.data, name)).includes(cardOf(1)), name).toBe(false);
    }
  });
});

test('keys are replaced while the station runs, and it goes on', async () => {
  await borrows(itemOf(5));
  const before = readFileSync(join(world.data, 'keys.json'), 'utf8');
  expect((await run(journalRotateKeys)).out).toMatch(
    /^\d+ values are sealed under a new key\.\n1 old keys are destroyed\.$/,
  );
  expect(readFileSync(join(world.data, 'keys.json'), 'utf8')).not.toBe(before);
  await borrows(itemOf(6));
  await world.stopStation();
  await world.station(false);
  expect((await run(journalPerson, '--card', cardOf(1))).out).toContain(itemOf(5));
  expect((await run(journalVerify)).code).toBe(0);
});

test('a dead disk costs nothing that was copied: one command, and the station goes on', async () => {
  await borrows(itemOf(7));
  await returnsInOutage(itemOf(8));
  const asked = performance.timeOrigin + performance.now();
  expect(await run(journalCopy)).toMatchObject({ code: 0 });
  await until('the copy is made', async () => {
    const { copy } = (await world.status()) as { copy: { goodAt?: number; failure?: string } };
    if (copy.failure !== undefined) throw new Error(copy.failure);
    return copy.goodAt !== undefined && copy.goodAt >= asked - 1_000;
  });
  await world.stopStation();
  for (const name of readdirSync(world.data)) rmSync(join(world.data, name), { recursive: true });

  const key = join(world.folder, 'library.key');
  writeFileSync(key, `${identity}\n`, { mode: 0o600 });
  const restored = await run(
    { ...journalRestore, run: (args, terminal) => journalRestore.run(args.slice(0, -2), terminal) },
    ...['--from', copies, '--config', world.configFile, '--identity', key],
  );
  expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('Not settled: 1') });
  await world.acs.refuseConnections(false);
  await world.station(false);
  expect(await world.settled()).toBe(true);
  expect((await run(journalPerson, '--card', cardOf(1))).out).toContain(itemOf(7));
  // Nobody had the item that was returned, and it was asked about before anything was sent: no effect came of it.
  const effects = (await world.acs.ledger()).map(({ effect, item }) => `${effect} ${item}`);
  expect(effects).toEqual([`checkout ${itemOf(7)}`]);
  expect((await run(journalVerify)).code).toBe(0);
});

test('nobody but the station’s own account reaches the desk', () => {
  const socket = stationSocketPath(world.data);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
});

test('who lent an account by sudo is noted beside it', () => {
  expect(accountName({ SUDO_USER: 'vieno' })).toBe(`vieno as ${accountName({})}`);
});
