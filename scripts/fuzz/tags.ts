import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeTag } from '../../src/rfid/encode-tag.ts';
import { readExtensionBlocks } from '../../src/rfid/extension-blocks.ts';
import { readObjects, textOf } from '../../src/rfid/objects.ts';
import { readTag } from '../../src/rfid/read-tag.ts';
import { identifierCharactersMax, type TagItem } from '../../src/rfid/tag.ts';
import { demand, type FuzzedParser } from './parser.ts';

const vectors = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../test/fixtures/rfid-tags.json', import.meta.url)), 'utf8'),
) as readonly { readonly memory?: string }[];

const dsfids = [undefined, 0x00, 0x06, 0x3e];

/** What is written from a reading is read as the same item. */
function writtenAgain({ model, primaryItemIdentifier, part, owner, usage, deviations }: TagItem): void {
  const made = encodeTag(
    model,
    {
      primaryItemIdentifier,
      ...(part === undefined ? {} : { part }),
      ...(owner === undefined ? {} : { owner }),
      usage,
    },
    { memoryBytes: 256 },
  );
  // Not all that can be read may be written: an owner that is no ISIL, a part beyond its set.
  if (!made.ok || deviations.length > 0) return;
  const again = readTag(made.value);
  demand(again.kind === 'item', 'what was written is no item');
  if (again.kind === 'item')
    demand(again.item.primaryItemIdentifier === primaryItemIdentifier, 'another identifier after writing');
}

/** The memories of tags. */
export const tagParsers: readonly FuzzedParser[] = [
  {
    name: 'RFID tags',
    seeds: vectors.flatMap(({ memory }) => (memory === undefined ? [] : [Buffer.from(memory, 'hex')])),
    read(input, cuts) {
      const before = Buffer.from(input);
      const dsfid = dsfids[cuts.length % dsfids.length];
      const reading = readTag(input, dsfid === undefined ? {} : { dsfid });
      demand(before.equals(input), 'reading changed the memory');
      for (const object of readObjects(input).objects) textOf(object);
      readExtensionBlocks(input);
      if (reading.kind !== 'item') return;
      const { primaryItemIdentifier } = reading.item;
      demand(
        primaryItemIdentifier !== '' &&
          primaryItemIdentifier.length <= identifierCharactersMax &&
          !/[|\p{Cc}]/u.test(primaryItemIdentifier),
        'an identifier that would break a message',
      );
      writtenAgain(reading.item);
    },
  },
];
