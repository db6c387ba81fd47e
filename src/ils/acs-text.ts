import type { AcsText } from '../shared/values.ts';

/** Longest word of the library system that is shown. */
export const acsTextCharsMax = 500;
/** Most lines of one answer that are shown. */
export const acsTextLinesMax = 12;

/** Control characters, and those that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

const entities: Readonly<Record<string, string>> = {
  '&#124;': '|',
  '&#39;': "'",
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
};

/**
 * A value as plain text: control characters and line breaks become blanks, entities that library systems put in the place of
 * signs become the signs, ends are trimmed, what is too long is cut.
 */
export function cleanText(value: string, charsMax: number): string {
  const plain = value
    .replace(/&(?:#124|#39|quot|lt|gt|amp);/g, (entity) => entities[entity] ?? entity)
    .replace(unprintable, ' ')
    .replace(/\\[rn]/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  if (plain.length <= charsMax) return plain;
  const splitsPair = /[\ud800-\udbff]/.test(plain.charAt(charsMax - 1));
  return plain.slice(0, splitsPair ? charsMax - 1 : charsMax).trimEnd();
}

/** Screen messages and print lines as words of the library system, each once. */
export function acsTexts(values: readonly string[]): AcsText[] {
  const seen = new Set<string>();
  for (const value of values) {
    const text = cleanText(value, acsTextCharsMax);
    if (text !== '' && seen.size < acsTextLinesMax) seen.add(text);
  }
  return [...seen].map((acs) => ({ acs }));
}
