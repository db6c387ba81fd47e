import { z } from 'zod';
import { deskRequestSchema } from './desk.ts';
import { intentSchema } from './intent.ts';
import { tagRequestSchema } from './tag-orders.ts';
import { contractVersion, type View } from './view.ts';

/** Longest frame that the station reads: an intent or a question is far shorter. One frame is one line of JSON. */
export const frameToStationBytesMax = 16_384;

const pageFrames = [
  z.strictObject({ v: z.literal(contractVersion), kind: z.literal('intent'), intent: intentSchema }),
  /** Asks for the station’s views from now on; the present one is sent at once. */
  z.strictObject({ v: z.literal(contractVersion), kind: z.literal('watch') }),
] as const;

/** All that a page may send: no shell lets anything else through, for a page that was taken over must not read the journal. */
export const frameFromPageSchema = z.discriminatedUnion('kind', pageFrames);

export const frameToStationSchema = z.discriminatedUnion('kind', [
  ...pageFrames,
  /** A technician’s question; answered once by `told` with the same id. */
  z.strictObject({
    v: z.literal(contractVersion),
    kind: z.literal('ask'),
    id: z.string().min(1).max(64),
    about: z.enum(['status', 'journal']),
  }),
  /** Work on the journal; answered once by `told` with the same id and a `DeskAnswer`. */
  z.strictObject({
    v: z.literal(contractVersion),
    kind: z.literal('desk'),
    id: z.string().min(1).max(64),
    ask: deskRequestSchema,
  }),
  /** Work on the tags before the reader; answered once by `told` with the same id and a `DeskAnswer`, when it is done. */
  z.strictObject({
    v: z.literal(contractVersion),
    kind: z.literal('tags'),
    id: z.string().min(1).max(64),
    ask: tagRequestSchema,
  }),
]);

export type FrameToStation = z.infer<typeof frameToStationSchema>;

export type FrameFromStation =
  | { readonly v: typeof contractVersion; readonly kind: 'view'; readonly view: View }
  | {
      readonly v: typeof contractVersion;
      readonly kind: 'told';
      readonly id: string;
      readonly answer: unknown;
    }
  | { readonly v: typeof contractVersion; readonly kind: 'refused'; readonly reason: string };
