import { Decrypter, Encrypter } from 'age-encryption';
import { err, ok, type Result } from '../kernel/result.ts';

/** The library's public key, as `age-keygen` prints it: `age1…` (age-encryption.org/v1). */
export const recipientPattern = /^age1[0-9a-z]{20,2000}$/;

/** Encrypts for the holder of the library's private key; the station can't read it back. */
export async function encryptFor(recipient: string, plain: Uint8Array): Promise<Result<Uint8Array, string>> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
    return ok(await encrypter.encrypt(plain));
  } catch {
    return err('the library’s public key is none that age knows (age1…)');
  }
}

/** Opens what was encrypted for the library. `identities` is the text of the key file that `age-keygen` made. */
export async function decryptWith(
  identities: string,
  sealed: Uint8Array,
): Promise<Result<Uint8Array, string>> {
  const keys = identities.split(/\r?\n/).filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (keys.length === 0) return err('there is no private key (AGE-SECRET-KEY-…) in the key file');
  const decrypter = new Decrypter();
  try {
    for (const key of keys) decrypter.addIdentity(key);
    return ok(await decrypter.decrypt(sealed));
  } catch {
    return err('it was encrypted for another key, or is damaged');
  }
}
