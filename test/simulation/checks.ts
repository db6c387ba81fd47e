import type { Row } from '../../src/journal/rows.ts';
import type { View } from '../../src/shared/view.ts';
import { LibraryTime } from '../../src/ils/library-time.ts';
import type { Library } from '../../src/simulator/acs/library.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Diary } from './diary.ts';
import { AcceptanceCheck } from './acceptance-check.ts';
import { LedgerCheck } from './ledger-check.ts';
import type { Pad } from './pad.ts';
import { PinCheck } from './pin-check.ts';
import { ReasonCheck } from './reason-check.ts';
import { coreSettings } from './settings.ts';
import { TagCheck } from './tag-check.ts';
import { TurnCheck } from './turn-check.ts';
import { ViewCheck } from './view-check.ts';
import type { Violations } from './violations.ts';

/** Everything that watches the station, row by row, view by view and effect by effect. */
export class Checks {
  readonly violations: Violations;
  readonly acceptances: AcceptanceCheck;
  readonly ledger: LedgerCheck;
  readonly views: ViewCheck;
  readonly tags: TagCheck;
  readonly reasons: ReasonCheck;
  readonly pins: PinCheck;
  readonly turns: TurnCheck;
  readonly #diary: Diary;
  transactions = 0;
  uncertain = 0;

  constructor(parts: {
    violations: Violations;
    diary: Diary;
    clock: VirtualClock;
    library: Library;
    pad: Pad;
    timeZone: string;
    /** How many characters of a PIN the station holds at the moment. */
    pinHeld: () => number;
    clockJumps: boolean;
    /** Nothing goes wrong but that the library system may not do what it says. */
    calm: boolean;
  }) {
    const { violations, clock, library, pad } = parts;
    const isLent = (item: string): boolean => library.item(item)?.loan !== undefined;
    const libraryTime = new LibraryTime(parts.timeZone);
    this.violations = violations;
    this.#diary = parts.diary;
    this.acceptances = new AcceptanceCheck({ violations, now: () => clock.monotonic(), calm: parts.calm });
    this.ledger = new LedgerCheck({
      violations,
      acceptances: this.acceptances,
      isCharged: isLent,
      dayOf: coreSettings.localDate,
      sip2Time: (at) => libraryTime.sip2(at),
    });
    library.ledger.onEntry = (entry) => {
      this.ledger.effect(entry);
      this.tags.effect(entry.item);
      this.views.lentTo(entry.card, entry.item);
    };
    this.views = new ViewCheck({
      violations,
      ledger: this.ledger,
      idleMs: coreSettings.session.idleMs,
      restingLanguage: coreSettings.library.languages[0] ?? '',
      now: () => clock.monotonic(),
    });
    this.tags = new TagCheck({ violations, ledger: this.ledger, pad, isLent, now: () => clock.monotonic() });
    this.reasons = new ReasonCheck(violations);
    this.pins = new PinCheck({
      violations,
      held: parts.pinHeld,
      now: () => clock.now(),
      limits: parts.clockJumps ? undefined : coreSettings.pin,
    });
    this.turns = new TurnCheck(violations, this.views);
  }

  /** Rows that are durable from now on. */
  committed(rows: readonly Row[]): void {
    for (const row of rows) {
      if (row.row === 'begin') this.transactions += 1;
      if (row.row === 'move' && row.to === 'uncertain') this.uncertain += 1;
      const text = textOf(row);
      this.#diary.note(`row ${text}`);
      this.pins.committed(row, text);
    }
    this.ledger.committed(rows);
    this.tags.committed(rows);
    this.reasons.committed(rows);
  }

  published(view: View): void {
    const text = JSON.stringify(view);
    this.#diary.view(view, text);
    this.views.published(view, text);
    this.reasons.published(view);
    this.tags.published(view);
  }
}

/** A verifier is long, and says nothing to anyone. */
function textOf(row: Row): string {
  return JSON.stringify(row.row === 'pinVerifier' ? { ...row, sealed: row.sealed.length } : row);
}
