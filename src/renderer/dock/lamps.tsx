import type { LampName, WorldState } from './server.ts';

const lamps: readonly (readonly [LampName, string])[] = [
  ['ready', 'free'],
  ['inUse', 'in use'],
  ['attention', 'staff, look here'],
  ['outOfService', 'out of service'],
  ['cardSlot', 'card reader'],
];

/** The lamps of the station, as they are seen from afar. */
export function Lamps({ state }: { readonly state: WorldState | undefined }) {
  const lit = state?.lamps ?? [];
  return (
    <ul className="dock-lamps" aria-label="Lamps of the station">
      {lamps.map(([name, label]) => (
        <li key={name} data-testid={`dock-lamp-${name}`} data-lit={lit.includes(name)}>
          {label}
          <span className="out-of-sight">{lit.includes(name) ? ' is lit' : ' is dark'}</span>
        </li>
      ))}
    </ul>
  );
}
