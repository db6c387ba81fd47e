import {
  createCipheriv,
  createDecipheriv,
  createHash,
  hkdfSync,
  scrypt,
  timingSafeEqual,
  type ScryptOptions,
} from 'node:crypto';
import type { UtcMillis } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';

/** How dear a guess is: scrypt (RFC 7914) with N = 2^costLog2, r = 8, p = 1, which takes N KiB of memory. */
export const costLog2Min = 14;
export const costLog2Max = 17;
const blockSize = 8;
const hashBytes = 32;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const formatVersion = 1;
const headBytes = 1 + 1 + 8 + saltBytes + hashBytes;

export type Derive = (
  secret: Uint8Array,
  salt: Uint8Array,
  costLog2: number,
  done: (hash: Uint8Array | undefined) => void,
) => void;

/** Derives in the background; `undefined` where there is no memory for it. */
export const deriveByScrypt: Derive = (secret, salt, costLog2, done) => {
  const options: ScryptOptions = {
    N: 2 ** costLog2,
    r: blockSize,
    p: 1,
    maxmem: 2 ** costLog2 * blockSize * 128 + 1_048_576,
  };
  scrypt(secret, salt, hashBytes, options, (error, hash) => done(error === null ? hash : undefined));
};

export interface VerifierContent {
  readonly costLog2: number;
  readonly madeAt: UtcMillis;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/**
 * What a PIN can be checked against without the library system. It opens only with the device key, on this machine, for
 * this card and this purpose; without the key it says nothing at all, and with it each guess costs a memory-hard derivation.
 */
export class VerifierSeal {
  readonly #key: Uint8Array;
  readonly #random: Random;

  /** @param machine names the machine, so that the verifier of another one does not open */
  constructor(deviceKey: Uint8Array, machine: string, random: Random) {
    this.#key = new Uint8Array(
      hkdfSync('sha256', deviceKey, Buffer.from(machine, 'utf8'), 'omatoimi lending verifier', 32),
    );
    this.#random = random;
  }

  seal(cardHash: string, { costLog2, madeAt, salt, hash }: VerifierContent): Buffer {
    const plain = Buffer.alloc(headBytes);
    plain.writeUInt8(formatVersion, 0);
    plain.writeUInt8(costLog2, 1);
    plain.writeBigInt64BE(BigInt(madeAt), 2);
    plain.set(salt, 10);
    plain.set(hash, 10 + saltBytes);
    const nonce = this.#random.bytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    cipher.setAAD(Buffer.from(cardHash, 'utf8'));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    plain.fill(0);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  /** Undefined: made by another device, for another card, or damaged. */
  open(cardHash: string, sealed: Uint8Array): VerifierContent | undefined {
    if (sealed.length !== nonceBytes + tagBytes + headBytes) return undefined;
    try {
      const cipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      cipher.setAAD(Buffer.from(cardHash, 'utf8'));
      cipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      const plain = Buffer.concat([cipher.update(sealed.subarray(nonceBytes + tagBytes)), cipher.final()]);
      const costLog2 = plain.readUInt8(1);
      if (plain.readUInt8(0) !== formatVersion || costLog2 < costLog2Min || costLog2 > costLog2Max)
        return undefined;
      return {
        costLog2,
        madeAt: Number(plain.readBigInt64BE(2)),
        salt: Uint8Array.from(plain.subarray(10, 10 + saltBytes)),
        hash: Uint8Array.from(plain.subarray(10 + saltBytes)),
      };
    } catch {
      return undefined;
    }
  }
}

export function freshSalt(random: Random): Uint8Array {
  return random.bytes(saltBytes);
}

export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The name of a machine: its own id, hashed, so that it stands nowhere in clear. */
export function machineName(machineId: string): string {
  return createHash('sha256').update(`omatoimi ${machineId.trim()}`, 'utf8').digest('hex');
}
