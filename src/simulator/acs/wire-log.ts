import type { UtcMillis } from '../../kernel/clock.ts';
import type { Dialect } from '../../sip2/dialect.ts';
import { masked } from '../../sip2/masked.ts';
import type { FaultKind } from './faults.ts';

/** Lines that are kept. */
export const wireLinesMax = 400;

/** A message of SIP2 as a log may show it. */
export interface WireLine {
  /** Counts from 0 since the process began. */
  readonly seq: number;
  readonly at: UtcMillis;
  readonly from: 'station' | 'acs';
  /** Masked: codes, dates and lengths, no one's number, name or PIN. */
  readonly line: string;
  /** What went wrong with it, on purpose. */
  readonly fault?: FaultKind | undefined;
}

/** The newest lines that passed between the terminals and the simulated ACS. */
export class WireLog {
  readonly #lines: WireLine[] = [];
  #count = 0;

  note(about: Omit<WireLine, 'seq' | 'line'>, line: Uint8Array, dialect: Dialect): void {
    this.#lines.push({ seq: this.#count++, ...about, line: masked(line, dialect) });
    if (this.#lines.length > wireLinesMax) {
      this.#lines.shift();
    }
  }

  since(seq: number): readonly WireLine[] {
    return this.#lines.filter((line) => line.seq >= seq);
  }
}
