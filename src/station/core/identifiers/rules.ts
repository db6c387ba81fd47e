import { hasRightCheck, type CheckKind } from './check-digits.ts';

/** Where a text came from. */
export const givenSources = ['scanner', 'card-reader', 'typed', 'tag'] as const;
export type GivenSource = (typeof givenSources)[number];

/** A text that is to be recognised. */
export interface Given {
  readonly text: string;
  /** Letter and modifier of the AIM identifier, where the scanner told it. */
  readonly symbology?: string | undefined;
  /** Left out: a scanner. */
  readonly source?: GivenSource | undefined;
}

/** One line of a library’s pipeline: strip, match, check, map. */
export interface IdentifierRule {
  readonly is: 'card' | 'item';
  /** Undefined: from anywhere. */
  readonly from: readonly GivenSource[] | undefined;
  /** Letters of AIM identifiers, with or without the modifier. Undefined: any, and none. */
  readonly symbologies: readonly string[] | undefined;
  readonly letterCase: 'keep' | 'upper' | 'lower';
  /** Taken off where it is there: start and stop letters, a tag’s lead-in. */
  readonly stripBefore: RegExp | undefined;
  readonly stripAfter: RegExp | undefined;
  /** What the whole of the rest must be. */
  readonly match: RegExp;
  readonly check: CheckKind | undefined;
  readonly dropCheckDigit: boolean;
  /** The number as a template with `$1` and `$<name>`. Undefined: the text itself. */
  readonly map: string | undefined;
}

/** What one rule made of a text. */
export type RuleVerdict =
  | { readonly did: 'otherSource' | 'otherSymbology' }
  | { readonly did: 'noMatch' | 'wrongCheck'; readonly stripped: string }
  | { readonly did: 'took'; readonly stripped: string; readonly number: string };

/** Longest number that SIP2 and the screen are given. */
const numberCharsMax = 64;

/** Applies one rule. */
export function applyRule(rule: IdentifierRule, given: Given): RuleVerdict {
  if (rule.from !== undefined && !rule.from.includes(given.source ?? 'scanner'))
    return { did: 'otherSource' };
  if (rule.symbologies !== undefined && !isOneOf(rule.symbologies, given.symbology)) {
    return { did: 'otherSymbology' };
  }
  const stripped = strip(given.text, rule);
  if (!rule.match.test(stripped)) return { did: 'noMatch', stripped };
  if (rule.check !== undefined && !hasRightCheck(stripped, rule.check))
    return { did: 'wrongCheck', stripped };
  const number = numberOf(stripped, rule).trim();
  // A template may make of a text what is no number: nothing, or something that breaks out of its place in SIP2.
  if (number === '' || [...number].length > numberCharsMax || number.includes('|')) {
    return { did: 'noMatch', stripped };
  }
  return { did: 'took', stripped, number };
}

function isOneOf(symbologies: readonly string[], symbology: string | undefined): boolean {
  return symbology !== undefined && symbologies.some((one) => symbology.startsWith(one));
}

function strip(text: string, { letterCase, stripBefore, stripAfter }: IdentifierRule): string {
  const folded = { keep: text, upper: text.toUpperCase(), lower: text.toLowerCase() }[letterCase];
  const left = stripBefore === undefined ? folded : folded.replace(stripBefore, '');
  return stripAfter === undefined ? left : left.replace(stripAfter, '');
}

function numberOf(stripped: string, { match, map, dropCheckDigit }: IdentifierRule): string {
  if (map !== undefined) return stripped.replace(match, map);
  return dropCheckDigit ? stripped.slice(0, -1) : stripped;
}
