import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PtyPair } from '../../../src/simulator/pty.ts';
import { eventually } from '../../support/wait.ts';

const pairs: PtyPair[] = [];
afterEach(async () => {
  for (const pair of pairs.splice(0)) await pair.close();
});

async function pairOf(): Promise<PtyPair> {
  const pair = await PtyPair.create();
  pairs.push(pair);
  return pair;
}

describe('a pair of terminals', () => {
  it('keeps its names over unplugging, and is gone in between', async () => {
    const pair = await pairOf();
    expect(realpathSync(pair.devicePath)).toMatch(/^\/dev\/pts\/\d+$/);
    await pair.unplug();
    expect([existsSync(pair.devicePath), pair.plugged]).toEqual([false, false]);
    await expect(pair.write('x')).rejects.toThrow('unplugged');
    await pair.replug();
    expect(realpathSync(pair.devicePath)).toMatch(/^\/dev\/pts\/\d+$/);
  });

  it('bears being unplugged and plugged twice', async () => {
    const pair = await pairOf();
    await pair.unplug();
    await pair.unplug();
    await pair.replug();
    await pair.replug();
    expect(pair.plugged).toBe(true);
  });

  it('is gone with the process that made it, even by SIGKILL', async () => {
    const module = JSON.stringify(resolve(import.meta.dirname, '../../../src/simulator/pty.ts'));
    const script = `import { PtyPair } from ${module}; const pair = await PtyPair.create();
      console.log(pair.devicePath + ' '); setInterval(() => undefined, 1_000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const device = await eventually('the pair', () => /^(\S+) /.exec(said)?.[1]);
    const terminal = realpathSync(device);
    child.kill('SIGKILL');
    await eventually('the terminal to be gone', () => !existsSync(terminal));
  });

  it('says why it cannot be made', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      await expect(PtyPair.create()).rejects.toThrow(
        /no pair of terminals could be made \(socat: .*; python3: .*\)/,
      );
    } finally {
      process.env['PATH'] = path;
    }
  });
});
