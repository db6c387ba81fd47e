/** The length of a device key. */
export const deviceKeyBytes = 32;

/** 32 bytes in base64 or hexadecimal. */
export function keyFrom(text: string | undefined): Uint8Array | undefined {
  const trimmed = text?.trim() ?? '';
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Uint8Array.from(Buffer.from(trimmed, 'hex'));
  if (/^[A-Za-z0-9+/]{43}=$/.test(trimmed)) return Uint8Array.from(Buffer.from(trimmed, 'base64'));
  return undefined;
}
