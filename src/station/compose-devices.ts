import { unreachable } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { SerialBarcodeScanner } from '../devices/barcode-scanner/driver.ts';
import { openDeviceFile } from '../devices/device-file.ts';
import { EscPosPrinter } from '../devices/receipt-printer/escpos.ts';
import type { PaperOptions } from '../devices/receipt-printer/paper.ts';
import type { ReceiptPrinter } from '../devices/receipt-printer/receipt-printer.ts';
import type { OpenByteStream } from '../kernel/bytes.ts';
import { openTcp } from '../sip2/tcp.ts';
import { HidBarcodeScanner } from '../devices/barcode-scanner/hid-scanner.ts';
import {
  barCodeScannerPage,
  barCodeScannerUsage,
  HidPosReports,
} from '../devices/barcode-scanner/hid-pos-wire.ts';
import type { BarcodeScanner } from '../devices/barcode-scanner/scanner.ts';
import { WedgeBarcodeScanner } from '../devices/barcode-scanner/wedge.ts';
import { JoinedRfidReaders } from '../devices/rfid-reader/joined.ts';
import type { RfidReader, RfidReaderStatus } from '../devices/rfid-reader/rfid-reader.ts';
import { openNodeHid } from '../devices/hid/node-hid.ts';
import { openSerial } from '../devices/serial.ts';
import { composeRfidReader } from './compose-rfid-reader.ts';
import { portOf, type DeviceConfig, type DeviceConfigOf } from './config/devices.ts';
import { hidSelectorOf } from './config/devices/hid-device.ts';

export interface DevicePorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each of several RFID readers, in the order of the configuration. */
  readonly onRfidReader?: (index: number, status: RfidReaderStatus) => void;
}

/** The devices of a station, each kind in the order of the configuration. None of them is started. */
export interface Devices {
  readonly scanners: readonly BarcodeScanner[];
  /** The scanner that types, which is one of them. */
  readonly wedge: WedgeBarcodeScanner | undefined;
  /** The RFID readers, as one; none where the configuration has none. */
  readonly rfidReader: RfidReader | undefined;
  /** The first one that is configured. */
  readonly printer: { readonly device: ReceiptPrinter; readonly paper: PaperOptions } | undefined;
}

/** Makes the devices that the configuration names. */
export function composeDevices(configs: readonly DeviceConfig[], ports: DevicePorts): Devices {
  const scanners: BarcodeScanner[] = [];
  const rfidReaders: RfidReader[] = [];
  let printer: Devices['printer'];
  for (const config of configs) {
    switch (config.kind) {
      case 'barcode-scanner':
        scanners.push(barcodeScanner(config, ports));
        break;
      case 'rfid-reader':
        rfidReaders.push(composeRfidReader(config, ports));
        break;
      case 'receipt-printer':
        printer ??= receiptPrinter(config, ports);
        break;
      default:
        unreachable(config);
    }
  }
  const wedge = scanners.find((scanner) => scanner instanceof WedgeBarcodeScanner);
  return { scanners, wedge, rfidReader: joined(rfidReaders, ports), printer };
}

function joined(readers: readonly RfidReader[], ports: DevicePorts): RfidReader | undefined {
  if (readers.length === 0) return undefined;
  return new JoinedRfidReaders(ports.clock, readers, ports.onRfidReader);
}

function barcodeScanner(config: DeviceConfigOf<'barcode-scanner'>, ports: DevicePorts): BarcodeScanner {
  const shared = { ...ports, path: portOf(config), doubleScanMs: config.doubleScanMs };
  switch (config.driver) {
    case 'serial':
      return new SerialBarcodeScanner({ ...shared, open: openSerial(config), wire: config });
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
    case 'wedge':
      return new WedgeBarcodeScanner({ ...shared, text: config });
    default:
      return unreachable(config);
  }
}

function receiptPrinter(
  config: DeviceConfigOf<'receipt-printer'>,
  ports: DevicePorts,
): NonNullable<Devices['printer']> {
  const { columns, codePages, cut, dialect } = config;
  const device = new EscPosPrinter({ ...ports, path: portOf(config), dialect, open: openPrinter(config) });
  return { device, paper: { columns, maker: codePages, cut } };
}

function openPrinter(config: DeviceConfigOf<'receipt-printer'>): OpenByteStream {
  switch (config.driver) {
    case 'serial':
      return openSerial(config);
    case 'tcp':
      return openTcp(config.host, config.port);
    case 'usb':
      return openDeviceFile(config.path);
    default:
      return unreachable(config);
  }
}
