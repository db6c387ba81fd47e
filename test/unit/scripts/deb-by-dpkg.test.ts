import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDeb, planOf } from '../../../scripts/deb-by-dpkg.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-deb-test-'));
  mkdirSync(join(folder, 'product', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'product', 'program'), '#!/bin/sh\n', { mode: 0o700 });
  writeFileSync(join(folder, 'product', 'deep', 'data'), 'x'.repeat(5_000), { mode: 0o600 });
  writeFileSync(join(folder, 'icon.png'), 'picture');
  writeFileSync(join(folder, 'after'), '#!/bin/sh\necho installed\n');
  writeFileSync(join(folder, 'gone'), '#!/bin/sh\necho gone\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As electron-builder 26 calls fpm. */
function args(...more: string[]): string[] {
  return [
    ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libgtk-3-0', '-d', 'libudev1'],
    ...['--deb-recommends', 'libappindicator3-1', '--deb-compression', 'xz', '--architecture', 'amd64'],
    ...['--after-install', join(folder, 'after'), '--after-remove', join(folder, 'gone')],
    ...['--description', 'A station\n  It lends.\n\nAnd returns.', '--version', '1.2.3'],
    ...['--package', join(folder, 'made.deb'), '--name', 'omatoimi', '--maintainer', 'The developers'],
    ...['--vendor', 'The developers', '--url', 'https://omatoimi.example', '--deb-priority', 'optional'],
    ...['--license', 'EUPL-1.2', ...more],
    `${join(folder, 'product')}/=/opt/Omatoimi`,
    `${join(folder, 'icon.png')}=/usr/share/icons/hicolor/16x16/apps/omatoimi.png`,
  ];
}

test('the words for fpm become a control file, with the description in its form', () => {
  const plan = planOf(args());
  expect(Object.fromEntries(plan.control)).toEqual({
    Package: 'omatoimi',
    Version: '1.2.3',
    Architecture: 'amd64',
    Maintainer: 'The developers',
    Section: 'misc',
    Priority: 'optional',
    Vendor: 'The developers',
    License: 'EUPL-1.2',
    Homepage: 'https://omatoimi.example',
    Depends: 'libgtk-3-0, libudev1',
    Recommends: 'libappindicator3-1',
  });
  expect(plan.description).toBe('A station\n It lends.\n .\n And returns.');
  expect(planOf(args('--iteration', '4')).control).toContainEqual(['Version', '1.2.3-4']);
});

test.each([
  ['a word that is unknown', () => args('--deb-systemd', 'unit'), '--deb-systemd'],
  ['another kind of package', () => args('-t', 'rpm'), 'only a Debian package'],
  ['a file without a target', () => [...args(), '/nowhere'], '/nowhere is not SOURCE=TARGET'],
  ['no name', () => args().filter((word) => word !== '--name' && word !== 'omatoimi'), '--name is expected'],
])('refuses %s', (_what, words, reason) => {
  expect(() => planOf(words())).toThrow(reason);
});

const hasDpkg = spawnSync('dpkg-deb', ['--version']).status === 0;
if (!hasDpkg) console.warn('Making a real Debian package is skipped: there is no dpkg-deb here.');

describe.skipIf(!hasDpkg)('a package', () => {
  function dpkg(...words: string[]): string {
    const { stdout, stderr, status } = spawnSync('dpkg-deb', words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  test('holds each file where it belongs, readable by all and owned by root, and says what it is', () => {
    makeDeb(planOf(args()));
    const made = join(folder, 'made.deb');
    const listed = dpkg('--contents', made);
    expect(listed).toMatch(/^-rwxr-xr-x root\/root .* \.\/opt\/Omatoimi\/program$/m);
    expect(listed).toMatch(/^-rw-r--r-- root\/root +5000 .* \.\/opt\/Omatoimi\/deep\/data$/m);
    expect(listed).toMatch(/ \.\/usr\/share\/icons\/hicolor\/16x16\/apps\/omatoimi\.png$/m);
    expect(listed).toMatch(/^drwxr-xr-x root\/root .* \.\/$/m);
    expect(dpkg('--field', made, 'Package', 'Depends')).toBe(
      'Package: omatoimi\nDepends: libgtk-3-0, libudev1\n',
    );
    expect(Number(dpkg('--field', made, 'Installed-Size'))).toBe(5);
    const control = join(folder, 'control');
    dpkg('--control', made, control);
    expect(readFileSync(join(control, 'postinst'), 'utf8')).toContain('echo installed');
    expect(readFileSync(join(control, 'postrm'), 'utf8')).toContain('echo gone');
    expect(statSync(join(control, 'postinst')).mode & 0o111).toBe(0o111);
  });

  test('is not made of what is not there, with the reason', () => {
    rmSync(join(folder, 'icon.png'));
    expect(() => makeDeb(planOf(args()))).toThrow('icon.png');
  });
});
