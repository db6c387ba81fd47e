import { spawnSync } from 'node:child_process';

/** What a change must pass beside the tests. `node` steps run on this Node; the others are programs of their own. */
const checks: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  {
    name: 'lint',
    args: [
      'node_modules/oxlint/bin/oxlint',
      '--type-aware',
      '--deny-warnings',
      'src',
      'test',
      'scripts',
      'bin',
    ],
  },
  { name: 'layering', args: ['scripts/layering.ts'] },
  { name: 'data policy', args: ['scripts/data-policy.ts', '--check'] },
  { name: 'messages', args: ['scripts/strings.ts', '--check'] },
  { name: 'SIP2 document', args: ['scripts/sip2-docs.ts', '--check'] },
  { name: 'configuration document', args: ['scripts/config-docs.ts', '--check'] },
  { name: 'profiles document', args: ['scripts/profiles-docs.ts', '--check'] },
  {
    name: 'formatting',
    args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  },
];

const only = process.argv.slice(2);
const failed: string[] = [];
for (const check of checks) {
  if (only.length > 0 && !only.includes(check.name)) continue;
  const started = performance.now();
  const { status } = spawnSync(process.execPath, check.args, { stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)`);
  if (status !== 0) failed.push(check.name);
}
console.log(failed.length === 0 ? 'check: all well' : `check: ${failed.join(', ')} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
