import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { freeBytes } from './disk-fault.ts';
import { privateMode, systemCode } from './durable-file.ts';
import type { Random } from '../kernel/random.ts';
import type { Reserve } from './reserve.ts';

/** Room for more than ten thousand returns (a 2 MiB reserve took seven thousand): days on which nobody comes to help. */
export const reserveBytesDefault = 8 * 1024 * 1024;
/** How much is given back at a time. Small, because other programs on a full disk compete for it. */
export const reserveStepBytes = 512 * 1024;
/** What must stay free besides before the reserve takes space back. */
export const reserveMarginBytes = 16 * 1024 * 1024;
const blockBytes = 64 * 1024;

/**
 * A file that holds disk space until it is needed: when the disk is full a piece is cut off, and SQLite can go on.
 * It holds random bytes, because a file system that compresses or leaves holes would keep no space for zeros.
 */
export class FileReserve implements Reserve {
  readonly #file: string;
  readonly #random: Random;
  readonly #fullBytes: number;
  /** Asked at each loan, so it is remembered; undefined until the file was looked at. */
  #spent: boolean | undefined;

  constructor(file: string, random: Random, fullBytes = reserveBytesDefault) {
    this.#file = file;
    this.#random = random;
    this.#fullBytes = fullBytes;
  }

  bytes(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** A file that never was is not spent: a disk too small for a reserve still lends while it can. */
  isSpent(): boolean {
    this.#spent ??= existsSync(this.#file) && this.bytes() < this.#fullBytes;
    return this.#spent;
  }

  release(): boolean {
    const bytes = this.bytes();
    if (bytes === 0) return false;
    return this.#withFile((handle) => {
      this.#spent = true;
      ftruncateSync(handle, Math.max(0, bytes - reserveStepBytes));
      // Some file systems give the blocks back only with their next commit.
      fsyncSync(handle);
      return true;
    });
  }

  refill(): void {
    const missing = this.#fullBytes - this.bytes();
    const free = freeBytes(dirname(this.#file));
    if (missing <= 0 || free === undefined || free < missing + reserveMarginBytes) return;
    this.#withFile((handle) => {
      for (let at = this.bytes(); at < this.#fullBytes;) {
        at += writeSync(
          handle,
          this.#random.bytes(Math.min(blockBytes, this.#fullBytes - at)),
          0,
          undefined,
          at,
        );
      }
      fsyncSync(handle);
      this.#spent = false;
      return true;
    });
  }

  /** False when the disk said no: there is then nothing to give, and no reason to stop. */
  #withFile(work: (handle: number) => boolean): boolean {
    let handle: number | undefined;
    try {
      // 'a' would ignore the position on Linux, 'r+' needs the file.
      handle = openSync(this.#file, this.bytes() === 0 ? 'w' : 'r+', privateMode);
      return work(handle);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      return false;
    } finally {
      if (handle !== undefined) closeSync(handle);
    }
  }
}
