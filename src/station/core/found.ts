import type { AccountPart, CirculationStatus, ItemInformation } from '../../ils/ils.ts';
import { maybe } from './maybe.ts';

/** How item and patron stood at the library system when it was asked last; for the staff list. */
// A type and not an interface: it goes into a row as it is.
export type Found = Readonly<{
  item?: CirculationStatus | 'unknown';
  /** How many patrons wait for the item. */
  queue?: string;
  patron?: 'hasIt' | 'hasItNot' | 'notTold';
  /** What the library system holds against the patron: `fine`, `notValid`, or its reasons. */
  card?: string;
}>;

export function foundItem(item: ItemInformation): Found {
  const queue = item.holdQueue === undefined ? undefined : String(item.holdQueue);
  return { item: item.known ? item.status : 'unknown', ...maybe('queue', queue) };
}

/** How the patron stands, by an answer about one of their lists. */
export function foundCard({ told, blocks }: AccountPart): Found {
  if (!told) return { card: 'notValid' };
  return { card: blocks.length === 0 ? 'fine' : blocks.join(' ') };
}
