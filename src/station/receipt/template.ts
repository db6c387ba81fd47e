import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { err, ok, type Result } from '../../kernel/result.ts';
import { languageCodes } from '../../shared/languages.ts';
import standard from '../../../assets/receipts/default.json' with { type: 'json' };

/** What a line of a receipt may show. A line with nothing to show is left out. */
const shown = [
  'libraryName',
  'moment',
  'card',
  'rows',
  'provisional',
  'attention',
  'thanks',
  'rule',
  'space',
] as const;

const look = {
  align: z.enum(['left', 'center']).optional(),
  bold: z.boolean().optional(),
  big: z.boolean().optional(),
};

const ownText = z.partialRecord(z.enum(languageCodes), z.string().min(1).max(500));

const templateSchema = z.strictObject({
  lines: z
    .array(
      z.union([
        z.strictObject({ show: z.enum(shown), ...look }),
        /** The library’s own words, by language; a missing language shows the first that is there. */
        z.strictObject({ text: ownText, ...look }),
      ]),
    )
    .min(1)
    .max(60),
});

export type ReceiptTemplate = z.infer<typeof templateSchema>;
export type TemplateLine = ReceiptTemplate['lines'][number];

export const standardTemplate: ReceiptTemplate = templateSchema.parse(standard);

/** A library’s own template. Fails with a sentence that says what is wrong with it. */
export function readTemplate(path: string): Result<ReceiptTemplate, string> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return err(`the receipt template ${path} cannot be read: ${error instanceof Error ? error.message : ''}`);
  }
  const parsed = templateSchema.safeParse(content);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err(
    `the receipt template ${path} is wrong at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}
