import { useEffect, useState } from 'react';
import { Barcode } from '../pictures/picture.tsx';
import type { Device, DockServer, ExampleLibrary } from './library.ts';

/** Beside the station: a wallet of cards and a shelf of books to hold under its scanner, and two plugs to pull. */
export function Dock({ server }: { readonly server: DockServer }) {
  const [library, setLibrary] = useState<ExampleLibrary>();
  const [trouble, setTrouble] = useState<string>();
  const report = (reason: unknown): void =>
    setTrouble(reason instanceof Error ? reason.message : String(reason));

  useEffect(() => {
    server.library().then(setLibrary, report);
  }, [server]);

  const scan = (text: string): void => {
    setTrouble(undefined);
    server.scan(text).catch(report);
  };

  return (
    <div className="dock">
      <iframe className="dock-station" src="/" title="The station" />
      <div className="dock-side">
        <header>
          <h1>Try the station</h1>
          <p>
            Choose “Borrow” on the station, then hold a card and some books under its scanner by pressing them
            here. This is an example library: its people, PINs and books are made up.
          </p>
          {trouble === undefined ? null : <p role="alert">That did not arrive: {trouble}.</p>}
        </header>
        <section aria-labelledby="wallet">
          <h2 id="wallet">Cards</h2>
          <ul className="dock-cards">
            {library?.patrons.map(({ card, pin, label }) => (
              <li key={card}>
                <button
                  type="button"
                  className="dock-card"
                  data-testid="dock-card"
                  data-card={card}
                  onClick={() => scan(card)}
                >
                  <span className="dock-name">{label}</span>
                  <Bars />
                  <span className="dock-number">{card}</span>
                  <span className="dock-pin">PIN {pin}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="shelf">
          <h2 id="shelf">Books</h2>
          <ul className="dock-books">
            {library?.items.map(({ item, title, label }) => (
              <li key={item}>
                <button
                  type="button"
                  className="dock-book"
                  data-testid="dock-book"
                  data-item={item}
                  onClick={() => scan(item)}
                >
                  <span className="dock-name">{title}</span>
                  <span className="dock-number">{item}</span>
                  {label === undefined ? null : <span className="dock-label">{label}</span>}
                </button>
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="plugs">
          <h2 id="plugs">Plugs to pull</h2>
          <div className="dock-switches">
            <Switch device="acs" label="Library system" server={server} report={report} />
            <Switch device="scanner" label="Scanner" server={server} report={report} />
          </div>
        </section>
      </div>
    </div>
  );
}

interface SwitchProps {
  readonly device: Device;
  readonly label: string;
  readonly server: DockServer;
  readonly report: (reason: unknown) => void;
}

function Switch({ device, label, server, report }: SwitchProps) {
  const [on, setOn] = useState(true);
  const turn = (): void => {
    server.turn(device, !on).then(() => setOn(!on), report);
  };
  return (
    <button
      type="button"
      role="switch"
      className="dock-switch"
      data-testid={`dock-switch-${device}`}
      aria-checked={on}
      onClick={turn}
    >
      <span className="dock-knob" />
      <span>{label}</span>
      <span className="dock-state">{on ? 'connected' : 'pulled'}</span>
    </button>
  );
}

function Bars() {
  return (
    <svg className="dock-bars" viewBox="0 0 44 18" aria-hidden="true" focusable="false">
      <Barcode x={1} y={0} />
    </svg>
  );
}
