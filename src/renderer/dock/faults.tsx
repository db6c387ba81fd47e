import type { DockServer, FaultKind, ScanManner, SwitchName, WorldState } from './server.ts';

type Do = (act: Promise<void>) => void;

interface FaultsProps {
  readonly state: WorldState | undefined;
  readonly server: DockServer;
  /** Carries an act out, and tells its failure. */
  readonly carryOut: Do;
}

interface Plug {
  readonly name: SwitchName;
  readonly label: string;
  /** What is said of it while it is not as it should be. */
  readonly word: string;
  /** How it should be. */
  readonly well: boolean;
  readonly on: (state: WorldState) => boolean;
}

const plugs: readonly Plug[] = [
  {
    name: 'acs',
    label: 'Network cable',
    word: 'pulled',
    well: true,
    on: ({ acs }) => acs.connected,
  },
  {
    name: 'scanner',
    label: 'Scanner',
    word: 'pulled',
    well: true,
    on: ({ scanner }) => scanner.plugged,
  },
  { name: 'cardReader', label: 'Card reader', word: 'pulled', well: true, on: ({ card }) => card.plugged },
  { name: 'plate', label: 'RFID plate', word: 'pulled', well: true, on: ({ plate }) => plate.plugged },
  { name: 'printer', label: 'Printer', word: 'pulled', well: true, on: ({ printer }) => printer.plugged },
];

const things: readonly Plug[] = [
  {
    name: 'paper',
    label: 'Paper in the printer',
    word: 'none left',
    well: true,
    on: ({ printer }) => printer.paper !== 'out',
  },
  {
    name: 'cover',
    label: 'Its cover closed',
    word: 'open',
    well: true,
    on: ({ printer }) => !printer.coverOpen,
  },
  {
    name: 'tagsRefuse',
    label: 'Tags refuse to be written',
    word: '',
    well: false,
    on: ({ plate }) => plate.writesFail,
  },
  {
    name: 'tagsFlicker',
    label: 'Tags shadow each other',
    word: 'heard now and then',
    well: false,
    on: ({ plate }) => plate.flickers,
  },
];

const hourMs = 3_600_000;
const turns: readonly (readonly [string, number])[] = [
  ['right', 0],
  ['an hour back', -hourMs],
  ['a day on', 24 * hourMs],
  ['15 days on', 15 * 24 * hourMs],
  ['a year on', 365 * 24 * hourMs],
];

const troubles: readonly Plug[] = [
  { name: 'acsSlow', label: 'Slow', word: 'by 2.5 s', well: false, on: ({ acs }) => acs.slow },
  { name: 'acsSilent', label: 'Never answers', word: 'hangs', well: false, on: ({ acs }) => acs.silent },
  { name: 'acsClosed', label: 'Says it is closed', word: '', well: false, on: ({ acs }) => acs.closed },
  {
    name: 'acsRefusesLogin',
    label: 'Refuses the log-in',
    word: 'tried each minute',
    well: false,
    on: ({ acs }) => acs.refusesLogin,
  },
];

const faults: readonly (readonly [FaultKind, string])[] = [
  ['loseRequest', 'loses the request'],
  ['loseReply', 'loses the answer'],
  ['garbage', 'answers garbage'],
  ['anotherItem', 'answers about another item'],
  ['closeInReply', 'breaks off in the answer'],
  ['wrongChecksum', 'spoils the checksum'],
];

export const faultWords: Readonly<Record<FaultKind, string>> = {
  loseRequest: 'lost on the way',
  loseReply: 'not sent: lost',
  closeInsteadOfReply: 'not sent: hung up',
  closeInReply: 'half sent: hung up',
  garbage: 'garbage sent instead',
  wrongChecksum: 'sent with a wrong checksum',
  wrongSequence: 'sent with another’s number',
  late: 'sent late',
  twice: 'sent twice',
  inPieces: 'sent in pieces',
  anotherItem: 'about another item',
};

const manners: readonly (readonly [ScanManner, string])[] = [
  ['well', 'well'],
  ['twice', 'each twice'],
  ['pieces', 'in pieces'],
  ['garbage', 'garbage'],
];

