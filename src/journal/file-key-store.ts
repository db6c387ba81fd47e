import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import type { NamedKey, RotatingKeyStore } from '../kernel/key-store.ts';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { privateMode, systemCode, writeDurably } from './durable-file.ts';

const keyBytes = 32;
const formatVersion = 1;
/** More keys than a station can need in its life; a file with more is not ours. */
export const keysMax = 1_000;

export type KeyStoreFailure =
  /** The file is there but is not what was written. It is left as it is: new keys would lock away what the old ones sealed. */
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'unusable'; readonly reason: string };

interface KeyFile {
  readonly version: number;
  readonly current: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly lookup: string;
}

/**
 * Keys in a file of the station's own account (mode 0600), made at first use.
 *
 * What it is good for: a backup or a copy of the journal without this file tells nothing, and erasing the file erases what it
 * sealed. What it is not good for: who takes the whole disk takes the keys with it. Against that the disk itself must be
 * encrypted, or the keys be held by a TPM or the operating system's key service behind the same `KeyStore` port.
 */
export class FileKeyStore implements RotatingKeyStore {
  /** True: others could read the file, and its mode was set right. The technician should know. */
  readonly tightened: boolean;
  readonly #file: string;
  readonly #keys: Map<string, Uint8Array>;
  readonly #lookupKey: Uint8Array;
  #current: NamedKey;

  /** Reads the keys, or makes them when there is no file. */
  static open(file: string, random: Random): Result<FileKeyStore, KeyStoreFailure> {
    try {
      if (!existsSync(file)) writeKeys(file, newKeys(random));
      const tightened = tighten(file);
      const read = parse(readFileSync(file, 'utf8'));
      return read.ok ? ok(new FileKeyStore(file, read.value, tightened)) : read;
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      return err({ kind: 'unusable', reason: code });
    }
  }

  private constructor(file: string, content: KeyFile, tightened: boolean) {
    this.tightened = tightened;
    this.#file = file;
    this.#keys = new Map(Object.entries(content.keys).map(([id, key]) => [id, Buffer.from(key, 'base64')]));
    this.#lookupKey = Buffer.from(content.lookup, 'base64');
    const key = this.#keys.get(content.current);
    if (key === undefined)
      throw new Error('impossible: parse lets no file through whose current key is missing');
    this.#current = { keyId: content.current, key };
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

  /** Seals new fields under a new key from now on; older ones stay readable. */
  rotate(random: Random): Result<NamedKey, KeyStoreFailure> {
    // One more than the greatest ever used here, so that no name comes back after its key was destroyed.
    const keyId = `k${1 + Math.max(0, ...[...this.#keys.keys()].map((id) => Number(/^k(\d+)$/.exec(id)?.[1] ?? 0)))}`;
    if (this.#keys.size >= keysMax) return err({ kind: 'unusable', reason: 'too many keys' });
    const key = random.bytes(keyBytes);
    const keys = new Map(this.#keys).set(keyId, key);
    const written = this.#write(keyId, keys);
    if (!written.ok) return written;
    this.#keys.set(keyId, key);
    this.#current = { keyId, key };
    return ok(this.#current);
  }

  /**
   * Destroys all sealing keys but the present one: what they sealed, wherever a copy of it lies, is gone for ever. The old file is
   * overwritten in place as well; a disk that writes elsewhere each time (flash) may keep it until it needs the space.
   */
  destroyOthers(): Result<readonly string[], KeyStoreFailure> {
    const { keyId, key } = this.#current;
    const others = [...this.#keys.keys()].filter((id) => id !== keyId);
    if (others.length === 0) return ok([]);
    let old: number | undefined;
    try {
      old = openSync(this.#file, 'r+');
      const written = this.#write(keyId, new Map([[keyId, key]]));
      if (!written.ok) return written;
      const { size } = fstatSync(old);
      writeSync(old, Buffer.alloc(size), 0, size, 0);
      fsyncSync(old);
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      return err({ kind: 'unusable', reason: code });
    } finally {
      if (old !== undefined) closeSync(old);
    }
    for (const id of others) {
      this.#keys.get(id)?.fill(0);
      this.#keys.delete(id);
    }
    return ok(others);
  }

  #write(current: string, keys: ReadonlyMap<string, Uint8Array>): Result<undefined, KeyStoreFailure> {
    try {
      writeKeys(this.#file, {
        version: formatVersion,
        current,
        keys: Object.fromEntries([...keys].map(([id, bytes]) => [id, Buffer.from(bytes).toString('base64')])),
        lookup: Buffer.from(this.#lookupKey).toString('base64'),
      });
      return ok(undefined);
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      return err({ kind: 'unusable', reason: code });
    }
  }
}

function newKeys(random: Random): KeyFile {
  const text = (): string => Buffer.from(random.bytes(keyBytes)).toString('base64');
  return { version: formatVersion, current: 'k1', keys: { k1: text() }, lookup: text() };
}

function writeKeys(file: string, keys: KeyFile): void {
  writeDurably(file, `${JSON.stringify({ ...keys, checksum: checksumOf(keys) }, undefined, 2)}\n`);
}

/** Guards against damage, not against forgery: who can write the file has the keys anyway. */
function checksumOf({ version, current, keys, lookup }: KeyFile): string {
  const content = JSON.stringify([version, current, Object.entries(keys), lookup]);
  return createHash('sha256').update(content, 'utf8').digest('hex');
}

/** Windows has no such modes; there the folder's access list guards the file. */
function tighten(file: string): boolean {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return false;
  chmodSync(file, privateMode);
  return true;
}

function parse(text: string): Result<KeyFile, KeyStoreFailure> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return err({ kind: 'damaged', reason: 'not readable as JSON' });
  }
  if (!isKeyFile(content)) return err({ kind: 'damaged', reason: 'not of the form of a key file' });
  if (content.version !== formatVersion) return err({ kind: 'damaged', reason: 'of an unknown version' });
  if (content.checksum !== checksumOf(content))
    return err({ kind: 'damaged', reason: 'checksum does not match' });
  const keys = Object.values(content.keys);
  if (![...keys, content.lookup].every((key) => Buffer.from(key, 'base64').length === keyBytes)) {
    return err({ kind: 'damaged', reason: 'a key has a wrong length' });
  }
  if (keys.length > keysMax || !(content.current in content.keys)) {
    return err({ kind: 'damaged', reason: 'the current key is missing' });
  }
  return ok(content);
}

function isKeyFile(value: unknown): value is KeyFile & { readonly checksum: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { version, current, keys, lookup, checksum } = Object.fromEntries(Object.entries(value));
  return (
    typeof version === 'number' &&
    [current, lookup, checksum].every((text) => typeof text === 'string') &&
    typeof keys === 'object' &&
    keys !== null &&
    Object.values(keys).every((key) => typeof key === 'string')
  );
}
