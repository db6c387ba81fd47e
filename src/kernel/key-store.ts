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