/** What can go wrong around the station, each for real. */
export function Faults({ state, server, carryOut }: FaultsProps) {
  const waiting = state?.acs.faults ?? [];
  const manner = state?.scanner.manner;
  return (
    <section className="dock-pane dock-faults" aria-labelledby="faults">
      <div className="dock-pane-head">
        <h2 id="faults">Faults</h2>
        <div className="dock-station-state">
          <span className="dock-state" data-testid="dock-station" data-up={state?.station.up}>
            {state === undefined ? '' : stationWords(state.station)}
          </span>
          <button
            type="button"
            className="dock-chip dock-danger"
            data-testid="dock-kill"
            disabled={state?.station.up === false}
            onClick={() => carryOut(server.killStation())}
          >
            Kill the station
          </button>
        </div>
      </div>
      <div className="dock-scroll">
        <div className="dock-blocks">
          <Block heading="Plugs">
            {plugs.map((plug) => (
              <Switch key={plug.name} plug={plug} state={state} server={server} carryOut={carryOut} />
            ))}
          </Block>
          <Block heading="The library system">
            {troubles.map((plug) => (
              <Switch key={plug.name} plug={plug} state={state} server={server} carryOut={carryOut} />
            ))}
            <Personality state={state} server={server} carryOut={carryOut} />
          </Block>
          <Block heading="Paper and tags">
            {things.map((plug) => (
              <Switch key={plug.name} plug={plug} state={state} server={server} carryOut={carryOut} />
            ))}
          </Block>
          <Block heading="The station’s clock is …">
            {turns.map(([label, byMs]) => (
              <button
                key={label}
                type="button"
                className="dock-chip"
                data-testid={`dock-clock-${byMs / hourMs}`}
                aria-pressed={state?.clockByMs === byMs}
                onClick={() => carryOut(server.clock(byMs))}
              >
                {label}
              </button>
            ))}
          </Block>
          <Block heading="With the next loan, return or renewal it …">
            {faults.map(([kind, label]) => (
              <button
                key={kind}
                type="button"
                className="dock-chip"
                data-testid={`dock-fault-${kind}`}
                data-waiting={waiting.filter((one) => one === kind).length}
                aria-pressed={waiting.includes(kind)}
                onClick={() => carryOut(server.fault(kind))}
              >
                {label}
              </button>
            ))}
            {waiting.length === 0 ? null : (
              <button
                type="button"
                className="dock-chip dock-quiet"
                data-testid="dock-fault-none"
                onClick={() => carryOut(server.fault('none'))}
              >
                take back
              </button>
            )}
          </Block>
          <Block heading="The scanner sends …">
            {manners.map(([name, label]) => (
              <button
                key={name}
                type="button"
                className="dock-chip"
                data-testid={`dock-manner-${name}`}
                aria-pressed={manner === name}
                onClick={() => carryOut(server.manner(name))}
              >
                {label}
              </button>
            ))}
          </Block>
        </div>
      </div>
    </section>
  );
}

/** Which library system it plays; the station keeps its profile, so that it can be seen what a wrong one does. */
function Personality({ state, server, carryOut }: FaultsProps) {
  const names = state?.acs.personalities ?? [];
  return (
    <label className="dock-personality">
      <span>speaks as</span>
      <select
        data-testid="dock-personality"
        value={state?.acs.personality ?? ''}
        disabled={names.length === 0}
        onChange={(event) => carryOut(server.personality(event.target.value))}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function stationWords({ up, starts }: WorldState['station']): string {
  if (!up) return 'starts again …';
  return starts === 1 ? '' : `started ${starts} times`;
}

function Block({ heading, children }: { readonly heading: string; readonly children: React.ReactNode }) {
  return (
    <section className="dock-block">
      <h3>{heading}</h3>
      <div className="dock-switches">{children}</div>
    </section>
  );
}

interface SwitchProps extends FaultsProps {
  readonly plug: Plug;
}

function Switch({ plug, state, server, carryOut }: SwitchProps) {
  const on = state === undefined ? undefined : plug.on(state);
  const amiss = on !== undefined && on !== plug.well;
  return (
    <button
      type="button"
      role="switch"
      className="dock-switch"
      data-testid={`dock-switch-${plug.name}`}
      data-amiss={amiss}
      aria-checked={on === true}
      disabled={on === undefined}
      onClick={() => carryOut(server.turn(plug.name, on !== true))}
    >
      <span className="dock-knob" />
      <span>{plug.label}</span>
      {amiss && plug.word !== '' ? <span className="dock-state">{plug.word}</span> : null}
    </button>
  );
}
