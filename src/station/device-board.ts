import type { RfidReaderStatus } from '../devices/rfid-reader/rfid-reader.ts';
import { rfidAdvice } from '../devices/rfid-reader/advice.ts';
import { printerAdvice, type PrinterState } from '../devices/receipt-printer/advice.ts';
import { scannerAdvice } from '../devices/barcode-scanner/advice.ts';
import type { ScannerStatus } from '../devices/barcode-scanner/scanner.ts';
import { cardReaderAdvice } from '../devices/card-reader/advice.ts';
import type { CardReaderStatus } from '../devices/card-reader/card-reader.ts';
import { relayAdvice } from '../devices/relay/advice.ts';
import type { RelayStatus } from '../devices/relay/relay-board.ts';
import { unreachable } from '../kernel/assert.ts';
import { portOf, type DeviceConfig } from './config/devices.ts';
import { maybe } from './core/maybe.ts';

/** How a device is, as a technician is told. */
export interface DeviceLine {
  readonly kind: DeviceConfig['kind'];
  readonly driver: string;
  readonly port: string;
  /** The device’s own word; `unknown` until it told one. */
  readonly state: string;
  /** What it said of itself: its name, or why it is away. */
  readonly reason?: string;
  /** What to look at. */
  readonly advice?: string;
}

/** A status of any device: a state, and mostly words. */
export interface AnyStatus {
  readonly state: string;
  readonly reason?: string;
  readonly words?: string;
}

/** The last status of each device of the configuration, for whoever looks in from afar. */
export class DeviceBoard {
  readonly #configs: readonly DeviceConfig[];
  readonly #statuses = new Map<DeviceConfig, AnyStatus>();

  constructor(configs: readonly DeviceConfig[]) {
    this.#configs = configs;
  }

  /** @param index which of the devices of this kind, in the order of the configuration */
  tell(kind: DeviceConfig['kind'], index: number, status: AnyStatus): void {
    const config = this.#configs.filter((other) => other.kind === kind)[index];
    if (config !== undefined) this.#statuses.set(config, status);
  }

  lines(): readonly DeviceLine[] {
    return this.#configs.map((config) => {
      const status = this.#statuses.get(config);
      return {
        kind: config.kind,
        driver: config.driver,
        port: portOf(config),
        state: status?.state ?? 'unknown',
        ...maybe('reason', status?.reason ?? status?.words),
        ...maybe('advice', status === undefined ? undefined : adviceFor(config.kind, status.state)),
      };
    });
  }
}

function adviceFor(kind: DeviceConfig['kind'], state: string): string | undefined {
  switch (kind) {
    case 'rfid-reader':
      return rfidAdvice[state as RfidReaderStatus['state']];
    case 'receipt-printer':
      return printerAdvice[state as PrinterState];
    case 'barcode-scanner':
      return scannerAdvice[state as ScannerStatus['state']];
    case 'card-reader':
      return cardReaderAdvice[state as CardReaderStatus['state']];
    case 'relay':
      return relayAdvice[state as RelayStatus['state']];
    default:
      return unreachable(kind);
  }
}
