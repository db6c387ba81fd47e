import { z } from 'zod';
import { described } from './describe.ts';

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Most patterns of one list. */
const patternsMax = 20;

/** A list of regular expressions, each of which matches a whole number. Empty where it is left out. */
export const patternList = (sentence: string) =>
  described(
    z
      .array(described(z.string().min(1).max(200).refine(isPattern), 'One pattern.', 'a regular expression'))
      .max(patternsMax),
    sentence,
  ).default([]);

/** A pattern of the configuration matches the whole number. */
export function wholePattern(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, 'u');
}
