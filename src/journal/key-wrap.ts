import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Random } from '../kernel/random.ts';

const cipher = 'aes-256-gcm';
/** NIST SP 800-38D §5.2.1.1 and §5.2.1.2. */
const nonceBytes = 12;
const tagBytes = 16;
const purpose = 'omatoimi journal keys';

/** Wraps the journal's keys by the device key: whoever takes the disk has them, and cannot open them. */
export class KeyWrap {
  readonly #key: Uint8Array;
  readonly #random: Random;

  constructor(deviceKey: Uint8Array, random: Random) {
    this.#key = new Uint8Array(hkdfSync('sha256', deviceKey, new Uint8Array(), purpose, 32));
    this.#random = random;
  }

  /** Nonce, tag, ciphertext. */
  wrap(plain: Uint8Array): Uint8Array {
    const nonce = this.#random.bytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#key, nonce);
    sealing.setAAD(Buffer.from(purpose));
    const body = Buffer.concat([sealing.update(plain), sealing.final()]);
    return Buffer.concat([nonce, sealing.getAuthTag(), body]);
  }

  /** Undefined: wrapped by another device key, or damaged. */
  unwrap(wrapped: Uint8Array): Uint8Array | undefined {
    const bodyAt = nonceBytes + tagBytes;
    if (wrapped.length < bodyAt) return undefined;
    const opening = createDecipheriv(cipher, this.#key, wrapped.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    opening.setAAD(Buffer.from(purpose));
    opening.setAuthTag(wrapped.subarray(nonceBytes, bodyAt));
    try {
      return Buffer.concat([opening.update(wrapped.subarray(bodyAt)), opening.final()]);
    } catch {
      return undefined;
    }
  }
}
