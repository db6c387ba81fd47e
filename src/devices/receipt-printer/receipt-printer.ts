/** Why a printer cannot print, as a person can act on it. */
export type PrinterProblem =
  /** No port, or the cable is out. */
  | 'away'
  /** The port is there and nobody answers: switched off, or no printer. */
  | 'silent'
  | 'paperEnd'
  | 'coverOpen'
  | 'cutter'
  /** The receipt before this one still hangs in the slot. */
  | 'notTaken'
  /** It says of itself that it can't go on. */
  | 'fault';

export interface PrinterStatus {
  /** Undefined: it can print. */
  readonly problem: PrinterProblem | undefined;
  /** The roll is almost used up; a word for staff, no reason to refuse. */
  readonly paperLow: boolean;
}

/** How a print ended. */
export type Printed =
  { readonly is: 'printed' } | { readonly is: 'failed'; readonly problem: PrinterProblem };

export interface ReceiptPrinterEvents {
  onStatus(status: PrinterStatus): void;
}

/** Something that prints a strip of paper. One job at a time; a second one waits for no one and fails as `fault`. */
export interface ReceiptPrinter {
  start(events: ReceiptPrinterEvents): void;
  stop(): void;
  /** Prints these bytes. `reply` comes exactly once, never from within the call, and within `printMsMax`. */
  print(job: Uint8Array, reply: (printed: Printed) => void): void;
}

/** How long a print may take from the call to its reply. */
export const printMsMax = 20_000;
