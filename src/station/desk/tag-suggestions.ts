import type { StoredTagWork } from '../../journal/rows.ts';
import { missingByRule } from '../core/tag-seen.ts';

function partsWords(missing: readonly string[]): string {
  return missing.length === 1
    ? `part ${missing.join()} of it was missing`
    : `parts ${missing.join(', ')} of it were missing`;
}

/** What staff can do about tags that stand on their list, in a sentence. */
export function suggestedForTags({ aim, rule }: StoredTagWork): string {
  const missing = missingByRule(rule);
  if (missing !== undefined) {
    const which = missing.length === 0 ? 'its main part was missing' : partsWords(missing);
    return `It came back, and ${which}: look on the staff’s shelf and ask its last borrower; secure what you find; then resolve.`;
  }
  if (rule === 'tag.notSeen') {
    const noTag = 'If it has no tag, name it under collections.withoutTag.';
    if (aim === 'lock')
      return `It came back by its barcode, and its tag was not on the reader: look on the staff’s shelf, secure it at the desk; then resolve. ${noTag}`;
    return `It is lent by its barcode, and its tag was not on the reader, so its alarm is still on: if its borrower stands at the gate, switch it off at the desk; then resolve. ${noTag}`;
  }
  if (aim === 'lock')
    return 'It came back, and its security was not switched on: look on the staff’s shelf, secure it at the desk; then resolve.';
  if (rule === 'tag.loanInDoubt')
    return 'The library system did not take its loan, so its alarm was left on: resolve the loan first; if the borrower keeps the item, switch it off at the desk; then resolve.';
  if (rule === 'tag.wasFree')
    return 'It lay on the reader with its alarm off, its loan was refused, and the library system had it as nobody’s: its alarm was switched on again. See that it is in the house; then resolve.';
  if (rule === 'tag.isFree')
    return 'Its loan was refused, and it lay on the reader with its alarm off: look for it; if it is nobody’s loan, secure it at the desk; then resolve.';
  if (rule === 'tag.partlyFree')
    return 'It is lent, and only some of its parts let the gate be silent: find them, free or secure them all at the desk; then resolve.';
  return 'It is lent, and its alarm is still on: if its borrower stands at the gate, switch it off at the desk. At its next loan or return here it is put right by itself; then resolve.';
}
