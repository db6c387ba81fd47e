import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { masked } from '../../../src/cli/commands/scan-preview.ts';
import { journalLines, statusLines } from '../../../src/cli/commands/told.ts';
import { listHidDevices, type HidModule } from '../../../src/devices/hid/hid-list.ts';
import { listLinuxPorts } from '../../../src/devices/serial-list.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { Twn4Emulator } from '../../../src/simulator/card-reader/twn4-emulator.ts';
import { PrinterOnPty } from '../../../src/simulator/printer/printer-on-pty.ts';
import { PtyPair } from '../../../src/simulator/pty.ts';
import { ModbusEmulator } from '../../../src/simulator/relay/relay-emulators.ts';
import type { DeskAnswer, DeskRequest } from '../../../src/shared/desk.ts';
import { stationSocketPath } from '../../../src/station/socket-path.ts';
import { serveStation } from '../../../src/station/socket.ts';
import { serveOn } from '../../support/serve-on.ts';
import { viewOf } from '../../support/views.ts';
import { eventually } from '../../support/wait.ts';

const program = resolve(import.meta.dirname, '../../../src/cli/omatoimi.ts');
let folder = '';
const cleanups: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-cli-'));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder });
  cleanups.push(() => child.kill('SIGKILL'));
  const told = { out: '', err: '', code: undefined as number | null | undefined };
  child.stdout.on('data', (chunk: Buffer) => (told.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (told.err += chunk.toString()));
  child.on('close', (code) => (told.code = code));
  return { child, told };
}

async function run(...args: string[]): Promise<{ out: string; err: string; code: number | null }> {
  const { told } = start(...args);
  const code = await eventually('the end', () => told.code !== undefined && { code: told.code });
  return { ...told, code: code.code };
}

const right = 'configVersion: 1\nlibrary: { institutionId: A, name: { en: L } }\nacs: { host: 127.0.0.1 }\n';

