import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Random } from '../kernel/random.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { KeyWrap } from './key-wrap.ts';
import { writeDurably } from './durable-file.ts';

export const keyBytes = 32;
/** More keys than a station can need in its life; a file with more is not ours. */
export const keysMax = 1_000;

/** In clear, and wrapped by the device key. */
const versions = { clear: 1, wrapped: 2 } as const;

export type KeyFileFailure =
  /** The file is there but is not what was written. It is left as it is: new keys would lock away what the old ones sealed. */
  | { readonly kind: 'damaged'; readonly reason: string }
  /** It is wrapped by a device key that is not there, or by another one. */
  | { readonly kind: 'locked'; readonly reason: string };

/** What a key file says. */
export interface KeyFile {
  readonly version: typeof versions.clear;
  readonly current: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly lookup: string;
}

export function newKeys(random: Random): KeyFile {
  const text = (): string => Buffer.from(random.bytes(keyBytes)).toString('base64');
  return { version: versions.clear, current: 'k1', keys: { k1: text() }, lookup: text() };
}

export function keyFile(current: string, keys: ReadonlyMap<string, Uint8Array>, lookup: Uint8Array): KeyFile {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return {
    version: versions.clear,
    current,
    keys: Object.fromEntries([...keys].map(([id, bytes]) => [id, text(bytes)])),
    lookup: text(lookup),
  };
}

/** The keys as a text in clear: for the copy, which encrypts it, and for a file that nothing wraps. */
export function clearText(keys: KeyFile): string {
  return `${JSON.stringify({ ...keys, checksum: checksumOf(keys) }, undefined, 2)}\n`;
}

function wrappedText(keys: KeyFile, wrap: KeyWrap): string {
  const wrapped = Buffer.from(wrap.wrap(Buffer.from(clearText(keys), 'utf8'))).toString('base64');
  return `${JSON.stringify({ version: versions.wrapped, wrapped }, undefined, 2)}\n`;
}

/** Writes the file in one step; wrapped where there is something to wrap it by. Throws the operating system's error. */
export function writeKeys(file: string, keys: KeyFile, wrap: KeyWrap | undefined): void {
  writeDurably(file, wrap === undefined ? clearText(keys) : wrappedText(keys, wrap));
}

/**
 * The same, and overwrites the old file in place as well; a disk that writes elsewhere each time (flash) may keep it until it needs
 * the space.
 */
export function replaceKeys(file: string, keys: KeyFile, wrap: KeyWrap | undefined): void {
  const old = openSync(file, 'r+');
  try {
    writeKeys(file, keys, wrap);
    const { size } = fstatSync(old);
    writeSync(old, Buffer.alloc(size), 0, size, 0);
    fsyncSync(old);
  } finally {
    closeSync(old);
  }
}

/** Whether it is wrapped; what is damaged is not. */
export function isWrapped(text: string): boolean {
  return wrappedIn(parse(text)) !== undefined;
}

export function readKeys(text: string, wrap: KeyWrap | undefined): Result<KeyFile, KeyFileFailure> {
  const content = parse(text);
  const wrapped = wrappedIn(content);
  if (wrapped === undefined) return check(content);
  if (wrap === undefined)
    return err({ kind: 'locked', reason: 'they are wrapped by a device key, and none is configured' });
  const clear = wrap.unwrap(Buffer.from(wrapped, 'base64'));
  return clear === undefined
    ? err({ kind: 'locked', reason: 'they are wrapped by another device key, or damaged' })
    : check(parse(Buffer.from(clear).toString('utf8')));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrappedIn(content: unknown): string | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  const { version, wrapped } = Object.fromEntries(Object.entries(content));
  return version === versions.wrapped && typeof wrapped === 'string' ? wrapped : undefined;
}

function check(content: unknown): Result<KeyFile, KeyFileFailure> {
  const damaged = (reason: string) => err({ kind: 'damaged', reason } as const);
  if (content === undefined) return damaged('not readable as JSON');
  if (!isKeyFile(content)) return damaged('not of the form of a key file');
  if (content.version !== versions.clear) return damaged('of an unknown version');
  if (content.checksum !== checksumOf(content)) return damaged('checksum does not match');
  const keys = Object.values(content.keys);
  if (![...keys, content.lookup].every((key) => Buffer.from(key, 'base64').length === keyBytes))
    return damaged('a key has a wrong length');
  if (keys.length > keysMax || !(content.current in content.keys))
    return damaged('the current key is missing');
  return ok(content);
}

/** Guards against damage, not against forgery: who can write the file has the keys anyway. */
function checksumOf({ version, current, keys, lookup }: KeyFile): string {
  const content = JSON.stringify([version, current, Object.entries(keys), lookup]);
  return createHash('sha256').update(content, 'utf8').digest('hex');
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
