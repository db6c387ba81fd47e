import { systemClock } from '../../kernel/clock.ts';
import { loadConfig } from '../../station/config/load.ts';
import { problemSentence } from '../../station/config/problems.ts';
import type { StationConfig } from '../../station/config/schema.ts';
import { exits, UsageError, type Exit, type Terminal } from './command.ts';

/** The configuration of a file, or undefined after its problems were told. */
export function configOf(file: string, terminal: Terminal): StationConfig | undefined {
  const loaded = loadConfig(file);
  if (loaded.ok) return loaded.value;
  for (const problem of loaded.error) terminal.err(problemSentence(problem));
  return undefined;
}

/** The devices of a kind that the configuration names; at least one. */
export function needed<T>(devices: readonly T[], what: string): readonly T[] {
  if (devices.length === 0) throw new UsageError(`the configuration has no ${what}`);
  return devices;
}

/** Runs devices until the person ends the command. */
export function untilStopped(
  devices: readonly { stop(): void }[],
  terminal: Terminal,
  lingerMs = 0,
): Promise<Exit> {
  return new Promise((resolve) => {
    terminal.onStop(() => {
      for (const device of devices) device.stop();
      systemClock.after(lingerMs, () => resolve(exits.fine));
    });
  });
}