describe('omatoimi', () => {
  it('says what it can do', async () => {
    const help = await run('--help');
    expect(help.code).toBe(0);
    for (const name of [
      'config check',
      'device card',
      'device list',
      'device print',
      'device relay',
      'device scan',
      'journal list',
      'status',
    ]) {
      expect(help.out).toContain(`omatoimi ${name}`);
    }
    expect((await run()).code).toBe(2);
  });

  it.each([
    [['journal']],
    [['dance']],
    [['config', 'check']],
    [['status', '--nope']],
    [['device', 'print']],
    [['device', 'scan']],
    [['device', 'list', 'x']],
    [['journal', 'list', '--state', 'lost']],
    [['journal', 'list', '--limit', '0']],
    [['journal', 'show']],
    [['journal', 'show', 'x']],
    [['journal', 'resolve', '7']],
    [['journal', 'resolve', '7', '--note', 'because']],
  ])('refuses %j with its usage', async (args) => {
    const ended = await run(...args);
    expect([ended.code, ended.out]).toEqual([2, '']);
    expect(ended.err).toMatch(/^ {2}omatoimi /m);
    expect(ended.err).not.toMatch(/^\s+at /m);
  });

  it('starts from another folder on whatever Node is there', () => {
    writeFileSync(join(folder, 'station.yaml'), right);
    const bin = resolve(import.meta.dirname, '../../../bin/omatoimi.cjs');
    const ended = spawnSync(process.execPath, [bin, 'config', 'check', 'station.yaml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([ended.status, ended.stdout]).toEqual([0, 'station.yaml is a right configuration.\n']);
  });
});

describe('omatoimi config check', () => {
  it('accepts a right file', async () => {
    writeFileSync(join(folder, 'station.yaml'), right);
    expect(await run('config', 'check', 'station.yaml')).toEqual({
      code: 0,
      out: 'station.yaml is a right configuration.\n',
      err: '',
    });
  });
  it('tells all that is wrong, a line each', async () => {
    writeFileSync(join(folder, 'station.yaml'), `${right}dada: {}\nshell: { port: 0 }\n`);
    const ended = await run('config', 'check', 'station.yaml');
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.err.split('\n').toSorted()).toEqual([
      '',
      'station.yaml:4: dada: expected a known key; did you mean "data"?, found an unknown key',
      'station.yaml:5: shell.port: expected a whole number from 1 to 65535, found the number 0',
    ]);
  });
});

describe('omatoimi device', () => {
  it('lists what this machine has', async () => {
    const ended = await run('device', 'list');
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/^Serial ports:/);
    expect(ended.out).toMatch(/^HID devices:/m);
  });

  it('scans by hand, masked', async () => {
    const pair = await PtyPair.create();
    cleanups.push(() => pair.close());
    const { child, told } = start('device', 'scan', '--path', pair.devicePath);
    await eventually('the port', () => told.out.includes('is open'));
    await pair.write('30091000000017\r\u0007\r');
    await eventually('both scans', () => told.out.includes('controlCharacters'));
    expect(told.out).toContain('read: 14 digits, ending in 17\nunreadable: controlCharacters\n');
    expect(told.out).not.toContain('30091');
    child.kill('SIGINT');
    await eventually('the end', () => told.code !== undefined);
    expect(told.code).toBe(0);
  });

  it('ends quietly when nobody reads on, as under head', async () => {
    const help = start('--help');
    help.child.stdout.destroy();
    await eventually('the end', () => help.told.code !== undefined);
    expect(help.told).toMatchObject({ code: 0, err: '' });

    const pair = await PtyPair.create();
    cleanups.push(() => pair.close());
    const scan = start('device', 'scan', '--path', pair.devicePath);
    await eventually('the port', () => scan.told.out.includes('is open'));
    scan.child.stdout.destroy();
    await pair.write('30091000000017\r');
    await eventually('the end', () => scan.told.code !== undefined);
    expect(scan.told).toMatchObject({ code: 0, err: '' });
  });

  it('scans by hand in full where asked', async () => {
    const pair = await PtyPair.create();
    cleanups.push(() => pair.close());
    const { told } = start(
      'device',
      'scan',
      '--path',
      pair.devicePath,
      '--suffix',
      '!C\\r',
      '--prefix',
      '#',
      '--show',
    );
    await eventually('the port', () => told.out.includes('is open'));
    await pair.write('#30091000000017!C\r');
    await eventually('the scan', () => told.out.includes('\n30091000000017\n'));
  });

  it('shows what the library’s rules make of a text, and hides the text unless asked', async () => {
    const rules =
      'identifiers: { pipeline: [{ is: item, match: "20[0-9]{11}", check: ean13, dropCheckDigit: true }] }\n';
    writeFileSync(join(folder, 'station.yaml'), right + rules);
    const hidden = await run('device', 'scan', '--config', 'station.yaml', '--text', '2045768000013');
    expect(hidden.out).toBe(
      [
        '  rule 1 (item): takes 13 digits, ending in 13 as 12 digits, ending in 01',
        '  where a card is expected: the item 12 digits, ending in 01',
        '  where a book is expected: the item 12 digits, ending in 01',
        '',
      ].join('\n'),
    );
    const shown = await run(
      'device',
      'scan',
      '--config',
      'station.yaml',
      '--text',
      '2045768000013',
      '--show',
    );
    expect(shown.out).toContain('takes "2045768000013" as "204576800001"');
  });

  it('drives the scanners of a configuration, with the rules live', async () => {
    const pair = await PtyPair.create();
    cleanups.push(() => pair.close());
    const devices = `devices: [{ kind: barcode-scanner, path: ${pair.devicePath}, aim: true }]\n`;
    const rules = 'identifiers: { pipeline: [{ is: card, symbologies: [F], match: "2[0-9]{13}" }] }\n';
    writeFileSync(join(folder, 'station.yaml'), right + devices + rules);
    const { told } = start('device', 'scan', '--config', 'station.yaml', '--show');
    await eventually('the port', () => told.out.includes('is open'));
    await pair.write(']F021999000020071\r]C021999000020072\r');
    await eventually('both scans', () => told.out.includes('for another symbology'));
    expect(told.out).toContain(
      [
        '21999000020071',
        '  symbology ]F0',
        '  rule 1 (card): takes "21999000020071" as "21999000020071"',
        '  where a card is expected: the card "21999000020071"',
        '  where a book is expected: the card "21999000020071"',
        '21999000020072',
        '  symbology ]C0',
        '  rule 1 (card): for another symbology',
        '',
      ].join('\n'),
    );
  });

  it('drives the card readers of a configuration', async () => {
    const pair = await PtyPair.create();
    cleanups.push(() => pair.close());
    const reader = new Twn4Emulator();
    serveOn(pair, reader);
    const devices = `devices: [{ kind: card-reader, driver: twn4, path: ${pair.devicePath} }]\n`;
    const rules = 'identifiers: { pipeline: [{ is: card, from: [card-reader], match: "04[0-9A-F]{12}" }] }\n';
    writeFileSync(join(folder, 'station.yaml'), right + devices + rules);
    const { child, told } = start('device', 'card', '--config', 'station.yaml');
    await eventually('the reader', () => told.out.includes('is ready'));
    reader.put('04a1b2c3d4e5f6');
    await eventually('the card', () => told.out.includes('where a book'));
    reader.take();
    await eventually('that it goes', () => told.out.includes('no card lies there any more'));
    expect(told.out).toContain('read: 14 characters, ending in F6\n  rule 1 (card): takes 14 characters');
    expect(told.out).not.toContain('04A1');
    child.kill('SIGINT');
    await eventually('the end', () => told.code !== undefined);
    expect([told.code, told.err]).toEqual([0, '']);
  });

  it('switches the lights of a configuration, and off at the end', async () => {
    const pair = await PtyPair.create();
    cleanups.push(() => pair.close());
    const board = new ModbusEmulator();
    serveOn(pair, board);
    const lights = 'lights: { ready: 1, attention: 3, cardSlot: 4 }';
    const devices = `devices: [{ kind: relay, driver: modbus-rtu, path: ${pair.devicePath}, ${lights} }]\n`;
    writeFileSync(join(folder, 'station.yaml'), right + devices);
    const { child, told } = start(
      'device',
      'relay',
      '--config',
      'station.yaml',
      '--on',
      'ready',
      '--on',
      'cardSlot',
    );
    await eventually('the board', () => told.out.includes('does what it is told'));
    expect(board.on).toEqual(new Set([1, 4]));
    child.kill('SIGINT');
    await eventually('the end', () => told.code !== undefined);
    await eventually('all are off', () => board.on.size === 0);
  });

  it('masks a short scan wholly', () => {
    expect(masked({ kind: 'text', text: '1234' })).toBe('read: 4 digits');
    expect(masked({ kind: 'text', text: 'A1234' })).toBe('read: 5 characters, ending in 34');
  });

  it('says what is missing where HID does not work', async () => {
    const message = 'libusb-1.0.so.0: cannot open shared object file: No such file or directory';
    const missing = await listHidDevices(() => Promise.reject(new Error(message)));
    expect(missing).toEqual({
      ok: false,
      error: 'libusb-1.0.so.0 is missing; on Debian: apt-get install libusb-1.0-0 libudev1',
    });
    const broken = await listHidDevices(() => Promise.reject(new Error('something else\nat x')));
    expect(broken).toEqual({ ok: false, error: 'the HID module does not work: something else' });
  });

  it('names HID devices by number and words', async () => {
    const module: HidModule = {
      devicesAsync: () =>
        Promise.resolve([{ vendorId: 0x0c27, productId: 0x3bfa, path: '/dev/hidraw0', product: 'pcProx' }]),
    };
    expect(await listHidDevices(() => Promise.resolve(module))).toEqual({
      ok: true,
      value: [{ path: '/dev/hidraw0', words: '0c27:3bfa pcProx' }],
    });
  });

  it('finds serial ports as Linux names them', () => {
    const link = (path: string, target: string) => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      symlinkSync(target, join(folder, path));
    };
    link('dev/serial/by-id/usb-FTDI_X-if00-port0', '../../ttyUSB0');
    link('sys/class/tty/ttyUSB0/device/driver', '../../bus/ftdi_sio');
    link('sys/class/tty/ttyACM0/device/driver', '../../bus/cdc_acm');
    link('sys/class/tty/ttyS0/device/driver', '../../bus/serial8250');
    mkdirSync(join(folder, 'sys/class/tty/tty1'));
    expect(listLinuxPorts(folder)).toEqual([
      { path: '/dev/serial/by-id/usb-FTDI_X-if00-port0', words: 'ttyUSB0' },
      { path: '/dev/ttyACM0', words: '' },
    ]);
    expect(listLinuxPorts(join(folder, 'nothing'))).toEqual([]);
  });
});

