import { z } from 'zod';

export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What made the run fail beside failed tests. */
  readonly remarks: readonly string[];
}

/** As much of vitest’s JSON report as is counted here. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/**
 * Counts a report. Whatever is no proof of success counts as one failure more: no report, no test, a file that could not be
 * loaded, an exit code without a failed test. `exit` is undefined for a run that was ended.
 */
export function summarize(report: unknown, exit: number | undefined): TestSummary {
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) return { passed: 0, failed: 1, skipped: 0, remarks: ['The tests left no report.'] };
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
  return { passed, failed: failedTests + remarks.length, skipped, remarks };
}

export function summaryLine(summary: TestSummary): string {
  return `tests: ${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`;
}
