import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summarize, summaryLines, type TestSummary } from './test-summary.ts';

/** A run that takes longer hangs; the whole of it is meant to take ten minutes at most. */
const runMsMax = 25 * 60_000;

/** Runs vitest and returns its exit code; undefined when it was ended. */
function runVitest(report: string, args: readonly string[]): Promise<number | undefined> {
  const child = spawn(
    process.execPath,
    [
      '--require',
      './scripts/bootstrap/leash.cjs',
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    { stdio: ['inherit', 'inherit', 'inherit', 'pipe'], env: { ...process.env, OMATOIMI_LEASH_FD: '3' } },
  );
  const timer = setTimeout(() => {
    console.error(`The tests took more than ${runMsMax / 60_000} minutes and were ended.`);
    child.kill('SIGKILL');
  }, runMsMax);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? undefined);
    });
  });
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'omatoimi-tests-'));
const report = join(folder, 'report.json');
let summary: TestSummary;
try {
  const exit = await runVitest(report, process.argv.slice(2));
  summary = summarize(readReport(report), exit);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const remark of summary.remarks) console.error(remark);
process.exitCode = summary.failed > 0 ? 1 : 0;
console.log(summaryLines(summary).join('\n'));
