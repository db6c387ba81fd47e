import { z } from 'zod';
import { accountNameCharsMax } from './desk.ts';

/** The models in which a tag can be written. */
export const tagModels = ['iso28560-3', 'iso28560-2', 'rfid501'] as const;
/** What an item is for, as its tag says. */
export const tagUsages = [
  'acquisition',
  'circulating',
  'notForLoan',
  'local',
  'unspecified',
  'discarded',
  'equipment',
] as const;

/** Longest wait for a tag to be laid down. */
export const tagWaitMsMax = 120_000;
/** So long may the work itself take, from when a tag lies there: the library system is asked, and each part is tried three times. */
export const tagActMsMax = 60_000;
/** What a tag can hold at most is checked where it is encoded; this keeps frames short. */
const tagTextCharsMax = 255;

const uid = z.string().regex(/^[0-9A-F]{16}$/);
const partNumber = z.int().min(0).max(255);

/** What technicians do with the tags before a running station’s reader. */
export const tagOrderSchema = z.discriminatedUnion('do', [
  /** Writes a content to one tag, verified. */
  z.strictObject({
    do: z.literal('write'),
    uid: uid.exactOptional(),
    model: z.enum(tagModels),
    content: z.strictObject({
      primaryItemIdentifier: z.string().min(1).max(tagTextCharsMax),
      part: z.strictObject({ number: partNumber, of: partNumber.exactOptional() }).exactOptional(),
      owner: z.string().min(1).max(tagTextCharsMax).exactOptional(),
      usage: z.enum(tagUsages).exactOptional(),
    }),
    over: z.boolean(),
  }),
  /** Has the gate sound for an item, or be silent. */
  z.strictObject({
    do: z.literal('security'),
    uid: uid.exactOptional(),
    secured: z.boolean(),
    askAcs: z.boolean(),
  }),
]);
export type TagOrder = z.infer<typeof tagOrderSchema>;

/** What a frame with an order carries. */
export const tagRequestSchema = z.strictObject({
  /** The operating system’s name of the account, for the audit log. */
  by: z.string().min(1).max(accountNameCharsMax),
  order: tagOrderSchema,
  /** How long a tag may take to lie there. */
  waitMs: z.int().min(1).max(tagWaitMsMax),
});
export type TagRequest = z.infer<typeof tagRequestSchema>;
