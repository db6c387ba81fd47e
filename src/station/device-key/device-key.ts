import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenByteStream } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { systemCode, writeDurably } from '../../journal/durable-file.ts';
import type { DeviceKeySource } from '../config/device-key.ts';
import { askSocket, AskedKey, type AskForKey } from './asked-key.ts';
import { deviceKeyBytes, keyFrom } from './key-text.ts';
import type { RunProgram } from './run-program.ts';
import { dpapi, systemdCreds, tpm2Tools, type SealingProgram } from './sealing.ts';

export interface DeviceKeyPorts {
  /** The data folder. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  readonly run: RunProgram;
  readonly askServer: (url: string) => AskForKey;
  readonly openSocket: (path: string) => OpenByteStream;
}

/** A key that whoever takes the disk does not get, as soon as it is there. */
export interface DeviceKey {
  key(): Uint8Array | undefined;
  /** Calls once with the key: at once where it is there, else when it comes. */
  whenThere(done: (key: Uint8Array) => void): void;
  stop(): void;
}

/** Takes the key from where the configuration says. The error is a sentence for whoever starts the station. */
export function openDeviceKey(config: DeviceKeySource, ports: DeviceKeyPorts): Result<DeviceKey, string> {
  switch (config.from) {
    case 'tpm':
      return sealedBy(
        config.by === 'systemd-creds' ? systemdCreds(config.pcrs) : tpm2Tools(config.pcrs, ports.directory),
        ports,
      );
    case 'dpapi':
      return sealedBy(dpapi, ports);
    case 'credential':
      return fromCredential(config.name, ports.env);
    case 'environment':
      return fromText(ports.env[config.name], `the environment variable ${config.name}`);
    case 'socket':
      return ok(new AskedKey(askSocket(ports.openSocket(config.path), ports.clock), ports));
    case 'server':
      return ok(new AskedKey(ports.askServer(config.url), ports));
  }
}

/** The key lies sealed on the disk, and only this machine’s own hardware or system account opens it. */
function sealedBy(
  program: SealingProgram,
  { directory, random, run }: DeviceKeyPorts,
): Result<DeviceKey, string> {
  const file = join(directory, program.file);
  try {
    if (!existsSync(file)) {
      const sealed = program.seal(random.bytes(deviceKeyBytes), run);
      if (!sealed.ok) return sealed;
      writeDurably(file, sealed.value);
    }
    const opened = program.open(readFileSync(file), run);
    if (!opened.ok)
      return err(
        `${program.file} does not open here (${opened.error}); where the machine’s TPM or account is no more the one that sealed it, move the file away, and a new key is made`,
      );
    if (opened.value.length !== deviceKeyBytes) return err(`what ${program.file} holds is no device key`);
    return ok(held(opened.value));
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return err(`${program.file}: ${code}`);
  }
}

/** systemd.exec(5), “Credentials”: the service manager decrypts it and lays it into memory that only this service reads. */
function fromCredential(name: string, env: DeviceKeyPorts['env']): Result<DeviceKey, string> {
  const folder = env['CREDENTIALS_DIRECTORY'];
  if (folder === undefined)
    return err(
      'there is no CREDENTIALS_DIRECTORY: the station was not started by a service with credentials',
    );
  try {
    const content = readFileSync(join(folder, name));
    return content.length === deviceKeyBytes
      ? ok(held(Uint8Array.from(content)))
      : fromText(content.toString('utf8'), `the credential ${name}`);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return err(`the credential ${name} cannot be read (${code})`);
  }
}

function held(key: Uint8Array): DeviceKey {
  return { key: () => key, whenThere: (done) => done(key), stop: () => undefined };
}

function fromText(text: string | undefined, where: string): Result<DeviceKey, string> {
  const key = keyFrom(text);
  return key === undefined
    ? err(`${where} holds no key of 32 bytes in base64 or hexadecimal`)
    : ok(held(key));
}
