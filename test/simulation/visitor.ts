import type { IntentAct } from '../../src/shared/intent.ts';
import type { ItemRow, View } from '../../src/shared/view.ts';
import { anyActs, strange, type Habits } from './habits.ts';
import { cardNumber, pinOf, wrongPin } from './library-data.ts';
import { isLentUnseen, type Hands } from './hands.ts';
import type { Laying } from './pad.ts';
import type { Stream } from './streams.ts';

/** What a visitor can see and do; the station may be dead at the moment. */
export interface Desk {
  view(): View | undefined;
  act(act: IntentAct): void;
  scan(text: string): void;
  /** Lays an item on the reader in the table. */
  lay(item: string, laying?: Laying): void;
  lift(item: string, parts?: readonly number[]): void;
  /** Lays down another library’s item that has this number, or takes it away. */
  far(item: string, here: boolean): void;
  /** A bag with this item comes near the reader for a while. */
  bag(item: string, forMs: number): void;
  pullPlug(darkMs: number): void;
  after(delayMs: number, next: () => void): void;
}

/** Who has which book in their hands: the world outside the library system. */
export interface Shelf {
  /** A book that lies in the library, or undefined. */
  takeFree(chance: Stream): string | undefined;
  putBack(item: string): void;
  held(patron: number): readonly string[];
  give(patron: number, item: string): void;
  takeFrom(patron: number, item: string): void;
}

const thinkMsMin = 300;
const thinkMsMax = 2_500;
/** How long a visitor looks at a screen that does not change before going home. */
const patienceMs = 90_000;
/** About as long as the station takes to ask, and to give up. */
const dawdleMsMin = 40_000;
const dawdleMsMax = 70_000;
const lookAgainMs = 400;
/** Who has waited for long looks up less often. */
const lookAgainOfWaited = 0.25;
const lookAgainMsMax = 5_000;

/** One person at the station, from the first touch to the last. */
export class Visitor {
  readonly #patron: number;
  readonly #patrons: number;
  readonly #chance: Stream;
  /** What else they wish: holds, and everything renewed at once. */
  readonly #wishes: Stream;
  readonly #desk: Desk;
  readonly #shelf: Shelf;
  readonly #habits: Habits;
  readonly #hands: Hands;
  readonly #done: () => void;
  #ended = false;

  constructor(parts: {
    patron: number;
    /** How many there are. */
    patrons: number;
    chance: Stream;
    wishes: Stream;
    desk: Desk;
    shelf: Shelf;
    habits: Habits;
    hands: Hands;
    done: () => void;
  }) {
    this.#patron = parts.patron;
    this.#patrons = parts.patrons;
    this.#chance = parts.chance;
    this.#wishes = parts.wishes;
    this.#desk = parts.desk;
    this.#shelf = parts.shelf;
    this.#habits = parts.habits;
    this.#hands = parts.hands;
    this.#done = parts.done;
  }

  /** Comes to the station with a wish. */
  start(items: number): void {
    const wish = this.#chance.fraction();
    const own = this.#shelf.held(this.#patron);
    this.#hands.bagOf(own);
    const left = this.#desk.view();
    if (left !== undefined && !isHome(left) && this.#chance.chance(this.#habits.clearsUp)) {
      this.#desk.act({ do: 'finish', receipt: false });
    }
    if (wish < 0.45 && own.length > 0) return this.#returning(own.slice(0, items));
    if (this.#wishes.chance(0.2)) return this.#signIn('account', () => this.#inAccount(own.slice(0, 1)));
    if (wish < 0.55 && own.length > 0)
      return this.#signIn('account', () => this.#inAccount(own.slice(0, items)));
    this.#signIn('borrow', () => this.#borrowing(items));
  }

  #think(next: () => void): void {
    const dawdling = this.#chance.chance(this.#habits.dawdles);
    const delay = dawdling
      ? this.#chance.whole(dawdleMsMin, dawdleMsMax)
      : this.#chance.whole(thinkMsMin, thinkMsMax);
    this.#desk.after(delay, () => {
      if (this.#ended) return;
      if (this.#chance.chance(this.#habits.walksAway)) return this.#leave();
      if (this.#chance.chance(this.#habits.pressesAnything)) this.#pressAnything();
      next();
    });
  }

  #leave(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#done();
  }

