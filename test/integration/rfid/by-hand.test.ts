import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rfidRelease, rfidSecure } from '../../../src/cli/commands/rfid/security.ts';
import { rfidWrite } from '../../../src/cli/commands/rfid/write.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { readTag } from '../../../src/rfid/read-tag.ts';
import { AcsProcess } from '../../../src/simulator/acs/control-client.ts';
import { PadEmulator } from '../../../src/simulator/rfid/pad-emulator.ts';
import { TagField, VirtualTag } from '../../../src/simulator/rfid/tag-field.ts';
import { PtyReader } from '../../../src/simulator/rfid/virtual-reader.ts';
import { Stream } from '../../simulation/streams.ts';
import { books } from '../../support/example-library.ts';
import { uidNumber } from '../../support/rfid-rig.ts';
import { eventually } from '../../support/wait.ts';

const program = resolve(import.meta.dirname, '../../../src/cli/omatoimi.ts');
const uid = uidNumber(1);
const endMsMax = 60_000;
vi.setConfig({ testTimeout: 240_000 });
const login = { user: 'omatoimi', password: 'terminal-word' };

let folder = '';
let field: TagField;
let port: PtyReader;
const cleanups: (() => unknown)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-by-hand-'));
  field = new TagField(new Stream(1, 'field'));
  port = await PtyReader.create({ emulator: new PadEmulator({ field }), clock: systemClock });
  cleanups.push(() => port.close());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, 'device', 'rfid', ...args], { cwd: folder });
  cleanups.push(() => child.kill('SIGKILL'));
  const told = { out: '', err: '', code: undefined as number | null | undefined };
  child.stdout.on('data', (chunk: Buffer) => (told.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (told.err += chunk.toString()));
  child.on('close', (code) => (told.code = code));
  return { child, told };
}

const commands = { write: rfidWrite, secure: rfidSecure, release: rfidRelease };

/** The command itself, without a process of its own. */
async function run(name: keyof typeof commands, ...args: readonly string[]) {
  const told = { out: '', err: '' };
  const code = await commands[name].run(args, {
    out: (line) => (told.out += `${line}\n`),
    err: (line) => (told.err += `${line}\n`),
    onStop: () => undefined,
  });
  return { ...told, code };
}

const here = () => ['--driver', '3m-810', '--path', port.path, '--wait', '60'];
const tag = () => field.tags[0];

describe('omatoimi device rfid', () => {
  it('watches a reader and what lies before it, until it is ended', async () => {
    const { child, told } = start('watch', ...here());
    await eventually('the reader', () => told.out.includes('is ready: 3M pad, firmware 10.5.2.27'), endMsMax);
    field.put(new VirtualTag({ uid, afi: 0xc2 }));
    await eventually('the tag', () => told.out.includes(`${uid}  not secured (AFI C2), blank\n`), endMsMax);
    await port.unplug();
    await eventually('the cable', () => told.out.includes('is offline'), endMsMax);
    expect(told.out).toContain('look at the cable');
    child.kill('SIGINT');
    await eventually('the end', () => told.code !== undefined, endMsMax);
    expect([told.code, told.err]).toEqual([0, '']);
  });

  it('writes a barcode to a tag, and not over another one', async () => {
    field.put(new VirtualTag({ uid }));
    const written = await run(
      'write',
      ...here(),
      '--item',
      books.hare.item,
      '--part',
      '1/2',
      '--owner',
      'FI-Hel',
    );
    expect(written).toEqual({
      code: 0,
      err: '',
      out: `${uid} was written and read back: item ${books.hare.item}, part 1 of 2, of FI-Hel, iso28560-3.\n`,
    });
    expect(readTag(tag()?.memory ?? new Uint8Array(0))).toMatchObject({
      kind: 'item',
      item: { primaryItemIdentifier: books.hare.item, part: { number: 1, of: 2 } },
    });
    const again = await run('write', ...here(), '--item', books.sinuhe.item);
    expect([again.code, again.out]).toEqual([1, '']);
    expect(again.err).toContain('The tag is not blank: item 31999000010286, part 1 of 2');
    const over = await run(
      'write',
      ...here(),
      '--item',
      books.sinuhe.item,
      '--model',
      'iso28560-2',
      '--over',
    );
    expect(over.code).toBe(0);
    expect(over.out).toContain(`item ${books.sinuhe.item}, iso28560-2`);
  });

  it('asks the library system before it sets or lifts the security', async () => {
    const acs = await AcsProcess.start({ login, state: join(folder, 'library-system.json') });
    cleanups.push(() => acs.stop());
    writeFileSync(
      join(folder, 'station.yaml'),
      `configVersion: 1
library: { institutionId: UWOLS, name: { en: Example } }
acs: { host: ${acs.host}, port: ${acs.port}, login: { user: ${login.user}, password: ${login.password} } }
devices:
  - { kind: rfid-reader, driver: 3m-810, path: ${port.path} }
`,
    );
    const config = ['--config', join(folder, 'station.yaml'), '--wait', '60'];
    field.put(new VirtualTag({ uid, afi: 0x07 }));
    expect((await run('write', ...config, '--item', books.hare.item)).code).toBe(0);

    const free = await run('release', ...config);
    expect([free.code, free.err]).toEqual([
      1,
      `The library system says that the item ${books.hare.item} is available.\n`,
    ]);
    expect(tag()?.afi).toBe(0x07);

    expect((await run('write', ...config, '--item', books.cobblers.item, '--over')).code).toBe(0);
    const lent = await run('release', ...config);
    expect([lent.code, lent.out]).toEqual([
      0,
      `${books.cobblers.item} is not secured any more, read back: ${uid}.\n`,
    ]);
    expect(tag()?.afi).toBe(0xc2);
    expect((await run('secure', ...config)).code).toBe(1);
    expect(tag()?.afi).toBe(0xc2);

    await acs.stop();
    expect((await run('secure', ...config, '--without-acs')).code).toBe(0);
    expect(tag()?.afi).toBe(0x07);
  });

  it('says in a sentence that nothing lies there, or that the reader is away', async () => {
    const none = await run('write', ...here(), '--wait', '15', '--item', '1');
    expect([none.code, none.err]).toEqual([1, 'No such tag lies still before the reader.\n']);
    await port.unplug();
    const away = await run('write', ...here(), '--wait', '5', '--item', '1');
    expect(away.code).toBe(1);
    expect(away.err).toContain('is offline');
  });

  it('refuses what makes no sense with its usage', async () => {
    const { told } = start('secure', ...here());
    await eventually('the end', () => told.code !== undefined, endMsMax);
    expect([told.code, told.out]).toEqual([2, '']);
    expect(told.err).toMatch(/^ {2}omatoimi device rfid secure/m);
    expect(told.err).not.toMatch(/^\s+at /m);
  });
});
