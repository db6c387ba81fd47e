import type { LanguageCode } from '../shared/languages.ts';

const noBreak = '\u00a0';

/**
 * Binds what must not stand apart at the end of a line: a short number and the word after it, a clock time and its
 * preposition, and in Czech the one-letter prepositions and conjunctions (ČSN 01 6910).
 */
export function textWithNoBreaks(language: LanguageCode, text: string): string {
  const bound = text
    .replace(/((?<!\d)\d{1,2}\.?|\{\{count\}\}) (?=\p{L})/gu, `$1${noBreak}`)
    .replace(/(?<=\p{L}\.?) (?=\d{1,2}[.:]\d{2}$)/gu, noBreak)
    .replace(/ (?=[–—] )/gu, noBreak);
  if (language !== 'cs') return bound;
  return bound.replace(/(?<=^|[\s(„])([kvszouai]) (?=\S)/giu, `$1${noBreak}`);
}
