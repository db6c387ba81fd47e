import { unreachable } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { SerialBarcodeScanner } from '../devices/barcode-scanner/driver.ts';
import {
  barCodeScannerPage,
  barCodeScannerUsage,
  HidPosReports,
} from '../devices/barcode-scanner/hid-pos-wire.ts';
import { HidBarcodeScanner } from '../devices/barcode-scanner/hid-scanner.ts';
import {
  genericDesktopPage,
  KeyboardReports,
  keyboardUsage,
} from '../devices/barcode-scanner/keyboard-wire.ts';
import type { BarcodeScanner } from '../devices/barcode-scanner/scanner.ts';
import { setupCommands } from '../devices/barcode-scanner/setup-commands.ts';
import { SsiBarcodeScanner } from '../devices/barcode-scanner/ssi.ts';
import { WedgeBarcodeScanner } from '../devices/barcode-scanner/wedge.ts';
import type { HidSelector } from '../devices/hid/hid-port.ts';
import { openNodeHid } from '../devices/hid/node-hid.ts';
import { openSerial } from '../devices/serial.ts';
import { portOf, type DeviceConfigOf } from './config/devices.ts';
import { hidSelectorOf } from './config/devices/hid-device.ts';

/** Makes the barcode scanner that the configuration describes. */
export function composeBarcodeScanner(
  config: DeviceConfigOf<'barcode-scanner'>,
  ports: { readonly clock: Clock; readonly log: Log },
): BarcodeScanner {
  const shared = { ...ports, path: portOf(config), doubleScanMs: config.doubleScanMs };
  switch (config.driver) {
    case 'serial':
      return new SerialBarcodeScanner({
        ...shared,
        open: openSerial(config),
        wire: config,
        setup: config.setup.map((name) => setupCommands[name]),
      });
    case 'ssi':
      return new SsiBarcodeScanner({ ...shared, open: openSerial(config), text: { prefix: config.prefix } });
    case 'hid-pos':
      return new HidBarcodeScanner({
        ...shared,
        reports: new HidPosReports({ prefix: config.prefix }),
        open: openNodeHid({
          ...hidSelectorOf(config),
          usagePage: barCodeScannerPage,
          usage: barCodeScannerUsage,
        }),
      });
    case 'keyboard':
      return new HidBarcodeScanner({
        ...shared,
        reports: new KeyboardReports(config),
        open: openNodeHid(keyboardOf(hidSelectorOf(config))),
      });
    case 'wedge':
      return new WedgeBarcodeScanner({ ...shared, text: config });
    default:
      return unreachable(config);
  }
}

/** The keyboard of a device that may have other sides as well. */
export function keyboardOf(selector: HidSelector): HidSelector {
  return { ...selector, usagePage: genericDesktopPage, usage: keyboardUsage };
}
