import type { Field } from '../devices/rfid-reader/rfid-reader.ts';
import type { Clock } from '../kernel/clock.ts';
import { err, type Result } from '../kernel/result.ts';
import type { TagDesk, TagDeskFailure } from './tag-desk.ts';

/** How long a tag lies there before it is worked on: further tags of the same item may come. */
const settleMs = 700;

export interface TagTurnParts<T> {
  readonly clock: Clock;
  readonly desk: TagDesk;
  /** How long a tag may take to be found and read. */
  readonly waitMs: number;
  act(reply: (result: Result<T, TagDeskFailure>) => void): void;
  /** Comes once, unless it was stopped before. */
  onEnd(result: Result<T, TagDeskFailure>): void;
}

/** One order of work by hand: waits until tags lie still before the reader, and has it carried out once. */
export class TagTurn<T> {
  readonly #parts: TagTurnParts<T>;
  #state: 'waiting' | 'acting' | 'ended' = 'waiting';
  #cancelWait: () => void;
  #cancelSettle: () => void = () => undefined;
  #lies = false;

  constructor(parts: TagTurnParts<T>) {
    this.#parts = parts;
    this.#cancelWait = parts.clock.after(parts.waitMs, () => {
      if (this.#lies) this.#begin();
      else this.#end(err({ kind: 'noTag' }));
    });
  }

  get isActing(): boolean {
    return this.#state === 'acting';
  }

  /** The owner tells each change of the field. */
  onField(field: Field): void {
    const { desk, clock } = this.#parts;
    desk.onField(field);
    this.#lies = field.tags.some(({ still }) => still);
    if (this.#state !== 'waiting') return;
    this.#cancelSettle();
    if (this.#lies) this.#cancelSettle = clock.after(settleMs, () => this.#begin());
  }

  /** Nothing is begun any more and no end is told; a command that is under way takes its course. */
  stop(): void {
    this.#state = 'ended';
    this.#cancelWait();
    this.#cancelSettle();
  }

  #begin(): void {
    this.#state = 'acting';
    this.#cancelWait();
    this.#cancelSettle();
    this.#parts.act((result) => this.#end(result));
  }

  #end(result: Result<T, TagDeskFailure>): void {
    if (this.#state === 'ended') return;
    this.stop();
    this.#parts.onEnd(result);
  }
}
