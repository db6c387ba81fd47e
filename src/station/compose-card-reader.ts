import { unreachable } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { SerialBarcodeScanner } from '../devices/barcode-scanner/driver.ts';
import { HidBarcodeScanner } from '../devices/barcode-scanner/hid-scanner.ts';
import { KeyboardReports } from '../devices/barcode-scanner/keyboard-wire.ts';
import type { CardReader } from '../devices/card-reader/card-reader.ts';
import { MagtekCardReader, magtekVendorId } from '../devices/card-reader/magtek.ts';
import { PcscCardReader } from '../devices/card-reader/pcsc.ts';
import { ScannerCardReader } from '../devices/card-reader/scanner-card-reader.ts';
import { Twn4CardReader } from '../devices/card-reader/twn4.ts';
import { openNodeHid } from '../devices/hid/node-hid.ts';
import { openSerial } from '../devices/serial.ts';
import { openUnixSocket } from '../devices/unix-socket.ts';
import { keyboardOf } from './compose-barcode-scanner.ts';
import { portOf, type DeviceConfigOf } from './config/devices.ts';
import { hidSelectorOf } from './config/devices/hid-device.ts';

/** Makes the card reader that the configuration describes. */
export function composeCardReader(
  config: DeviceConfigOf<'card-reader'>,
  ports: { readonly clock: Clock; readonly log: Log },
): CardReader {
  const shared = { ...ports, path: portOf(config) };
  switch (config.driver) {
    case 'magtek-hid': {
      const selector = { vendorId: magtekVendorId, ...defined(hidSelectorOf(config)) };
      return new MagtekCardReader({ ...shared, track: config.track, open: openNodeHid(selector) });
    }
    case 'twn4':
      return new Twn4CardReader({ ...shared, form: config, open: openSerial(config) });
    case 'pcsc': {
      const open = openUnixSocket(config.path);
      return new PcscCardReader({ ...shared, reader: config.reader, form: config, open });
    }
    case 'keyboard':
      return new ScannerCardReader(
        new HidBarcodeScanner({
          ...shared,
          reports: new KeyboardReports(),
          open: openNodeHid(keyboardOf(hidSelectorOf(config))),
        }),
      );
    case 'serial':
      return new ScannerCardReader(
        new SerialBarcodeScanner({
          ...shared,
          open: openSerial(config),
          wire: config,
          doubleScanMs: config.doubleScanMs,
        }),
      );
    default:
      return unreachable(config);
  }
}

/** Without the keys that nothing stands for, so that they do not cover a default. */
function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Partial<T>;
}
