import { spawnSync } from 'node:child_process';

/** Each writes the documents that are derived from a table in the source. */
const writers = [
  'scripts/sip2-docs.ts',
  'scripts/data-policy.ts',
  'scripts/config-docs.ts',
  'scripts/profiles-docs.ts',
];

for (const writer of writers) {
  const { status } = spawnSync(process.execPath, [writer], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
