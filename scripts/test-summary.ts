import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

/** A test that failed first and then passed. */
export interface SecondTry {
  /** Its file and its name. */
  readonly test: string;
  /** The first line of what went wrong first. */
  readonly error: string;
}

export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What made the run fail beside failed tests. */
  readonly remarks: readonly string[];
  /** What passed only when it was tried again (vitest.config.ts says which tests are). They count as passed. */
  readonly secondTries: readonly SecondTry[];
}

/** As much of vitest’s JSON report as is counted here. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string().default(''),
          // Of all tries: those of a test that passed are from before it did.
          failureMessages: z.array(z.string()).default([]),
        }),
      ),
    }),
  ),
});

/**
 * Counts a report. Whatever is no proof of success counts as one failure more: no report, no test, a file that could not be
 * loaded, an exit code without a failed test. `exit` is undefined for a run that was ended.
 */
export function summarize(report: unknown, exit: number | undefined): TestSummary {
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success)
    return { passed: 0, failed: 1, skipped: 0, remarks: ['The tests left no report.'], secondTries: [] };
  const files = parsed.data.testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const skipped = tests.filter((test) =>
    ['pending', 'skipped', 'todo', 'disabled'].includes(test.status),
  ).length;
  const failedTests = tests.length - passed - skipped;
  const remarks: string[] = [];
  for (const file of files) {
    const told = file.assertionResults.some((test) => test.status === 'failed');
    if (file.status === 'failed' && !told)
      remarks.push(`${file.name} failed as a file: ${file.message ?? 'no reason given'}`);
  }
  if (passed + failedTests === 0) remarks.push('No test ran.');
  if (failedTests + remarks.length === 0 && exit !== 0) {
    remarks.push(`No test failed, and yet the run ended with ${exit ?? 'a signal'}.`);
  }
  const secondTries = files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter((test) => test.status === 'passed' && test.failureMessages.length > 0)
      .map((test) => ({
        test: `${name} > ${test.fullName}`,
        error: firstLine(test.failureMessages[0] ?? ''),
      })),
  );
  return { passed, failed: failedTests + remarks.length, skipped, remarks, secondTries };
}

function firstLine(text: string): string {
  return stripVTControlCharacters(text).trim().split('\n')[0]?.trim() ?? '';
}

/** What the run ends with. The last line is always of the same form; what came only at the second try stands before it. */
export function summaryLines({ passed, failed, skipped, secondTries }: TestSummary): readonly string[] {
  const again = secondTries.map(({ test, error }) => `  ${test}: ${error}`);
  return [
    ...(again.length > 0 ? [`at the second try: ${again.length}`, ...again] : []),
    `tests: ${passed} passed, ${failed} failed, ${skipped} skipped`,
  ];
}
