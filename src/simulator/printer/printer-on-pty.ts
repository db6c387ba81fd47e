import { DeviceOnPty } from '../device-on-pty.ts';
import type { PrintedLine } from './paper-reader.ts';
import { VirtualPrinter } from './virtual-printer.ts';

/** A virtual printer at the end of a real terminal: the station’s driver opens `devicePath` as it would a printer’s port. */
export class PrinterOnPty {
  readonly printer: VirtualPrinter;
  readonly #device: DeviceOnPty;

  private constructor(printer: VirtualPrinter, device: DeviceOnPty) {
    this.printer = printer;
    this.#device = device;
  }

  /** @param onPaper told of each piece of paper that comes out */
  static async create(onPaper?: (lines: readonly PrintedLine[]) => void): Promise<PrinterOnPty> {
    const printer = new VirtualPrinter(onPaper);
    return new PrinterOnPty(printer, await DeviceOnPty.create(printer));
  }

  get devicePath(): string {
    return this.#device.devicePath;
  }

  get plugged(): boolean {
    return this.#device.plugged;
  }

  unplug(): Promise<void> {
    return this.#device.unplug();
  }

  replug(): Promise<void> {
    return this.#device.replug();
  }

  close(): Promise<void> {
    return this.#device.close();
  }
}