/** A desk that knows one transaction. */
function deskAnswer({ by, act }: DeskRequest, row: object): DeskAnswer {
  if (by === '') return { ok: false, reason: 'nobody' };
  if (act.do === 'list') return { ok: true, value: [row] };
  if (act.do === 'verify')
    return { ok: true, value: { whole: false, brokenAt: 7, reason: 'it was changed' } };
  return { ok: false, reason: 'the journal has no transaction 99' };
}

describe('omatoimi and a running station', () => {
  async function station(): Promise<void> {
    let listens = false;
    const server = serveStation({
      path: stationSocketPath(join(folder, 'data')),
      clock: systemClock,
      log: silentLog,
      onFrame: (client, frame) => {
        if (frame.kind === 'tags') {
          const { order } = frame.ask;
          const done =
            order.do === 'write'
              ? { told: `${order.content.primaryItemIdentifier} was written.` }
              : undefined;
          const reason = 'somebody is at the station; nothing was done';
          const answer = done === undefined ? { ok: false, reason } : { ok: true, value: done };
          return client.send({ v: 1, kind: 'told', id: frame.id, answer });
        }
        if (frame.kind !== 'ask' && frame.kind !== 'desk') return;
        // A view in between is no answer.
        client.send({ v: 1, kind: 'view', view: viewOf(1) });
        const row = {
          seq: 7,
          at: Date.UTC(2026, 10, 20, 8, 0, 5),
          kind: 'checkout',
          state: 'accepted',
          item: '300910',
          patron: '…0001',
        };
        client.send({
          v: 1,
          kind: 'told',
          id: frame.id,
          answer: frame.kind === 'ask' ? { disk: 'well', journal: { rows: 3 } } : deskAnswer(frame.ask, row),
        });
      },
      onListening: () => {
        listens = true;
      },
      onFailed: (failure) => {
        throw new Error(JSON.stringify(failure));
      },
    });
    cleanups.push(() => server.close());
    await eventually('the station', () => listens);
  }

  it('leaves it its devices, and says so', async () => {
    await station();
    const devices = ['a', 'b', 'c', 'd', 'e'].map((name) => join(folder, name));
    writeFileSync(
      join(folder, 'station.yaml'),
      `${right}devices:
  - { kind: barcode-scanner, path: ${devices[0]} }
  - { kind: card-reader, driver: twn4, path: ${devices[1]} }
  - { kind: receipt-printer, driver: serial, path: ${devices[2]} }
  - { kind: relay, driver: lcus, path: ${devices[3]}, lights: { ready: 1 } }
  - { kind: rfid-reader, driver: rl866, path: ${devices[4]} }
data: { directory: data }
`,
    );
    for (const command of [['scan'], ['card'], ['print'], ['relay'], ['rfid', 'watch']]) {
      const ended = await run('device', ...command, '--config', 'station.yaml');
      expect([command, ended.code, ended.out]).toEqual([command, 1, '']);
      expect(ended.err).toMatch(/^The station runs and holds its devices\. Stop it first/);
    }
  });

  it('has tags written and released by it', async () => {
    await station();
    writeFileSync(
      join(folder, 'station.yaml'),
      `${right}devices:\n  - { kind: rfid-reader, driver: rl866, path: ${join(folder, 'a')} }\ndata: { directory: data }\n`,
    );
    const here = ['--config', 'station.yaml'];
    const written = await run('device', 'rfid', 'write', '--item', '300910', ...here);
    expect(written).toEqual({ code: 0, out: '300910 was written.\n', err: '' });
    const released = await run('device', 'rfid', 'release', '--without-acs', ...here);
    expect(released).toEqual({
      code: 1,
      out: '',
      err: 'somebody is at the station; nothing was done.\n',
    });
    const long = await run('device', 'rfid', 'secure', '--wait', '999', ...here);
    expect([long.code, long.err]).toEqual([2, expect.stringContaining('--wait is at most 120 seconds')]);
    const named = await run('device', 'rfid', 'secure', '--path', join(folder, 'a'), ...here);
    expect([named.code, named.err]).toEqual([2, expect.stringContaining('name the tag by --uid')]);
  });

  it('tells how it is', async () => {
    await station();
    expect(await run('status', '--data', 'data')).toEqual({
      code: 0,
      out: 'disk          well\njournal.rows  3\n',
      err: '',
    });
    const json = await run('status', '--data', 'data', '--json');
    expect(JSON.parse(json.out)).toEqual({ disk: 'well', journal: { rows: 3 } });
  });

  it('lists the journal', async () => {
    await station();
    writeFileSync(join(folder, 'station.yaml'), `${right}data: { directory: data }\n`);
    const ended = await run('journal', 'list', '--config', 'station.yaml');
    expect(ended.out).toBe(
      'seq  at (UTC)             kind      state     item    patron  rule\n7    2026-11-20 08:00:05  checkout  accepted  300910  …0001\n',
    );
  });

  it.each([[], ['--json']])('ends with 1 where the audit log is not whole %j', async (...how) => {
    await station();
    const ended = await run('journal', 'verify', '--data', 'data', ...how);
    expect([ended.code, ended.err]).toEqual([1, '']);
    expect(ended.out).toMatch(how.length === 0 ? /NOT whole from act 7 on/ : /"whole": false/);
  });

  it('says why the station did not do it', async () => {
    await station();
    const ended = await run('journal', 'show', '99', '--data', 'data');
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.err).toMatch(/: the journal has no transaction 99\.\n$/);
  });

  it('says when there is none', async () => {
    const ended = await run('status', '--data', 'data');
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.err).toMatch(/station\.sock: no station is running there\.\n$/);
  });

  it('shows what it does not know as it is', () => {
    expect(journalLines({ new: 'form' })).toEqual([expect.stringContaining('--json')]);
    expect(journalLines([])).toEqual(['The journal has no transaction.']);
    expect(statusLines({ a: null, bb: [1, { c: 'x' }] })).toEqual(['a       null', 'bb.0    1', 'bb.1.c  x']);
  });
});

describe('omatoimi device print', () => {
  const config = (path: string): string =>
    `${right}devices: [{ kind: receipt-printer, driver: serial, path: ${path} }]\n`;

  it('prints a page with every letter on a printer that is well', async () => {
    const printer = await PrinterOnPty.create();
    cleanups.push(() => printer.close());
    writeFileSync(join(folder, 'station.yaml'), config(printer.devicePath));
    const ended = await run('device', 'print', '--config', 'station.yaml');
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(ended.out).toBe('The printer is ready.\nThe page came out.\n');
    expect(JSON.stringify(printer.printer.paper)).toContain('Řř Šš');
  });

  it('says what to do about one without paper', async () => {
    const printer = await PrinterOnPty.create();
    cleanups.push(() => printer.close());
    printer.printer.become({ paper: 'out' });
    writeFileSync(join(folder, 'station.yaml'), config(printer.devicePath));
    const ended = await run('device', 'print', '--config', 'station.yaml');
    expect([ended.code, ended.out]).toEqual([1, 'The printer is paperEnd. Put in a new roll of paper.\n']);
  });
});
