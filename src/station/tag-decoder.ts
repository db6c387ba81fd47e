import type { Field, FieldTag, TagUid } from '../devices/rfid-reader/rfid-reader.ts';
import { readTag } from '../rfid/read-tag.ts';
import { defaultTagRules, type TagReading, type TagRules } from '../rfid/tag.ts';
import type { TagField } from './core/tag-state.ts';

interface Decoded {
  readonly memory: Uint8Array;
  readonly reading: TagReading;
}

/** Makes meaning of the memories that a reader sees, each tag’s once while it lies there. */
export class TagDecoder {
  readonly #rules: TagRules;
  #known = new Map<TagUid, Decoded>();

  constructor(rules: TagRules = defaultTagRules) {
    this.#rules = rules;
  }

  decode(field: Field): TagField {
    const known = new Map<TagUid, Decoded>();
    const tags = field.tags.map((tag) => {
      const { uid, still, secured, dropOuts } = tag;
      const decoded = this.#decoded(tag);
      if (decoded !== undefined) known.set(uid, decoded);
      return { uid, still, secured, dropOuts, reading: decoded?.reading };
    });
    this.#known = known;
    return { tags, tooMany: field.tooMany };
  }

  #decoded({ uid, memory, dsfid, blockBytes }: FieldTag): Decoded | undefined {
    if (memory === undefined) return undefined;
    const before = this.#known.get(uid);
    if (before?.memory === memory) return before;
    const chip = {
      ...(dsfid === undefined ? {} : { dsfid }),
      ...(blockBytes === undefined ? {} : { blockBytes }),
    };
    return { memory, reading: readTag(memory, chip, this.#rules) };
  }
}
