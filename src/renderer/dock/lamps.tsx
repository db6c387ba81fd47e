import type { CardAct, LampName, WorldState } from './server.ts';

const lamps: readonly (readonly [LampName, string])[] = [
  ['ready', 'free'],
  ['inUse', 'in use'],
  ['attention', 'staff, look here'],
  ['outOfService', 'out of service'],
  ['cardSlot', 'card reader'],
];

interface LampsProps {
  readonly state: WorldState | undefined;
  /** Cards that are pressed are laid on the reader. */
  readonly laid: boolean;
  readonly onChoose: (laid: boolean) => void;
  readonly onAct: (act: CardAct) => void;
}

/** The lamps of the station, and the reader on which a card may lie. */
export function Lamps({ state, laid, onChoose, onAct }: LampsProps) {
  const lit = state?.lamps ?? [];
  const lies = state?.card.lies;
  return (
    <section className="dock-lamps" aria-label="Lamps and card reader">
      <ul>
        {lamps.map(([name, label]) => (
          <li key={name} data-testid={`dock-lamp-${name}`} data-lit={lit.includes(name)}>
            {label}
            <span className="out-of-sight">{lit.includes(name) ? ' is lit' : ' is dark'}</span>
          </li>
        ))}
      </ul>
      <div className="dock-choice" role="group" aria-label="A pressed card goes …">
        <button
          type="button"
          className="dock-chip"
          data-testid="dock-card-to-scanner"
          aria-pressed={!laid}
          onClick={() => onChoose(false)}
        >
          cards to the scanner
        </button>
        <button
          type="button"
          className="dock-chip"
          data-testid="dock-card-to-reader"
          aria-pressed={laid}
          onClick={() => onChoose(true)}
        >
          cards on the reader
        </button>
        {lies === undefined ? null : (
          <button
            type="button"
            className="dock-chip"
            data-testid="dock-card-take"
            data-card={lies}
            onClick={() => onAct({ do: 'take' })}
          >
            take card …{lies.slice(-4)}
          </button>
        )}
      </div>
    </section>
  );
}
