import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it.each([
  ['--seeds', 'abc'],
  ['--seeds', '0'],
  ['--from', '-3'],
  ['--sessions', '1.5'],
  ['--workers', ''],
])('simulates nothing with %s "%s", and says why', (option, value) => {
  const ended = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), `${option}=${value}`], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(ended.status).toBe(2);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toBe(`${option} takes a whole number from 1 on, not "${value}".\n`);
});
