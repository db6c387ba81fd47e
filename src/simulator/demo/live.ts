import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Result } from '../../kernel/result.ts';
import type { AcsNews, LoanView } from '../acs/control.ts';
import type { FaultKind } from '../acs/faults.ts';
import type { LedgerEntry } from '../acs/ledger.ts';
import type { WireLine } from '../acs/wire-log.ts';
import type { SeenFrame } from './frame-tap.ts';
import { answer, reads } from './http.ts';
import type { PrintedLine } from '../printer/paper-reader.ts';
import type { LightName } from '../../station/lights.ts';
import type { CardState } from './card-and-lamps.ts';
import type { PlateState } from './plate.ts';
import type { ScanManner } from './scan-manners.ts';

/** How the world around the station is at the moment. */
export interface WorldState {
  readonly scanner: { readonly plugged: boolean; readonly manner: ScanManner };
  readonly acs: {
    readonly up: boolean;
    readonly connected: boolean;
    readonly slow: boolean;
    readonly silent: boolean;
    readonly closed: boolean;
    readonly refusesLogin: boolean;
    /** Which library system it plays, and which it could. */
    readonly personality: string;
    readonly personalities: readonly string[];
    /** What waits for the next loan, return or renewal. */
    readonly faults: readonly FaultKind[];
  };
  readonly printer: {
    readonly plugged: boolean;
    readonly paper: 'full' | 'low' | 'out';
    readonly coverOpen: boolean;
    /** What came out and was not torn off, line by line. */
    readonly lines: readonly PrintedLine[];
  };
  readonly plate: PlateState;
  readonly card: CardState;
  /** The lamps that are on. */
  readonly lamps: readonly LightName[];
  /** So far the station's wall clock is turned, in milliseconds. */
  readonly clockByMs: number;
  readonly station: { readonly up: boolean; readonly starts: number };
}

export interface LiveOptions {
  readonly clock: Clock;
  /** What is new at the library system; undefined while it is not up. */
  news(wireSince: number, ledgerSince: number): Promise<AcsNews> | undefined;
  /** The journal's newest rows, as the station tells them. */
  journal(): Promise<Result<unknown, string>>;
  /** The world's state; `news` is the last that was heard. */
  state(news: AcsNews | undefined): WorldState;
}

/** Docks that look on at once. */
export const watchersMax = 8;
/** What is kept of each stream for a dock that comes later. */
export const linesKeptMax = 200;
const journalRowsMax = 60;
/** A dock that leaves this much unread is let go; it comes again by itself. */
const backlogBytesMax = 4_194_304;
const lookEveryMs = 250;
/** After so long without a reason the journal is looked at all the same. */
const journalEveryMs = 5_000;

type Told =
  | { readonly kind: 'state'; readonly state: WorldState }
  | { readonly kind: 'wire'; readonly lines: readonly WireLine[] }
  | { readonly kind: 'frames'; readonly frames: readonly SeenFrame[] }
  | { readonly kind: 'journal'; readonly rows: readonly unknown[] }
  | { readonly kind: 'ledger'; readonly entries: readonly LedgerEntry[] }
  | { readonly kind: 'loans'; readonly loans: readonly LoanView[] }
  | { readonly kind: 'cleared' };

