import type { View } from '../../src/shared/view.ts';
import type { Library } from '../../src/simulator/acs/library.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import { Guesser } from './guesser.ts';
import { Hands } from './hands.ts';
import { cardNumber } from './library-data.ts';
import type { Scenario } from './scenario.ts';
import type { Doing } from './script.ts';
import { Books } from './shelf.ts';
import type { Streams } from './streams.ts';
import { Visitor, type Desk } from './visitor.ts';

const nextVisitorMsMax = 20_000;
const itemsOfAVisit = 4;
/** Cards that somebody else has found. */
const cardsFound = 2;

/** The people of the town, who come to the station one after the other. */
export class People {
  /** Visits that are still to come. */
  left: number;
  readonly #count: number;
  readonly #clock: VirtualClock;
  readonly #streams: Streams;
  readonly #scenario: Scenario;
  readonly #library: Library;
  readonly #books: Books;
  readonly #desk: Desk;
  readonly #arrived: (texts: readonly string[]) => void;

  constructor(parts: {
    count: number;
    visits: number;
    clock: VirtualClock;
    streams: Streams;
    scenario: Scenario;
    library: Library;
    items: readonly string[];
    view: () => View | undefined;
    carryOut: (doing: Doing) => void;
    /** Somebody comes: what is personal of theirs. */
    arrived: (texts: readonly string[]) => void;
  }) {
    const { carryOut, clock } = parts;
    this.left = parts.visits;
    this.#count = parts.count;
    this.#clock = clock;
    this.#streams = parts.streams;
    this.#scenario = parts.scenario;
    this.#library = parts.library;
    this.#books = new Books(parts.items);
    this.#arrived = parts.arrived;
    this.#desk = {
      view: parts.view,
      act: (act) => carryOut({ do: 'act', act }),
      lay: (item, laying) => carryOut({ do: 'lay', item, ...laying }),
      lift: (item, parts) => carryOut({ do: 'lift', item, ...(parts === undefined ? {} : { parts }) }),
      far: (item, here) => carryOut({ do: 'far', item, here }),
      bag: (item, forMs) => carryOut({ do: 'bag', item, forMs }),
      pullPlug: (darkMs) => carryOut({ do: 'power', darkMs }),
      scan: (text) => carryOut({ do: 'scan', text }),
      after: (delayMs, next) => void clock.after(delayMs, next),
    };
  }

  next(): void {
    const chance = this.#streams.of('visitors');
    this.#clock.after(chance.whole(500, nextVisitorMsMax), () => {
      const done = (): void => {
        this.left -= 1;
        if (this.left > 0) this.next();
      };
      if (this.#streams.of('guessers').chance(this.#scenario.guessers)) return this.#guesser(done);
      const patron = chance.whole(0, this.#count - 1);
      const known = this.#library.state.patrons.get(cardNumber(patron));
      const holds = [...(known?.holds ?? [])].map((hold) => hold.item.data.item);
      this.#arrived([cardNumber(patron), ...(known?.loans.keys() ?? []), ...holds]);
      const visitor = new Visitor({
        patron,
        patrons: this.#count,
        wishes: this.#streams.of('wishes'),
        chance: this.#streams.of('visitor'),
        desk: this.#desk,
        shelf: this.#books,
        habits: this.#scenario.habits,
        hands: new Hands(this.#desk, this.#scenario.pad, this.#streams),
        done,
      });
      visitor.start(itemsOfAVisit);
    });
  }

  #guesser(done: () => void): void {
    const chance = this.#streams.of('guesser');
    const card = cardNumber(chance.whole(0, cardsFound - 1));
    this.#arrived([card]);
    new Guesser({ card, desk: this.#desk, chance, done }).start();
  }
}
