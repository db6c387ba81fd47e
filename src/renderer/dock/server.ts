/** The dock's side of the demo starter: the example library, and the virtual devices that stand beside the station. */

export type PatronGroup = 'everyday' | 'account' | 'blocked' | 'special';
export type ItemGroup = 'free' | 'media' | 'onLoan' | 'awaited' | 'notLent' | 'away' | 'unusual';

export interface ExamplePatron {
  readonly card: string;
  /** Left out: none was ever set. */
  readonly pin?: string;
  readonly name: string;
  readonly sort: string;
  readonly group: PatronGroup;
}

export interface ExampleItem {
  readonly item: string;
  readonly title: string;
  readonly author?: string;
  readonly label: string;
  readonly group: ItemGroup;
}

export interface ExampleLibrary {
  readonly patrons: readonly ExamplePatron[];
  readonly items: readonly ExampleItem[];
}

export type SwitchName =
  | 'acs'
  | 'scanner'
  | 'cardReader'
  | 'acsSlow'
  | 'acsSilent'
  | 'acsClosed'
  | 'acsRefusesLogin'
  | 'printer'
  | 'paper'
  | 'paperLow'
  | 'cover'
  | 'plate'
  | 'tagsRefuse'
  | 'tagsFlicker';
export type ScanManner = 'well' | 'twice' | 'pieces' | 'garbage';
export type FaultKind =
  | 'loseRequest'
  | 'loseReply'
  | 'closeInsteadOfReply'
  | 'closeInReply'
  | 'garbage'
  | 'wrongChecksum'
  | 'wrongSequence'
  | 'late'
  | 'twice'
  | 'inPieces'
  | 'anotherItem';

export interface WorldState {
  readonly scanner: { readonly plugged: boolean; readonly manner: ScanManner };
  readonly acs: {
    readonly up: boolean;
    readonly connected: boolean;
    readonly slow: boolean;
    readonly silent: boolean;
    readonly closed: boolean;
    readonly refusesLogin: boolean;
    readonly personality: string;
    readonly personalities: readonly string[];
    readonly faults: readonly FaultKind[];
  };
  readonly printer: {
    readonly plugged: boolean;
    readonly paper: 'full' | 'low' | 'out';
    readonly coverOpen: boolean;
    readonly lines: readonly PrintedLine[];
  };
  readonly plate: PlateState;
  readonly card: { readonly plugged: boolean; readonly lies?: string };
  /** The lamps that are on. */
  readonly lamps: readonly LampName[];
  /** So far the station's wall clock is turned, in milliseconds. */
  readonly clockByMs: number;
  readonly station: { readonly up: boolean; readonly starts: number };
}

export type PrintedLine =
  | {
      readonly is: 'text';
      readonly text: string;
      readonly bold: boolean;
      readonly big: boolean;
      readonly center: boolean;
    }
  | { readonly is: 'cut' };

export interface PlateItem {
  readonly item: string;
  readonly parts: number;
  /** Parts whose security is on. */
  readonly secured: number;
}

export interface PlateState {
  readonly plugged: boolean;
  readonly lies: readonly PlateItem[];
  readonly bag: readonly PlateItem[];
  readonly gate?: { readonly times: number; readonly rang: readonly string[] };
  readonly writesFail: boolean;
  readonly flickers: boolean;
}

export type LampName = 'ready' | 'inUse' | 'attention' | 'outOfService' | 'cardSlot';

export type CardAct = { readonly do: 'lay'; readonly card: string } | { readonly do: 'take' };

export type PlateAct =
  | { readonly do: 'put'; readonly item: string; readonly whole: boolean }
  | { readonly do: 'take'; readonly item: string }
  | { readonly do: 'walkOut' };

export interface WireLine {
  readonly seq: number;
  readonly at: number;
  readonly from: 'station' | 'acs';
  readonly line: string;
  readonly fault?: FaultKind;
}

export interface SeenFrame {
  readonly at: number;
  readonly from: 'page' | 'station';
  readonly kind: string;
  readonly what?: string;
  readonly revision?: number;
  readonly epoch?: number;
  readonly bytes: number;
}

