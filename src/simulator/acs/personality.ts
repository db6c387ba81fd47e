import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { err, ok, type Result } from '../../kernel/result.ts';
import { dialectOf } from '../../sip2/dialect.ts';
import type { AcsBehaviour } from './behaviour.ts';
import { mannersSchema } from './manners.ts';
import personalitiesJson from './personalities.json' with { type: 'json' };

/** Who the simulated ACS is: a library system as it speaks, or one thing that goes wrong. */
export const personalitySchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  about: z.string().min(1).max(200),
  /** The profile that suits it, where there is one. */
  profile: z.string().optional(),
  charset: z.string().optional(),
  terminator: z.enum(['CR', 'CRLF']).optional(),
  delimiter: z.string().length(1).optional(),
  /** Repeats the last answer to a request with the same AY and AZ. */
  deduplicates: z.boolean().optional(),
  texts: z.enum(['english', 'ofRequest']).optional(),
  manners: mannersSchema.default({}),
});
export type Personality = z.output<typeof personalitySchema>;

/** The personalities that come with the program. */
export const personalities: readonly Personality[] = z.array(personalitySchema).parse(personalitiesJson);

export function personalityNamed(name: string): Personality | undefined {
  return personalities.find((one) => one.name === name);
}

/** Makes an ACS that personality, whatever it was. The error says which part of the dialect cannot be. */
export function becomes(behaviour: AcsBehaviour, personality: Personality): Result<undefined, string> {
  const { charset = 'utf-8', terminator = 'CR', delimiter = '|' } = personality;
  const dialect = dialectOf({ charset, terminator, delimiter });
  if (!dialect.ok) return err(`${dialect.error.kind}: ${dialect.error.value}`);
  behaviour.personality = personality.name;
  behaviour.dialect = dialect.value;
  behaviour.deduplicates = personality.deduplicates ?? false;
  behaviour.texts = personality.texts ?? 'english';
  behaviour.dueForm = personality.manners.dueForm ?? 'sip2';
  behaviour.manners = personality.manners;
  behaviour.faults.recur(personality.manners.faults ?? []);
  return ok(undefined);
}

/** A personality by its name, or from a file that has one as JSON. */
export function personalityFrom(nameOrFile: string): Result<Personality, string> {
  const named = personalityNamed(nameOrFile);
  if (named !== undefined) return ok(named);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(nameOrFile, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return err(`there is no personality ${nameOrFile}, nor a file of that name that can be read (${why})`);
  }
  const read = personalitySchema.safeParse(content);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  return err(`${nameOrFile}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
