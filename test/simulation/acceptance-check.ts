import type { Mirrored } from './ledger-check.ts';
import type { Violations } from './violations.ts';

/** What the station looks at in good times, it has looked at by then: no visit is longer. */
const lookedAtMsMax = 15 * 60_000;
/** What was accepted so long before another was found not to be done is asked about too. */
const doubtedMs = 30 * 60_000;
/** After so many more acceptances the station may believe again. */
const doubtLasts = 20;

interface Accepted {
  readonly one: Mirrored;
  readonly at: number;
  readonly first: boolean;
}

/** From one connection to the next. */
interface Stretch {
  readonly liesFromStart: boolean;
  readonly kinds: Set<string>;
  readonly feigned: Accepted[];
  notDoneAt: number | undefined;
  endsAt: number | undefined;
}

/**
 * Holds against the station what it promises of a library system that accepts and does nothing: it is found by asking, staff
 * hear of it, and from then on nobody is told of a loan by a “yes” alone.
 */
export class AcceptanceCheck {
  /** The library system says yes and does nothing. */
  lies = false;
  /** How many acceptances came to nothing, and of how many the station told staff. */
  feigned = 0;
  notDone = 0;
  readonly #violations: Violations;
  readonly #now: () => number;
  readonly #calm: boolean;
  readonly #stretches: Stretch[] = [];
  readonly #newestOfItem = new Map<string, Mirrored>();
  #believedIn = doubtLasts;

  /** @param calm but for this nothing goes wrong: what is promised is due to the minute. */
  constructor(parts: { violations: Violations; now: () => number; calm: boolean }) {
    this.#violations = parts.violations;
    this.#now = parts.now;
    this.#calm = parts.calm;
  }

  /** A connection was opened. */
  connected(): void {
    const last = this.#stretches.at(-1);
    if (last !== undefined) last.endsAt = this.#now();
    this.#stretches.push({
      liesFromStart: this.lies,
      kinds: new Set(),
      feigned: [],
      notDoneAt: undefined,
      endsAt: undefined,
    });
  }

  /** A new life of the station looks for itself. */
  restarted(): void {
    this.#believedIn = doubtLasts;
  }

  begun(one: Mirrored): void {
    this.#newestOfItem.set(one.item, one);
  }

  /** The station took a “yes” for one. `waited`: it was told of by the station’s own rules before. */
  accepted(one: Mirrored, waited: boolean, feigned: boolean): void {
    const kind = `${waited ? 'waited ' : ''}${one.kind}`;
    const doubts = this.#believedIn < doubtLasts;
    this.#believedIn += 1;
    if (feigned) this.feigned += 1;
    if (feigned && doubts && one.kind === 'checkout' && !waited)
      this.#violations.add(2, `a loan told by a “yes” that the station knew not to believe: ${nameOf(one)}`);
    const stretch = this.#stretches.at(-1);
    if (stretch === undefined) return;
    const first = !stretch.kinds.has(kind);
    stretch.kinds.add(kind);
    if (feigned) stretch.feigned.push({ one, at: this.#now(), first });
  }

  /** Staff hear that it was accepted and not done. */
  toldNotDone(): void {
    this.notDone += 1;
    this.#believedIn = 0;
    const stretch = this.#stretches.at(-1);
    if (stretch !== undefined) stretch.notDoneAt ??= this.#now();
  }

  /** At the end, after all faults are healed. */
  allSettled(): void {
    if (!this.#calm) return;
    for (const stretch of this.#stretches) {
      for (const accepted of stretch.feigned) this.#isWithStaff(stretch, accepted);
    }
  }

  #isWithStaff({ liesFromStart, notDoneAt, endsAt = this.#now() }: Stretch, accepted: Accepted): void {
    const { one, at, first } = accepted;
    if (one.state === 'staff') return;
    const isLoan = one.kind === 'checkout';
    if (first && isLoan && liesFromStart && endsAt - at >= lookedAtMsMax)
      this.#violations.add(2, `accepted and not done, and nobody asked: ${nameOf(one)}`);
    if (notDoneAt === undefined || !isLoan || this.#newestOfItem.get(one.item) !== one) return;
    const isRecent = at >= notDoneAt - doubtedMs && at <= notDoneAt;
    if (isRecent && endsAt - notDoneAt >= lookedAtMsMax)
      this.#violations.add(
        2,
        `accepted shortly before another that was not done, and believed: ${nameOf(one)}`,
      );
  }
}

function nameOf({ kind, seq, item }: Mirrored): string {
  return `${kind} #${seq} of ${item}`;
}
