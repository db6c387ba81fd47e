import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { askStation } from '../../../src/cli/ask-station.ts';
import { AcsProcess } from '../../../src/simulator/acs/control-client.ts';
import { PtyPair } from '../../../src/simulator/pty.ts';
import { openLocalSocket } from '../../../src/station/socket-connect.ts';
import { stationSocketPath } from '../../../src/station/socket-path.ts';
import { cardOf, institutionId, itemOf, libraryOf, pin } from '../../crash/library.ts';
import { SocketPage } from '../../crash/socket-page.ts';
import { rowsOf } from '../../crash/visit.ts';
import { SoftwareTpm, tpmInstalled } from '../../support/software-tpm.ts';
import { until } from '../../support/until.ts';
import { eventually } from '../../support/wait.ts';

const mainFile = fileURLToPath(new URL('../../../src/station/main.ts', import.meta.url));
const msMax = 600_000;
const saysMsMax = 120_000;
const card = cardOf(1);
const wherePossible = tpmInstalled ? ['a TPM'] : [];

const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function tpm(): Promise<NodeJS.ProcessEnv> {
  const made = new SoftwareTpm();
  cleanups.push(() => made.close());
  await made.ready();
  return made.stationEnv();
}

interface Branch {
  readonly acs: AcsProcess;
  readonly scanner: PtyPair;
  readonly folder: string;
}

