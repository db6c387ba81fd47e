import { z } from 'zod';
import { err, ok, type Result } from '../../kernel/result.ts';
import { acsMeanings, type AcsMeaning } from '../../shared/acs-meanings.ts';
import type { MessageCode } from '../messages.ts';
import { patternText, profileRules, ruleNames, type ProfileRules, type RuleName } from './rules.ts';

/** How far a rule may be relied on: somebody saw it (document, code, a probe), or nobody known to us did. */
export const standings = ['verified', 'unverified until probed'] as const;
export type Standing = (typeof standings)[number];

const evidence = {
  standing: z.enum(standings),
  /** Where it is from: a public document, code that can be read, a measurement, the issue of a tracker. */
  source: z.string().min(3).max(400),
};

/** A text of the ACS and what it means. Compared without regard to case and to signs at its ends. */
const textRule = z.strictObject({
  text: z.string().min(1).max(255).optional(),
  /** Instead of `text`: a regular expression that is found anywhere in it. */
  pattern: patternText.optional(),
  means: z.enum(acsMeanings),
  ...evidence,
});
export type TextRule = z.output<typeof textRule>;

const ruleEntry = (name: RuleName) =>
  z.strictObject({ value: profileRules[name].schema, ...evidence }).optional();

/** A profile as a file. */
export const profileFileSchema = z.strictObject({
  profileVersion: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  /** The library system’s own name. */
  system: z.string().min(1).max(80),
  /** The profile that holds where this one says nothing. */
  inherits: z.string().optional(),
  about: z.string().min(1).max(600),
  rules: z.strictObject(
    Object.fromEntries(ruleNames.map((name) => [name, ruleEntry(name)])) as {
      [N in RuleName]: ReturnType<typeof ruleEntry>;
    },
  ),
  texts: z
    .array(
      textRule.refine((one) => (one.text === undefined) !== (one.pattern === undefined), 'text or pattern'),
    )
    .default([]),
});
export type ProfileFile = z.output<typeof profileFileSchema>;

/** Where a rule’s value is from. */
export interface RuleOrigin {
  readonly profile: string;
  readonly standing: Standing;
  readonly source: string;
}

/** A profile with all that it inherits and all that the library overrides. */
export interface Profile {
  readonly name: string;
  readonly system: string;
  readonly rules: ProfileRules;
  readonly origins: Readonly<Record<RuleName, RuleOrigin>>;
  /** The own ones before the inherited ones; the first that fits counts. */
  readonly texts: readonly TextRule[];
}

export interface ProfileProblem {
  /** The key within the profile or the overrides. */
  readonly key: string;
  readonly problem: string;
}

/** Inheritance deeper than this is a circle. */
const inheritanceDepthMax = 8;

/** Checks a file’s content. */
export function readProfileFile(value: unknown): Result<ProfileFile, readonly ProfileProblem[]> {
  const read = profileFileSchema.safeParse(value);
  return read.success ? ok(read.data) : err(problemsOf(read.error));
}

function problemsOf(error: z.ZodError): ProfileProblem[] {
  return error.issues.map((issue) => ({ key: issue.path.join('.'), problem: issue.message }));
}

/** A profile’s whole, from the file and those that it inherits from; `overrides` are the library’s own values by rule. */
export function resolveProfile(
  file: ProfileFile,
  known: ReadonlyMap<string, ProfileFile>,
  overrides: Readonly<Record<string, unknown>> = {},
): Result<Profile, readonly ProfileProblem[]> {
  const line = lineage(file, known);
  if (typeof line === 'string') return err([{ key: 'inherits', problem: line }]);
  const rules: Record<string, unknown> = {};
  const origins: Record<string, RuleOrigin> = {};
  for (const one of line.toReversed()) {
    for (const name of ruleNames) {
      const entry = one.rules[name];
      if (entry === undefined) continue;
      rules[name] = entry.value;
      origins[name] = { profile: one.name, standing: entry.standing, source: entry.source };
    }
  }
  const problems = override(rules, origins, overrides);
  for (const name of ruleNames) {
    if (origins[name] === undefined)
      problems.push({ key: `rules.${name}`, problem: 'no profile gives it a value' });
  }
  if (problems.length > 0) return err(problems);
  return ok({
    name: file.name,
    system: file.system,
    // Each value was checked by the schema of its rule, and none is missing.
    rules: rules as unknown as ProfileRules,
    origins: origins as Record<RuleName, RuleOrigin>,
    texts: line.flatMap((one) => one.texts),
  });
}

/** The profile and its ancestors, or why there is no such line. */
function lineage(
  file: ProfileFile,
  known: ReadonlyMap<string, ProfileFile>,
): readonly ProfileFile[] | string {
  const line: ProfileFile[] = [file];
  for (let parent = file.inherits; parent !== undefined; parent = line.at(-1)?.inherits) {
    const found = known.get(parent);
    if (found === undefined) return `there is no profile ${parent}`;
    line.push(found);
    if (line.length > inheritanceDepthMax) return 'profiles inherit from each other in a circle';
  }
  return line;
}

function override(
  rules: Record<string, unknown>,
  origins: Record<string, RuleOrigin>,
  overrides: Readonly<Record<string, unknown>>,
): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  for (const [name, value] of Object.entries(overrides)) {
    if (!isRuleName(name)) {
      problems.push({ key: name, problem: 'no rule of a profile' });
      continue;
    }
    const read = profileRules[name].schema.safeParse(value);
    if (read.success) {
      rules[name] = read.data;
      origins[name] = { profile: 'overrides', standing: 'verified', source: 'the station’s configuration' };
    } else {
      problems.push(...problemsOf(read.error).map(({ key, problem }) => ({ key: join(name, key), problem })));
    }
  }
  return problems;
}

function join(name: string, key: string): string {
  return key === '' ? name : `${name}.${key}`;
}

function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(profileRules, name);
}

/** What an answer’s text means, as far as the profile knows it. */
export function meaningOf(profile: Profile, text: string, code: MessageCode): AcsMeaning | undefined {
  const plain = bare(text);
  const found = profile.texts.find(({ text: known, pattern }) =>
    known === undefined ? new RegExp(pattern ?? '', 'iu').test(text) : bare(known) === plain,
  );
  // The same words mean different things before and after a loan: "item not checked out" refuses no loan.
  return found !== undefined && mayMean(found.means, code) ? found.means : undefined;
}

/** Meanings that only some answers can have. */
function mayMean(meaning: AcsMeaning, code: MessageCode): boolean {
  if (meaning === 'item.notCharged') return code === '10' || code === '30' || code === '66';
  return true;
}

/** Without case, and without blanks and signs at its ends. */
function bare(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '');
}
