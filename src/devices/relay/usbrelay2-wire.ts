/**
 * USB boards that call themselves `USBRelay1` to `USBRelay8`: feature reports of nine bytes, the first of which is the id 0 that
 * stands for none. On reading: five characters of serial number, two bytes of nothing, the mask of what is on.
 */
export const usbRelay = { vendorId: 0x16c0, productId: 0x05df } as const;
export const usbRelayReportBytes = 9;
const on = 0xff;
const off = 0xfd;
const everyOff = 0xfc;
/** Behind the id. */
const maskAt = 1 + 7;

export function encodeUsbRelay(channel: number, isOn: boolean): Uint8Array {
  return Uint8Array.of(0, isOn ? on : off, channel, 0, 0, 0, 0, 0, 0);
}

export function encodeUsbRelayAllOff(): Uint8Array {
  return Uint8Array.of(0, everyOff, 0, 0, 0, 0, 0, 0, 0);
}

/** The channels that are on, counted from 1; undefined where the report is too short to tell. */
export function readUsbRelay(report: Uint8Array): ReadonlySet<number> | undefined {
  const mask = report[maskAt];
  if (mask === undefined) return undefined;
  return new Set([1, 2, 3, 4, 5, 6, 7, 8].filter((channel) => ((mask >> (channel - 1)) & 1) === 1));
}
