import type { Result } from '../../kernel/result.ts';
import type { Link, LinkEvents } from '../kept-open.ts';

/** Which HID device is meant. What is left out may be anything; the first device that fits is taken. */
export interface HidSelector {
  /** The operating system’s name, such as `/dev/hidraw0`. It may change with each plugging. */
  readonly path?: string | undefined;
  readonly vendorId?: number | undefined;
  readonly productId?: number | undefined;
  readonly serialNumber?: string | undefined;
  /** USB HID usage tables: page and usage of the device’s top-level collection. */
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

/** What happens on an open HID device. After `closed` nothing more comes. */
export interface HidEvents extends LinkEvents {
  /** One input report, with its id first where the device numbers its reports. The bytes belong to the listener. */
  report(bytes: Uint8Array): void;
}

/** One HID device, opening or open. Nothing throws; a reply comes later, never from within the call, and may never come. */
export interface HidLink extends Link {
  /** Sends a feature report; the first byte is its id, 0 where the device does not number its reports. */
  sendFeature(bytes: Uint8Array, reply: (sent: Result<undefined, string>) => void): void;
  /** Asks for a feature report of at most `length` bytes, its id included, which comes first. */
  getFeature(id: number, length: number, reply: (read: Result<Uint8Array, string>) => void): void;
}

/** Starts finding and opening a HID device. The events come later, never from within this call. */
export type OpenHid = (events: HidEvents) => HidLink;

/** What a selector says, for a person. */
export function selectorWords(selector: HidSelector): string {
  const { path, vendorId, productId, serialNumber, usagePage } = selector;
  const hex = (value: number | undefined): string => value?.toString(16).padStart(4, '0') ?? '*';
  if (path !== undefined) return path;
  const words = [
    vendorId === undefined && productId === undefined ? [] : [`${hex(vendorId)}:${hex(productId)}`],
    serialNumber === undefined ? [] : [`serial number ${serialNumber}`],
    usagePage === undefined ? [] : [`usage page ${hex(usagePage)}`],
  ].flat();
  return `HID ${words.length === 0 ? 'any' : words.join(', ')}`;
}

/** As much as is known of a device that is plugged in. */
export interface HidListed {
  readonly path?: string | undefined;
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber?: string | undefined;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

/** Whether a device is one that is meant. */
export function isSelected(listed: HidListed, selector: HidSelector): boolean {
  return (['path', 'vendorId', 'productId', 'serialNumber', 'usagePage', 'usage'] as const).every(
    (key) => selector[key] === undefined || selector[key] === listed[key],
  );
}
