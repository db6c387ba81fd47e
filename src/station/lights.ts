import type { RelayBoard } from '../devices/relay/relay-board.ts';
import type { View } from '../shared/view.ts';

/** The lights that a station can have. */
export const lightNames = ['ready', 'inUse', 'attention', 'outOfService', 'cardSlot'] as const;
export type LightName = (typeof lightNames)[number];

/** The channel of each light on one board. */
export type LightChannels = { readonly [name in LightName]?: number | undefined };

export interface LitBoard {
  readonly device: RelayBoard;
  readonly lights: LightChannels;
}

/** The lights that are on with a view: one lamp for how the station is, and the light at the card reader. */
export function lightsOf(view: View): ReadonlySet<LightName> {
  const lamp = lampOf(view);
  const cardWanted = view.screen.name === 'card' || view.cardLeft === true;
  return new Set(cardWanted ? [lamp, 'cardSlot'] : [lamp]);
}

function lampOf({ screen, status }: View): LightName {
  if (screen.name === 'outOfService') return 'outOfService';
  if (screen.name !== 'home') return 'inUse';
  return status.mode === 'online' ? 'ready' : 'attention';
}

/** Shows a view by its lights. */
export function showLights(boards: readonly LitBoard[], view: View): void {
  if (boards.length === 0) return;
  const on = lightsOf(view);
  for (const { device, lights } of boards) {
    for (const name of lightNames) {
      const channel = lights[name];
      if (channel !== undefined) device.set(channel, on.has(name));
    }
  }
}
