import type { SecretBytes } from '../ils/ils.ts';

/** Room for the longest password in UTF-8. */
const pinBytesMax = 256;

/** Keys that were pressed and are not yet decided upon, at most. */
const slotsMax = 64;

/**
 * The one place in the station where a PIN is. The page sends it key by key; the core decides what becomes of a key
 * without ever seeing it. Clearing overwrites. (The line of JSON that brought a single key is beyond our reach: the
 * engine collects it as garbage. It holds one character and nothing that says of which PIN.)
 */
export class PinBuffer {
  private readonly bytes = Buffer.alloc(pinBytesMax);
  private lengths: number[] = [];
  private readonly slots = new Map<number, Buffer>();
  private nextSlot = 0;

  /** Puts a pressed key aside until the core has decided; gives back the slot that stands for it. */
  stash(key: string): number {
    const slot = this.nextSlot++;
    this.slots.set(slot, Buffer.from(key, 'utf8'));
    if (this.slots.size > slotsMax) this.drop(slot - slotsMax);
    return slot;
  }

  /** The key counts: it is added at the end. */
  keep(slot: number): void {
    const key = this.slots.get(slot);
    if (key !== undefined && this.used() + key.length <= pinBytesMax) {
      key.copy(this.bytes, this.used());
      this.lengths.push(key.length);
    }
    this.drop(slot);
  }

  /** The key does not count. */
  drop(slot: number): void {
    this.slots.get(slot)?.fill(0);
    this.slots.delete(slot);
  }

  erase(): void {
    const length = this.lengths.pop();
    if (length !== undefined) this.bytes.fill(0, this.used());
  }

  clear(): void {
    this.bytes.fill(0);
    this.lengths = [];
    for (const slot of [...this.slots.keys()]) this.drop(slot);
  }

  /** The PIN as UTF-8: a window onto the buffer itself, which `clear` overwrites. */
  peek(): SecretBytes {
    return this.bytes.subarray(0, this.used());
  }

  private used(): number {
    return this.lengths.reduce((sum, length) => sum + length, 0);
  }
}