async function branch(): Promise<Branch> {
  const folder = mkdtempSync(join(tmpdir(), 'omatoimi-tpm-station-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const library = join(folder, 'library.json');
  writeFileSync(library, JSON.stringify(libraryOf(10)));
  const acs = await AcsProcess.start({ library });
  cleanups.push(() => acs.kill());
  const scanner = await PtyPair.create();
  cleanups.push(() => scanner.close());
  return { acs, scanner, folder };
}

/** A device with a configuration and a data folder of its own. */
function device({ folder, acs, scanner }: Branch, name: string, wrapKeys: boolean) {
  const directory = join(folder, name, 'data');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(folder, name, 'station.yaml');
  const content = {
    configVersion: 1,
    library: { institutionId, name: { en: 'Test Library' }, languages: ['en'] },
    acs: { host: '127.0.0.1', port: acs.port },
    devices: [{ kind: 'barcode-scanner', path: scanner.devicePath, suffix: '\r', doubleScanMs: 0 }],
    identifiers: { card: [String.raw`2\d{7}`], item: [String.raw`3\d{7}`] },
    services: { borrow: { offline: { pin: 'verifier' } } },
    session: { finishedSeconds: 2 },
    data: { directory, deviceKey: { from: 'tpm', by: 'tpm2-tools', wrapKeys } },
  };
  writeFileSync(file, stringify(content));
  return { file, directory };
}

type Device = ReturnType<typeof device>;

/** All but the folder of the socket, which a station makes for itself. */
function copyDisk(from: Device, to: Device): void {
  cpSync(from.directory, to.directory, { recursive: true });
  rmSync(join(to.directory, 'run'), { recursive: true, force: true });
}

function start({ file, directory }: Device, env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(process.execPath, [mainFile, '--config', file], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const run = { output: '', errors: '', ended };
  child.stdout?.on('data', (chunk: Buffer) => (run.output += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (run.errors += chunk.toString('utf8')));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  cleanups.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const page = async (): Promise<SocketPage> => {
    const over = ended.then((code) => {
      throw new Error(`it ended (${code}): ${run.errors}`);
    });
    await Promise.race([
      over,
      eventually('it is ready', () => run.output.includes('"ready":true'), saysMsMax),
    ]);
    over.catch(() => undefined);
    const made = new SocketPage(stationSocketPath(directory), 'test');
    cleanups.push(() => made.close());
    await made.sees('home', ({ screen }) => screen.name === 'home');
    return made;
  };
  const status = async (): Promise<unknown> => {
    const answer = await askStation(openLocalSocket(stationSocketPath(directory)), 'status');
    return answer.ok ? answer.value : answer.error;
  };
  return { run, stop, page, status };
}

/** The patron lays their card down and types their PIN; gives back the screen that follows. */
async function signIn(page: SocketPage, scanner: PtyPair, typed = pin) {
  await page.sees('borrowing is open', ({ screen }) =>
    screen.name === 'home' ? screen.services.some((one) => one.service === 'borrow' && one.available) : false,
  );
  page.do({ do: 'chooseService', service: 'borrow' });
  await page.screen('card');
  await scanner.write(`${card}\r`);
  await page.screen('pin');
  for (const key of typed) page.do({ do: 'pinKey', key });
  page.do({ do: 'pinEnter' });
  return page.sees(
    'the PIN was checked',
    ({ screen }) => screen.name !== 'pin' || screen.refusal !== undefined,
  );
}

async function leave(page: SocketPage): Promise<void> {
  await page.sees('home', ({ screen }) => {
    if (screen.name === 'home') return true;
    if (screen.name !== 'finished') page.do({ do: 'leave' });
    return false;
  });
}

const offline = (page: SocketPage) =>
  page.sees('the outage is noticed', ({ status }) => status.mode === 'offline');

/** Signs in while the library system is there, and waits until a verifier of the PIN is in the journal. */
async function becomesKnown(
  station: ReturnType<typeof start>,
  { directory }: Device,
  scanner: PtyPair,
): Promise<void> {
  const page = await station.page();
  await page.sees('it is online', ({ status }) => status.mode === 'online');
  expect((await signIn(page, scanner)).screen.name).toBe('borrow');
  const known = (): boolean => {
    const journal = new Database(join(directory, 'journal.db'), { readonly: true });
    const row = journal.prepare('select 1 from pin_verifiers').get();
    journal.close();
    return row !== undefined;
  };
  await until('the PIN is known', () => Promise.resolve(known()), saysMsMax);
  await leave(page);
}

it.each(wherePossible)(
  'a station whose keys are wrapped by %s lends in an outage after a restart by the PIN that it knows, and is not read on another machine',
  async () => {
    const place = await branch();
    const [here, elsewhere] = [await tpm(), await tpm()];
    const first = device(place, 'first', true);
    const before = start(first, here);
    await becomesKnown(before, first, place.scanner);
    await before.stop();
    const keys = readFileSync(join(first.directory, 'keys.json'), 'utf8');
    expect(keys).toContain('"wrapped"');

    await place.acs.refuseConnections(true);
    const after = start(first, here);
    const page = await after.page();
    await offline(page);
    const wrong = await signIn(page, place.scanner, '0000');
    expect(wrong.screen).toMatchObject({ name: 'pin', refusal: { rule: 'offline.pinWrong' } });
    await leave(page);
    expect((await signIn(page, place.scanner)).screen.name).toBe('borrow');
    await place.scanner.write(`${itemOf(1)}\r`);
    await page.sees('it is lent by the station', (view) =>
      rowsOf(view).some(({ item, state }) => item === itemOf(1) && state === 'offline'),
    );
    await leave(page);
    await after.stop();

    const second = device(place, 'second', true);
    copyDisk(first, second);
    const thief = start(second, elsewhere);
    expect(await thief.run.ended).toBe(3);
    expect(thief.run.errors).toContain('device-key.tpm2 does not open here');
    expect(readFileSync(join(second.directory, 'keys.json'), 'utf8')).toBe(keys);

    // At home what was lent reaches the library system once.
    await place.acs.refuseConnections(false);
    const home = start(first, here);
    await home.page();
    await until(
      'the loan is told',
      async () => (await place.acs.ledger()).some(({ item }) => item === itemOf(1)),
      saysMsMax,
    );
    expect((await place.acs.ledger()).map(({ effect, item }) => [effect, item])).toEqual([
      ['checkout', itemOf(1)],
    ]);
  },
  msMax,
);

it.each(wherePossible)(
  'a station whose PINs alone are bound to %s serves on another machine without them, and says so',
  async () => {
    const place = await branch();
    const [here, elsewhere] = [await tpm(), await tpm()];
    const first = device(place, 'first', false);
    const before = start(first, here);
    await becomesKnown(before, first, place.scanner);
    await before.stop();

    await place.acs.refuseConnections(true);
    const second = device(place, 'second', false);
    copyDisk(first, second);
    const other = start(second, elsewhere);
    const page = await other.page();
    await offline(page);
    const told = await signIn(page, place.scanner);
    expect(JSON.stringify(told.screen)).toContain('offline.pinNotKnown');
    await leave(page);
    expect(await other.status()).toMatchObject({
      deviceKeyMissing: expect.stringContaining('device-key.tpm2 does not open here'),
    });

    // Returns are taken all the same.
    page.do({ do: 'chooseService', service: 'return' });
    await page.screen('return');
    await place.scanner.write(`${itemOf(2)}\r`);
    await page.sees('it is taken', (view) =>
      rowsOf(view).some(({ item, state }) => item === itemOf(2) && state === 'offline'),
    );
    await other.stop();

    // With a key of the other machine's own the PIN is still not known there, for it was sealed by the first.
    rmSync(join(second.directory, 'device-key.tpm2'));
    const anew = start(second, elsewhere);
    const fresh = await anew.page();
    await offline(fresh);
    expect(JSON.stringify((await signIn(fresh, place.scanner)).screen)).toContain('offline.pinNotKnown');
    expect(await anew.status()).not.toHaveProperty('deviceKeyMissing');
  },
  msMax,
);

it.each(tpmInstalled ? [] : ['swtpm, tpm2-tools, libtss2-tcti-swtpm0'])(
  'needs a TPM in software, and rests without one; Debian: %s',
  () => {
    expect(tpmInstalled).toBe(false);
  },
);
