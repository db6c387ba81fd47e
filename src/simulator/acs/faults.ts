/** What goes wrong with one exchange, on purpose. */
export const faultKinds = [
  /** The request never arrives: no effect, no answer. */
  'loseRequest',
  /** The effect happens, the answer is never sent. */
  'loseReply',
  /** The effect happens, and the connection closes instead of an answer. */
  'closeInsteadOfReply',
  /** The effect happens, and the connection closes in the middle of the answer. */
  'closeInReply',
  /** The effect happens, and bytes that mean nothing are sent instead of the answer. */
  'garbage',
  /** The answer comes with a wrong checksum. */
  'wrongChecksum',
  /** The answer comes with the number of another request. */
  'wrongSequence',
  /** The answer comes, but only after a while. */
  'late',
  /** The answer comes twice. */
  'twice',
  /** The answer comes in pieces. */
  'inPieces',
  /** The answer is about another item than the one that was asked about. */
  'anotherItem',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Only requests with this code; undefined: any. */
  readonly code?: string | undefined;
  /** Only requests with one of these codes, instead of `code`. */
  readonly codes?: readonly string[] | undefined;
  /** How often; once where it is left out. */
  readonly count?: number | undefined;
}

/** Faults waiting at once. One more than that is a mistake of whoever asks. */
const faultsMax = 100;

/** A fault that comes again: with each `every`th request of one of these codes, or of any. */
export interface RecurringFault {
  readonly kind: FaultKind;
  readonly codes?: readonly string[] | undefined;
  readonly every: number;
}

/** The faults that wait for their exchange. */
export class Faults {
  readonly #waiting: { kind: FaultKind; codes: readonly string[] | undefined; left: number }[] = [];

  #recurring: { readonly fault: RecurringFault; seen: number }[] = [];

  /** What goes wrong again and again from now on, in the place of what did so before. */
  recur(faults: readonly RecurringFault[]): void {
    this.#recurring = faults.map((fault) => ({ fault, seen: 0 }));
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** False: too many wait already. */
  add(fault: Fault): boolean {
    if (this.#waiting.length >= faultsMax) {
      return false;
    }
    const codes = fault.code === undefined ? fault.codes : [fault.code];
    this.#waiting.push({ kind: fault.kind, codes, left: fault.count ?? 1 });
    return true;
  }

  /** What waits, in order. */
  get kinds(): readonly FaultKind[] {
    return this.#waiting.map(({ kind }) => kind);
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  /** The fault for a request with this code, if one waits; it is used up. */
  take(code: string): FaultKind | undefined {
    const place = this.#waiting.findIndex(({ codes }) => codes === undefined || codes.includes(code));
    const fault = this.#waiting[place];
    if (fault === undefined) {
      return this.#recurs(code);
    }
    fault.left -= 1;
    if (fault.left <= 0) {
      this.#waiting.splice(place, 1);
    }
    return fault.kind;
  }

  #recurs(code: string): FaultKind | undefined {
    let kind: FaultKind | undefined;
    for (const one of this.#recurring) {
      if (one.fault.codes?.includes(code) === false) continue;
      one.seen += 1;
      if (one.seen % one.fault.every === 0) kind ??= one.fault.kind;
    }
    return kind;
  }
}
