import { unreachable } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { SerialBarcodeScanner } from '../devices/barcode-scanner/driver.ts';
import type { BarcodeScanner } from '../devices/barcode-scanner/scanner.ts';
import { openSerial } from '../devices/serial.ts';
import type { DeviceConfig, DeviceConfigOf } from './config/devices.ts';

export interface DevicePorts {
  readonly clock: Clock;
  readonly log: Log;
}

/** The devices of a station, each kind in the order of the configuration. None of them is started. */
export interface Devices {
  readonly scanners: readonly BarcodeScanner[];
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
  return { scanners };
}

function barcodeScanner(config: DeviceConfigOf<'barcode-scanner'>, ports: DevicePorts): BarcodeScanner {
  return new SerialBarcodeScanner({
    ...ports,
    path: config.path,
    open: openSerial(config),
    wire: config,
    doubleScanMs: config.doubleScanMs,
  });
}
