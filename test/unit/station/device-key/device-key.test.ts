import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src/kernel/log.ts';
import { err, ok, type Result } from '../../../../src/kernel/result.ts';
import type { DeviceKeySource } from '../../../../src/station/config/device-key.ts';
import { parseConfig } from '../../../../src/station/config/load.ts';
import {
  openDeviceKey,
  type DeviceKey,
  type DeviceKeyPorts,
} from '../../../../src/station/device-key/device-key.ts';
import { keyFrom } from '../../../../src/station/device-key/key-text.ts';
import { runProgram, type RunProgram } from '../../../../src/station/device-key/run-program.ts';
import { MemoryOpener } from '../../../support/memory-stream.ts';
import { Stream } from '../../../simulation/streams.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

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
    askServer: () => {
      throw new Error('not part of this test');
    },
    openSocket: () => {
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

const tpm: DeviceKeySource = { from: 'tpm', by: 'systemd-creds', pcrs: [7] };
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
    const key = opened(openDeviceKey(tpm, here)).key();
    const again = opened(openDeviceKey(tpm, { ...here, random: new Stream(2, 'x') })).key();
    expect(key).toHaveLength(32);
    expect(again).toEqual(key);
    expect(readFileSync(join(here.directory, 'device-key.cred')).includes(Buffer.from(key ?? []))).toBe(
      false,
    );
    expect(calls).toEqual([
      'systemd-creds encrypt --with-key=tpm2 --tpm2-pcrs=7 --name=omatoimi-device-key - -',
      'systemd-creds decrypt --name=omatoimi-device-key - -',
      'systemd-creds decrypt --name=omatoimi-device-key - -',
    ]);
  });

  it('does not open on another machine, and says so', () => {
    const here = ports({ run: safe(1).run });
    opened(openDeviceKey(tpm, here));
    expect(openDeviceKey(tpm, { ...here, run: safe(2).run })).toEqual({
      ok: false,
      error: expect.stringMatching(
        /^device-key\.cred does not open here \(systemd-creds ended with 1\); .* move the file away, and a new key is made$/,
      ),
    });
  });

  it('is refused where there is no such program or hardware', () => {
    expect(openDeviceKey(tpm, ports())).toEqual({ ok: false, error: 'no such program' });
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
    expect(readFileSync(join(here.directory, 'device-key.dpapi')).includes(Buffer.from(key ?? []))).toBe(
      false,
    );
    expect(scripts[0]).toMatch(/^powershell .*::Protect\(\$in, \$null, 'CurrentUser'\)/);
    expect(scripts[1]).toContain('::Unprotect(');
  });
});

