import { wrongPin } from './library-data.ts';
import type { Stream } from './streams.ts';
import type { Desk } from './visitor.ts';

const triesMax = 12;
const lookAgainMs = 500;
const pullsThePlug = 0.25;
const darkMsMin = 2_000;
const darkMsMax = 20_000;

/** Somebody with a card that they found, who tries PINs, and pulls the plug when they are not let on. */
export class Guesser {
  readonly #card: string;
  readonly #desk: Desk;
  readonly #chance: Stream;
  readonly #done: () => void;
  #looks = 0;
  #tries = 0;

  constructor(parts: { card: string; desk: Desk; chance: Stream; done: () => void }) {
    this.#card = parts.card;
    this.#desk = parts.desk;
    this.#chance = parts.chance;
    this.#done = parts.done;
  }

  start(): void {
    this.#desk.after(lookAgainMs, () => this.#look());
  }

  /** Goes by what the screen shows; gives up after so many looks. */
  #look(): void {
    this.#looks += 1;
    if (this.#looks > triesMax * 4 || this.#tries >= triesMax) return this.#leave();
    const screen = this.#desk.view()?.screen;
    if (screen?.name === 'home') this.#desk.act({ do: 'chooseService', service: 'borrow' });
    else if (screen?.name === 'card') this.#desk.act({ do: 'submitCardNumber', number: this.#card });
    else if (screen?.name === 'pin' && !screen.checking) this.#guess();
    else if (screen !== undefined && screen.name !== 'pin') this.#desk.act({ do: 'leave' });
    this.start();
  }

  #guess(): void {
    this.#tries += 1;
    this.#desk.act({ do: 'pinClear' });
    for (const key of wrongPin) this.#desk.act({ do: 'pinKey', key });
    this.#desk.act({ do: 'pinEnter' });
    if (!this.#chance.chance(pullsThePlug)) return;
    const darkMs = this.#chance.whole(darkMsMin, darkMsMax);
    this.#desk.after(this.#chance.whole(0, 2_000), () => this.#desk.pullPlug(darkMs));
  }

  #leave(): void {
    this.#desk.act({ do: 'leave' });
    this.#done();
  }
}
