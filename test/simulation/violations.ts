/** Which assertion of the design ("What must never happen") was broken, and how; 0: the station crashed by itself. */
export interface Violation {
  readonly assertion: number;
  readonly what: string;
  readonly atMs: number;
}

/** A run that breaks something breaks it often; so many are kept. */
const keptMax = 20;

export class Violations {
  readonly list: Violation[] = [];
  count = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(assertion: number, what: string): void {
    this.count += 1;
    if (this.list.length < keptMax) this.list.push({ assertion, what, atMs: this.#now() });
  }
}
