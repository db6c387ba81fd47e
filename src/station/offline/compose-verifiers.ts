import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { systemRandom } from '../../kernel/random.ts';
import type { SqliteJournal } from '../../journal/sqlite-journal.ts';
import type { StationConfig } from '../config/schema.ts';
import type { DeviceKey } from '../device-key/device-key.ts';
import { deriveByScrypt, machineName } from './verifier.ts';
import { Verifiers } from './verifiers.ts';

/** What checks PINs while the library system is away; undefined where the library has not turned it on. */
export function composeVerifiers(
  config: StationConfig,
  journal: SqliteJournal,
  deviceKey: DeviceKey | undefined,
  ports: { readonly clock: Clock; readonly log: Log },
): Verifiers | undefined {
  const { offline } = config.services.borrow;
  if (offline === false || offline.pin !== 'verifier' || deviceKey === undefined) return undefined;
  const verifiers = new Verifiers({
    ...ports,
    random: systemRandom,
    derive: deriveByScrypt,
    key: () => deviceKey.key(),
    machine: machineName(machineId()),
    stored: (cardHash) => journal.pinVerifier(cardHash),
    hash: (card) => journal.hash(card),
    daysMax: offline.verifierDays,
  });
  verifiers.measure();
  return verifiers;
}

/** How long verifiers are kept: not at all where the library has turned them off. */
export function verifierDaysOf({ services }: StationConfig): number {
  const { offline } = services.borrow;
  return offline !== false && offline.pin === 'verifier' ? offline.verifierDays : 0;
}

/** The machine’s own id (machine-id(5)); where there is none, its name. */
function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8');
  } catch {
    return hostname();
  }
}
