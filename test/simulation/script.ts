import type { Row } from '../../src/journal/rows.ts';
import type { IntentAct } from '../../src/shared/intent.ts';
import { MessageNames, type Fate, type Fates, type Way } from './fates.ts';
import type { Network } from './network.ts';
import type { Laying } from './pad.ts';
import type { OfflineScenario } from './scenario.ts';

/** Something that people or the world do. */
export type Doing =
  | { readonly do: 'act'; readonly act: IntentAct }
  | { readonly do: 'scan'; readonly text: string }
  | ({ readonly do: 'lay'; readonly item: string } & Laying)
  | { readonly do: 'lift'; readonly item: string; readonly parts?: readonly number[] }
  /** Another library’s item with this number is laid down or taken away. */
  | { readonly do: 'far'; readonly item: string; readonly here: boolean }
  | { readonly do: 'bag'; readonly item: string; readonly forMs: number }
  /** The cable of the RFID reader. `reached`: a command that was under way had reached its tag. */
  | { readonly do: 'plate'; readonly plugged: boolean; readonly reached: boolean }
  | { readonly do: 'power'; readonly darkMs: number }
  | { readonly do: 'acs'; readonly up: boolean }
  /** It says yes to everything and does nothing, or does what it says again. */
  | { readonly do: 'lies'; readonly lies: boolean }
  /** It tells how things stood at this moment, whatever it does from now on, or how they stand again. */
  | { readonly do: 'lags'; readonly lags: boolean }
  | { readonly do: 'packets'; readonly cut: Network['cut'] }
  | { readonly do: 'cable'; readonly plugged: boolean }
  | { readonly do: 'clock'; readonly jumpMs: number }
  | { readonly do: 'disk'; readonly fullMs: number; readonly reserveLeft: boolean };

/** The same `at` milliseconds after the start. */
export type Deed = Doing & { readonly at: number };

/** A power cut at a boundary that its name finds again, and how long the machine stays dark. */
export interface Cut {
  readonly boundary: string;
  readonly torn: boolean;
  readonly darkMs: number;
}

/**
 * A run by what happened in it and not by its seed: it means the same when the simulation draws differently one day. Messages,
 * boundaries and their like are named by what they are about.
 */
export interface Script {
  /** What went wrong when it was found. */
  readonly about: string;
  /** The planted bug that it finds, where it was made with one. */
  readonly plant?: string;
  readonly pagesMax?: number;
  /** Where the station lends without the ACS. */
  readonly offline?: OfflineScenario;
  /** Where all loans are renewed by one request. */
  readonly renewsTogether?: boolean;
  readonly endsAt: number;
  readonly deeds: readonly Deed[];
  /** Each message that does not simply arrive. */
  readonly fates: Readonly<Record<string, Fate>>;
  readonly cuts: readonly Cut[];
}

/** A message that nothing is written of. */
const usualFate: Fate = { is: 'arrives', afterMs: 10 };
/** Latencies up to this are not worth a line. */
const promptMs = 50;

/** The fates as they are drawn, written down. */
export class RecordedFates implements Fates {
  readonly #drawn: Fates;
  readonly #seen: { readonly way: Way; readonly bytes: Uint8Array; readonly fate: Fate }[] = [];

  constructor(drawn: Fates) {
    this.#drawn = drawn;
  }

  /** Few runs are ever asked for it, so the messages wait for their names until then. */
  get written(): Script['fates'] {
    const names = new MessageNames();
    const written: Record<string, Fate> = {};
    for (const { way, bytes, fate } of this.#seen) {
      const name = names.name(way, bytes);
      if (fate.is !== 'arrives' || fate.afterMs > promptMs) written[name] = fate;
    }
    return written;
  }

  of(way: Way, bytes: Uint8Array): Fate {
    const fate = this.#drawn.of(way, bytes);
    this.#seen.push({ way, bytes, fate });
    return fate;
  }
}

/** The fates as they were written down. */
export class WrittenFates implements Fates {
  readonly written: Script['fates'];
  readonly #names = new MessageNames();

  constructor(written: Script['fates']) {
    this.written = written;
  }

  of(way: Way, bytes: Uint8Array): Fate {
    return this.written[this.#names.name(way, bytes)] ?? usualFate;
  }
}

/** Names the boundaries of the loop by the last row before them. Few are ever asked for, so the rows wait until then. */
export class BoundaryNames {
  readonly #unread: Row[] = [];
  readonly #seen = new Map<string, number>();
  readonly #kinds = new Map<string, string>();
  #after = 'the start';
  #count = 0;

  committed(rows: readonly Row[]): void {
    if (rows.length === 0) return;
    this.#unread.push(...rows);
    this.#count = 0;
  }

  /** The loop came to a boundary. */
  passed(): void {
    this.#count += 1;
  }

  /** The name of the boundary that it stands at. */
  name(where: string): string {
    this.#read();
    return `${where} ${this.#count} after ${this.#after}`;
  }

  #read(): void {
    for (const row of this.#unread) {
      if (row.row === 'begin') this.#kinds.set(row.id, `${row.kind} ${row.item}`);
      const what = 'id' in row ? `${this.#kinds.get(row.id) ?? ''} ` : '';
      const label = `${what}${row.row}${row.row === 'move' ? ` ${row.to}` : ''}`;
      const nth = (this.#seen.get(label) ?? 0) + 1;
      this.#seen.set(label, nth);
      this.#after = `${label} #${nth}`;
    }
    this.#unread.length = 0;
  }
}
