import { unreachable } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { SerialBarcodeScanner } from '../devices/barcode-scanner/driver.ts';
import { HidPosBarcodeScanner } from '../devices/barcode-scanner/hid-pos.ts';
import { barCodeScannerPage, barCodeScannerUsage } from '../devices/barcode-scanner/hid-pos-wire.ts';
import type { BarcodeScanner } from '../devices/barcode-scanner/scanner.ts';
import { WedgeBarcodeScanner } from '../devices/barcode-scanner/wedge.ts';
import { openNodeHid } from '../devices/hid/node-hid.ts';
import { openSerial } from '../devices/serial.ts';
import { portOf, type DeviceConfig, type DeviceConfigOf } from './config/devices.ts';
import { hidSelectorOf } from './config/devices/hid-device.ts';

export interface DevicePorts {
  readonly clock: Clock;
  readonly log: Log;
}

/** The devices of a station, each kind in the order of the configuration. None of them is started. */
export interface Devices {
  readonly scanners: readonly BarcodeScanner[];
  /** The scanner that types, which is one of them. */
  readonly wedge: WedgeBarcodeScanner | undefined;
}

/** Makes the devices that the configuration names. */
export function composeDevices(configs: readonly DeviceConfig[], ports: DevicePorts): Devices {
  const scanners: BarcodeScanner[] = [];
  for (const config of configs) {
    switch (config.kind) {
      case 'barcode-scanner':
        scanners.push(barcodeScanner(config, ports));
        break;
      default:
        unreachable(config.kind);
    }
  }
  const wedge = scanners.find((scanner) => scanner instanceof WedgeBarcodeScanner);
  return { scanners, wedge };
}

function barcodeScanner(config: DeviceConfigOf<'barcode-scanner'>, ports: DevicePorts): BarcodeScanner {
  const shared = { ...ports, path: portOf(config), doubleScanMs: config.doubleScanMs };
  switch (config.driver) {
    case 'serial':
      return new SerialBarcodeScanner({ ...shared, open: openSerial(config), wire: config });
    case 'hid-pos':
      return new HidPosBarcodeScanner({
        ...shared,
        prefix: config.prefix,
        open: openNodeHid({
          ...hidSelectorOf(config),
          usagePage: barCodeScannerPage,
          usage: barCodeScannerUsage,
        }),
      });
    case 'wedge':
      return new WedgeBarcodeScanner({ ...shared, text: config });
    default:
      return unreachable(config);
  }
}
