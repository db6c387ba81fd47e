import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { systemRandom } from '../../../src/kernel/random.ts';
import type { DeviceKeySource } from '../../../src/station/config/device-key.ts';
import { openDeviceKey } from '../../../src/station/device-key/device-key.ts';
import { SoftwareTpm, tpmInstalled as installed } from '../../support/software-tpm.ts';

const programs = (['tpm2-tools', 'systemd-creds'] as const).filter(
  (by) => by === 'tpm2-tools' || spawnSync('systemd-creds', ['--version']).status === 0,
);

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function tpm(): Promise<SoftwareTpm> {
  const made = new SoftwareTpm();
  cleanups.push(() => made.close());
  return made.ready();
}

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omatoimi-tpm-data-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function keyOf(config: DeviceKeySource, directory: string, { run }: SoftwareTpm): Uint8Array | string {
  const nowhere = (): never => {
    throw new Error('not part of this test');
  };
  const key = openDeviceKey(config, {
    directory,
    run,
    env: {},
    random: systemRandom,
    clock: systemClock,
    log: silentLog,
    askServer: nowhere,
    openSocket: nowhere,
  });
  return key.ok ? (key.value.key() ?? 'not there') : key.error;
}

const msMax = 120_000;

describe.each(installed ? programs : [])('a device key in a TPM, by %s', (by) => {
  const config: DeviceKeySource = { from: 'tpm', by, pcrs: [7] };

  it(
    'is the same at each start, lies nowhere in clear, and does not open on another machine',
    async () => {
      const [here, data] = [await tpm(), dataFolder()];
      const key = keyOf(config, data, here);
      expect(key).toHaveLength(32);
      expect(keyOf(config, data, here)).toEqual(key);
      const [sealed, ...more] = readdirSync(data);
      expect([sealed, more]).toEqual([expect.stringMatching(/^device-key\./), []]);
      const file = join(data, sealed ?? '');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      for (const form of ['latin1', 'hex', 'base64'] as const)
        expect(readFileSync(file, 'latin1')).not.toContain(Buffer.from(key).toString(form));
      expect(keyOf(config, data, await tpm())).toMatch(/does not open here/);
    },
    msMax,
  );

  it(
    'does not open for another system on the same machine',
    async () => {
      const [here, data] = [await tpm(), dataFolder()];
      const key = keyOf(config, data, here);
      expect(key).toHaveLength(32);
      expect(here.tool('tpm2_pcrextend', `7:sha256=${'1'.repeat(64)}`).status).toBe(0);
      expect(keyOf(config, data, here)).toMatch(/does not open here/);
    },
    msMax,
  );
});

/** Only tpm2-tools can: what systemd-creds 252 seals to no register it does not open again. */
describe.each(installed ? [[]] : [])('a device key sealed to no register', (...pcrs: number[]) => {
  it(
    'opens in any state of the machine',
    async () => {
      const config: DeviceKeySource = { from: 'tpm', by: 'tpm2-tools', pcrs };
      const [here, data] = [await tpm(), dataFolder()];
      const key = keyOf(config, data, here);
      expect(key).toHaveLength(32);
      expect(here.tool('tpm2_pcrextend', `7:sha256=${'1'.repeat(64)}`).status).toBe(0);
      expect(keyOf(config, data, here)).toEqual(key);
    },
    msMax,
  );
});

it.each(installed ? [] : ['swtpm, tpm2-tools, libtss2-tcti-swtpm0'])(
  'needs a TPM in software, and rests without one; Debian: %s',
  () => {
    expect(programs).toContain('tpm2-tools');
  },
);
