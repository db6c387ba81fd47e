/** Each block the other way round; what the last, short one holds stays. Does not touch the given bytes. */
export function reversedBlocks(memory: Uint8Array, blockBytes: number): Uint8Array {
  // Not `slice`: that of a Buffer shares its bytes.
  const turned = new Uint8Array(memory);
  for (let at = 0; at + blockBytes <= turned.length; at += blockBytes)
    turned.subarray(at, at + blockBytes).reverse();
  return turned;
}
