import { standardDialect, type Dialect } from './dialect.ts';

/** Everything of a message as it shall stand on the wire, right or wrong. */
export interface LooseMessage {
  readonly code: string;
  /** The values of the fixed part, in order. */
  readonly fixed: readonly string[];
  readonly fields: readonly (readonly [id: string, value: string])[];
  /** What stands after the last field, such as `AY1AZFCA0`. */
  readonly tail?: string;
}

/**
 * Writes a message unchecked, for playing a library system that keeps to no table. What the character set lacks
 * becomes a question mark. Without a line end.
 */
export function writeLoosely(message: LooseMessage, dialect: Dialect = standardDialect): Buffer {
  const question = Buffer.from('?');
  const encode = (text: string): Uint8Array =>
    dialect.charset.encode(text) ??
    Buffer.concat(Array.from(text, (character) => dialect.charset.encode(character) ?? question));
  const delimiter = Buffer.from([dialect.delimiter]);
  const parts: Uint8Array[] = [encode(message.code + message.fixed.join(''))];
  for (const [id, value] of message.fields) parts.push(encode(id), encode(value), delimiter);
  parts.push(encode(message.tail ?? ''));
  return Buffer.concat(parts);
}
