import type { ExampleItem, PlateAct, PlateItem, PlateState } from './server.ts';

interface PlateProps {
  readonly state: PlateState | undefined;
  readonly items: readonly ExampleItem[];
  readonly onAct: (act: PlateAct) => void;
}

/** The RFID plate, the bag beside it, and the gate at the door. */
export function Plate({ state, items, onAct }: PlateProps) {
  const titleOf = (number: string): string => items.find(({ item }) => item === number)?.title ?? number;
  const lies = state?.lies ?? [];
  const bag = state?.bag ?? [];
  const gate = state?.gate;
  return (
    <section className="dock-pane dock-plate" aria-labelledby="plate">
      <h2 id="plate" className="out-of-sight">
        Plate, bag and gate
      </h2>
      <div className="dock-places">
        <div className="dock-place" data-testid="dock-plate">
          <div className="dock-place-head">
            <h3>
              On the plate <span className="dock-count">{lies.length}</span>
            </h3>
          </div>
          {lies.length === 0 ? <p className="dock-none">Nothing. Send books “on the plate”.</p> : null}
          <ul>
            {lies.map((one) => (
              <li key={one.item} data-item={one.item} data-secured={one.secured}>
                <span className="dock-name" dir="auto">
                  {titleOf(one.item)}
                </span>
                <Security one={one} />
                {one.parts === 1 ? null : (
                  <button
                    type="button"
                    className="dock-chip dock-quiet"
                    data-testid="dock-take-part"
                    onClick={() => onAct({ do: 'put', item: one.item, whole: false })}
                  >
                    without one part
                  </button>
                )}
                <button
                  type="button"
                  className="dock-chip"
                  data-testid="dock-take"
                  onClick={() => onAct({ do: 'take', item: one.item })}
                >
                  take
                </button>
              </li>
            ))}
          </ul>
        </div>
        <div className="dock-place" data-testid="dock-bag">
          <div className="dock-place-head">
            <h3>
              In the bag <span className="dock-count">{bag.length}</span>
            </h3>
            <button
              type="button"
              className="dock-chip"
              data-testid="dock-walk-out"
              disabled={bag.length === 0}
              onClick={() => onAct({ do: 'walkOut' })}
            >
              Walk out
            </button>
          </div>
          {bag.length === 0 && gate === undefined ? <p className="dock-none">Nothing.</p> : null}
          <ul>
            {bag.map((one) => (
              <li key={one.item} data-item={one.item} data-secured={one.secured}>
                <span className="dock-name" dir="auto">
                  {titleOf(one.item)}
                </span>
                <Security one={one} />
              </li>
            ))}
          </ul>
          {gate === undefined ? null : (
            <p
              className="dock-gate"
              role="status"
              data-testid="dock-gate"
              data-rang={gate.rang.length}
              data-times={gate.times}
            >
              {gate.rang.length === 0
                ? 'The gate was silent.'
                : `The gate rang for ${gate.rang.map(titleOf).join(', ')}.`}
            </p>
          )}
        </div>
      </div>
    </section>
  );
}

function Security({ one: { parts, secured } }: { readonly one: PlateItem }) {
  const words = parts === 1 ? (secured === 1 ? 'secured' : 'free') : `${secured} of ${parts} secured`;
  return <span className="dock-tag">{words}</span>;
}
