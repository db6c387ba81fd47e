import type { KeyStore, NamedKey } from '../kernel/key-store.ts';
import type { Random } from '../kernel/random.ts';

/** Keys that live as long as the object: for the simulation and for tests. */
export class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, Uint8Array>();
  readonly #lookupKey: Uint8Array;
  readonly #random: Random;
  #current: NamedKey;

  constructor(random: Random) {
    this.#random = random;
    this.#lookupKey = random.bytes(32);
    this.#current = this.rotate();
  }

  current(): NamedKey {
    return this.#current;
  }

  byId(keyId: string): Uint8Array | undefined {
    return this.#keys.get(keyId);
  }

  lookupKey(): Uint8Array {
    return this.#lookupKey;
  }

  /** A new key for new fields; the old ones stay readable. */
  rotate(): NamedKey {
    const keyId = `k${this.#keys.size + 1}`;
    const key = this.#random.bytes(32);
    this.#keys.set(keyId, key);
    this.#current = { keyId, key };
    return this.#current;
  }
}
