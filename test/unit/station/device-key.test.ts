import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { parseConfig } from '../../../src/station/config/load.ts';
import {
  keyFrom,
  openDeviceKey,
  runProgram,
  type DeviceKey,
  type DeviceKeyPorts,
  type RunProgram,
} from '../../../src/station/offline/device-key.ts';
import { Stream } from '../../simulation/streams.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function ports(changes: Partial<DeviceKeyPorts> = {}): DeviceKeyPorts & { readonly clock: VirtualClock } {
  const directory = mkdtempSync(join(tmpdir(), 'omatoimi-device-key-'));
  folders.push(directory);
  return {
    directory,
    env: {},
    random: new Stream(1, 'device key'),
    log: silentLog,
    run: () => err('no such program'),
    ask: () => {
      throw new Error('not part of this test');
    },
    ...changes,
    clock: new VirtualClock(),
  };
}

function opened(result: Result<DeviceKey, string>): DeviceKey {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

const hexKey = 'ab'.repeat(32);

/** Stands in for hardware: what it sealed, and nothing else, it opens. */
function safe(mark: number): { readonly run: RunProgram; readonly calls: string[] } {
  const calls: string[] = [];
  const turn = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ mark);
  return {
    calls,
    run: (program, args, input) => {
      calls.push([program, ...args].join(' '));
      if (args[0] === 'encrypt') return ok(Uint8Array.of(mark, ...turn(input)));
      return input[0] === mark ? ok(turn(input.subarray(1))) : err('systemd-creds ended with 1');
    },
  };
}

describe('a device key sealed by the TPM', () => {
  it('is made once, lies sealed on the disk, and is the same at the next start', () => {
    const { run, calls } = safe(0x5a);
    const here = ports({ run });
    const key = opened(openDeviceKey({ from: 'tpm' }, here)).key();
    const again = opened(openDeviceKey({ from: 'tpm' }, { ...here, random: new Stream(2, 'x') })).key();
    expect(key).toHaveLength(32);
    expect(again).toEqual(key);
    expect(readFileSync(join(here.directory, 'device-key.cred')).includes(Buffer.from(key ?? []))).toBe(
      false,
    );
    expect(calls).toEqual([
      'systemd-creds encrypt --with-key=tpm2 --name=omatoimi-device-key - -',
      'systemd-creds decrypt --name=omatoimi-device-key - -',
      'systemd-creds decrypt --name=omatoimi-device-key - -',
    ]);
  });

  it('does not open on another machine, and says so', () => {
    const here = ports({ run: safe(1).run });
    opened(openDeviceKey({ from: 'tpm' }, here));
    expect(openDeviceKey({ from: 'tpm' }, { ...here, run: safe(2).run })).toEqual({
      ok: false,
      error: 'systemd-creds ended with 1',
    });
  });

  it('is refused where there is no such program or hardware', () => {
    expect(openDeviceKey({ from: 'tpm' }, ports())).toEqual({ ok: false, error: 'no such program' });
    expect(runProgram('omatoimi-no-such-program', [], new Uint8Array()).ok).toBe(false);
  });
});

describe('a device key sealed by Windows', () => {
  it('goes through PowerShell in base64, there and back', () => {
    const scripts: string[] = [];
    const run: RunProgram = (program, args, input) => {
      scripts.push(`${program} ${args.at(-1)}`);
      const bytes = Buffer.from(Buffer.from(input).toString('latin1'), 'base64').map((byte) => byte ^ 0x33);
      return ok(Buffer.from(`${Buffer.from(bytes).toString('base64')}\r\n`));
    };
    const here = ports({ run });
    const key = opened(openDeviceKey({ from: 'dpapi' }, here)).key();
    expect(key).toHaveLength(32);
    expect(opened(openDeviceKey({ from: 'dpapi' }, here)).key()).toEqual(key);
    expect(scripts[0]).toContain('::Protect(');
    expect(scripts[1]).toContain('::Unprotect(');
  });
});

