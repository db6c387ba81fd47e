import type { StoredTagWork } from '../../journal/rows.ts';

/** What staff can do about tags that stand on their list, in a sentence. */
export function suggestedForTags({ aim, rule }: StoredTagWork): string {
  if (aim === 'lock')
    return 'It came back, and its security was not switched on: look on the staff’s shelf, secure it at the desk; then resolve.';
  if (rule === 'tag.partlyFree')
    return 'It is lent, and only some of its parts let the gate be silent: find them, free or secure them all at the desk; then resolve.';
  return 'It is lent, and its alarm is still on: if its borrower stands at the gate, switch it off at the desk. At its next loan or return here it is put right by itself; then resolve.';
}
