import { existsSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { writeDurably } from '../../journal/durable-file.ts';
import type { DeviceKeyConfig } from '../config/device-key.ts';
import { httpsText } from './https-text.ts';

/** A key that whoever takes the disk does not get. */
export const deviceKeyBytes = 32;

const commandMsMax = 30_000;
const fetchMsMax = 10_000;
const answerBytesMax = 1_024;
const askAgainMsMin = 1_000;
const askAgainMsMax = 300_000;
/** The name under which systemd seals it; another credential does not open as this one. */
const credentialName = 'omatoimi-device-key';

/** Runs a program to its end with these bytes as its input. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  input: Uint8Array,
) => Result<Uint8Array, string>;

/** Asks the branch’s server once; replies once. */
export type AskServer = (
  url: string,
  reply: (answer: Result<string, string>) => void,
) => { readonly cancel: () => void };

export interface DeviceKeyPorts {
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  readonly run: RunProgram;
  readonly ask: AskServer;
}

/** The key, as soon as it is there. */
export interface DeviceKey {
  key(): Uint8Array | undefined;
  /** For the technician: what it waits for, or that it is there. */
  readonly state: () => 'there' | 'waiting';
  stop(): void;
}

/** Takes the key from where the configuration says. The error is a sentence for whoever starts the station. */
export function openDeviceKey(config: DeviceKeyConfig, ports: DeviceKeyPorts): Result<DeviceKey, string> {
  switch (config.from) {
    case 'tpm':
      return sealedByProgram(join(ports.directory, 'device-key.cred'), systemdCreds, ports);
    case 'dpapi':
      return sealedByProgram(join(ports.directory, 'device-key.dpapi'), dpapi, ports);
    case 'environment':
      return fromText(ports.env[config.name], `the environment variable ${config.name}`);
    case 'server':
      return ok(new FetchedKey(config.url, ports));
  }
}

interface SealingProgram {
  seal(key: Uint8Array, run: RunProgram): Result<Uint8Array, string>;
  open(sealed: Uint8Array, run: RunProgram): Result<Uint8Array, string>;
}

/** The key lies sealed on the disk, and only this machine’s own hardware or system account opens it. */
function sealedByProgram(
  file: string,
  program: SealingProgram,
  { random, run }: DeviceKeyPorts,
): Result<DeviceKey, string> {
  if (!existsSync(file)) {
    const sealed = program.seal(random.bytes(deviceKeyBytes), run);
    if (!sealed.ok) return sealed;
    writeDurably(file, sealed.value);
  }
  const opened = program.open(readFileSync(file), run);
  if (!opened.ok) return opened;
  if (opened.value.length !== deviceKeyBytes) return err('what was opened is no device key');
  return ok(held(opened.value));
}

/** systemd-creds(1): sealed by the machine’s TPM. */
const systemdCreds: SealingProgram = {
  seal: (key, run) =>
    run('systemd-creds', ['encrypt', '--with-key=tpm2', `--name=${credentialName}`, '-', '-'], key),
  open: (sealed, run) => run('systemd-creds', ['decrypt', `--name=${credentialName}`, '-', '-'], sealed),
};

/** Windows’ ProtectedData: sealed for the account that the station runs under. */
function protectedData(verb: 'Protect' | 'Unprotect'): readonly string[] {
  const script = [
    'Add-Type -AssemblyName System.Security',
    '$in = [Convert]::FromBase64String([Console]::In.ReadToEnd())',
    `$out = [Security.Cryptography.ProtectedData]::${verb}($in, $null, 'CurrentUser')`,
    '[Console]::Out.Write([Convert]::ToBase64String($out))',
  ].join('; ');
  return ['-NoProfile', '-NonInteractive', '-Command', script];
}

function throughPowerShell(verb: 'Protect' | 'Unprotect', bytes: Uint8Array, run: RunProgram) {
  const answer = run('powershell', protectedData(verb), Buffer.from(Buffer.from(bytes).toString('base64')));
  return answer.ok
    ? ok(Uint8Array.from(Buffer.from(Buffer.from(answer.value).toString('latin1').trim(), 'base64')))
    : answer;
}

const dpapi: SealingProgram = {
  seal: (key, run) => throughPowerShell('Protect', key, run),
  open: (sealed, run) => throughPowerShell('Unprotect', sealed, run),
};

function held(key: Uint8Array): DeviceKey {
  return { key: () => key, state: () => 'there', stop: () => undefined };
}

/** 32 bytes in base64 or hexadecimal. */
export function keyFrom(text: string | undefined): Uint8Array | undefined {
  const trimmed = text?.trim() ?? '';
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Uint8Array.from(Buffer.from(trimmed, 'hex'));
  if (/^[A-Za-z0-9+/]{43}=$/.test(trimmed)) return Uint8Array.from(Buffer.from(trimmed, 'base64'));
  return undefined;
}

function fromText(text: string | undefined, where: string): Result<DeviceKey, string> {
  const key = keyFrom(text);
  return key === undefined
    ? err(`${where} holds no key of 32 bytes in base64 or hexadecimal`)
    : ok(held(key));
}

/** The branch’s server hands it out; it is asked until it does. Until then nobody is let in by a verifier. */
class FetchedKey implements DeviceKey {
  #key: Uint8Array | undefined;
  #delayMs = askAgainMsMin;
  #cancelTimer: CancelTimer = () => undefined;
  #cancelCall: () => void = () => undefined;
  #stopped = false;
  readonly #url: string;
  readonly #ports: DeviceKeyPorts;

  constructor(url: string, ports: DeviceKeyPorts) {
    this.#url = url;
    this.#ports = ports;
    this.#fetch();
  }

  key(): Uint8Array | undefined {
    return this.#key;
  }

  state(): 'there' | 'waiting' {
    return this.#key === undefined ? 'waiting' : 'there';
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    this.#cancelCall();
  }

  #fetch(): void {
    const { cancel } = this.#ports.ask(this.#url, (answer) => this.#answered(answer));
    this.#cancelCall = cancel;
  }

  #answered(answer: Result<string, string>): void {
    if (this.#stopped) return;
    this.#key = answer.ok ? keyFrom(answer.value) : undefined;
    if (this.#key !== undefined) return;
    const reason = answer.ok ? 'no key of 32 bytes' : answer.error;
    this.#ports.log.write('warning', 'deviceKey.notThere', { reason, delayMs: this.#delayMs });
    this.#cancelTimer = this.#ports.clock.after(this.#delayMs, () => this.#fetch());
    this.#delayMs = Math.min(askAgainMsMax, this.#delayMs * 2);
  }
}

/** The real program; killed when it takes too long. */
export const runProgram: RunProgram = (program, args, input) => {
  const ended = spawnSync(program, args, { input, timeout: commandMsMax, maxBuffer: 1_048_576 });
  if (ended.error !== undefined) return err(`${program}: ${ended.error.message}`);
  if (ended.status !== 0) return err(`${program} ended with ${ended.status ?? ended.signal ?? 'nothing'}`);
  return ok(ended.stdout);
};

/** A short answer in good time. */
export const askServer: AskServer = (url, reply) =>
  httpsText(url, { bytesMax: answerBytesMax, millisMax: fetchMsMax }, reply);
