import type { Scan } from '../../devices/barcode-scanner/scanner.ts';
import { identify } from '../../station/core/identifiers/identify.ts';
import {
  applyRule,
  type Given,
  type IdentifierRule,
  type RuleVerdict,
} from '../../station/core/identifiers/rules.ts';
import type { IdentifierPatterns } from '../../station/settings.ts';

const lastCharsShown = 2;

/** A scan as it may stand on anyone's screen: it may be a patron's card. */
export function masked(scan: Scan): string {
  return scan.kind === 'unreadable' ? `unreadable: ${scan.why}` : `read: ${maskedText(scan.text)}`;
}

function maskedText(text: string): string {
  const characters = [...text];
  const kind = /^\d+$/.test(text) ? 'digits' : 'characters';
  const end =
    characters.length > 2 * lastCharsShown ? `, ending in ${characters.slice(-lastCharsShown).join('')}` : '';
  return `${characters.length} ${kind}${end}`;
}

/** What the library's pipeline makes of a text, step by step. In full only where asked: it may be a patron's card. */
export function previewLines(given: Given, known: IdentifierPatterns, show: boolean): readonly string[] {
  const words = (text: string): string => (show ? JSON.stringify(text) : maskedText(text));
  const rules = (known.rules ?? []).map(
    (rule, index) => `  rule ${index + 1} (${rule.is}): ${verdictWords(applyRule(rule, given), rule, words)}`,
  );
  const symbology = given.symbology === undefined ? [] : [`  symbology ]${given.symbology}`];
  const ends = (['card', 'item'] as const).map((expected) => {
    const identified = identify(given, expected, known);
    const number = 'number' in identified ? ` ${words(identified.number)}` : '';
    return `  where a ${expected === 'card' ? 'card' : 'book'} is expected: ${outcomes[identified.is]}${number}`;
  });
  return [...symbology, ...rules, ...ends];
}

const outcomes = {
  card: 'the card',
  item: 'the item',
  unrecognised: 'not a number of this library',
  damaged: 'a number of this library with a wrong check digit',
  notKept: 'an identity number or a bank card, which is dropped and not logged',
} as const;

function verdictWords(verdict: RuleVerdict, rule: IdentifierRule, words: (text: string) => string): string {
  switch (verdict.did) {
    case 'otherSource':
      return 'for another source';
    case 'otherSymbology':
      return 'for another symbology';
    case 'noMatch':
      return `no match for ${words(verdict.stripped)}`;
    case 'wrongCheck':
      return `wrong check digit (${rule.check}) in ${words(verdict.stripped)}`;
    case 'took':
      return `takes ${words(verdict.stripped)} as ${words(verdict.number)}`;
  }
}
