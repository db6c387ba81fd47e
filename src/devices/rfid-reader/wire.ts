import type { Result } from '../../kernel/result.ts';
import type { LinkFailure, Script } from '../wire/script.ts';

/** How a reader wants to be spoken to. */
export interface WireManners {
  /** Silence before each frame. */
  readonly gapMs: number;
  /** How long an answer may take. */
  readonly timeoutMs: number;
}

/** A frame that every reader of the kind answers, in order, with something that nothing else is answered with. */
export interface SyncFrame {
  readonly frame: Uint8Array;
  readonly accepts: (frame: Uint8Array) => boolean;
}

/**
 * Frames and their answers. After anything unclear the next frame is sent only when reader and host agree again: many answers do
 * not name the tag that they are about, and a late one must not be taken for another’s.
 */
export class Wire {
  readonly #manners: WireManners;
  readonly #sync: () => SyncFrame;
  #unclear = true;
  /** Called after each agreement anew, for what the reader may have kept of the time before. */
  #afterSync: (() => Script<void>) | undefined;

  constructor(manners: WireManners, sync: () => SyncFrame, afterSync?: () => Script<void>) {
    this.#manners = manners;
    this.#sync = sync;
    this.#afterSync = afterSync;
  }

  *ask(
    frame: () => Uint8Array,
    accepts: (frame: Uint8Array) => boolean,
  ): Script<Result<Uint8Array, LinkFailure>> {
    if (this.#unclear) {
      const synced = yield* this.sync();
      if (!synced.ok) return synced;
    }
    const answer = yield {
      ...this.#manners,
      do: 'ask',
      frame: frame(),
      accepts,
      skipsOthers: false,
    };
    if (!answer.ok) this.#unclear = true;
    return answer;
  }

  /** An answer made no sense: what follows it may make none either. */
  doubt(): void {
    this.#unclear = true;
  }

  /** Asks the one question whose answer cannot be mistaken, and passes over everything before it. */
  *sync(): Script<Result<Uint8Array, LinkFailure>> {
    const answer = yield { ...this.#manners, do: 'ask', ...this.#sync(), skipsOthers: true };
    if (!answer.ok) return answer;
    this.#unclear = false;
    const after = this.#afterSync;
    if (after !== undefined) {
      this.#afterSync = undefined;
      yield* after();
      this.#afterSync = after;
    }
    return answer;
  }
}
