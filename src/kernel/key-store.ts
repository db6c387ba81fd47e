import type { Random } from './random.ts';
import type { Result } from './result.ts';

/** A 256-bit key with the name under which sealed fields remember it. */
export interface NamedKey {
  readonly keyId: string;
  readonly key: Uint8Array;
}

/** Where the keys live that seal personal fields. Kept out of the journal on purpose. */
export interface KeyStore {
  /** The key for new fields. */
  current(): NamedKey;
  /** An older key by its name, or undefined when it is gone (what it sealed stays sealed for ever). */
  byId(keyId: string): Uint8Array | undefined;
  /** The key of the look-up hashes; it must not change while the journal lives. */
  lookupKey(): Uint8Array;
}

/** A key store whose sealing key can be replaced, and the old ones destroyed. The look-up key stays. */
export interface RotatingKeyStore extends KeyStore {
  /** Seals new fields under a new key from now on; older ones stay readable. The error is for the technician. */
  rotate(random: Random): Result<NamedKey, { readonly reason: string }>;
  /** Destroys all sealing keys but the present one, and tells their names. */
  destroyOthers(): Result<readonly string[], { readonly reason: string }>;
}