/** What happens, as server-sent events (HTML Living Standard, 9.2), for as many docks as look on. Looks only while one does. */
export class Live {
  readonly #options: LiveOptions;
  readonly #watchers = new Set<ServerResponse>();
  #wire: WireLine[] = [];
  #frames: SeenFrame[] = [];
  #newFrames: SeenFrame[] = [];
  #ledger: LedgerEntry[] = [];
  #loans: readonly LoanView[] = [];
  #journal: readonly unknown[] = [];
  #news: AcsNews | undefined;
  #state = '';
  #journalText = '';
  #wireSince = 0;
  #ledgerSince = 0;
  #journalDue = true;
  #journalAt = 0;
  #looking = false;
  #cancel: CancelTimer = () => undefined;
  /** Grows when everything begins anew, so that what was asked before is not mixed in. */
  #era = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** A dock looks on, from now until it goes away. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    if (!reads(request, response)) return;
    if (this.#watchers.size >= watchersMax) return answer(response, 503, 'too many docks are open');
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    for (const told of this.#everything()) send(response, told);
    this.#watchers.add(response);
    response.on('close', () => this.#watchers.delete(response));
    this.#look();
  }

  /** Whether the library system has it on loan, as far as it was heard. */
  isLent(item: string): boolean {
    return this.#loans.some((loan) => loan.item === item);
  }

  /** A frame passed between page and station. */
  frame(frame: SeenFrame): void {
    this.#newFrames.push(frame);
    keep(this.#newFrames);
    this.#journalDue = true;
  }

  /** A part of the world has moved: docks see it without waiting. */
  moved(): void {
    this.#tellState();
    this.#journalDue = true;
  }

  /** The library system is a new process; its lines count from 0. */
  acsStarted(): void {
    this.#wireSince = 0;
    this.#era += 1;
  }

  /** Everything begins anew. */
  clear(): void {
    this.#era += 1;
    this.#wire = [];
    this.#frames = [];
    this.#newFrames = [];
    this.#ledger = [];
    this.#loans = [];
    this.#journal = [];
    this.#journalText = '';
    this.#wireSince = 0;
    this.#ledgerSince = 0;
    this.#journalDue = true;
    this.#tell({ kind: 'cleared' });
  }

  stop(): void {
    this.#cancel();
    for (const response of this.#watchers) response.end();
    this.#watchers.clear();
  }

  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#cancel();
    void this.#lookOnce().finally(() => {
      this.#looking = false;
      if (this.#watchers.size > 0) {
        this.#cancel = this.#options.clock.after(lookEveryMs, () => this.#look());
      }
    });
  }

  async #lookOnce(): Promise<void> {
    this.#takeFrames();
    // A part that goes away while it is asked is no news; the state tells it.
    await this.#askAcs().catch(() => (this.#news = undefined));
    this.#tellState();
    const { clock } = this.#options;
    if (this.#journalDue || clock.monotonic() - this.#journalAt > journalEveryMs) {
      this.#journalDue = false;
      this.#journalAt = clock.monotonic();
      await this.#askJournal();
    }
  }

  #takeFrames(): void {
    const frames = this.#newFrames;
    if (frames.length === 0) return;
    this.#newFrames = [];
    this.#frames.push(...frames);
    keep(this.#frames);
    this.#tell({ kind: 'frames', frames });
  }

  async #askAcs(): Promise<void> {
    const era = this.#era;
    const news = await this.#options.news(this.#wireSince, this.#ledgerSince);
    if (era !== this.#era) return;
    this.#news = news;
    if (news === undefined) return;
    const { wire: lines, ledger: entries, loans } = news;
    if (lines.length > 0) {
      this.#wireSince = (lines.at(-1)?.seq ?? 0) + 1;
      this.#wire.push(...lines);
      keep(this.#wire);
      this.#journalDue = true;
      this.#tell({ kind: 'wire', lines });
    }
    if (entries.length > 0) {
      this.#ledgerSince = (entries.at(-1)?.seq ?? 0) + 1;
      this.#ledger.push(...entries.slice(-linesKeptMax));
      keep(this.#ledger);
      this.#tell({ kind: 'ledger', entries: entries.slice(-linesKeptMax) });
    }
    if (loans !== undefined && (entries.length > 0 || this.#loans.length === 0)) {
      this.#loans = loans;
      this.#tell({ kind: 'loans', loans });
    }
  }

  async #askJournal(): Promise<void> {
    const era = this.#era;
    const answered = await this.#options.journal();
    if (era !== this.#era) return;
    if (!answered.ok || !Array.isArray(answered.value)) {
      // The station is being started; its rows stand as they were and are asked for again.
      this.#journalDue = true;
      return;
    }
    const rows: readonly unknown[] = answered.value.slice(0, journalRowsMax);
    const text = JSON.stringify(rows);
    if (text === this.#journalText) return;
    this.#journalText = text;
    this.#journal = rows;
    this.#tell({ kind: 'journal', rows });
  }

  #tellState(): void {
    const state = this.#options.state(this.#news);
    const text = JSON.stringify(state);
    if (text === this.#state) return;
    this.#state = text;
    this.#tell({ kind: 'state', state });
  }

  #everything(): readonly Told[] {
    return [
      { kind: 'cleared' },
      { kind: 'state', state: this.#options.state(this.#news) },
      { kind: 'loans', loans: this.#loans },
      { kind: 'ledger', entries: this.#ledger },
      { kind: 'wire', lines: this.#wire },
      { kind: 'frames', frames: this.#frames },
      { kind: 'journal', rows: this.#journal },
    ];
  }

  #tell(told: Told): void {
    for (const response of this.#watchers) send(response, told);
  }
}

function keep(lines: unknown[]): void {
  if (lines.length > linesKeptMax) lines.splice(0, lines.length - linesKeptMax);
}

function send(response: ServerResponse, told: Told): void {
  if (response.writableLength > backlogBytesMax) {
    response.destroy();
    return;
  }
  response.write(`data: ${JSON.stringify(told)}\n\n`);
}
