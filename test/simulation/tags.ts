import { encodeTag } from '../../src/rfid/encode-tag.ts';

const memoryBytes = 112;

/** Those who share their collections: this library, and another one of its consortium. */
export const owners = ['FI-Sim', 'FI-Kon'];
const farOwner = 'SE-Far';

/** Most items have one part; some are sets. */
export function partsOf(item: string): number {
  const number = Number(item.slice(2));
  if (number % 11 === 0) return 3;
  return number % 7 === 0 ? 2 : 1;
}

const uidsKnown = new Map<string, readonly string[]>();

/** The tags of an item, its first part first. */
export function uidsOf(item: string): readonly string[] {
  const known = uidsKnown.get(item);
  if (known !== undefined) return known;
  const uids = Array.from({ length: partsOf(item) }, (_, index) => uid('E004', item, index));
  uidsKnown.set(item, uids);
  return uids;
}

/** The tag of a library far away; its item has the number of one of ours. */
export function farUid(item: string): string {
  return uid('E016', item, 0);
}

function uid(maker: string, item: string, index: number): string {
  return `${maker}${item.slice(2).padStart(8, '0')}000${index + 1}`;
}

const memories = new Map<string, Uint8Array>();

/** What a tag of ours says. Old ones name no owner. */
export function memoryOf(item: string, index: number): Uint8Array {
  const owner = [undefined, ...owners][Number(item.slice(2)) % 3];
  const of = partsOf(item);
  return encoded(`${item} ${index}`, {
    primaryItemIdentifier: item,
    ...(owner === undefined ? {} : { owner }),
    ...(of === 1 ? {} : { part: { number: index + 1, of } }),
  });
}

export function farMemory(item: string): Uint8Array {
  return encoded(`far ${item}`, { primaryItemIdentifier: item, owner: farOwner });
}

function encoded(key: string, content: Parameters<typeof encodeTag>[1]): Uint8Array {
  const known = memories.get(key);
  if (known !== undefined) return known;
  const made = encodeTag('iso28560-3', content, { memoryBytes });
  if (!made.ok) throw new Error(`no tag for ${key}: ${made.error}`);
  memories.set(key, made.value);
  return made.value;
}
