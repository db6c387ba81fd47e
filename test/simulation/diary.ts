import { createHash } from 'node:crypto';
import type { View } from '../../src/shared/view.ts';
import type { Cut, Deed } from './script.ts';

const eventsKept = 60;
/** So many characters are hashed at once: a call for each line would cost more than the hash. */
const hashedAtOnceChars = 65_536;

/** What happened in a run: hashed as a whole, and its last events in words. */
export class Diary {
  readonly deeds: Deed[] = [];
  readonly cuts: Cut[] = [];
  readonly #now: () => number;
  readonly #stops: () => boolean;
  readonly #hash = createHash('sha256');
  #unhashed = '';
  readonly #events: { readonly at: number; readonly what: string }[] = [];
  #next = 0;

  /** @param stops whether nothing more is to be kept: what led to the first violation is what one wants to read */
  constructor(now: () => number, stops: () => boolean) {
    this.#now = now;
    this.#stops = stops;
  }

  note(what: string): void {
    this.#add(what);
    this.#keep(what);
  }

  view({ revision, screen }: View, text: string): void {
    this.#add(text);
    this.#keep(`view ${revision} ${screen.name}`);
  }

  /** The last events, oldest first. */
  lastEvents(): readonly string[] {
    const inOrder = [...this.#events.slice(this.#next), ...this.#events.slice(0, this.#next)];
    return inOrder.map(({ at, what }) => `${Math.round(at)} ${what}`);
  }

  /** Of all that happened; to be asked once, at the end. */
  digest(): string {
    return this.#hash.update(this.#unhashed).digest('hex');
  }

  #add(text: string): void {
    this.#unhashed += text;
    if (this.#unhashed.length < hashedAtOnceChars) return;
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }

  #keep(what: string): void {
    if (this.#stops()) return;
    this.#events[this.#next] = { at: this.#now(), what };
    this.#next = (this.#next + 1) % eventsKept;
  }
}
