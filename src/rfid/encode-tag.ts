import type { Result } from '../kernel/result.ts';
import { encodeObjects } from './encode-objects.ts';
import { encodeFixed } from './iso28560-3.ts';
import { oid } from './objects.ts';
import { encodeRfid501 } from './rfid501.ts';
import type { EncodeProblem, TagContent } from './tag-content.ts';
import { defaultBlockBytes, type TagModel } from './tag.ts';

export interface ChipSize {
  readonly memoryBytes: number;
  readonly blockBytes?: number;
}

/**
 * The whole memory of a tag with this content; what the model does not use is 00. In ISO 28560-2 the identifier and the
 * owner get blocks of their own, so that they can be locked.
 */
export function encodeTag(
  model: TagModel,
  content: TagContent,
  chip: ChipSize,
): Result<Uint8Array, EncodeProblem> {
  switch (model) {
    case 'iso28560-3':
      return encodeFixed(content, chip.memoryBytes);
    case 'iso28560-2':
      return encodeObjects(content, {
        memoryBytes: chip.memoryBytes,
        blockBytes: chip.blockBytes ?? defaultBlockBytes,
        locked: [oid.primaryItemIdentifier, oid.owner],
      });
    case 'rfid501':
      return encodeRfid501(content, chip.memoryBytes);
  }
}
