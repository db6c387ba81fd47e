import { setsOf, type SetTagging, type TaggedPart, type TagSet } from '../../rfid/sets.ts';
import type { TagItem } from '../../rfid/tag.ts';
import type { IdentifierPatterns } from '../settings.ts';
import { identify } from './identifiers/identify.ts';
import type { Sighting, TagField } from './tag-state.ts';

/** An item before the reader, with all of its tags that are there. */
export interface SeenItem {
  readonly key: string;
  readonly set: TagSet;
  /** What the tags say of the item; of a set, its first part. */
  readonly item: TagItem;
  /** Each tag lies still. */
  readonly still: boolean;
  /** Every tag that the item has is there. */
  readonly whole: boolean;
  readonly dropOuts: number;
}

/** A tag that was missed so often may be a bag that stands too near. */
export const dropOutsOfDoubt = 3;

export function itemKey(item: Pick<TagItem, 'primaryItemIdentifier' | 'owner'>): string {
  return `${item.primaryItemIdentifier}|${item.owner ?? ''}`;
}

function taggedParts(field: TagField): TaggedPart[] {
  return field.tags.flatMap(({ uid, reading }) =>
    reading?.kind === 'item' ? [{ uid, item: reading.item }] : [],
  );
}

/** What a field was found to hold: it is asked at each step, and changes seldom. */
const known = new WeakMap<TagField, { readonly tagging: SetTagging; readonly items: readonly SeenItem[] }>();

/** The items in the field, in the order in which their first tags came. */
export function itemsIn(field: TagField, tagging: SetTagging): readonly SeenItem[] {
  const before = known.get(field);
  if (before?.tagging === tagging) return before.items;
  const items = findItems(field, tagging);
  known.set(field, { tagging, items });
  return items;
}

function findItems(field: TagField, tagging: SetTagging): SeenItem[] {
  if (field.tags.length === 0) return [];
  const sightings = new Map(field.tags.map((sighting) => [sighting.uid, sighting]));
  return setsOf(taggedParts(field), tagging).flatMap((set) => {
    const seen = set.parts.map(({ uid }) => sightings.get(uid)).filter((one) => one !== undefined);
    const first = set.parts[0]?.item;
    if (first === undefined) return [];
    return [
      {
        key: itemKey(first),
        set,
        item: first,
        still: seen.every(({ still }) => still),
        // Two chips that say they are the same part are all changed, or none.
        whole: set.of !== undefined && set.missing.length === 0,
        dropOuts: Math.max(...seen.map(({ dropOuts }) => dropOuts)),
      },
    ];
  });
}

/** Asked with each view, too. */
const numbers = new WeakMap<
  SeenItem,
  { readonly patterns: IdentifierPatterns; readonly number: string | undefined }
>();

/** The number under which the library system knows the item; undefined where it is none of the library’s. */
export function numberOf(seen: SeenItem, patterns: IdentifierPatterns): string | undefined {
  const before = numbers.get(seen);
  if (before?.patterns === patterns) return before.number;
  const number = findNumber(seen, patterns);
  numbers.set(seen, { patterns, number });
  return number;
}

function findNumber(seen: SeenItem, patterns: IdentifierPatterns): string | undefined {
  const identified = identify({ text: seen.set.primaryItemIdentifier, source: 'tag' }, 'item', patterns);
  return identified.is === 'item' ? identified.number : undefined;
}

/** How many tags lie there that are no item: blank, damaged, of another world. */
export function strangersIn(field: TagField): number {
  return field.tags.filter(({ still, reading }) => still && reading !== undefined && reading.kind !== 'item')
    .length;
}

export function sightingOf(field: TagField, uid: string): Sighting | undefined {
  return field.tags.find((sighting) => sighting.uid === uid);
}
