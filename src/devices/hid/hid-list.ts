import { err, ok, type Result } from '../../kernel/result.ts';

export interface HidDevice {
  readonly path: string;
  /** Vendor and product, as numbers and, where it tells them, as names. */
  readonly words: string;
}

/** As much of `node-hid` as is used here. */
export interface HidModule {
  devicesAsync(): Promise<
    readonly {
      readonly vendorId: number;
      readonly productId: number;
      readonly path?: string | undefined;
      readonly manufacturer?: string | undefined;
      readonly product?: string | undefined;
    }[]
  >;
}

/**
 * The HID devices, or one sentence why they cannot be listed. The native module of `node-hid` needs libusb and libudev
 * even where it uses neither (reference: its glibc prebuild), so it is loaded only now and may fail to.
 */
export async function listHidDevices(
  load: () => Promise<HidModule> = () => import('node-hid'),
): Promise<Result<readonly HidDevice[], string>> {
  try {
    const devices = await (await load()).devicesAsync();
    return ok(devices.map((device) => ({ path: device.path ?? '?', words: wordsOf(device) })));
  } catch (error) {
    const reason = reasonOf(error);
    return err(reason.endsWith(installHint) ? reason : `the HID module does not work: ${reason}`);
  }
}

const installHint = 'on Debian: apt-get install libusb-1.0-0 libudev1';

/** Why `node-hid` did not do something, in one line that a technician can act on. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  const missing = /(lib[\w.-]+\.so[\w.]*): cannot open shared object file/.exec(reason)?.[1];
  return missing === undefined ? reason : `${missing} is missing; ${installHint}`;
}

function wordsOf(device: {
  vendorId: number;
  productId: number;
  manufacturer?: string | undefined;
  product?: string | undefined;
}): string {
  const id = [device.vendorId, device.productId]
    .map((number) => number.toString(16).padStart(4, '0'))
    .join(':');
  return [id, device.manufacturer, device.product]
    .filter((word) => word !== undefined && word !== '')
    .join(' ');
}
