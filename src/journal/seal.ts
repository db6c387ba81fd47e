import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { KeyStore } from '../kernel/key-store.ts';
import type { Random } from '../kernel/random.ts';

const cipher = 'aes-256-gcm';
/** NIST SP 800-38D §5.2.1.1 recommends 96 bits for the nonce; §5.2.1.2 allows 128 bits for the tag. */
const nonceBytes = 12;
const tagBytes = 16;
/** Nonces drawn at once: a draw of 12 bytes costs a system call like one of 768. */
const noncesPerDraw = 64;

/** A value that only the holder of the key can read, and the name of that key. */
export interface Sealed {
  readonly keyId: string;
  /** Nonce, tag, ciphertext. */
  readonly blob: Buffer;
}

/**
 * Seals personal fields with AES-256-GCM and makes the keyed hashes by which they are looked up (HMAC-SHA-256).
 * The associated data says which field of which transaction it is, so that a blob moved to another row does not open.
 */
export class Sealer {
  readonly #keyStore: KeyStore;
  readonly #random: Random;
  readonly #lookupKey: KeyObject;
  readonly #keys = new Map<string, KeyObject>();
  #nonces: Uint8Array = new Uint8Array(0);

  constructor(keyStore: KeyStore, random: Random) {
    this.#keyStore = keyStore;
    this.#random = random;
    this.#lookupKey = createSecretKey(keyStore.lookupKey());
  }

  /** The same for the same value while the lookup key lives; tells nothing about the value to who lacks that key. */
  hash(value: string): string {
    return createHmac('sha256', this.#lookupKey).update(value, 'utf8').digest('hex');
  }

  /** A keyed hash for another purpose than look-up, under a key of its own. */
  mac(purpose: string, text: string): string {
    const key = createHmac('sha256', this.#lookupKey).update(`omatoimi/${purpose}`, 'utf8').digest();
    return createHmac('sha256', key).update(text, 'utf8').digest('hex');
  }

  seal(value: unknown, boundTo: string): Sealed {
    const { keyId, key } = this.#keyStore.current();
    const nonce = this.#nonce();
    const sealing = createCipheriv(cipher, this.#keyObject(keyId, key), nonce, { authTagLength: tagBytes });
    sealing.setAAD(Buffer.from(boundTo, 'utf8'));
    const body = sealing.update(JSON.stringify(value), 'utf8');
    // GCM is a stream: final() gives no more bytes, it closes the tag.
    sealing.final();
    const blob = Buffer.alloc(nonceBytes + tagBytes + body.length);
    blob.set(nonce);
    blob.set(sealing.getAuthTag(), nonceBytes);
    blob.set(body, nonceBytes + tagBytes);
    return { keyId, blob };
  }

  /** Lets go of keys that were destroyed. */
  forget(keyIds: readonly string[]): void {
    for (const keyId of keyIds) this.#keys.delete(keyId);
  }

  /** The value; undefined when the key is gone, the blob is damaged or belongs to something else. */
  unseal({ keyId, blob }: Sealed, boundTo: string): unknown {
    const key = this.#keys.get(keyId) ?? this.#keyStore.byId(keyId);
    if (key === undefined || blob.length < nonceBytes + tagBytes) return undefined;
    try {
      const opening = createDecipheriv(
        cipher,
        key instanceof Uint8Array ? this.#keyObject(keyId, key) : key,
        blob.subarray(0, nonceBytes),
        { authTagLength: tagBytes },
      );
      opening.setAAD(Buffer.from(boundTo, 'utf8'));
      opening.setAuthTag(blob.subarray(nonceBytes, nonceBytes + tagBytes));
      const text =
        opening.update(blob.subarray(nonceBytes + tagBytes), undefined, 'utf8') + opening.final('utf8');
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  /** Never the same twice under one key. */
  #nonce(): Uint8Array {
    if (this.#nonces.length === 0) this.#nonces = this.#random.bytes(nonceBytes * noncesPerDraw);
    const nonce = this.#nonces.subarray(0, nonceBytes);
    this.#nonces = this.#nonces.subarray(nonceBytes);
    return nonce;
  }

  #keyObject(keyId: string, key: Uint8Array): KeyObject {
    const known = this.#keys.get(keyId);
    if (known !== undefined) return known;
    const made = createSecretKey(key);
    this.#keys.set(keyId, made);
    return made;
  }
}
