import type { Result } from '../../kernel/result.ts';

/** Why an exchange with a reader came to nothing. */
export type LinkFailure =
  | { readonly kind: 'noAnswer' }
  | { readonly kind: 'badFrame'; readonly why: 'crc' | 'length' | 'content' }
  | { readonly kind: 'wrongAnswer' };

/** Sends one frame and waits for its answer. */
export interface AskStep {
  readonly do: 'ask';
  readonly frame: Uint8Array;
  /** From the last byte sent to the whole answer. */
  readonly timeoutMs: number;
  /** Silence that the reader needs before a frame. */
  readonly gapMs: number;
  /** Whether a frame answers this one. */
  readonly accepts: (frame: Uint8Array) => boolean;
  /** True: what does not answer is passed over. False: it ends the exchange. */
  readonly skipsOthers: boolean;
}

/** Waits. `idle`: a command that comes in meanwhile ends the pause. */
export interface PauseStep {
  readonly do: 'pause';
  readonly ms: number;
  readonly idle: boolean;
}

export type Step = AskStep | PauseStep;

/** What a step came to: the frame that answered, or an empty one after a pause. */
export type StepResult = Result<Uint8Array, LinkFailure>;

/**
 * Something that is done on the wire, step by step. A generator: it reads like straight code, runs synchronously and in virtual
 * time, and can be dropped between any two steps when the cable is pulled.
 */
export type Script<T> = Generator<Step, T, StepResult>;

export function* pause(ms: number): Script<void> {
  yield { do: 'pause', ms, idle: false };
}

/** A pause that ends early when there is something to do. */
export function* idle(ms: number): Script<void> {
  yield { do: 'pause', ms, idle: true };
}
