import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openDeviceFile } from '../../../src/devices/device-file.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { PtyEnd } from '../../../src/simulator/pty-end.ts';
import { PtyPair } from '../../../src/simulator/pty.ts';
import { eventually } from '../../support/wait.ts';

const waitMsMax = 60_000;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function open(path: string) {
  const told: string[] = [];
  const stream = openDeviceFile(
    path,
    systemClock,
  )({
    opened: () => told.push('opened'),
    bytes: (chunk) => told.push(Buffer.from(chunk).toString('latin1')),
    closed: (reason) => told.push(`closed: ${reason}`),
  });
  cleanups.push(() => stream.close());
  const tells = (...expected: string[]) =>
    eventually(
      `${told.join(' ')} is ${expected.join(' ')}`,
      () => told.length >= expected.length,
      waitMsMax,
    ).then(() => expect(told).toEqual(expected));
  return { stream, told, tells };
}

async function device() {
  const heard: Buffer[] = [];
  const end = await PtyEnd.create((bytes) => void heard.push(Buffer.from(bytes)));
  cleanups.push(() => end.close());
  return { end, heard: () => Buffer.concat(heard).toString('latin1') };
}

describe('a device that is read and written as a file', () => {
  it('writes and hears', async () => {
    const { end, heard } = await device();
    const { stream, tells } = open(end.devicePath);
    expect(stream.write(Buffer.from('early'))).toBe(false);
    await tells('opened');
    expect(stream.write(Buffer.from('how are you?'))).toBe(true);
    await eventually('it is heard', () => heard() === 'how are you?', waitMsMax);
    end.write(Buffer.from('well'));
    await tells('opened', 'well');
  });

  it('tells once that it is gone, and is silent after it was closed', async () => {
    const { end } = await device();
    const gone = open(end.devicePath);
    const closed = open(end.devicePath);
    await Promise.all([gone.tells('opened'), closed.tells('opened')]);
    closed.stream.close();
    await end.unplug();
    await eventually('it is gone', () => gone.told.length === 2, waitMsMax);
    expect(gone.told[1]).toMatch(/^closed: (?:EIO|the device is gone)$/);
    expect(gone.stream.write(Buffer.from('x'))).toBe(false);
    expect(closed.told).toEqual(['opened']);
  });

  it('is told as not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omatoimi-device-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    const { told, tells } = open(join(folder, 'lp0'));
    await tells('closed: ENOENT');
    expect(told).toHaveLength(1);
  });

  it('keeps what a slow device does not take yet, in order, and no more than a bound', async () => {
    const pair = await PtyPair.create();
    cleanups.push(() => pair.close());
    const { stream, tells } = open(pair.devicePath);
    await tells('opened');
    const sent = Buffer.from(Array.from({ length: 200_000 }, (_, index) => 0x41 + (index % 26)));
    const overwritten = Buffer.from(sent);
    expect(stream.write(overwritten)).toBe(true);
    overwritten.fill(0);
    expect(stream.write(Buffer.alloc(200_000))).toBe(false);
    const heard = open(pair.emulatorPath);
    const all = () => heard.told.slice(1).join('');
    await eventually('all of it is heard', () => all().length >= sent.length, waitMsMax);
    expect(all() === sent.toString('latin1')).toBe(true);
  });

  it('holds no thread while it listens: more of them than there are threads leave the disk free', async () => {
    const { end } = await device();
    const many = Array.from({ length: 16 }, () => open(end.devicePath));
    await Promise.all(many.map(({ tells }) => tells('opened')));
    expect((await stat(tmpdir())).isDirectory()).toBe(true);
  });

  it('closes its own file and nobody else’s', async () => {
    const { end } = await device();
    const one = open(end.devicePath);
    await one.tells('opened');
    one.stream.close();
    one.stream.close();
    const others = Array.from({ length: 16 }, () => openSync('/dev/zero', 'r'));
    cleanups.push(() => others.forEach((fd) => closeSync(fd)));
    // Whatever was still to be closed by one of the threads is closed after these.
    await Promise.all(Array.from({ length: 16 }, () => stat(tmpdir())));
    for (const fd of others) {
      expect(fstatSync(fd).isCharacterDevice()).toBe(true);
      expect(readSync(fd, new Uint8Array(1))).toBe(1);
    }
  });
});