describe('a device key from elsewhere', () => {
  it('is 32 bytes in base64 or hexadecimal', () => {
    expect(keyFrom(hexKey)).toEqual(new Uint8Array(32).fill(0xab));
    expect(keyFrom(`${Buffer.alloc(32, 0xab).toString('base64')}\n`)).toEqual(new Uint8Array(32).fill(0xab));
    for (const text of [
      undefined,
      '',
      'ab',
      `${hexKey}ab`,
      'x'.repeat(64),
      Buffer.alloc(31).toString('base64'),
    ])
      expect(keyFrom(text)).toBeUndefined();
  });

  it('comes in an environment variable, or the start is refused', () => {
    const config = { from: 'environment', name: 'KEY' } as const;
    expect(opened(openDeviceKey(config, ports({ env: { KEY: hexKey } }))).key()).toHaveLength(32);
    expect(openDeviceKey(config, ports())).toMatchObject({
      ok: false,
      error: expect.stringContaining('the environment variable KEY holds no key'),
    });
  });

  it('is asked of the branch’s server until it is there, with longer and longer pauses', () => {
    const answers: Result<string, string>[] = [err('ECONNREFUSED'), ok('<html>'), ok(hexKey)];
    const asked: number[] = [];
    const here = ports({
      ask: (_url, reply) => {
        asked.push(here.clock.monotonic());
        const answer = answers.shift() ?? err('too many');
        here.clock.after(10, () => reply(answer));
        return { cancel: () => undefined };
      },
    });
    const device = opened(openDeviceKey({ from: 'server', url: 'https://branch.example/key' }, here));
    expect([device.state(), device.key()]).toEqual(['waiting', undefined]);
    here.clock.advance(60_000);
    expect(device.state()).toBe('there');
    expect(device.key()).toEqual(new Uint8Array(32).fill(0xab));
    const pauses = asked.map((at, index) => at - (asked[index - 1] ?? at));
    expect(pauses).toEqual([0, 1_010, 2_010]);
  });

  it('is not asked for any more once the station stops', () => {
    let asked = 0;
    const here = ports({
      ask: (_url, reply) => {
        asked += 1;
        here.clock.after(10, () => reply(err('away')));
        return { cancel: () => undefined };
      },
    });
    const device = opened(openDeviceKey({ from: 'server', url: 'https://branch.example/key' }, here));
    device.stop();
    here.clock.advance(3_600_000);
    expect(asked).toBe(1);
  });
});

describe('a program that seals', () => {
  it('gets the key as its input and not as an argument', () => {
    const { directory } = ports();
    chmodSync(directory, 0o700);
    const answer = runProgram('cat', [], Uint8Array.of(1, 2, 3));
    expect(answer.ok ? [...answer.value] : answer.error).toEqual([1, 2, 3]);
    expect(runProgram('false', [], new Uint8Array())).toEqual({ ok: false, error: 'false ended with 1' });
  });
});

describe('the configuration', () => {
  const problems = (services: string, data: string): readonly string[] => {
    const text = `configVersion: 1
library: { institutionId: L, name: { en: L } }
acs: { host: 127.0.0.1 }
services: { borrow: { offline: ${services} } }
data: ${data}
`;
    const parsed = parseConfig(text, 'station.yaml', { env: () => undefined, file: () => '' });
    return parsed.ok ? [] : parsed.error.map(({ key, expected }) => `${key}: ${expected}`);
  };

  it('refuses verifiers with keys on the same disk, and says why', () => {
    expect(problems('{ pin: verifier }', '{}')).toEqual([
      expect.stringMatching(/^services\.borrow\.offline\.pin: .*same disk.*guess every PIN/),
    ]);
    expect(problems('{ pin: verifier }', '{ deviceKey: { from: file } }')).toEqual([
      expect.stringMatching(
        /^data\.deviceKey\.from: tpm, dpapi, server or environment; whoever takes the disk/,
      ),
    ]);
  });

  it('takes them with a key from elsewhere', () => {
    expect(problems('{ pin: verifier }', '{ deviceKey: { from: tpm } }')).toEqual([]);
    const server = '{ deviceKey: { from: server, url: "https://branch.example/key" } }';
    expect(problems('{ pin: verifier, verifierDays: 7 }', server)).toEqual([]);
    expect(
      problems('{ pin: verifier }', '{ deviceKey: { from: server, url: "http://branch.example/key" } }'),
    ).toEqual(['data.deviceKey.url: an address that begins with https://']);
    expect(problems('{ pin: not-asked }', '{}')).toEqual([]);
  });
});
