import { err, ok, type Result } from '../../kernel/result.ts';
import type { HidEvents, HidLink, OpenHid } from './hid-port.ts';

/** How a device in memory treats feature reports. */
export interface MemoryHidFeatures {
  /** The answer to a feature report that was sent; undefined: none ever comes. */
  send(bytes: Uint8Array): Result<undefined, string> | undefined;
  get(id: number, length: number): Result<Uint8Array, string> | undefined;
}

/**
 * A HID device in memory, steered by a test or a simulation: plugged and unplugged at any moment, also while it is being
 * opened. Openings come true when `settle` is called, as real ones come later than the call.
 */
export class MemoryHid {
  readonly #features: MemoryHidFeatures;
  readonly #waiting: (() => void)[] = [];
  #plugged: boolean;
  #link: { readonly events: HidEvents } | undefined;

  constructor(
    features: MemoryHidFeatures = { send: () => ok(undefined), get: () => err('not supported') },
    plugged = true,
  ) {
    this.#features = features;
    this.#plugged = plugged;
  }

  readonly open: OpenHid = (events): HidLink => {
    const mine = { events };
    let over = false;
    this.#waiting.push(() => {
      if (over) return;
      if (!this.#plugged) return events.closed('no such device');
      this.#link = mine;
      events.opened();
    });
    const later = <T>(answer: T | undefined, reply: (answer: T) => void): void => {
      if (answer !== undefined) this.#waiting.push(() => (this.#link === mine ? reply(answer) : undefined));
    };
    return {
      sendFeature: (bytes, reply) => {
        if (this.#link === mine) later(this.#features.send(Uint8Array.from(bytes)), reply);
      },
      getFeature: (id, length, reply) => {
        if (this.#link === mine) later(this.#features.get(id, length), reply);
      },
      close: () => {
        over = true;
        if (this.#link === mine) this.#link = undefined;
      },
    };
  };

  get isOpen(): boolean {
    return this.#link !== undefined;
  }

  /** Lets everything come true that was asked for: openings and answers. */
  settle(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
  }

  plug(): void {
    this.#plugged = true;
  }

  unplug(reason = 'unplugged'): void {
    this.#plugged = false;
    const link = this.#link;
    this.#link = undefined;
    link?.events.closed(reason);
  }

  /** The device sends an input report. Nothing happens while nobody has it open. */
  report(bytes: Uint8Array): void {
    this.#link?.events.report(Uint8Array.from(bytes));
  }
}
