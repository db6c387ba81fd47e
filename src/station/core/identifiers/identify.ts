import type { IdentifierPatterns } from '../../settings.ts';
import { isNotKept } from './not-kept.ts';
import { applyRule, type Given } from './rules.ts';

/** What a scanned or typed text is, as far as its form tells. */
export type Identified =
  | { readonly is: 'card' | 'item'; readonly number: string }
  /** A number of no pattern of the library. */
  | { readonly is: 'unrecognised' }
  /** One of the library’s numbers with a wrong check digit: misread or mistyped. */
  | { readonly is: 'damaged' }
  /** An identity number or a bank card: forgotten at once, and not logged. */
  | { readonly is: 'notKept' };

/** Any number that a library could use where its patterns are not configured. */
const plausibleNumber = /^[\p{L}\p{N}][\p{L}\p{N} .\-_/+$%]{2,39}$/u;

type Role = 'card' | 'item';

/**
 * Tells what a text is. The library’s own rules and patterns come first, so that its numbers are never taken for identity
 * numbers; where it has none for a role, the place (`expected`) decides. What a card reader reads is never an item.
 */
export function identify(given: Given, expected: Role, known: IdentifierPatterns): Identified {
  const text = given.text.normalize('NFC').trim();
  const ofCards = given.source === 'card-reader';
  const rules = (known.rules ?? []).filter((rule) => !ofCards || rule.is === 'card');
  let damaged = false;
  for (const rule of rules) {
    const verdict = applyRule(rule, { ...given, text });
    if (verdict.did === 'took') return { is: rule.is, number: verdict.number };
    damaged ||= verdict.did === 'wrongCheck';
  }
  const other: Role = expected === 'card' ? 'item' : 'card';
  for (const role of ofCards ? (['card'] as const) : [expected, other]) {
    if (known[role].some((pattern) => pattern.test(text))) return { is: role, number: text };
  }
  if (isNotKept(text)) return { is: 'notKept' };
  if (damaged) return { is: 'damaged' };
  if (!knows(known, expected) && plausibleNumber.test(text)) return { is: expected, number: text };
  return { is: 'unrecognised' };
}

/** Whether the library told how its numbers of a role look. */
export function knows(known: IdentifierPatterns, role: Role): boolean {
  return known[role].length > 0 || (known.rules ?? []).some((rule) => rule.is === role);
}
