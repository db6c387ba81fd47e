import type { Row } from '../../src/journal/rows.ts';
import type { Happening } from '../../src/station/core/events.ts';
import type { State } from '../../src/station/core/state.ts';
import { coreSettings } from './settings.ts';
import type { ViewCheck } from './view-check.ts';
import type { Violations } from './violations.ts';

const anItem = /^3I\d{6}$/;

/** Looks at each decision of the station (design, "What must never happen" 5, 7). */
export class TurnCheck {
  readonly #violations: Violations;
  readonly #views: ViewCheck;

  constructor(violations: Violations, views: ViewCheck) {
    this.#violations = violations;
    this.#views = views;
  }

  decided(what: Happening, before: State, rows: readonly Row[], after: State): void {
    if (isTouch(what, before.epoch)) this.#views.touched();
    this.#returnIsTaken(what, before, rows);
    if (endsByTime(what, before, after)) this.#views.endedByItself(coreSettings.session.warningMs);
  }

  /** Each item that is handed in becomes a row, whatever is down but the disk (assertion 5). */
  #returnIsTaken(what: Happening, { session }: State, rows: readonly Row[]): void {
    if (what.type !== 'scan' || session.phase !== 'open' || session.service !== 'return') return;
    if (session.finishing || !anItem.test(what.text)) return;
    const begun = rows.some((row) => row.row === 'begin' && row.kind === 'checkin' && row.item === what.text);
    const stands = session.rows.some(
      (row) => row.kind === 'checkin' && row.item === what.text && row.stage !== 'refused',
    );
    if (!begun && !stands) this.#violations.add(5, `a return was not taken: ${what.text}`);
  }
}

/** A person did something, and the station heard it. A label read twice at once is heard once. */
function isTouch(what: Happening, epoch: number): boolean {
  return (
    what.type === 'scan' || what.type === 'scanUnreadable' || (what.type === 'act' && what.epoch === epoch)
  );
}

/** Nobody pressed "finish": the session ended because nobody seemed to be there. */
function endsByTime(what: Happening, before: State, after: State): boolean {
  if (what.type !== 'timer' || before.epoch === after.epoch) return false;
  const { session } = before;
  const inUse = session.phase === 'card' || session.phase === 'pin' || session.phase === 'open';
  return inUse && !(session.phase === 'open' && session.finishing);
}
