import type { Row } from './rows.ts';

/** Disk space that is kept for what must still be written when the disk is full. */
export interface Reserve {
  /** Gives a part of it back to the file system. False: there is none left. */
  release(): boolean;
  /** Takes back what was released when the disk has room again. */
  refill(): void;
  /** Whether some of it was given and has not been taken back. */
  isSpent(): boolean;
  /** How much is kept now. */
  bytes(): number;
}

/** For journals in memory-backed folders and for tests. */
export const noReserve: Reserve = {
  release: () => false,
  refill: () => undefined,
  isSpent: () => false,
  bytes: () => 0,
};

/** Whether these rows begin something that may as well not begin: a loan, its renewal, a hold. Money that was taken may not. */
export function beginsLoan(rows: readonly Row[]): boolean {
  return rows.some((row) => row.row === 'begin' && row.kind !== 'checkin' && row.kind !== 'fee');
}

/** A return, and the end of what was begun, may use the space kept for them; beginning a loan may not. */
export function mayUseReserve(rows: readonly Row[]): boolean {
  if (beginsLoan(rows)) return false;
  return rows.some(
    ({ row }) =>
      row === 'begin' || row === 'move' || row === 'tagMove' || row === 'attempt' || row === 'pinForgiven',
  );
}
