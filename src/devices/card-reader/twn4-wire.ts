import { err, ok, type Result } from '../../kernel/result.ts';
import { isRandomUid } from './card-uid.ts';
import { LookingSplitter, type Look } from '../wire/frames.ts';

/** Elatec TWN4, simple protocol: a command and an answer are each a line of hexadecimal digits that ends in CR. */
const cr = 0x0d;
const lineBytesMax = 128;
/** SearchTag, with room for an identifier of 16 bytes. */
export const searchTag = Buffer.from('050010\r', 'latin1');

/** The kinds of chip that matter here, by the reader’s number for them. */
const iso14443a = 0x80;

export interface Twn4Tag {
  /** The reader’s number for the kind of chip. */
  readonly type: number;
  readonly bits: number;
  readonly uid: Uint8Array;
}

export type Twn4Failure =
  { readonly kind: 'badFrame' } | { readonly kind: 'rejected'; readonly code: string };

export function twn4Splitter(): LookingSplitter {
  return new LookingSplitter(lineBytesMax, look);
}

function look(bytes: Uint8Array): Look {
  const end = bytes.indexOf(cr);
  if (end === -1) return bytes[0] === 0x0a ? 'skip' : 'more';
  if (end === 0) return 'skip';
  return { cut: { kind: 'frame', bytes: Uint8Array.from(bytes.subarray(0, end)) }, bytes: end + 1 };
}

/** The answer to SearchTag: a tag, or none. */
export function readSearchTag(line: Uint8Array): Result<Twn4Tag | undefined, Twn4Failure> {
  const digits = Buffer.from(line).toString('latin1');
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(digits)) return err({ kind: 'badFrame' });
  const [status, found, type = 0, bits = 0, length = 0, ...uid] = Buffer.from(digits, 'hex');
  if (status !== 0) return err({ kind: 'rejected', code: digits.slice(0, 2) });
  if (found === 0 && type === 0 && uid.length === 0 && digits.length === 4) return ok(undefined);
  if (found !== 1 || length === 0 || uid.length !== length || bits > 8 * length || bits <= 8 * (length - 1)) {
    return err({ kind: 'badFrame' });
  }
  return ok({ type, bits, uid: Uint8Array.from(uid) });
}

/** Whether the number is drawn anew each time. */
export function isRandom({ type, uid }: Twn4Tag): boolean {
  return type === iso14443a && isRandomUid(uid);
}
