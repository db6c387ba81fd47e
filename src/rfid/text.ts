const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 as text, or undefined where it is none. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  let text = '';
  for (const byte of bytes) {
    if (byte > 0x7e) return decoded(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

/** Text in a field that is filled up with 00, without blanks at its ends; undefined where something else stands there. May be empty. */
export function paddedText(bytes: Uint8Array, from: number, to: number): string | undefined {
  const end = Math.min(to, bytes.length);
  let last = from;
  while (last < end && bytes[last] !== 0) last++;
  for (let at = last; at < end; at++) if (bytes[at] !== 0) return undefined;
  const text = utf8Text(bytes.subarray(from, last));
  return text === undefined || hasControl(text) ? undefined : text.trim();
}

/** Can the text be an identifier in a message to the library system? */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !hasControl(text) && !text.includes('|');
}
