import { constants, createReadStream, openSync, type ReadStream } from 'node:fs';
import { PtyPair } from '../pty.ts';
import type { PrintedLine } from './paper-reader.ts';
import { VirtualPrinter } from './virtual-printer.ts';

/** A virtual printer at the end of a real terminal: the station’s driver opens `devicePath` as it would a printer’s port. */
export class PrinterOnPty {
  readonly printer: VirtualPrinter;
  readonly #pair: PtyPair;
  #heard: ReadStream | undefined;

  private constructor(pair: PtyPair, onPaper?: (lines: readonly PrintedLine[]) => void) {
    this.#pair = pair;
    this.printer = new VirtualPrinter({
      // An answer into a terminal that has just been unplugged is lost, as on a cable.
      answer: (bytes) => void pair.write(bytes).catch(() => undefined),
      ...(onPaper === undefined ? {} : { onPaper }),
    });
    this.#listen();
  }

  /** @param onPaper told of each piece of paper that comes out */
  static async create(onPaper?: (lines: readonly PrintedLine[]) => void): Promise<PrinterOnPty> {
    return new PrinterOnPty(await PtyPair.create(), onPaper);
  }

  get devicePath(): string {
    return this.#pair.devicePath;
  }

  get plugged(): boolean {
    return this.#pair.plugged;
  }

  async unplug(): Promise<void> {
    this.#deaf();
    await this.#pair.unplug();
  }

  async replug(): Promise<void> {
    if (this.plugged) return;
    await this.#pair.replug();
    this.#listen();
  }

  async close(): Promise<void> {
    this.#deaf();
    await this.#pair.close();
  }

  #listen(): void {
    const fd = openSync(this.#pair.emulatorPath, constants.O_RDONLY | constants.O_NOCTTY);
    const heard = createReadStream('', { fd });
    heard.on('data', (chunk) => this.printer.take(Buffer.from(chunk)));
    // The terminal ends when its cable is pulled.
    heard.on('error', () => undefined);
    this.#heard = heard;
  }

  #deaf(): void {
    this.#heard?.destroy();
    this.#heard = undefined;
  }
}
