import { z } from 'zod';
import { described } from './describe.ts';
import { patternList } from './patterns.ts';

const turnedAway = (what: string) =>
  patternList(
    `Regular expressions, one of which the whole of an item identifier matches: such items are not ${what} here, and the ACS does not hear of them.`,
  );

const tags = described(
  z
    .strictObject({
      acceptBadCrc: described(
        z.enum(['never', 'legacyOnly', 'always']),
        'Whether a tag of ISO 28560-3 counts whose checksum is wrong; legacyOnly: where its owner field is no country and name.',
      ).default('never'),
      partZero: described(
        z.enum(['single', 'refuse']),
        'What part 0, or a set of 0 parts, is: an item of a single part, or unreadable.',
      ).default('single'),
      usageNibbles: described(
        z.enum(['auto', 'standard']),
        'Whether version and type of usage may have changed places on a tag of ISO 28560-3, or stand as the standard has them.',
      ).default('auto'),
    })
    .prefault({}),
  'How tags that differ from the standard are read.',
);

/** Which items the station handles, and how their tags are read. */
export const collections = described(
  z
    .strictObject({
      owners: described(
        z
          .array(
            described(
              z
                .string()
                .max(32)
                .regex(/^[A-Za-z0-9:/-]+\*?$/),
              'One ISIL, such as FI-Hki; with * at its end all that begin so.',
              'an ISIL, with or without * at its end',
            ),
          )
          .max(500),
        'The owners whose items are lent and taken back here: the library, and those who share its collections. Empty: every owner.',
      ).default([]),
      sets: described(
        z.enum(['everyPart', 'mainPartOnly']),
        'Which parts of an item of several parts have tags.',
      ).default('everyPart'),
      withoutTag: patternList(
        'Regular expressions, one of which the whole of an item identifier matches: such items have no tag. Any other item that is lent or taken back by its barcode, at a station with an RFID reader, has to be laid on the reader too, so that its security follows.',
      ),
      incompleteReturns: described(
        z.enum(['take', 'turnAway']),
        'A set that comes back with a part missing: it is taken back and staff are told which part, or it is turned away, and the ACS does not hear of it.',
      ).default('take'),
      notLent: turnedAway('lent'),
      notTaken: turnedAway('taken back'),
      tags,
    })
    .prefault({}),
  'Which items the station handles.',
);
