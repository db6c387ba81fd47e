import { unreachable } from '../kernel/assert.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { openDeviceFile } from '../devices/device-file.ts';
import { EscPosPrinter } from '../devices/receipt-printer/escpos.ts';
import type { PaperOptions } from '../devices/receipt-printer/paper.ts';
import type { ReceiptPrinter } from '../devices/receipt-printer/receipt-printer.ts';
import type { OpenByteStream } from '../kernel/bytes.ts';
import { openTcp } from '../sip2/tcp.ts';
import type { BarcodeScanner } from '../devices/barcode-scanner/scanner.ts';
import type { CardReader } from '../devices/card-reader/card-reader.ts';
import { WedgeBarcodeScanner } from '../devices/barcode-scanner/wedge.ts';
import { JoinedRfidReaders } from '../devices/rfid-reader/joined.ts';
import type { RfidReader, RfidReaderStatus } from '../devices/rfid-reader/rfid-reader.ts';
import { openSerial } from '../devices/serial.ts';
import { composeBarcodeScanner } from './compose-barcode-scanner.ts';
import { composeCardReader } from './compose-card-reader.ts';
import { composeRelay } from './compose-relay.ts';
import { composeRfidReader } from './compose-rfid-reader.ts';
import { portOf, type DeviceConfig, type DeviceConfigOf } from './config/devices.ts';
import type { LitBoard } from './lights.ts';

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
  readonly cardReaders: readonly CardReader[];
  readonly relays: readonly LitBoard[];
  /** The RFID readers, as one; none where the configuration has none. */
  readonly rfidReader: RfidReader | undefined;
  /** The first one that is configured. */
  readonly printer: { readonly device: ReceiptPrinter; readonly paper: PaperOptions } | undefined;
}

/** Makes the devices that the configuration names. */
export function composeDevices(configs: readonly DeviceConfig[], ports: DevicePorts): Devices {
  const scanners: BarcodeScanner[] = [];
  const cardReaders: CardReader[] = [];
  const relays: LitBoard[] = [];
  const rfidReaders: RfidReader[] = [];
  let printer: Devices['printer'];
  for (const config of configs) {
    switch (config.kind) {
      case 'barcode-scanner':
        scanners.push(composeBarcodeScanner(config, ports));
        break;
      case 'card-reader':
        cardReaders.push(composeCardReader(config, ports));
        break;
      case 'relay':
        relays.push(composeRelay(config, ports));
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
  return { scanners, wedge, cardReaders, relays, rfidReader: joined(rfidReaders, ports), printer };
}

function joined(readers: readonly RfidReader[], ports: DevicePorts): RfidReader | undefined {
  if (readers.length === 0) return undefined;
  return new JoinedRfidReaders(ports.clock, readers, ports.onRfidReader);
}

function receiptPrinter(
  config: DeviceConfigOf<'receipt-printer'>,
  ports: DevicePorts,
): NonNullable<Devices['printer']> {
  const { columns, codePages, cut, dialect } = config;
  const device = new EscPosPrinter({
    ...ports,
    path: portOf(config),
    dialect,
    open: openPrinter(config, ports.clock),
  });
  return { device, paper: { columns, maker: codePages, cut } };
}

function openPrinter(config: DeviceConfigOf<'receipt-printer'>, clock: Clock): OpenByteStream {
  switch (config.driver) {
    case 'serial':
      return openSerial(config);
    case 'tcp':
      return openTcp(config.host, config.port);
    case 'usb':
      return openDeviceFile(config.path, clock);
    default:
      return unreachable(config);
  }
}
