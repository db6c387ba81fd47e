import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { err, ok, type Result } from '../kernel/result.ts';

/** What ends a message that we write; each is understood. */
export type Terminator = 'CR' | 'CRLF' | 'LF';

/** How text stands on the wire: its character set, the byte between fields, what ends a message. */
export interface Dialect {
  readonly charset: Charset;
  /** The byte that ends each variable field, `|` by default. */
  readonly delimiter: number;
  readonly terminator: Terminator;
  /** A delimiter stands between the fixed part and the first variable field, or in the place of its last blank. */
  readonly delimiterAfterFixed?: boolean;
}

export interface Charset {
  readonly name: string;
  /** Text of the bytes, as they have it. `clean` is false where bytes had to be guessed at. */
  decode(bytes: Uint8Array): { readonly text: string; readonly clean: boolean };
  /** Bytes of the text, or undefined where the charset has no such character. */
  encode(text: string): Uint8Array | undefined;
}

/** What is read instead where bytes are not valid UTF-8: most library systems that lie about it mean this. */
const fallbackEncoding = 'windows-1252';

/** Signs that no reader sees: what a character set makes of bytes that it has no letter for. */
const invisible = /[\u0080-\u009f]/;
const allInvisible = /[\u0080-\u009f]/g;

const utf8: Charset = {
  name: 'utf-8',
  decode(bytes) {
    if (isUtf8(bytes)) return { text: asBuffer(bytes).toString('utf8'), clean: true };
    const text = iconv.decode(asBuffer(bytes), fallbackEncoding);
    return { text: text.replaceAll(allInvisible, '\ufffd'), clean: false };
  },
  encode: (text) => (text.isWellFormed() ? Buffer.from(text, 'utf8') : undefined),
};

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function otherCharset(name: string): Charset {
  return {
    name,
    decode(bytes) {
      const text = iconv.decode(asBuffer(bytes), name, { stripBOM: false });
      if (!invisible.test(text)) return { text: text, clean: !text.includes('\ufffd') };
      // Who says ISO 8859-1 mostly means Windows-1252; what that lacks too stays to be seen as a sign of its own.
      const latin1 = /^(?:iso-?8859-?1|latin-?1)$/i.test(name);
      const shown = latin1 ? iconv.decode(asBuffer(bytes), fallbackEncoding) : text;
      return { text: shown.replaceAll(allInvisible, '\ufffd'), clean: false };
    },
    encode(text) {
      const composed = text.normalize('NFC');
      const bytes = iconv.encode(composed, name, { addBOM: false });
      return iconv.decode(bytes, name, { stripBOM: false }) === composed ? bytes : undefined;
    },
  };
}

/** A charset by its IANA name, or undefined where there is none or it does not contain ASCII as it is. */
export function charsetNamed(name: string): Charset | undefined {
  if (/^utf-?8$/i.test(name)) return utf8;
  if (!iconv.encodingExists(name)) return undefined;
  const probe = "93 AZ|Y+&-'";
  const bytes = iconv.encode(probe, name);
  return isAscii(bytes) && bytes.length === probe.length && iconv.decode(bytes, name) === probe
    ? otherCharset(name)
    : undefined;
}

export interface DialectSettings {
  readonly charset?: string;
  /** One character of ASCII, or one byte such as 0x80. */
  readonly delimiter?: string | number;
  readonly terminator?: Terminator;
  readonly delimiterAfterFixed?: boolean;
}

export type DialectError = { readonly kind: 'charset' | 'delimiter'; readonly value: string };

/** A dialect from settings; what is left out is the standard’s or the usual choice. */
export function dialectOf(settings: DialectSettings = {}): Result<Dialect, DialectError> {
  const charset = charsetNamed(settings.charset ?? 'utf-8');
  if (charset === undefined) return err({ kind: 'charset', value: settings.charset ?? '' });
  const given = settings.delimiter ?? '|';
  const delimiter = typeof given === 'number' ? given : given.length === 1 ? given.charCodeAt(0) : 0;
  if (!isDelimiter(delimiter)) return err({ kind: 'delimiter', value: String(given) });
  const { terminator = 'CR', delimiterAfterFixed = false } = settings;
  return ok({ charset, delimiter, terminator, delimiterAfterFixed });
}

/** Letters, digits, blanks and line ends stand in messages for themselves. */
function isDelimiter(byte: number): boolean {
  if (!Number.isInteger(byte) || byte <= 0 || byte > 0xff || byte === 0x0d || byte === 0x0a) return false;
  return !/[A-Za-z0-9 ]/.test(String.fromCharCode(byte));
}

/** UTF-8, `|`, CR. */
export const standardDialect: Dialect = { charset: utf8, delimiter: 0x7c, terminator: 'CR' };
