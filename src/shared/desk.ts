import { z } from 'zod';
import { cardNumberCharsMax } from './values.ts';

/** Most transactions or acts in one answer. */
export const deskRowsMax = 500;
/** Longest name of an account. */
export const accountNameCharsMax = 64;

/** Why a transaction of the staff list needs no more work. */
export const resolveNotes = [
  'doneInLibrarySystem',
  'itemFound',
  'patronInformed',
  'notNeeded',
  'exported',
  'duplicate',
] as const;
export type ResolveNote = (typeof resolveNotes)[number];

/** Transactions in one page of an export, and in one taking of them. */
export const exportPageRows = 200;
/** The forms that an export may have; what each is made of is the journal's own (`src/journal/exports`). */
export const exportNames = ['koha', 'evergreen', 'csv'] as const;

/** What a list may be narrowed to. */
export const listStates = [
  'intended',
  'uncertain',
  'waiting',
  'accepted',
  'refused',
  'withdrawn',
  'staff',
  'resolved',
] as const;

/** A transaction by its number in the list, or by its id. */
const transaction = z.union([z.int().min(1), z.string().regex(/^[0-9a-f]{32}$/)]);
const card = z.string().min(1).max(cardNumberCharsMax);
const limit = z.int().min(1).max(deskRowsMax);

/** What technicians and librarians do with the journal of a running station. Each act is noted in the audit log. */
export const deskActSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('list'), state: z.enum(listStates).optional(), limit }),
  /** By which rules patrons were refused, how often and by whom. */
  z.strictObject({ do: z.literal('refusals') }),
  z.strictObject({ do: z.literal('show'), transaction }),
  /** Takes a transaction off the staff list. */
  z.strictObject({ do: z.literal('resolve'), transaction, note: z.enum(resolveNotes) }),
  /** Items whose security did not follow their loan or return. */
  z.strictObject({ do: z.literal('tags') }),
  /** Takes the tags of a transaction off the staff list. */
  z.strictObject({ do: z.literal('resolveTags'), transaction: z.string().regex(/^[0-9a-f]{32}$/) }),
  /** Gives a transaction of the staff list back to the station, which asks what is true before it sends anything. */
  z.strictObject({ do: z.literal('retry'), transaction }),
  /** A page of transactions in full, for a file; the next page begins after the last number. */
  z.strictObject({
    do: z.literal('export'),
    format: z.enum(exportNames),
    states: z.enum(['unsettled', 'all']),
    after: z.int().min(0),
  }),
  /** These stand in a file that staff carry to the library system: the station does not send them any more. */
  z.strictObject({ do: z.literal('take'), transactions: z.array(z.int().min(1)).min(1).max(exportPageRows) }),
  /** What is kept about a card. */
  z.strictObject({ do: z.literal('person'), card }),
  /** Erases what is kept about a card and settled. */
  z.strictObject({ do: z.literal('erase'), card }),
  /** Seals everything anew under a new key and destroys the old ones. */
  z.strictObject({ do: z.literal('rotateKeys') }),
  /** Has the journal copied elsewhere now. */
  z.strictObject({ do: z.literal('copy') }),
  /** The newest acts themselves. */
  z.strictObject({ do: z.literal('audit'), limit }),
  /** Whether the audit log is whole. */
  z.strictObject({ do: z.literal('verify') }),
]);
export type DeskAct = z.infer<typeof deskActSchema>;

/** What a frame for the desk carries: who does what. */
export const deskRequestSchema = z.strictObject({
  /** The operating system’s name of the account. The socket lets in the station’s own account only; this tells who used it. */
  by: z.string().min(1).max(accountNameCharsMax),
  act: deskActSchema,
});
export type DeskRequest = z.infer<typeof deskRequestSchema>;

/** The answer: what was asked for, or a sentence that says why not. */
export type DeskAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };
