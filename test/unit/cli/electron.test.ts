import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findElectron } from '../../../src/cli/electron-binary.ts';
import { judgeElectron, type Surroundings } from '../../../src/cli/electron-window.ts';

let folder: string;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-electron-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const say = (line: string) => void said.push(line);

function program(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

describe('Electron’s executable', () => {
  test('is the one that ELECTRON_EXEC names', () => {
    const named = program('electron');
    program('dist', 'electron');
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(findElectron({ env: { ELECTRON_EXEC: named }, packageFolder: folder, say })).toEqual({
      ok: true,
      value: named,
    });
  });

  test('is not another one when the named one is not there', () => {
    program('dist', 'electron');
    writeFileSync(join(folder, 'path.txt'), 'electron');
    const env = { ELECTRON_EXEC: join(folder, 'nothing') };
    expect(findElectron({ env, packageFolder: folder, say })).toEqual({
      ok: false,
      error: `ELECTRON_EXEC names ${join(folder, 'nothing')}, which cannot be executed.`,
    });
  });

  test('is the package’s own, without a word', () => {
    const own = program('dist', 'electron');
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(findElectron({ env: {}, packageFolder: folder, say })).toEqual({ ok: true, value: own });
    expect(said).toEqual([]);
  });

  test('is fetched by the package when it is not there yet', () => {
    const fetching = `
      const { mkdirSync, writeFileSync } = require('fs');
      mkdirSync(__dirname + '/dist');
      writeFileSync(__dirname + '/dist/electron', '', { mode: 0o755 });
      writeFileSync(__dirname + '/path.txt', 'electron');`;
    writeFileSync(join(folder, 'install.js'), fetching);
    expect(findElectron({ env: {}, packageFolder: folder, say })).toEqual({
      ok: true,
      value: join(folder, 'dist', 'electron'),
    });
    expect(said).toEqual(['Fetching Electron; this is needed only once …']);
  });

  test('cannot be had where it cannot be fetched, which one sentence says', () => {
    writeFileSync(join(folder, 'install.js'), 'process.exit(1)');
    expect(findElectron({ env: {}, packageFolder: folder, say })).toEqual({
      ok: false,
      error: expect.stringMatching(/^Electron cannot be had here: .* use --shell web and a browser\.$/),
    });
  });
});

describe('a window', () => {
  function judged(but: Partial<Surroundings>) {
    const env = { ELECTRON_EXEC: program('electron'), DISPLAY: ':0' };
    return judgeElectron({ platform: 'linux', isRoot: false, root: folder, say, env, ...but });
  }

  test('can be opened by an ordinary user at a display, X or Wayland, once the shell is built', () => {
    program('dist', 'main', 'main.cjs');
    expect(judged({})).toEqual({ ok: true, value: join(folder, 'electron') });
    const env = { ELECTRON_EXEC: join(folder, 'electron'), WAYLAND_DISPLAY: 'wayland-0' };
    expect(judged({ env }).ok).toBe(true);
    expect(judged({ platform: 'win32', env: { ELECTRON_EXEC: join(folder, 'electron') } }).ok).toBe(true);
  });

  test.each([
    ['by root', { isRoot: true }, 'sandbox does not work for root'],
    ['without a display', { env: {} }, 'There is no display for a window'],
    ['before it is built', {}, 'The Electron shell is not built'],
  ])('cannot be opened %s', (_when, but, words) => {
    expect(judged(but)).toEqual({ ok: false, error: expect.stringContaining(words) });
  });
});
