import {
  type Printed,
  type PrinterStatus,
  type ReceiptPrinter,
  type ReceiptPrinterEvents,
} from './receipt-printer.ts';

/** A printer in memory, steered by a test or a simulation. */
export class MemoryReceiptPrinter implements ReceiptPrinter {
  /** What came out, the newest last. */
  readonly jobs: Uint8Array[] = [];
  #events: ReceiptPrinterEvents | undefined;
  #status: PrinterStatus = { problem: undefined, paperLow: false };
  readonly #later: (act: () => void) => void;

  /** @param later carries out something soon, and not from within the call */
  constructor(later: (act: () => void) => void) {
    this.#later = later;
  }

  start(events: ReceiptPrinterEvents): void {
    this.#events = events;
    events.onStatus(this.#status);
  }

  stop(): void {
    this.#events = undefined;
  }

  become(status: PrinterStatus): void {
    this.#status = status;
    this.#events?.onStatus(status);
  }

  print(job: Uint8Array, reply: (printed: Printed) => void): void {
    const { problem } = this.#status;
    if (problem === undefined) this.jobs.push(Uint8Array.from(job));
    this.#later(() => reply(problem === undefined ? { is: 'printed' } : { is: 'failed', problem }));
  }
}
