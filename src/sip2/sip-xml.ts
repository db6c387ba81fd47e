import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { SaxesParser } from 'saxes';

/** The namespace of the Danish guideline, by Axiell; Koha-Suomi has its own. */
export const sipNamespaceDefault = 'http://axiell.com/Schema/sip.xsd';

/** Longest body that is read. */
export const xmlBytesMax = 1_048_576;

/** What a body says. */
export type SipXml =
  | {
      readonly kind: 'request' | 'response' | 'error';
      readonly text: string;
      readonly login: string | undefined;
      readonly password: string | undefined;
    }
  /** FBS’s own form of a failure, by its code. */
  | { readonly kind: 'exception'; readonly code: string }
  /** It has a document type, which nothing honest has. */
  | { readonly kind: 'doctype' }
  /** Well-formed, and none of the above. */
  | { readonly kind: 'other' }
  | { readonly kind: 'notXml' };

const escapes: ReadonlyMap<number, Buffer> = new Map(
  Object.entries({ '&': '&amp;', '<': '&lt;', '>': '&gt;' }).map(([sign, text]) => [
    sign.charCodeAt(0),
    Buffer.from(text),
  ]),
);

/**
 * A SIP2 message in its envelope: the literal prefix `ns1`, an unqualified `request`, no white space around the text. Made
 * from bytes of UTF-8 to bytes, so that a PIN in it never becomes text; whoever gets it overwrites it.
 */
export function writeSipXml(
  message: Uint8Array,
  envelope: { readonly namespace: string; readonly login: string; readonly password: string },
): Buffer {
  const { namespace, login, password } = envelope;
  const head = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><ns1:sip xmlns:ns1="${attribute(namespace)}" login="${attribute(login)}" password="${attribute(password)}"><request>`,
  );
  const foot = Buffer.from('</request></ns1:sip>');
  let end = message.length;
  while (end > 0 && (message[end - 1] === 0x0d || message[end - 1] === 0x0a)) end--;
  let bytes = head.length + foot.length;
  for (let index = 0; index < end; index++) bytes += escapes.get(message[index] ?? 0)?.length ?? 1;
  const body = Buffer.alloc(bytes);
  let at = head.copy(body);
  for (let index = 0; index < end; index++) {
    const byte = message[index] ?? 0;
    const escaped = escapes.get(byte);
    if (escaped === undefined) body[at++] = byte;
    else at += escaped.copy(body, at);
  }
  foot.copy(body, at);
  head.fill(0);
  return body;
}

function attribute(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return text.replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}

function textOf(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return isUtf8(bytes) ? bytes.toString('utf8') : iconv.decode(bytes, 'windows-1252');
}

/** Ends the parsing of what is not to be read any further. */
class Stop extends Error {}

/** The name without its prefix: any prefix is as good, declared or not. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/**
 * Reads a body strictly: what is not well-formed is no XML, a document type is refused as soon as it is seen, and no entity
 * is known but XML’s own five. Never throws.
 */
export function readSipXml(body: Uint8Array): SipXml {
  if (body.length > xmlBytesMax) return { kind: 'notXml' };
  const reader = new SipReader();
  const parser = new SaxesParser({ xmlns: false });
  parser.on('doctype', () => {
    reader.doctype = true;
    throw new Stop();
  });
  parser.on('opentag', ({ name, attributes }) => reader.open(localName(name), attributes));
  parser.on('closetag', () => reader.close());
  parser.on('text', (text) => reader.text(text));
  parser.on('cdata', (text) => reader.text(text));
  try {
    parser.write(textOf(body)).close();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { kind: reader.doctype ? 'doctype' : 'notXml' };
  }
  return reader.result();
}

class SipReader {
  doctype = false;
  #depth = 0;
  #root = '';
  #login: string | undefined;
  #password: string | undefined;
  /** Elements within the root, by name, with their text. */
  readonly #children: { readonly name: string; text: string }[] = [];

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#depth++;
    if (this.#depth === 1) {
      this.#root = name;
      this.#login = attributes['login'];
      this.#password = attributes['password'];
    }
    if (this.#depth === 2) this.#children.push({ name, text: '' });
  }

  close(): void {
    this.#depth--;
  }

  text(text: string): void {
    const child = this.#children.at(-1);
    if (this.#depth === 2 && child !== undefined) child.text += text;
  }

  result(): SipXml {
    const [child, ...others] = this.#children;
    if (this.#root === 'restExceptionInfo') {
      const code = this.#children.find(({ name }) => name === 'errorCode')?.text.trim() ?? '';
      return { kind: 'exception', code: /^\w{1,60}$/.test(code) ? code : '' };
    }
    if (this.#root !== 'sip' || child === undefined || others.length > 0) return { kind: 'other' };
    const { name, text } = child;
    if (name !== 'request' && name !== 'response' && name !== 'error') return { kind: 'other' };
    return { kind: name, text, login: this.#login, password: this.#password };
  }
}
