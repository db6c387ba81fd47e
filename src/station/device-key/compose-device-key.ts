import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { systemRandom } from '../../kernel/random.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { StationConfig } from '../config/schema.ts';
import { httpsText } from '../offline/https-text.ts';
import { openLocalSocket } from '../socket-connect.ts';
import { answerBytesMax } from './asked-key.ts';
import { openDeviceKey, type DeviceKey } from './device-key.ts';
import { runProgram } from './run-program.ts';

const fetchMsMax = 10_000;

/** The device key as the configuration says; undefined where it says none. The error is a sentence. */
export function composeDeviceKey(
  { data }: StationConfig,
  ports: { readonly clock: Clock; readonly log: Log },
): Result<DeviceKey | undefined, string> {
  if (data.deviceKey === undefined) return ok(undefined);
  return openDeviceKey(data.deviceKey, {
    ...ports,
    directory: data.directory,
    env: process.env,
    random: systemRandom,
    run: runProgram,
    askServer: (url) => (reply) => httpsText(url, { bytesMax: answerBytesMax, millisMax: fetchMsMax }, reply),
    openSocket: openLocalSocket,
  });
}
