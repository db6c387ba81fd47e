import { expect, test } from 'vitest';
import { readTag } from '../../../src/rfid/read-tag.ts';
import { encodeTag } from '../../../src/rfid/encode-tag.ts';
import { bytesOf, hexOf, ofModel } from './vectors.ts';

test.each(ofModel('3M-RFID501'))('$id is read', ({ memory = '', expect: told = {} }) => {
  const reading = readTag(bytesOf(memory));
  expect(reading).toEqual({
    kind: 'item',
    item: {
      model: 'rfid501',
      primaryItemIdentifier: told['content'],
      usage: 'unspecified',
      deviations: [],
    },
  });
});

test('a tag of a book is written bit by bit', () => {
  const vector = ofModel('3M-RFID501').find(({ id }) => id === '3m501-live-book');
  const written = encodeTag('rfid501', { primaryItemIdentifier: '1302099999' }, { memoryBytes: 32 });
  // The item type of the capture is "other"; ours is "book".
  expect(written.ok && hexOf(written.value).replace(/^(.{6})01/u, '$100')).toBe(
    vector?.memory?.replace(/^(.{6})01/u, '$100'),
  );
});

test.each(ofModel('3M-blank'))('$id is blank', ({ memory = '' }) => {
  expect(readTag(bytesOf(memory))).toEqual({ kind: 'blank' });
  expect(readTag(bytesOf(`${memory}00000000`))).toEqual({ kind: 'blank' });
});
