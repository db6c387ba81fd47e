import type { OpenByteStream } from '../kernel/bytes.ts';
import { systemClock } from '../kernel/clock.ts';
import { openTcp } from '../sip2/tcp.ts';
import { isLoopback } from '../station/config/acs-across.ts';
import { loadConfig } from '../station/config/load.ts';
import { openAcs } from '../station/open-acs.ts';
import { problemSentence } from '../station/config/problems.ts';
import { UsageError } from './commands/command.ts';
import { askSecret } from './secret.ts';

/** Options by which `probe` and `sip` are told the ACS. */
export const targetOptions = {
  config: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'plain-tcp': { type: 'string' },
  institution: { type: 'string' },
  location: { type: 'string' },
  login: { type: 'string' },
  'time-zone': { type: 'string' },
  timeout: { type: 'string' },
} as const;

export const targetSynopsis =
  '(--config FILE | --host HOST [--port N] [--institution AO] [--location CP] [--login USER] [--plain-tcp WHY])';

export interface TargetValues {
  readonly config?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly 'plain-tcp'?: string | undefined;
  readonly institution?: string | undefined;
  readonly location?: string | undefined;
  readonly login?: string | undefined;
  readonly 'time-zone'?: string | undefined;
  readonly timeout?: string | undefined;
}

/** An ACS to speak to, and as whom. */
export interface Target {
  readonly open: OpenByteStream;
  /** What it is called in words. */
  readonly name: string;
  readonly institutionId: string;
  readonly location: string;
  readonly terminalPassword: string | undefined;
  readonly login: { readonly user: string; readonly password: Uint8Array } | undefined;
  readonly timeZone: string;
  readonly timeoutMs: number;
}

/** The environment’s variable with the PIN of a test patron. */
export const pinVariable = 'OMATOIMI_PIN';
const passwordVariable = 'OMATOIMI_LOGIN_PASSWORD';
const timeoutSecondsDefault = 5;
const timeoutSecondsMax = 60;

/** Finds out whom to speak to. Passwords come from the configuration, the environment or the keyboard, never from the arguments. */
export async function targetOf(values: TargetValues): Promise<Target> {
  const timeoutMs = timeoutOf(values.timeout) * 1_000;
  if (values.config !== undefined) return configured(values.config, timeoutMs);
  const { host, port = '6001', institution = '', location = '', login } = values;
  if (host === undefined) throw new UsageError('--host or --config says where the ACS is');
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535)
    throw new UsageError('--port is a number from 1 to 65535');
  const why = values['plain-tcp'];
  if (!isLoopback(host) && why !== 'tunnelled' && why !== 'isolated-network') {
    throw new UsageError(
      '--plain-tcp tunnelled or isolated-network says why an unencrypted connection to another machine is safe here; PINs go over it',
    );
  }
  const password =
    login === undefined ? undefined : await secretFrom(passwordVariable, `Password of ${login}: `);
  if (login !== undefined && password === undefined) {
    throw new UsageError(
      `the password of the log-in is asked for on a terminal, or stands in ${passwordVariable}`,
    );
  }
  return {
    open: openTcp(host, Number(port)),
    name: `${host}:${port}`,
    institutionId: institution,
    location,
    terminalPassword: undefined,
    login: login === undefined || password === undefined ? undefined : { user: login, password },
    timeZone: values['time-zone'] ?? 'Europe/Helsinki',
    timeoutMs,
  };
}

function configured(file: string, timeoutMs: number): Target {
  const loaded = loadConfig(file);
  if (!loaded.ok) throw new UsageError(loaded.error.map(problemSentence).join('\n'));
  const { acs, library } = loaded.value;
  return {
    open: openAcs(acs, systemClock, 'CR'),
    name: `${acs.host}:${acs.port}`,
    institutionId: library.institutionId,
    location: acs.location ?? '',
    terminalPassword: acs.terminalPassword,
    // Over HTTPS the credentials travel with each message, and there is no log-in.
    login:
      acs.login === undefined || acs.transport === 'https'
        ? undefined
        : { user: acs.login.user, password: Buffer.from(acs.login.password) },
    timeZone: library.timeZone,
    timeoutMs,
  };
}

function timeoutOf(text: string | undefined): number {
  const seconds = text === undefined ? timeoutSecondsDefault : Number(text);
  if (!(seconds >= 0.1 && seconds <= timeoutSecondsMax)) {
    throw new UsageError(`--timeout is a number of seconds from 0.1 to ${timeoutSecondsMax}`);
  }
  return seconds;
}

/** A secret from the environment, or asked for on the terminal. */
export function secretFrom(variable: string, question: string): Promise<Buffer | undefined> {
  const given = process.env[variable];
  return given === undefined ? askSecret(question) : Promise.resolve(Buffer.from(given, 'utf8'));
}
