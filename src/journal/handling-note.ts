import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { TransactionId } from '../kernel/ids.ts';
import { privateMode, systemCode } from './durable-file.ts';

const idChars = 32;
const nobody = '-'.repeat(idChars);

/**
 * Names the transaction that is worked on, so that the next start knows on which one the process ended. It costs no flush:
 * what a killed process has written stays, and a power cut is no transaction’s fault.
 */
export class HandlingNote {
  readonly #file: number | undefined;

  /** A note that cannot be opened notes nothing: the station goes on without it. */
  constructor(file: string) {
    try {
      this.#file = openSync(file, constants.O_RDWR | constants.O_CREAT, privateMode);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
    }
  }

  /** The transaction on which the last process ended; undefined where it was none. */
  read(): TransactionId | undefined {
    if (this.#file === undefined) return undefined;
    const bytes = Buffer.alloc(idChars);
    const length = readSync(this.#file, bytes, 0, idChars, 0);
    const text = bytes.toString('latin1', 0, length);
    return /^[0-9a-f]{32}$/.test(text) ? (text as TransactionId) : undefined;
  }

  write(id: TransactionId | undefined): void {
    if (this.#file === undefined) return;
    try {
      writeSync(this.#file, id ?? nobody, 0, 'latin1');
    } catch (error) {
      // A disk that takes not even this tells so elsewhere.
      if (systemCode(error) === undefined) throw error;
    }
  }

  /** The process ends in order: nobody’s fault. */
  close(): void {
    if (this.#file === undefined) return;
    this.write(undefined);
    closeSync(this.#file);
  }
}