  /** Waits until the screen is as hoped for, and gives up after a while. */
  #when(hoped: (view: View) => boolean, next: () => void, otherwise: () => void = () => this.#leave()): void {
    let waited = 0;
    const look = (): void => {
      const view = this.#desk.view();
      if (view !== undefined && hoped(view)) return this.#think(next);
      const pauseMs = pauseAfter(waited);
      waited += pauseMs;
      if (waited >= patienceMs) return otherwise();
      this.#desk.after(pauseMs, look);
    };
    look();
  }

  #signIn(service: 'borrow' | 'account', then: () => void): void {
    this.#when(isHome, () => {
      this.#desk.act({ do: 'chooseService', service });
      this.#when(
        (view) => view.screen.name === 'card',
        () => {
          const card = cardNumber(this.#patron);
          if (this.#chance.chance(0.5)) this.#desk.scan(card);
          else this.#desk.act({ do: 'submitCardNumber', number: card });
          this.#enterPin(service, then);
        },
        () => this.#leave(),
      );
    });
  }

  #enterPin(service: 'borrow' | 'account', then: () => void): void {
    this.#when(
      // Without the ACS the card alone may do.
      (view) =>
        (view.screen.name === 'pin' && !view.screen.checking) ||
        view.screen.name === service ||
        view.screen.name === 'refusal',
      () => {
        const shown = this.#desk.view()?.screen.name;
        if (shown === 'refusal') return this.#leave();
        if (shown === service) return then();
        const wrong = this.#chance.chance(this.#habits.wrongPin);
        for (const key of wrong ? wrongPin : pinOf(this.#patron)) this.#desk.act({ do: 'pinKey', key });
        this.#desk.act({ do: 'pinEnter' });
        this.#when(
          (view) =>
            view.screen.name === service ||
            view.screen.name === 'refusal' ||
            (view.screen.name === 'pin' && view.screen.refusal !== undefined),
          () => {
            const told = this.#desk.view()?.screen.name;
            if (told === 'refusal') return this.#leave();
            if (told === service) return then();
            this.#desk.act({ do: 'pinClear' });
            this.#enterPin(service, then);
          },
        );
      },
    );
  }

  #borrowing(left: number): void {
    if (left > 0 && this.#wishes.chance(0.15)) return this.#tryOthersBook(left);
    const item = left > 0 ? this.#shelf.takeFree(this.#chance) : undefined;
    if (item === undefined) return this.#finish();
    if (this.#chance.chance(this.#habits.bringsStrange)) this.#desk.scan(this.#chance.pick(strange));
    this.#show(item);
    // Some wait for each verdict, some push the whole stack through.
    if (this.#chance.chance(0.3)) {
      this.#desk.after(this.#chance.whole(100, 700), () => this.#borrowing(left - 1));
      return this.#watchLoan(item);
    }
    this.#watchLoan(item, () => this.#think(() => this.#borrowing(left - 1)));
  }

  /** Takes the book along when it is told to be lent, and leaves it otherwise. */
  #watchLoan(item: string, next: () => void = () => undefined): void {
    let waited = 0;
    const look = (): void => {
      const view = this.#desk.view();
      const row =
        view?.screen.name === 'borrow'
          ? view.screen.items.find((candidate) => candidate.item === item)
          : undefined;
      if (this.#putsBack(view, item) || this.#hands.looksForPart(item, row)) {
        return again();
      }
      if (row?.state === 'done' || row?.state === 'offline' || isLentUnseen(row)) {
        this.#hands.takeAway(item);
        this.#shelf.give(this.#patron, item);
        return next();
      }
      if (row?.state === 'refused' || row?.state === 'attention' || waited >= patienceMs || this.#ended) {
        this.#hands.takeAway(item);
        this.#shelf.putBack(item);
        return next();
      }
      again();
    };
    const again = (): void => {
      const pauseMs = pauseAfter(waited);
      waited += pauseMs;
      this.#desk.after(pauseMs, look);
    };
    again();
  }

  /** Brings the book that somebody else has on loan, and waits for it where that is offered. */
  #tryOthersBook(left: number): void {
    const other = this.#wishes.whole(0, this.#patrons - 1);
    const [item] = this.#shelf.held(other);
    const next = (): void => this.#think(() => this.#borrowing(left - 1));
    // Without the library system the station would lend what it does not know of.
    if (item === undefined || other === this.#patron || this.#desk.view()?.status.mode !== 'online')
      return next();
    this.#scan(item);
    this.#whenRow(
      item,
      (row) => row.state !== 'pending' && row.state !== 'reading',
      (row) => {
        if (row?.state === 'done' || row?.state === 'offline') {
          this.#shelf.takeFrom(other, item);
          this.#shelf.give(this.#patron, item);
        }
        if (row?.hold?.state !== 'possible') return next();
        this.#desk.act({ do: 'askPlaceHold', item });
        this.#answer(() =>
          this.#whenRow(item, (placed) => placed.hold !== undefined && placed.hold.state !== 'pending', next),
        );
      },
    );
  }

  /** Most know what they asked for. */
  #answer(next: () => void): void {
    this.#think(() => {
      this.#desk.act({ do: 'answer', yes: this.#wishes.chance(0.85) });
      next();
    });
  }

  /** Waits until the row of an item is as hoped for, and not for ever. */
  #whenRow(item: string, hoped: (row: ItemRow) => boolean, next: (row: ItemRow | undefined) => void): void {
    let waited = 0;
    const look = (): void => {
      const screen = this.#desk.view()?.screen;
      const row = screen?.name === 'borrow' ? screen.items.find((one) => one.item === item) : undefined;
      if ((row !== undefined && hoped(row)) || waited >= patienceMs || this.#ended) return next(row);
      again();
    };
    const again = (): void => {
      const pauseMs = pauseAfter(waited);
      waited += pauseMs;
      this.#desk.after(pauseMs, look);
    };
    again();
  }

  /** In the account: everything renewed at once, or one by one; and perhaps a hold given up. */
  #inAccount(items: readonly string[]): void {
    if (this.#wishes.chance(0.3)) this.#desk.act({ do: 'renewAll' });
    if (!this.#wishes.chance(0.8)) return this.#renewing(items);
    this.#when(
      ({ screen }) => screen.name === 'account' && !screen.loading,
      () => {
        const screen = this.#desk.view()?.screen;
        const holds = screen?.name === 'account' ? screen.holds : [];
        if (holds.length === 0) return this.#renewing(items);
        this.#desk.act({ do: 'askCancelHold', item: this.#wishes.pick(holds).item });
        this.#answer(() => this.#renewing(items));
      },
    );
  }

  #returning(items: readonly string[]): void {
    this.#when(isHome, () => {
      this.#desk.act({ do: 'chooseService', service: 'return' });
      this.#when(
        (view) => view.screen.name === 'return',
        () => this.#handIn(items),
      );
    });
  }

  #handIn(items: readonly string[]): void {
    const [item, ...others] = items;
    if (item === undefined) return this.#finish();
    if (this.#chance.chance(this.#habits.bringsStrange)) this.#desk.scan(this.#chance.pick(strange));
    this.#show(item);
    const looksAfterMs = this.#chance.whole(200, 900);
    const look = (): void => {
      const view = this.#desk.view();
      const row =
        view?.screen.name === 'return'
          ? view.screen.items.find((candidate) => candidate.item === item)
          : undefined;
      if (this.#hands.looksForPart(item, row)) return this.#desk.after(lookAgainMs, look);
      this.#putsBack(view, item);
      this.#hands.takeAway(item);
      if (row !== undefined && row.state !== 'refused') {
        this.#shelf.takeFrom(this.#patron, item);
        this.#shelf.putBack(item);
      }
      if (!this.#ended) this.#think(() => this.#handIn(others));
    };
    this.#desk.after(looksAfterMs + this.#hands.patienceMs, look);
  }

  #renewing(items: readonly string[]): void {
    const [item, ...others] = items;
    if (item === undefined) return this.#finish();
    if (this.#chance.chance(0.5)) this.#scan(item);
    else this.#desk.act({ do: 'renewItem', item });
    this.#think(() => this.#renewing(others));
  }

  /** Holds it under the scanner, or lays it on the reader. */
  #show(item: string): void {
    if (!this.#hands.show(item)) this.#scan(item);
  }

  #putsBack(view: View | undefined, item: string): boolean {
    return !this.#ended && this.#hands.putsBack(view, item);
  }

  #scan(item: string): void {
    this.#desk.scan(item);
    if (this.#chance.chance(this.#habits.scansTwice)) {
      this.#desk.after(this.#chance.whole(50, 3_000), () => this.#desk.scan(item));
    }
  }

  #finish(): void {
    if (this.#ended) return;
    this.#desk.act({ do: 'finish', receipt: false });
    this.#when(
      (view) => isOver(view) || view.putBack?.some(({ why }) => why === 'notSeen') === true,
      () => {
        const view = this.#desk.view();
        if (view === undefined || isOver(view)) this.#leave();
        else this.#answersLay(view);
      },
    );
  }

  #answersLay(view: View): void {
    if (this.#ended) return;
    const lies = this.#hands.laysAtEnd(view);
    const goes = (): void => {
      for (const item of lies) this.#desk.lift(item);
      this.#leave();
    };
    this.#when(isOver, goes, goes);
  }

  #pressAnything(): void {
    this.#desk.act(this.#chance.pick(anyActs));
  }
}

/** How long until the next look, for who has waited so long. */
function pauseAfter(waitedMs: number): number {
  return Math.min(lookAgainMsMax, Math.max(lookAgainMs, Math.round(waitedMs * lookAgainOfWaited)));
}

function isOver({ screen }: View): boolean {
  return screen.name === 'finished' || screen.name === 'home';
}

function isHome(view: View): boolean {
  return view.screen.name === 'home';
}