export interface LedgerEntry {
  readonly seq: number;
  readonly effect:
    'checkout' | 'renewal' | 'checkin' | 'checkinNotCharged' | 'hold' | 'holdCancelled' | 'payment';
  readonly at: number;
  readonly item: string;
  readonly card: string;
  readonly repeat: boolean;
  readonly noBlock: boolean;
}

export interface JournalRow {
  readonly seq: number;
  readonly kind: 'checkout' | 'checkin' | 'renew' | 'hold' | 'fee';
  readonly state: string;
  readonly item: string;
  readonly patron?: string;
  readonly rule?: string;
  readonly movedAt: number;
  readonly attempts: number;
}

export interface Loan {
  readonly item: string;
  readonly card: string;
  readonly dueAt: number;
}

export type Told =
  | { readonly kind: 'state'; readonly state: WorldState }
  | { readonly kind: 'wire'; readonly lines: readonly WireLine[] }
  | { readonly kind: 'frames'; readonly frames: readonly SeenFrame[] }
  | { readonly kind: 'journal'; readonly rows: readonly JournalRow[] }
  | { readonly kind: 'ledger'; readonly entries: readonly LedgerEntry[] }
  | { readonly kind: 'loans'; readonly loans: readonly Loan[] }
  | { readonly kind: 'cleared' }
  /** The demo does not answer, or answers again. */
  | { readonly kind: 'link'; readonly up: boolean };

export interface DockServer {
  library(): Promise<ExampleLibrary>;
  /** Holds a barcode under the virtual scanner. */
  scan(text: string): Promise<void>;
  /** How the scanner sends from now on. */
  manner(manner: ScanManner): Promise<void>;
  /** Takes a part of the world away, or brings it back. */
  turn(name: SwitchName, on: boolean): Promise<void>;
  /** Something goes wrong with the next loan, return or renewal; `none` takes what waits back. */
  fault(kind: FaultKind | 'none'): Promise<void>;
  /** Makes the library system another one. */
  personality(name: string): Promise<void>;
  /** Puts an item on the RFID plate, takes it into the bag, or walks out through the gate. */
  plate(act: PlateAct): Promise<void>;
  /** Lays a card on the card reader, or takes it away. */
  card(act: CardAct): Promise<void>;
  /** Tears off the paper that came out of the printer. */
  tearOff(): Promise<void>;
  /** Turns the station's wall clock. */
  clock(byMs: number): Promise<void>;
  killStation(): Promise<void>;
  reset(): Promise<void>;
  /** Tells what happens, until the function that it gives is called. */
  watch(tell: (told: Told) => void): () => void;
}

export const dockServer: DockServer = {
  library: async () => {
    const answer = await fetch('/dock/library');
    if (!answer.ok) throw new Error(`the demo answered ${answer.status}`);
    return (await answer.json()) as ExampleLibrary;
  },
  scan: (text) => post('/dock/scan', { text }),
  manner: (manner) => post('/dock/scanner', { manner }),
  turn: (name, on) => post('/dock/switch', { name, on }),
  fault: (kind) => post('/dock/fault', { kind }),
  personality: (name) => post('/dock/personality', { name }),
  plate: (act) => post('/dock/plate', act),
  card: (act) => post('/dock/card', act),
  tearOff: () => post('/dock/printer', { do: 'tearOff' }),
  clock: (byMs) => post('/dock/clock', { byMs }),
  killStation: () => post('/dock/station', { do: 'kill' }),
  reset: () => post('/dock/reset', {}),
  watch: (tell) => {
    const source = new EventSource('/dock/live');
    source.addEventListener('open', () => tell({ kind: 'link', up: true }));
    // It comes again by itself.
    source.addEventListener('error', () => tell({ kind: 'link', up: false }));
    source.addEventListener('message', ({ data }) => tell(JSON.parse(String(data)) as Told));
    return () => source.close();
  },
};

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.ok) return;
  const words = (await answer.text()).trim();
  throw new Error(words === '' ? `the demo answered ${answer.status}` : words);
}
