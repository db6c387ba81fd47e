import { isOurs } from '../../rfid/isil.ts';
import { missingParts, partNumberOf, type SetTagging, type TagSet } from '../../rfid/sets.ts';
import { itemsIn, numberOf, type SeenItem } from './tag-field.ts';
import type { PartsHere } from './state.ts';
import type { PartsSeen, TagWork } from './tag-state.ts';
import type { Turn } from './turn.ts';

/** It came by its barcode alone. */
export const nothingSeen: PartsSeen = { numbers: [], of: undefined };

/** What was seen, with what lies there now. */
export function seenWith({ numbers, of }: PartsSeen, set: TagSet): PartsSeen {
  return { numbers: [...new Set([...numbers, ...set.parts.map(partNumberOf)])], of: of ?? set.of };
}

/** No tag of the item was on the reader yet. */
export function isUnseen({ parts }: Pick<TagWork, 'parts'>): boolean {
  return parts.length === 0;
}

/** Every part of the item that has a tag was on the reader. */
export function isSeenWhole({ seen }: Pick<TagWork, 'seen'>, tagging: SetTagging): boolean {
  return seen.of !== undefined && missingNumbers(seen, tagging).length === 0;
}

function missingNumbers({ numbers, of }: PartsSeen, tagging: SetTagging): readonly number[] {
  return missingParts(new Set(numbers), of, tagging);
}

const incomplete = 'set.incomplete';

/** Why a set that came back stands on the staff list, with the numbers of the missing parts where they are known. */
export function incompleteRule({ seen }: Pick<TagWork, 'seen'>, tagging: SetTagging): string {
  const missing = missingNumbers(seen, tagging);
  return missing.length === 0 ? incomplete : `${incomplete}.${missing.join('+')}`;
}

/** The missing parts that a rule of the staff list names: none where they are not known; undefined where it is another rule. */
export function missingByRule(rule: string | undefined): readonly string[] | undefined {
  if (rule === incomplete) return [];
  return rule?.startsWith(`${incomplete}.`) === true
    ? rule.slice(incomplete.length + 1).split('+')
    : undefined;
}

/** Whether the library has named the item as one without a tag. */
export function hasNoTag({ settings }: Turn, item: string): boolean {
  return settings.rfid?.withoutTag?.some((pattern) => pattern.test(item)) === true;
}

/** The library’s item of that number in the field, whole or not; another library’s may have the same number. */
export function itemInField(turn: Turn, item: string): SeenItem | undefined {
  const { rfid } = turn.settings;
  if (rfid === undefined) return undefined;
  const all = itemsIn(turn.state.tags.field, rfid.sets).filter(
    (seen) => isOurs(seen.item.owner, rfid.owners) && numberOf(seen, turn.settings.identifiers) === item,
  );
  return all.find(({ whole }) => whole) ?? all[0];
}

export function partsHere({ set }: SeenItem): PartsHere {
  return { here: set.parts.length, of: set.of };
}
