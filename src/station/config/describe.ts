import { z } from 'zod';

/** What a value must be, in words, where its type and bounds do not say it all. Part of each refusal. */
export const expectedWords = 'x-expected';

/** A schema with the sentence that documents, refusals and hints have of it. */
export function described<T extends z.ZodType>(schema: T, sentence: string, expected?: string): T {
  return schema.meta({
    description: sentence,
    ...(expected === undefined ? {} : { [expectedWords]: expected }),
  });
}

export function whole(min: number, max: number, sentence: string): z.ZodNumber {
  return described(z.int().min(min).max(max), sentence);
}

export function text(charsMax: number, sentence: string): z.ZodString {
  return described(z.string().min(1).max(charsMax), sentence);
}

/** SIP2 ends a field at `|` and a message at CR; such a value would break out of its place. */
export const fieldText = (charsMax: number, sentence: string) =>
  described(
    z
      .string()
      .min(1)
      .max(charsMax)
      .regex(/^[^|\u0000-\u001f\u007f]*$/u),
    sentence,
    `text of 1 to ${charsMax} characters without | and control characters`,
  );
