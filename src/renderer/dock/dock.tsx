import { useCallback, useEffect, useReducer, useState } from 'react';
import { Faults } from './faults.tsx';
import { afterTold, nothingYet } from './happenings.ts';
import { Kiosk } from './kiosk.tsx';
import { Lamps } from './lamps.tsx';
import { Live } from './live.tsx';
import type { DockServer, ExampleLibrary } from './server.ts';
import { Plate } from './plate.tsx';
import { Shelf } from './shelf.tsx';
import { TryThis } from './try-this.tsx';
import { Wallet } from './wallet.tsx';

const emptyLibrary: ExampleLibrary = { patrons: [], items: [] };

const benches = [
  ['live', 'What happens'],
  ['faults', 'Faults'],
] as const;
type Bench = (typeof benches)[number][0];

interface DockProps {
  readonly server: DockServer;
  /** The station has a window of its own. */
  readonly alone?: boolean;
}

/** Beside the station: a wallet of cards and a shelf of books to hold under its scanner, what can go wrong, and what happens. */
export function Dock({ server, alone = false }: DockProps) {
  const [library, setLibrary] = useState(emptyLibrary);
  const [happenings, tell] = useReducer(afterTold, nothingYet);
  const [trouble, setTrouble] = useState<string>();
  const [card, setCard] = useState<string>();
  const [resetting, setResetting] = useState(false);
  /** Where there is no room for both. */
  const [bench, setBench] = useState<Bench>('live');
  /** A pressed book goes on the plate instead of under the scanner. */
  const [onPlate, setOnPlate] = useState(false);
  /** A pressed card is laid on the card reader instead of shown to the scanner. */
  const [onReader, setOnReader] = useState(false);

  const report = useCallback((reason: unknown): void => {
    setTrouble(reason instanceof Error ? reason.message : String(reason));
  }, []);
  const carryOut = useCallback(
    (act: Promise<void>): void => {
      setTrouble(undefined);
      act.catch(report);
    },
    [report],
  );

  useEffect(() => {
    server.library().then(setLibrary, report);
    return server.watch(tell);
  }, [server, report]);

  const showCard = (number: string): void => {
    setCard(number);
    carryOut(onReader ? server.card({ do: 'lay', card: number }) : server.scan(number));
  };
  const reset = (): void => {
    setCard(undefined);
    setResetting(true);
    carryOut(server.reset().finally(() => setResetting(false)));
  };

  const { patrons, items } = library;
  return (
    <div className={alone ? 'dock dock-alone' : 'dock'}>
      {alone ? null : <Kiosk />}
      <main className="dock-side">
        <header className="dock-head">
          <h1>Try the station</h1>
          <Lamps state={happenings.state} />
          <button
            type="button"
            className="dock-chip"
            data-testid="dock-reset"
            disabled={resetting}
            onClick={reset}
          >
            {resetting ? 'Beginning anew …' : 'Begin anew'}
          </button>
        </header>
        <TryThis tried={happenings.tried} />
        {trouble === undefined ? null : (
          <p className="dock-trouble" role="alert">
            That did not arrive: {trouble}.
          </p>
        )}
        {happenings.linkUp ? null : (
          <p className="dock-trouble" role="alert">
            The demonstration does not answer. Does npm start still run?
          </p>
        )}
        <div className="dock-desk">
          <Wallet
            patrons={patrons}
            chosen={card}
            onCard={showCard}
            toReader={onReader}
            onToReader={setOnReader}
            lies={happenings.state?.card.lies}
            onTake={() => carryOut(server.card({ do: 'take' }))}
          />
          <Shelf
            items={items}
            patrons={patrons}
            loans={happenings.loans}
            holder={patrons.find((one) => one.card === card)}
            onItem={(item) =>
              carryOut(onPlate ? server.plate({ do: 'put', item, whole: true }) : server.scan(item))
            }
            toPlate={onPlate}
            onToPlate={setOnPlate}
          />
        </div>
        <Plate state={happenings.state?.plate} items={items} onAct={(act) => carryOut(server.plate(act))} />
        <div className="dock-sides" role="group" aria-label="On the bench">
          {benches.map(([name, label]) => (
            <button
              key={name}
              type="button"
              className="dock-chip"
              data-testid={`dock-bench-${name}`}
              aria-pressed={bench === name}
              onClick={() => setBench(name)}
            >
              {label}
            </button>
          ))}
        </div>
        <div className="dock-bench" data-shown={bench}>
          <Faults state={happenings.state} server={server} carryOut={carryOut} />
          <Live
            happenings={happenings}
            items={items}
            patrons={patrons}
            onTearOff={() => carryOut(server.tearOff())}
          />
        </div>
      </main>
    </div>
  );
}
