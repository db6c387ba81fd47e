import type { HidSelector } from '../../../devices/hid/hid-port.ts';
import { text, whole } from '../describe.ts';

/** The keys that say which HID device is meant; without any of them it is the first that fits the driver. */
export const hidDevice = {
  path: text(
    255,
    'The HID device by its name, such as /dev/hidraw0, which may change with each plugging. Better left out.',
  ).optional(),
  vendorId: whole(0, 0xffff, 'The USB vendor, such as 0x05E0; npx omatoimi device list tells it.').optional(),
  productId: whole(0, 0xffff, 'The USB product.').optional(),
  serialNumber: text(126, 'The serial number, where two of a kind are plugged in.').optional(),
};

/** The keys of a device that types: named exactly, or a technician’s keyboard would be read. */
export const keyboardDevice = {
  vendorId: whole(0, 0xffff, 'The USB vendor, such as 0x05E0; npx omatoimi device list tells it.'),
  productId: whole(0, 0xffff, 'The USB product.'),
  path: hidDevice.path,
  serialNumber: hidDevice.serialNumber,
};

export function hidSelectorOf(config: HidSelector): HidSelector {
  const { path, vendorId, productId, serialNumber } = config;
  return { path, vendorId, productId, serialNumber };
}
