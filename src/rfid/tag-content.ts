import type { TagPart, TypeOfUsage } from './tag.ts';

/** What is written to a tag. */
export interface TagContent {
  readonly primaryItemIdentifier: string;
  /** Absent: an item of one part. Without `of`: the main part alone has the count. */
  readonly part?: TagPart;
  /** ISIL with its hyphen. */
  readonly owner?: string;
  /** Absent: circulating. */
  readonly usage?: TypeOfUsage;
}

/** Why a content does not go on a tag. */
export type EncodeProblem =
  | 'chipTooSmall'
  | 'identifierTooLong'
  | 'identifierUnusable'
  | 'ownerTooLong'
  | 'ownerUnusable'
  | 'partsImpossible'
  /** The model has no place for this (an owner or a type of usage on RFID501). */
  | 'notInModel';
