import { z } from 'zod';
import { languageCodes } from './languages.ts';
import { cardNumberCharsMax, entryCharsMax } from './values.ts';

export { cardNumberCharsMax };

/** A scan that the page took from a keyboard; the station refuses shorter ones already. */
const wedgeTextCharsMax = 512;

const service = z.enum(['borrow', 'return', 'account']);

const act = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('chooseService'), service }),
  z.strictObject({ do: z.literal('chooseLanguage'), language: z.enum(languageCodes) }),
  z.strictObject({ do: z.literal('submitCardNumber'), number: z.string().max(cardNumberCharsMax) }),
  /** One key of the PIN pad or keyboard: exactly one character. */
  z.strictObject({ do: z.literal('pinKey'), key: z.string().refine((key) => [...key].length === 1) }),
  z.strictObject({ do: z.literal('pinErase') }),
  z.strictObject({ do: z.literal('pinClear') }),
  z.strictObject({ do: z.literal('pinEnter') }),
  /** Renew one loan of the account. */
  z.strictObject({ do: z.literal('renewItem'), item: z.string().max(cardNumberCharsMax) }),
  /** Renew all loans of the account. */
  z.strictObject({ do: z.literal('renewAll') }),
  /** Wait for an item that cannot be had now, or no longer; the station asks whether it is meant. */
  z.strictObject({ do: z.literal('askPlaceHold'), item: z.string().max(entryCharsMax) }),
  z.strictObject({ do: z.literal('askCancelHold'), item: z.string().max(entryCharsMax) }),
  /** The answer to the question of the view. */
  z.strictObject({ do: z.literal('answer'), yes: z.boolean() }),
  /** With a receipt, where the station gives them; `titles` counts where the library leaves them to the patron. */
  z.strictObject({ do: z.literal('finish'), receipt: z.boolean(), titles: z.boolean().optional() }),
  /** Back to the start without having done anything; ends a session too. */
  z.strictObject({ do: z.literal('leave') }),
  /** "I am still here"; any other intent says so as well. */
  z.strictObject({ do: z.literal('stay') }),
  /** A scanner that types read something; `ended` tells whether it is whole. Belongs to no session, as any scan. */
  z.strictObject({ do: z.literal('wedge'), text: z.string().max(wedgeTextCharsMax), ended: z.boolean() }),
  /** What the view asks to be laid on the reader has no security tag. */
  z.strictObject({ do: z.literal('noTag') }),
  /** A refusal or problem was read; of what has to be laid on the reader: it cannot be. */
  z.strictObject({ do: z.literal('dismiss') }),
]);

export const intentSchema = z.strictObject({
  id: z.string().min(1).max(64),
  epoch: z.int().min(0),
  act,
});

/** What a person did on the page. `id` is unique for the page’s life; the same id twice counts once. */
export type Intent = z.infer<typeof intentSchema>;
export type IntentAct = z.infer<typeof act>;