describe('what Windows may say instead', () => {
  it.each([
    ['nothing', ok(new Uint8Array())],
    ['a sentence', ok(Buffer.from('Exception calling Unprotect'))],
    ['too short a key', ok(Buffer.from('AAAA'))],
    ['a failure', err('powershell ended with 1: Key not valid for use in specified state.')],
  ])('%s: refused', (_what, answer) => {
    const here = ports({ run: () => answer });
    writeFileSync(join(here.directory, 'device-key.dpapi'), 'sealed elsewhere');
    expect(openDeviceKey({ from: 'dpapi' }, here)).toMatchObject({
      ok: false,
      error: expect.stringContaining('device-key.dpapi'),
    });
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
      askServer: () => (reply) => {
        asked.push(here.clock.monotonic());
        const answer = answers.shift() ?? err('too many');
        here.clock.after(10, () => reply(answer));
        return { cancel: () => undefined };
      },
    });
    const device = opened(openDeviceKey({ from: 'server', url: 'https://branch.example/key' }, here));
    const there: Uint8Array[] = [];
    device.whenThere((key) => there.push(key));
    expect([device.key(), there]).toEqual([undefined, []]);
    here.clock.advance(60_000);
    expect(device.key()).toEqual(new Uint8Array(32).fill(0xab));
    expect(there).toEqual([device.key()]);
    device.whenThere((key) => there.push(key));
    expect(there).toHaveLength(2);
    const pauses = asked.map((at, index) => at - (asked[index - 1] ?? at));
    expect(pauses).toEqual([0, 1_010, 2_010]);
  });

  it('is not asked for any more once the station stops', () => {
    let asked = 0;
    const here = ports({
      askServer: () => (reply) => {
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

describe('a device key that systemd hands to the service', () => {
  const credential = { from: 'credential', name: 'omatoimi-device-key' } as const;

  it.each([
    ['as 32 bytes', Buffer.alloc(32, 0xab)],
    ['in hexadecimal', Buffer.from(`${hexKey}\n`)],
  ])('lies in the service’s own folder, %s', (_how, content) => {
    const here = ports();
    writeFileSync(join(here.directory, 'omatoimi-device-key'), content);
    const env = { CREDENTIALS_DIRECTORY: here.directory };
    expect(opened(openDeviceKey(credential, { ...here, env })).key()).toEqual(new Uint8Array(32).fill(0xab));
  });

  it('is refused with the reason where there is none', () => {
    const here = ports();
    const refused = (env: Record<string, string>): string => {
      const result = openDeviceKey(credential, { ...here, env });
      return result.ok ? 'taken' : result.error;
    };
    expect(refused({})).toContain('not started by a service with credentials');
    expect(refused({ CREDENTIALS_DIRECTORY: here.directory })).toContain('cannot be read (ENOENT)');
    writeFileSync(join(here.directory, 'omatoimi-device-key'), 'short');
    expect(refused({ CREDENTIALS_DIRECTORY: here.directory })).toContain('holds no key of 32 bytes');
  });
});

describe('a device key from a socket', () => {
  function asking() {
    const opener = new MemoryOpener();
    const here = ports({ openSocket: () => opener.open });
    const device = opened(openDeviceKey({ from: 'socket', path: '/run/branch/key' }, here));
    return { opener, device, clock: here.clock };
  }

  it('comes in pieces, and counts when the other end closes', () => {
    const { opener, device } = asking();
    opener.newest.open();
    opener.newest.send(hexKey.slice(0, 20));
    opener.newest.send(`${hexKey.slice(20)}\n`);
    expect(device.key()).toBeUndefined();
    opener.newest.fail('closed');
    expect(device.key()).toEqual(new Uint8Array(32).fill(0xab));
  });

  it('is asked for again where nobody serves it, says something else, too much, or nothing in time', () => {
    const { opener, device, clock } = asking();
    opener.newest.fail('ENOENT');
    clock.advance(1_000);
    opener.newest.open();
    opener.newest.send('not a key');
    opener.newest.fail('closed');
    clock.advance(2_000);
    opener.newest.open();
    opener.newest.send('a'.repeat(1_025));
    expect(opener.newest.closedByUs).toBe(true);
    clock.advance(4_000);
    opener.newest.open();
    clock.advance(10_000);
    expect(opener.newest.closedByUs).toBe(true);
    clock.advance(8_000);
    expect(opener.streams).toHaveLength(5);
    opener.newest.send(hexKey);
    opener.newest.fail('closed');
    expect(device.key()).toHaveLength(32);
    clock.advance(3_600_000);
    expect(opener.streams).toHaveLength(5);
  });

  it('is not asked for any more once the station stops', () => {
    const { opener, device, clock } = asking();
    device.stop();
    expect(opener.newest.closedByUs).toBe(true);
    clock.advance(3_600_000);
    expect(opener.streams).toHaveLength(1);
  });
});

describe('a device key sealed by the TPM through tpm2-tools', () => {
  const tools: DeviceKeySource = { from: 'tpm', by: 'tpm2-tools', pcrs: [7] };

  it('is refused with the words of the tool that failed, and leaves no file', () => {
    const here = ports({ run: (program) => err(`${program} ended with 1: no TPM`) });
    expect(openDeviceKey(tools, here)).toEqual({
      ok: false,
      error: 'tpm2_createprimary ended with 1: no TPM',
    });
    expect(readdirSync(here.directory)).toEqual([]);
  });

  it.each(['', 'nonsense', '{"version":2}'])('is refused where its file is %j', (content) => {
    const here = ports();
    writeFileSync(join(here.directory, 'device-key.tpm2'), content);
    expect(openDeviceKey(tools, here)).toEqual({
      ok: false,
      error: expect.stringContaining('does not open here (device-key.tpm2 is not what was written)'),
    });
    expect(readFileSync(join(here.directory, 'device-key.tpm2'), 'utf8')).toBe(content);
  });
});

describe('a program that seals', () => {
  it('gets the key as its input and not as an argument', () => {
    const { directory } = ports();
    chmodSync(directory, 0o700);
    const answer = runProgram('cat', [], Uint8Array.of(1, 2, 3));
    expect(answer.ok ? [...answer.value] : answer.error).toEqual([1, 2, 3]);
    expect(runProgram('false', [], new Uint8Array())).toEqual({ ok: false, error: 'false ended with 1' });
    const words = 'echo one >&2; echo the last >&2; exit 4';
    expect(runProgram('sh', ['-c', words], new Uint8Array())).toEqual({
      ok: false,
      error: 'sh ended with 4: the last',
    });
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
        /^data\.deviceKey\.from: tpm, dpapi, credential, socket, server or environment; whoever takes the disk/,
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
    expect(problems('false', '{ deviceKey: { from: tpm, by: tpm2-tools, pcrs: [] } }')).toEqual([]);
    expect(problems('false', '{ deviceKey: { from: credential } }')).toEqual([]);
    expect(problems('false', '{ deviceKey: { from: socket, path: /run/branch/key } }')).toEqual([]);
  });

  it('refuses registers that are none, and an empty list where systemd would not open the key again', () => {
    for (const pcrs of ['[24]', '[7, 7]', '[secure]'])
      expect(problems('false', `{ deviceKey: { from: tpm, pcrs: ${pcrs} } }`), pcrs).toEqual([
        expect.stringMatching(/^data\.deviceKey\.pcrs/),
      ]);
    expect(problems('false', '{ deviceKey: { from: tpm, pcrs: [] } }')).toEqual([
      'data.deviceKey.pcrs: one register at least, or by: tpm2-tools; what systemd-creds seals to none it does not open again',
    ]);
    expect(problems('false', '{ deviceKey: { from: credential, name: ../keys } }')).toEqual([
      expect.stringMatching(/^data\.deviceKey\.name/),
    ]);
  });
});
