import { describe, expect, it } from 'vitest';
import { summarize, summaryLine } from '../../../scripts/test-summary.ts';

const file = (statuses: string[], status = statuses.includes('failed') ? 'failed' : 'passed') => ({
  name: 'a.test.ts',
  status,
  message: '',
  assertionResults: statuses.map((one) => ({ status: one, title: 't' })),
});
const report = (...files: unknown[]) => ({ success: true, testResults: files });

describe('the last line of the tests', () => {
  const rows: [string, unknown, number | undefined, string][] = [
    [
      'all pass',
      report(file(['passed', 'passed']), file(['passed'])),
      0,
      'tests: 3 passed, 0 failed, 0 skipped',
    ],
    ['one fails', report(file(['passed', 'failed'])), 1, 'tests: 1 passed, 1 failed, 0 skipped'],
    [
      'some are skipped',
      report(file(['passed', 'pending', 'skipped', 'todo'])),
      0,
      'tests: 1 passed, 0 failed, 3 skipped',
    ],
    [
      'a file could not be loaded',
      report(file(['passed']), file([], 'failed')),
      1,
      'tests: 1 passed, 1 failed, 0 skipped',
    ],
    [
      'a file failed after its tests',
      report(file(['passed'], 'failed')),
      1,
      'tests: 1 passed, 1 failed, 0 skipped',
    ],
    ['no test ran', report(), 0, 'tests: 0 passed, 1 failed, 0 skipped'],
    ['all were skipped', report(file(['skipped'])), 0, 'tests: 0 passed, 1 failed, 1 skipped'],
    ['the run failed and no test did', report(file(['passed'])), 1, 'tests: 1 passed, 1 failed, 0 skipped'],
    ['the run was ended', report(file(['passed'])), undefined, 'tests: 1 passed, 1 failed, 0 skipped'],
    [
      'a word that we do not know',
      report(file(['passed', 'exploded'])),
      0,
      'tests: 1 passed, 1 failed, 0 skipped',
    ],
    ['there is no report', undefined, 0, 'tests: 0 passed, 1 failed, 0 skipped'],
    ['the report is of another kind', { tests: 5 }, 0, 'tests: 0 passed, 1 failed, 0 skipped'],
  ];
  it.each(rows)('when %s', (_when, from, exit, line) => {
    expect(summaryLine(summarize(from, exit))).toBe(line);
  });
});
