import { expect, it } from 'vitest';
import { refusalLines } from '../../../src/cli/commands/journal/refusals.ts';
import { friday, openIn, temporaryDirectory } from '../journal/support.ts';

it('tells each rule that refused once, how often and whose it is, the most frequent first', () => {
  const journal = openIn(temporaryDirectory());
  expect(refusalLines(journal.refusals())).toEqual(['Nobody was refused.']);
  const refused = (rule: string, source: 'acs' | 'station', at: number) =>
    journal.commit([{ row: 'refusal', rule, source, at }]);
  refused('patron.blocked', 'acs', friday);
  refused('offline.itemListed/holds', 'station', friday + 1_000);
  refused('offline.itemListed/holds', 'station', friday + 60_000);
  refused('patron.blocked', 'station', friday);
  expect(refusalLines(journal.refusals())).toEqual([
    'refused by          rule                      times  first (UTC)          last (UTC)',
    'the station         offline.itemListed/holds  2      2026-11-20 08:00:01  2026-11-20 08:01:00',
    'the library system  patron.blocked            1      2026-11-20 08:00:00  2026-11-20 08:00:00',
    'the station         patron.blocked            1      2026-11-20 08:00:00  2026-11-20 08:00:00',
  ]);
});

it('says so where the answer is of another version', () => {
  expect(refusalLines([{ rule: 1 }])).toEqual([expect.stringContaining('does not know')]);
});
