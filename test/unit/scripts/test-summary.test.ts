import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { summarize, summaryLines } from '../../../scripts/test-summary.ts';

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
    expect(summaryLines(summarize(from, exit))).toEqual([line]);
  });
});

describe('what passed only at the second try', () => {
  const test = (status: string, ...failureMessages: string[]) => ({
    status,
    fullName: `a test that ${status}`,
    failureMessages,
  });
  const of = (name: string, ...tests: unknown[]) => ({ name, status: 'passed', assertionResults: tests });

  it('is told with its first error, before the last line, and counts as passed', () => {
    const from = report(
      of(
        'a.test.ts',
        test('passed'),
        test('passed', 'Error: not yet there\n    at a.test.ts:1:1', 'another'),
      ),
      of('b.test.ts', test('passed', '\u001b[31mError:\u001b[39m too late')),
    );
    expect(summaryLines(summarize(from, 0))).toEqual([
      'at the second try: 2',
      '  a.test.ts > a test that passed: Error: not yet there',
      '  b.test.ts > a test that passed: Error: too late',
      'tests: 3 passed, 0 failed, 0 skipped',
    ]);
  });

  it('is not what failed at both, nor what was skipped', () => {
    const from = report(of('a.test.ts', test('failed', 'Error: one', 'Error: two'), test('skipped')));
    expect(summaryLines(summarize(from, 1))).toEqual(['tests: 0 passed, 1 failed, 1 skipped']);
  });

  it('is known from what vitest writes', { timeout: 60_000 }, () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'omatoimi-tries-')));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(
      join(folder, 'tries.test.js'),
      `let tries = 0;
      test('passes later', () => { if (++tries === 1) throw new Error('too early'); });
      test('passes at once', () => undefined);
      test('never passes', () => { throw new Error('never'); });`,
    );
    const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
    const written = join(folder, 'report.json');
    const reporter = ['--reporter=json', `--outputFile.json=${written}`];
    const args = [vitest, 'run', '--root', folder, '--globals', '--retry=1', ...reporter];
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    const from: unknown = JSON.parse(readFileSync(written, 'utf8'));
    expect(summaryLines(summarize(from, status ?? undefined))).toEqual([
      'at the second try: 1',
      `  ${join(folder, 'tries.test.js')} > passes later: Error: too early`,
      'tests: 2 passed, 1 failed, 0 skipped',
    ]);
  });
});
