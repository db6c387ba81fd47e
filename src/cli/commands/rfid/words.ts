import { rfidAdvice } from '../../../devices/rfid-reader/advice.ts';
import type { Field, FieldTag, RfidReaderStatus } from '../../../devices/rfid-reader/rfid-reader.ts';
import { readingOf } from '../../../station/tag-desk.ts';
import { failureWords, readingWords } from '../../../station/tag-words.ts';

/** A reader’s status as a line. */
export function statusWords(port: string, status: RfidReaderStatus): string {
  const said = 'reason' in status ? `: ${status.reason}` : 'words' in status ? `: ${status.words}` : '';
  const advice = rfidAdvice[status.state];
  return `${port} is ${status.state}${said}${advice === undefined ? '' : ` (${advice})`}`;
}

/** What lies before the reader, a line for each tag. */
export function fieldWords({ tags, tooMany }: Field): readonly string[] {
  const lines = tags.map(tagWords);
  if (tooMany) lines.push('too many tags for this reader: take some away');
  return lines.length === 0 ? ['no tag'] : lines;
}

function tagWords(tag: FieldTag): string {
  const security = { yes: 'secured', no: 'not secured', unknown: 'security unknown' }[tag.secured];
  const afi = tag.afi === undefined ? '' : ` (AFI ${tag.afi.toString(16).padStart(2, '0').toUpperCase()})`;
  const moving = tag.still ? '' : ', moving or not yet read';
  const drops = tag.dropOuts === 0 ? '' : `, missed ${tag.dropOuts} times`;
  const unread = tag.unread === undefined ? '' : `, cannot be read: ${failureWords(tag.unread)}`;
  const content = tag.memory === undefined ? '' : `, ${readingWords(readingOf(tag))}`;
  return `${tag.uid}  ${security}${afi}${content}${moving}${drops}${unread}`;
}
