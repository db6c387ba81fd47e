/**
 * Makes a Debian package with `dpkg-deb` out of the words that electron-builder has for fpm, its own packing tool, which it
 * fetches from GitHub: `fpm -s dir -t deb … SOURCE=TARGET …`. What the package holds and says is electron-builder’s in both cases.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

export interface DebPlan {
  /** The control file (Debian Policy, 5.3), but for the size. */
  readonly control: readonly (readonly [string, string])[];
  readonly description: string;
  readonly scripts: { readonly postinst: string; readonly postrm: string };
  readonly files: readonly { readonly from: string; readonly to: string }[];
  readonly compression: string;
  readonly output: string;
}

const text = { type: 'string' } as const;
const several = { type: 'string', multiple: true } as const;

/** Reads fpm’s options, as many as electron-builder has for a Debian package. One that is unknown is an error. */
export function planOf(args: readonly string[]): DebPlan {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'input-type': { ...text, short: 's' },
      'output-type': { ...text, short: 't' },
      force: { type: 'boolean' },
      depends: { ...several, short: 'd' },
      'deb-recommends': several,
      'deb-compression': text,
      'deb-priority': text,
      architecture: text,
      'after-install': text,
      'after-remove': text,
      description: text,
      version: text,
      package: text,
      name: text,
      maintainer: text,
      vendor: text,
      url: text,
      category: text,
      license: text,
      iteration: text,
    },
  });
  const wanted = (name: keyof typeof values): string => {
    const value = values[name];
    if (typeof value !== 'string' || value === '') throw new Error(`--${name} is expected`);
    return value;
  };
  if (values['output-type'] !== 'deb') throw new Error('only a Debian package can be made');
  const optional: readonly (readonly [string, string | undefined])[] = [
    ['Vendor', values.vendor],
    ['License', values.license],
    ['Homepage', values.url],
    ['Depends', values.depends?.join(', ')],
    ['Recommends', values['deb-recommends']?.join(', ')],
  ];
  return {
    control: [
      ['Package', wanted('name')],
      [
        'Version',
        values.iteration === undefined ? wanted('version') : `${wanted('version')}-${values.iteration}`,
      ],
      ['Architecture', wanted('architecture')],
      ['Maintainer', wanted('maintainer')],
      ['Section', values.category ?? 'misc'],
      ['Priority', values['deb-priority'] ?? 'optional'],
      ...optional.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    ],
    description: descriptionOf(wanted('description')),
    scripts: { postinst: wanted('after-install'), postrm: wanted('after-remove') },
    files: positionals.map((mapping) => {
      const at = mapping.lastIndexOf('=');
      if (at <= 0) throw new Error(`${mapping} is not SOURCE=TARGET`);
      return { from: mapping.slice(0, at), to: mapping.slice(at + 1) };
    }),
    compression: values['deb-compression'] ?? 'xz',
    output: wanted('package'),
  };
}

/** The first line is the synopsis; each further one begins with a space, and an empty one is a full stop (5.6.13). */
function descriptionOf(words: string): string {
  const [synopsis = '', ...more] = words.split('\n').map((line) => line.trim());
  return [synopsis, ...more.map((line) => (line === '' ? ' .' : ` ${line}`))].join('\n');
}

/** Lays the files out in a folder and has them packed. Throws with the packer’s own words. */
export function makeDeb(plan: DebPlan): void {
  const stage = mkdtempSync(join(tmpdir(), 'omatoimi-deb-'));
  try {
    // The folder becomes the root of whoever installs it.
    chmodSync(stage, 0o755);
    for (const { from, to } of plan.files) layOut(from, join(stage, to));
    run('chmod', ['-R', 'a+rX', stage]);
    const kilobytes = Math.ceil(bytesOf(stage) / 1_024);
    const debian = join(stage, 'DEBIAN');
    mkdirSync(debian);
    for (const [name, file] of Object.entries(plan.scripts)) {
      copyFileSync(file, join(debian, name));
      chmodSync(join(debian, name), 0o755);
    }
    const fields = [
      ...plan.control,
      ['Installed-Size', String(kilobytes)],
      ['Description', plan.description],
    ];
    writeFileSync(join(debian, 'control'), fields.map(([name, value]) => `${name}: ${value}\n`).join(''));
    run('dpkg-deb', ['--root-owner-group', `-Z${plan.compression}`, '--build', stage, plan.output]);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** As fpm has it: a source that ends in a slash is a folder whose content goes into the target; any other is one file. */
function layOut(from: string, to: string): void {
  const isContent = from.endsWith('/');
  mkdirSync(isContent ? to : dirname(to), { recursive: true, mode: 0o755 });
  run('cp', ['-a', isContent ? `${from}.` : from, to]);
}

function bytesOf(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const stats = lstatSync(join(folder, name));
    if (stats.isFile()) bytes += stats.size;
  }
  return bytes;
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(error?.message ?? `${program}: ${stderr.trim()}`);
}

if (import.meta.main) makeDeb(planOf(process.argv.slice(2)));
