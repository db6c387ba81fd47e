import type { TagItem } from './tag.ts';

/** A tag in the field with what it says. */
export interface TaggedPart {
  /** Hexadecimal, highest byte first. */
  readonly uid: string;
  readonly item: TagItem;
}

/** How a library tags its items of several parts: each part, or the main part alone, which tells how many there are. */
export type SetTagging = 'everyPart' | 'mainPartOnly';

/** The tags of one item. */
export interface TagSet {
  readonly primaryItemIdentifier: string;
  readonly owner?: string;
  /** In the order of their parts. */
  readonly parts: readonly TaggedPart[];
  /** How many parts the item has; undefined where the part that tells is not there. */
  readonly of?: number;
  /** Numbers of the parts whose tags are not there. Empty and `of` known: the set is whole. */
  readonly missing: readonly number[];
  /** Parts of the same number on different tags: two tags say that they are the same thing. */
  readonly doubled: boolean;
}

/** Parts that one item may have; more is a misread. */
export const partsMax = 255;

/** Which part of its item a tag says it is. */
export function partNumberOf(part: TaggedPart): number {
  return part.item.part?.number ?? 1;
}

function countOf(parts: readonly TaggedPart[]): number | undefined {
  if (parts.some(({ item }) => item.part === undefined)) return 1;
  const told = parts.flatMap(({ item }) => (item.part?.of === undefined ? [] : [item.part.of]));
  return told.length === 0 ? undefined : Math.max(...told);
}

/** Numbers of the parts with a tag that are not among those that were seen. `of`: how many parts there are, where it was told. */
export function missingParts(
  seen: ReadonlySet<number>,
  of: number | undefined,
  tagging: SetTagging,
): readonly number[] {
  const needed = tagging === 'mainPartOnly' ? Math.min(of ?? 1, 1) : (of ?? 0);
  const missing: number[] = [];
  for (let number = 1; number <= Math.min(needed, partsMax); number++)
    if (!seen.has(number)) missing.push(number);
  return missing;
}

function setOf(parts: readonly TaggedPart[], tagging: SetTagging): TagSet | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const { primaryItemIdentifier, owner } = first.item;
  const numbers = new Set(parts.map(partNumberOf));
  const of = countOf(parts);
  return {
    primaryItemIdentifier,
    ...(owner === undefined ? {} : { owner }),
    parts: parts.toSorted((a, b) => partNumberOf(a) - partNumberOf(b) || (a.uid < b.uid ? -1 : 1)),
    ...(of === undefined ? {} : { of }),
    missing: missingParts(numbers, of, tagging),
    doubled: numbers.size !== parts.length,
  };
}

/** Sorts tags into items by identifier and owner, in the order in which the first of each was given. A UID counts once. */
export function setsOf(tags: readonly TaggedPart[], tagging: SetTagging): TagSet[] {
  const groups = new Map<string, TaggedPart[]>();
  const seen = new Set<string>();
  for (const tag of tags) {
    if (seen.has(tag.uid)) continue;
    seen.add(tag.uid);
    const key = `${tag.item.primaryItemIdentifier}|${tag.item.owner ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [tag]);
    else group.push(tag);
  }
  return [...groups.values()].flatMap((group) => setOf(group, tagging) ?? []);
}

/** Is every tagged part of the item there, and its number of parts known? */
export function isWhole(set: TagSet): boolean {
  return set.of !== undefined && set.missing.length === 0;
}
