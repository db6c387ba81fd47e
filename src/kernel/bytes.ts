/** What is known of a close beside its reason. */
export interface StreamEnd {
  /**
   * We were turned away, and trying again at once is of no use: the other end’s certificate does not verify; it refused
   * user or password; it refused this machine, by its certificate, its address or how it asks.
   */
  readonly refused?: 'certificate' | 'login' | 'terminal';
  /** Of the last bytes that were written not one left the machine. */
  readonly unsent?: true;
}

/** What happens on a byte stream. After `closed` nothing more comes. */
export interface ByteStreamEvents {
  opened(): void;
  bytes(chunk: Uint8Array): void;
  /** Of a stream on which each write has one reply: that was all of it, and no more comes before the next write. */
  replied?(): void;
  /** `reason` is for the log: the operating system’s word or our own, never a patron’s data. */
  closed(reason: string, end?: StreamEnd): void;
}

/** One connection or port, opening or open. Nothing throws. */
export interface ByteStream {
  /**
   * Hands bytes over in one write. False: the stream is not open and nothing was written. The caller may overwrite
   * the bytes once an answer to them came or the stream is closed, so a stream that keeps them longer copies them. No
   * event comes from within this call.
   */
  write(bytes: Uint8Array): boolean;
  /** Ends it. `closed` is not called for a close that we asked for. */
  close(): void;
}

/** Starts opening a stream. The events come later, never from within this call. */
export type OpenByteStream = (events: ByteStreamEvents) => ByteStream;
