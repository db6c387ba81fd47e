import type { Row } from '../../src/journal/rows.ts';
import type { SqliteJournal } from '../../src/journal/sqlite-journal.ts';
import type { Session, State } from '../../src/station/core/state.ts';
import { pinMark, pinOfCard, wrongPin } from './library-data.ts';
import type { Violations } from './violations.ts';

interface Limits {
  readonly wrongPerCardMax: number;
  readonly windowMs: number;
}

/**
 * The PIN has one purpose, and each check of it counts, by the library system or by the station (design, "What must never
 * happen" 6). What the station can check by itself comes from checks that the library system confirmed.
 */
export class PinCheck {
  readonly #violations: Violations;
  /** How many characters of a PIN the station holds at the moment. */
  readonly #held: () => number;
  readonly #now: () => number;
  /** Undefined where the wall clock jumps: whoever sets it may free a card early. */
  readonly #limits: Limits | undefined;
  #tries = 0;
  #checks = 0;
  #question = '';
  /** When each card was tried, as the journal has it. */
  readonly #triesOf = new Map<string, number[]>();
  /** Cards whose last PIN the library system confirmed. */
  readonly #confirmed = new Set<string>();
  /** The card whose PIN the station found right, until a session is opened for it. */
  #foundRight: string | undefined;
  /** How often the station checked a PIN by itself. */
  ownChecks = 0;

  /** @param now the wall clock */
  constructor(parts: {
    violations: Violations;
    held: () => number;
    now: () => number;
    limits: Limits | undefined;
  }) {
    this.#violations = parts.violations;
    this.#held = parts.held;
    this.#now = parts.now;
    this.#limits = parts.limits;
  }

  /** @param text the row as JSON */
  committed(row: Row, text: string): void {
    if (text.includes(pinMark)) this.#violations.add(6, 'a PIN in a row');
    if (row.row === 'pinTried') {
      this.#tries += 1;
      const tries = this.#triesOf.get(row.card) ?? [];
      tries.push(row.at);
      this.#triesOf.set(row.card, tries);
    }
    if (row.row === 'pinForgiven') {
      if (row.all) this.#triesOf.delete(row.card);
      else this.#triesOf.get(row.card)?.pop();
    }
  }

  /** After a power cut: the tries that were committed are on the disk, and no more. */
  compare(journal: Pick<SqliteJournal, 'pinTries' | 'hash'>, inFlight: readonly Row[]): void {
    // The first try of a card may be the one that was torn.
    for (const row of inFlight)
      if (row.row === 'pinTried' && !this.#triesOf.has(row.card)) this.#triesOf.set(row.card, []);
    if (this.#triesOf.size === 0) return;
    const onDisk = Map.groupBy(journal.pinTries(), ({ cardHash }) => cardHash);
    for (const [card, tries] of this.#triesOf) {
      const found = onDisk.get(journal.hash(card)) ?? [];
      if (found.length === tries.length) continue;
      // A commit that was torn is there or not; if not by its other rows, nobody knew until now.
      const maybe = inFlight.some(
        (row) => (row.row === 'pinTried' || row.row === 'pinForgiven') && row.card === card,
      );
      if (!maybe)
        this.#violations.add(
          6,
          `${found.length} tries of a card on the disk, ${tries.length} were committed`,
        );
      this.#triesOf.set(
        card,
        found.map(({ at }) => at),
      );
    }
  }

  /** Between two turns a PIN is held only while it is typed or checked. */
  beforeTurn({ session }: State): void {
    if (session.phase === 'pin' && session.entered > 0) return;
    if (this.#held() > 0) this.#violations.add(6, 'a PIN is held outside its check');
  }

  /** @param asks whether the station asks for a PIN when it lends by its own rules */
  afterTurn(before: Session, { session }: State, asks: boolean): void {
    if (session.phase !== 'open' || before.phase === 'open' || session.patron?.identifiedBy !== 'station')
      return;
    if (asks && this.#foundRight !== session.patron.card)
      this.#violations.add(6, 'a session was opened by a PIN that nobody checked');
    this.#foundRight = undefined;
  }

  requestLeft(text: string): void {
    if (!text.includes(pinMark) && !text.includes(`AD${wrongPin}|`)) return;
    // The same question once more, because no answer came, is no further try.
    const question = text.replace(/AY\dAZ[0-9A-F]{4}\r$/, '');
    if (question === this.#question) return;
    this.#question = question;
    const card = cardIn(text);
    this.#confirmed.delete(card);
    this.#counts(card);
    if (!text.startsWith('63')) this.#violations.add(6, 'a PIN in another message than the check');
  }

  /** The library system answers. */
  replyLeft(text: string): void {
    if (text.startsWith('64') && text.includes('|CQY|')) this.#confirmed.add(cardIn(text));
  }

  /** The station makes a verifier. */
  enrolled(card: string, pin: string): void {
    if (pin !== pinOfCard(card) || !this.#confirmed.has(card))
      this.#violations.add(6, 'a verifier was made of a PIN that the library system did not confirm');
  }

  /** The station checks a PIN by itself. */
  ownCheck(card: string): void {
    this.ownChecks += 1;
    this.#foundRight = undefined;
    this.#counts(card);
  }

  ownVerdict(card: string, pin: string, verdict: 'right' | 'wrong' | 'none'): void {
    if (verdict !== 'right') return;
    if (pin === pinOfCard(card)) this.#foundRight = card;
    else this.#violations.add(6, 'the station took a wrong PIN for the right one');
  }

  /** A check was counted before it is made, and there are not too many of them. */
  #counts(card: string): void {
    this.#checks += 1;
    if (this.#checks > this.#tries) this.#violations.add(6, 'a PIN was checked that had not been counted');
    if (this.#limits === undefined) return;
    const { wrongPerCardMax, windowMs } = this.#limits;
    const since = this.#now() - windowMs;
    const counting = this.#triesOf.get(card)?.filter((at) => at > since).length ?? 0;
    if (counting > wrongPerCardMax)
      this.#violations.add(6, `a card was tried ${counting} times within the window`);
  }
}

/** The card that a message names. */
function cardIn(text: string): string {
  return /\|?AA([^|]+)\|/.exec(text)?.[1] ?? '';
}
