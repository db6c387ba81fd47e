import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import type { KeyStore, NamedKey, RotatingKeyStore } from '../kernel/key-store.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import {
  clearText,
  isWrapped,
  keyBytes,
  keyFile,
  keysMax,
  newKeys,
  readKeys,
  replaceKeys,
  writeKeys,
  type KeyFile,
  type KeyFileFailure,
} from './key-file.ts';
import type { KeyWrap } from './key-wrap.ts';
import { privateMode, systemCode } from './durable-file.ts';

export type KeyStoreFailure =
  | KeyFileFailure
  /** The operating system's word. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** How the key file is kept. */
export interface KeyGuard {
  /** Opens a wrapped file, and wraps it where that is wanted. */
  readonly wrap: KeyWrap;
  /** False: the file is to lie in clear, whatever it was. */
  readonly wrapped: boolean;
}

/** Keys without a file of their own, as a copy holds them. */
export class HeldKeys implements KeyStore {
  protected readonly keys: Map<string, Uint8Array>;
  protected present: NamedKey;
  readonly #lookupKey: Uint8Array;

  /** Reads what `FileKeyStore.clearText` gave. */
  static read(text: string): Result<HeldKeys, KeyFileFailure> {
    const content = readKeys(text, undefined);
    return content.ok ? ok(new HeldKeys(content.value)) : content;
  }

  protected constructor(content: KeyFile) {
    this.keys = new Map(Object.entries(content.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')]));
    this.#lookupKey = Buffer.from(content.lookup, 'base64');
    const key = this.keys.get(content.current);
    if (key === undefined)
      throw new Error('impossible: readKeys lets no file through whose current key is missing');
    this.present = { keyId: content.current, key };
  }

  current(): NamedKey {
    return this.present;
  }

  byId(keyId: string): Uint8Array | undefined {
    return this.keys.get(keyId);
  }

  lookupKey(): Uint8Array {
    return this.#lookupKey;
  }

  /** Writes them as a key file. Throws the operating system's error. */
  writeTo(file: string, guard: KeyGuard | undefined): void {
    writeKeys(file, this.content(), guard?.wrapped === true ? guard.wrap : undefined);
  }

  protected content(present = this.present, keys: ReadonlyMap<string, Uint8Array> = this.keys): KeyFile {
    return keyFile(present.keyId, keys, this.#lookupKey);
  }
}

/**
 * Keys in a file of the station's own account (mode 0600), made at first use.
 *
 * What it is good for: a backup or a copy of the journal without this file tells nothing, and erasing the file erases what it
 * sealed. Who takes the whole disk takes the file with it; against that it is wrapped by the device key, where one is configured.
 */
export class FileKeyStore extends HeldKeys implements RotatingKeyStore {
  /** True: others could read the file, and its mode was set right. The technician should know. */
  readonly tightened: boolean;
  readonly #file: string;
  readonly #wrap: KeyWrap | undefined;

  /** Reads the keys, or makes them when there is no file; wraps or unwraps the file where it is kept otherwise than wanted. */
  static open(file: string, random: Random, guard?: KeyGuard): Result<FileKeyStore, KeyStoreFailure> {
    const wrap = guard?.wrapped === true ? guard.wrap : undefined;
    return orUnusable(() => {
      if (!existsSync(file)) writeKeys(file, newKeys(random), wrap);
      const tightened = tighten(file);
      const text = readFileSync(file, 'utf8');
      const read = readKeys(text, guard?.wrap);
      if (!read.ok) return read;
      if (isWrapped(text) !== (wrap !== undefined)) replaceKeys(file, read.value, wrap);
      return ok(new FileKeyStore(file, read.value, wrap, tightened));
    });
  }

  private constructor(file: string, content: KeyFile, wrap: KeyWrap | undefined, tightened: boolean) {
    super(content);
    this.tightened = tightened;
    this.#file = file;
    this.#wrap = wrap;
  }

  /** For the copy elsewhere, which encrypts it for the library. */
  clearText(): string {
    return clearText(this.content());
  }

  /** Seals new fields under a new key from now on; older ones stay readable. */
  rotate(random: Random): Result<NamedKey, KeyStoreFailure> {
    // One more than the greatest ever used here, so that no name comes back after its key was destroyed.
    const keyId = `k${1 + Math.max(0, ...[...this.keys.keys()].map((id) => Number(/^k(\d+)$/.exec(id)?.[1] ?? 0)))}`;
    if (this.keys.size >= keysMax) return err({ kind: 'unusable', reason: 'too many keys' });
    const made: NamedKey = { keyId, key: random.bytes(keyBytes) };
    const keys = new Map(this.keys).set(keyId, made.key);
    return orUnusable(() => {
      writeKeys(this.#file, this.content(made, keys), this.#wrap);
      this.keys.set(keyId, made.key);
      this.present = made;
      return ok(made);
    });
  }

  /** Destroys all sealing keys but the present one: what they sealed, wherever a copy of it lies, is gone for ever. */
  destroyOthers(): Result<readonly string[], KeyStoreFailure> {
    const { keyId, key } = this.present;
    const others = [...this.keys.keys()].filter((id) => id !== keyId);
    if (others.length === 0) return ok([]);
    return orUnusable(() => {
      replaceKeys(this.#file, this.content(this.present, new Map([[keyId, key]])), this.#wrap);
      for (const id of others) {
        this.keys.get(id)?.fill(0);
        this.keys.delete(id);
      }
      return ok(others);
    });
  }
}

function orUnusable<T>(work: () => Result<T, KeyStoreFailure>): Result<T, KeyStoreFailure> {
  try {
    return work();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return err({ kind: 'unusable', reason: code });
  }
}

/** Windows has no such modes; there the folder's access list guards the file. */
function tighten(file: string): boolean {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return false;
  chmodSync(file, privateMode);
  return true;
}
