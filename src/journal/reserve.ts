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
