import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { systemRandom } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { FileKeyStore, type KeyGuard, type KeyStoreFailure } from '../journal/file-key-store.ts';
import { isWrapped } from '../journal/key-file.ts';
import { KeyWrap } from '../journal/key-wrap.ts';
import type { StationConfig } from './config/schema.ts';
import { composeDeviceKey } from './device-key/compose-device-key.ts';
import type { DeviceKey } from './device-key/device-key.ts';

/** How long a command of a technician waits for a key that is handed out. */
const commandWaitMsMax = 30_000;

const keyFileOf = ({ data }: StationConfig): string => join(data.directory, 'keys.json');

/** Whether the key file cannot be opened before the device key is there. */
export function needsDeviceKey(config: StationConfig): boolean {
  const { deviceKey } = config.data;
  if (deviceKey === undefined) return false;
  const file = keyFileOf(config);
  return deviceKey.wrapKeys || (existsSync(file) && isWrapped(readFileSync(file, 'utf8')));
}

/** How the key file is kept; undefined: in clear, for no device key is configured or none is needed. */
export function keyGuard({ data }: StationConfig, deviceKey: DeviceKey | undefined): KeyGuard | undefined {
  const key = deviceKey?.key();
  return key === undefined || data.deviceKey === undefined
    ? undefined
    : { wrap: new KeyWrap(key, systemRandom), wrapped: data.deviceKey.wrapKeys };
}

/** Opens the journal's keys. The error is a sentence. */
export function openKeys(config: StationConfig, guard: KeyGuard | undefined): Result<FileKeyStore, string> {
  const store = FileKeyStore.open(keyFileOf(config), systemRandom, guard);
  return store.ok ? store : err(keysSentence(config.data.directory, store.error));
}

function keysSentence(directory: string, { kind, reason }: KeyStoreFailure): string {
  const sentence = `The keys in ${directory} cannot be used (${reason}); they are left as they are.`;
  return kind === 'locked'
    ? `${sentence} If the device key is lost, omatoimi journal restore --keys takes them from the copy elsewhere, with the library's private key.`
    : sentence;
}

/** The same for a command beside a station that does not run: it waits a while for a key that is handed out. */
export async function guardForCommand(
  config: StationConfig,
  ports: { readonly clock: Clock; readonly log: Log },
): Promise<Result<KeyGuard | undefined, string>> {
  const deviceKey = composeDeviceKey(config, ports);
  if (!deviceKey.ok) return err(`the device key cannot be had: ${deviceKey.error}`);
  const source = deviceKey.value;
  if (source === undefined) return ok(undefined);
  const there = await new Promise<boolean>((resolve) => {
    const cancel = ports.clock.after(commandWaitMsMax, () => resolve(false));
    source.whenThere(() => {
      cancel();
      resolve(true);
    });
  });
  source.stop();
  return there || !needsDeviceKey(config)
    ? ok(keyGuard(config, source))
    : err('the device key was not handed out in time');
}
