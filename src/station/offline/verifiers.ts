import type { Clock, UtcMillis } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { SecretBytes } from '../../ils/ils.ts';
import { costLog2Max, costLog2Min, freshSalt, sameHash, VerifierSeal, type Derive } from './verifier.ts';

const dayMs = 86_400_000;
/** What one check may take on this machine; the cost is chosen by measuring. */
const checkMsAimed = 400;

/** How a check without the library system ended. */
export type OwnVerdict =
  | 'right'
  | 'wrong'
  /** There is no verifier that counts: never made, too old, of another device, or without its key. */
  | 'none';

export interface VerifierParts {
  /** The device key, once it is there. */
  readonly key: () => Uint8Array | undefined;
  readonly machine: string;
  readonly stored: (cardHash: string) => Uint8Array | undefined;
  readonly hash: (card: string) => string;
  readonly daysMax: number;
  readonly derive: Derive;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Makes verifiers of PINs that the library system just confirmed, and checks PINs against them. Only for lending. */
export class Verifiers {
  readonly #parts: VerifierParts;
  #costLog2 = costLog2Min;
  #made: { readonly key: Uint8Array; readonly seal: VerifierSeal } | undefined;

  constructor(parts: VerifierParts) {
    this.#parts = parts;
  }

  /** Measures what a derivation costs here, and makes it as dear as a patron can bear. */
  measure(done: () => void = () => undefined): void {
    const { derive, clock, random, log } = this.#parts;
    const began = clock.monotonic();
    derive(random.bytes(8), freshSalt(random), costLog2Min, (hash) => {
      const tookMs = Math.max(1, clock.monotonic() - began);
      const doublings = Math.floor(Math.log2(checkMsAimed / tookMs));
      this.#costLog2 = Math.min(costLog2Max, Math.max(costLog2Min, costLog2Min + doublings));
      log.write(hash === undefined ? 'warning' : 'info', 'verifiers.cost', { count: 2 ** this.#costLog2 });
      done();
    });
  }

  /** The PIN was right just now. Gives back what is to be stored; nothing where the key is not there. */
  make(card: string, pin: SecretBytes, done: (sealed: Uint8Array) => void): void {
    const { derive, random, clock, hash } = this.#parts;
    const seal = this.#seal();
    if (seal === undefined || pin.length === 0) return;
    const salt = freshSalt(random);
    const costLog2 = this.#costLog2;
    this.#derive(derive, pin, salt, costLog2, (derived) => {
      if (derived === undefined) return;
      done(seal.seal(hash(card), { costLog2, madeAt: clock.now(), salt, hash: derived }));
    });
  }

  check(card: string, pin: SecretBytes, done: (verdict: OwnVerdict) => void): void {
    const { stored, hash, clock, derive } = this.#parts;
    const cardHash = hash(card);
    const sealed = stored(cardHash);
    const content = sealed === undefined ? undefined : this.#seal()?.open(cardHash, sealed);
    if (content === undefined || !this.#counts(content.madeAt, clock.now())) {
      // Never from within the call itself.
      clock.after(0, () => done('none'));
      return;
    }
    this.#derive(derive, pin, content.salt, content.costLog2, (derived) => {
      if (derived === undefined) return done('none');
      done(sameHash(derived, content.hash) ? 'right' : 'wrong');
    });
  }

  /** One of the future was made by a clock that was wrong. */
  #counts(madeAt: UtcMillis, now: UtcMillis): boolean {
    return madeAt <= now && now - madeAt < this.#parts.daysMax * dayMs;
  }

  #seal(): VerifierSeal | undefined {
    const key = this.#parts.key();
    if (key !== this.#made?.key) {
      const { machine, random } = this.#parts;
      this.#made = key === undefined ? undefined : { key, seal: new VerifierSeal(key, machine, random) };
    }
    return this.#made?.seal;
  }

  /** The station’s buffer is overwritten while it is derived, so this has its own, and overwrites it. */
  #derive(
    derive: Derive,
    pin: SecretBytes,
    salt: Uint8Array,
    costLog2: number,
    done: (derived: Uint8Array | undefined) => void,
  ): void {
    const own = Uint8Array.from(pin);
    derive(own, salt, costLog2, (derived) => {
      own.fill(0);
      done(derived);
      derived?.fill(0);
    });
  }
}
