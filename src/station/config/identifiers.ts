import { z } from 'zod';
import { checkKinds } from '../core/identifiers/check-digits.ts';
import { givenSources } from '../core/identifiers/rules.ts';
import { described } from './describe.ts';

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

const pattern = (sentence: string) =>
  described(z.string().min(1).max(200).refine(isPattern), sentence, 'a regular expression');

const patterns = (whose: string) =>
  described(
    z.array(pattern('One pattern.')).max(20),
    `Regular expressions, one of which the whole of ${whose} matches. Empty: the place of a scan decides what it is.`,
  ).default([]);

const rule = described(
  z.strictObject({
    is: described(z.enum(['card', 'item']), 'What a text is that this rule takes.'),
    from: described(
      z
        .array(described(z.enum(givenSources), 'One of them.'))
        .min(1)
        .max(givenSources.length),
      'Where the text comes from. Left out: from anywhere.',
      'a list of scanner, card-reader, typed and tag',
    ).optional(),
    symbologies: described(
      z
        .array(
          described(
            z.string().regex(/^[A-Za-z][0-9A-Za-z]?$/),
            'One of them.',
            'a letter, or a letter and a modifier, such as C0',
          ),
        )
        .min(1)
        .max(20),
      'Letters of AIM identifiers (A: Code 39, C: Code 128, E: EAN, F: Codabar, Q: QR); needs a scanner that sends them. Left out: any.',
    ).optional(),
    case: described(
      z.enum(['keep', 'upper', 'lower']),
      'Whether letters are made large or small first.',
    ).default('keep'),
    stripBefore: pattern(
      'What is taken off the beginning, where it is there, such as a start letter.',
    ).optional(),
    stripAfter: pattern('What is taken off the end, where it is there.').optional(),
    match: pattern('What the whole of the rest is.'),
    check: described(
      z.enum(['none', ...checkKinds]),
      'The check digit at its end. With a wrong one the rule does not take the text, and the patron is asked to try again.',
    ).default('none'),
    dropCheckDigit: described(
      z.boolean(),
      'Whether the library system has the number without its last character, as Czech systems have EAN-13.',
    ).default(false),
    map: described(
      z.string().min(1).max(100),
      'The number as the library system has it: text with $1, $2 … for what stands in the brackets of the pattern. Left out: the text itself.',
    ).optional(),
  }),
  'One rule; the first that takes a text says what it is.',
);

export const identifiers = described(
  z
    .strictObject({
      card: patterns('a card number'),
      item: patterns('an item identifier'),
      pipeline: described(
        z.array(rule).max(40),
        'Rules that make a number of what was read: strip, match, check, map. They come before the patterns; npx omatoimi device scan shows what they do.',
      ).default([]),
    })
    .prefault({}),
  'How the library’s numbers look, so that a scan in the wrong place can be explained.',
);
