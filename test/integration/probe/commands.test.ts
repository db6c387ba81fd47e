import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { card, institution, items, pin, playAcs } from './acs.ts';

const main = fileURLToPath(new URL('../../../src/cli/omatoimi.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'probe-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command in a process of its own, with these lines on its standard input. */
function omatoimi(
  args: readonly string[],
  input: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

test('probe writes a report and a profile, and its PIN comes from the environment', async () => {
  const acs = await playAcs('koha');
  try {
    const where = ['--host', '127.0.0.1', '--port', String(acs.port), '--institution', institution];
    const what = ['--patron', card, '--item', items[0], '--borrow', '--out', folder];
    const told = await omatoimi(['probe', ...where, ...what], '', { OMATOIMI_PIN: pin });
    expect(told.err).toContain('… a loan');
    expect(told.code).toBe(0);
    expect(told.out).toContain('only its type (CV) tells whether staff must look');
    expect(readFileSync(join(folder, 'probe-report.md'), 'utf8')).toContain('# Probe of 127.0.0.1');
    const profile: unknown = JSON.parse(readFileSync(join(folder, 'probed-profile.json'), 'utf8'));
    expect(profile).toMatchObject({
      name: 'probed',
      inherits: 'generic',
      rules: { alert: { value: 'type' } },
    });
    expect(acs.library.item(items[0])?.loan).toBeUndefined();
  } finally {
    await acs.server.refuse();
  }
}, 120_000);

test('probe wants to know what it needs, and says so', async () => {
  const usage = await omatoimi(['probe', '--host', '127.0.0.1'], '');
  expect(usage).toMatchObject({ code: 2, out: '' });
  expect(usage.err).toContain('--patron');
  const far = await omatoimi(
    ['probe', '--host', 'ils.example', '--patron', '1', '--item', '2', '--no-pin'],
    '',
  );
  expect(far.err).toContain('--plain-tcp');
  const noPin = await omatoimi(['probe', '--host', '127.0.0.1', '--patron', '1', '--item', '2'], '');
  expect(noPin.err).toContain('OMATOIMI_PIN');
}, 120_000);

test('sip answers lines from a pipe, without a secret among them', async () => {
  const acs = await playAcs('standard');
  try {
    const where = ['--host', '127.0.0.1', '--port', String(acs.port), '--institution', institution];
    const told = await omatoimi(['sip', ...where], `99\n63 AA=${card} AD\nquit\n`, { OMATOIMI_PIN: pin });
    expect(told.code).toBe(0);
    expect(told.out).toContain('← 98 ACS Status');
    expect(told.out).toMatch(/CQ validPatronPassword +Y/);
    expect(told.out).not.toContain(pin);
  } finally {
    await acs.server.refuse();
  }
}, 120_000);
