/** Where the blocks behind the basic one begin (ISO 28560-3). */
const extensionAt = 34;
const headerBytes = 4;

/** One extension block of ISO 28560-3: 1 library, 2 acquisition, 3 supplement, 4 title, 5 inter-library loan, 100 and above free. */
export interface ExtensionBlock {
  readonly id: number;
  readonly data: Uint8Array;
}

export interface ExtensionBlocks {
  readonly blocks: readonly ExtensionBlock[];
  /** A block did not end, or its check byte was wrong; what came before is whole. */
  readonly broken: boolean;
}

/** Reads length (with itself), id (low byte first), check byte (the XOR of all is 00) and data, until a length of 00 or the end. */
export function readExtensionBlocks(memory: Uint8Array): ExtensionBlocks {
  const blocks: ExtensionBlock[] = [];
  let at = extensionAt;
  let broken = false;
  while (at < memory.length) {
    const length = memory[at] ?? 0;
    if (length === 0) break;
    // A lone 01 fills one byte.
    if (length === 1) {
      at += 1;
      continue;
    }
    const end = at + length;
    if (length < headerBytes || end > memory.length) return { blocks, broken: true };
    let xor = 0;
    for (let index = at; index < end; index++) xor ^= memory[index] ?? 0;
    if (xor === 0)
      blocks.push({
        id: (memory[at + 1] ?? 0) | ((memory[at + 2] ?? 0) << 8),
        data: new Uint8Array(memory.subarray(at + headerBytes, end)),
      });
    else broken = true;
    at = end;
  }
  return { blocks, broken };
}

/** Puts blocks behind the basic one. False: they do not fit into the memory or one is longer than a block can be. */
export function writeExtensionBlocks(memory: Uint8Array, blocks: readonly ExtensionBlock[]): boolean {
  let at = extensionAt;
  for (const { id, data } of blocks) {
    const length = headerBytes + data.length;
    if (length > 255 || at + length > memory.length) return false;
    memory[at] = length;
    memory[at + 1] = id & 0xff;
    memory[at + 2] = id >> 8;
    memory.set(data, at + headerBytes);
    let xor = 0;
    for (let index = at; index < at + length; index++) xor ^= memory[index] ?? 0;
    memory[at + 3] = xor;
    at += length;
  }
  return true;
}

/** The fields of a block, parted by 00. Block 1 begins with a byte of its own, the media format, which is left out here. */
export function fieldsOf(block: ExtensionBlock): string[] {
  const text = Buffer.from(block.id === 1 ? block.data.subarray(1) : block.data).toString('utf8');
  return text === '' ? [] : text.split('\u0000');
}
