/**
 * Packs the kiosk’s product as electron-builder.yml says: `node scripts/package.ts [--dir] [--output FOLDER]`. First the
 * unpacked product, whose fuses are read back; then, without `--dir`, each installer that this machine can make.
 */
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { build, Platform, type Configuration } from 'electron-builder';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { findElectron } from '../src/cli/electron-binary.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
/** The first Electron that has the fuse `grantFileProtocolExtraPrivileges`. */
const fileFuseMajorMin = 29;

/** How a fuse stands in the program’s file: the characters 1 and 0 (Electron’s docs/tutorial/fuses.md). */
const fuseOn = 0x31;
const fuseOff = 0x30;

const { values } = parseArgs({
  options: { dir: { type: 'boolean', default: false }, output: { type: 'string', default: 'release' } },
});
const output = resolve(root, values.output);

function end(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

/** The configuration, with the Electron of this machine where the packager could not fetch one. */
function configFor(electron: string): Configuration {
  const config: Configuration = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
  const electronDist = dirname(electron);
  const version = readFileSync(join(electronDist, 'version'), 'utf8').trim().replace(/^v/, '');
  if (Number.parseInt(version, 10) < fileFuseMajorMin) {
    console.log(
      `Electron ${version} is too old for the fuse grantFileProtocolExtraPrivileges; it stays as that Electron has it.`,
    );
    delete config.electronFuses?.grantFileProtocolExtraPrivileges;
  }
  return { ...config, electronDist, directories: { ...config.directories, output } };
}

/** As a file, because what is handed over as an object is only laid over the project’s own. */
function written(config: Configuration): string {
  const file = join(mkdtempSync(join(tmpdir(), 'omatoimi-package-')), 'electron-builder.yml');
  process.on('exit', () => rmSync(dirname(file), { recursive: true, force: true }));
  writeFileSync(file, stringify(config));
  return file;
}

async function packUnpacked(config: string): Promise<string> {
  const targets = Platform.current().createTarget('dir');
  await build({ projectDir: root, targets, config, publish: 'never' });
  const folder = join(output, process.platform === 'win32' ? 'win-unpacked' : 'linux-unpacked');
  if (!existsSync(folder)) end(`The packager left nothing in ${folder}.`);
  // An Electron for tests may have an application of its own.
  for (const name of ['app', 'default_app.asar']) {
    rmSync(join(folder, 'resources', name), { recursive: true, force: true });
  }
  return folder;
}

/** Ends with an error unless each fuse of the product is as the configuration says. */
async function checkFuses(folder: string, wanted: object): Promise<void> {
  const program = join(folder, process.platform === 'win32' ? 'Omatoimi.exe' : 'omatoimi');
  const wire = await getCurrentFuseWire(program);
  for (const [name, on] of Object.entries(wanted)) {
    const option = Object.entries(FuseV1Options).find(
      ([key]) => key.toLowerCase() === name.toLowerCase(),
    )?.[1];
    const state = Reflect.get(wire, String(option));
    const expected = on === true ? fuseOn : fuseOff;
    if (state !== expected) end(`The fuse ${name} of ${program} is not ${on === true ? 'on' : 'off'}.`);
    console.log(`fuse ${name}: ${on === true ? 'on' : 'off'}`);
  }
}

/** What came of it: the files, or why there are none. */
async function buildInstaller(
  name: string,
  config: string,
  prepackaged: string,
): Promise<{ readonly made: readonly string[] } | { readonly reason: string }> {
  try {
    const targets = Platform.current().createTarget(name);
    return { made: await build({ projectDir: root, targets, prepackaged, config, publish: 'never' }) };
  } catch (error) {
    return { reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

/** The packager fetches a tool for each installer when it first makes one. */
function whyNot(name: string, reason: string): string {
  const unreachable = /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH/.test(reason);
  return unreachable
    ? `not made: ${name}. The packager’s tool for it could not be fetched (${reason}); where GitHub can be reached, npm run package makes it.`
    : `not made: ${name} (${reason})`;
}

async function tryInstaller(name: string, config: string, prepackaged: string): Promise<void> {
  let result = await buildInstaller(name, config, prepackaged);
  if ('reason' in result && name === 'deb' && spawnSync('dpkg-deb', ['--version']).status === 0) {
    console.log(
      `The packager’s own tool for deb cannot be had (${result.reason}); dpkg-deb packs it instead.`,
    );
    packByDpkg();
    result = await buildInstaller(name, config, prepackaged);
  }
  if ('reason' in result) console.log(whyNot(name, result.reason));
  else for (const file of result.made) console.log(`made: ${file}`);
}

/** The packager takes the `fpm` that it finds; ours understands as much of fpm as is asked for, and has dpkg-deb do it. */
function packByDpkg(): void {
  const folder = mkdtempSync(join(tmpdir(), 'omatoimi-fpm-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(import.meta.dirname, 'deb-by-dpkg.ts');
  writeFileSync(join(folder, 'fpm'), `#!/bin/sh\nexec '${process.execPath}' '${file}' "$@"\n`, {
    mode: 0o755,
  });
  process.env['USE_SYSTEM_FPM'] = 'true';
  process.env['PATH'] = `${folder}:${process.env['PATH'] ?? ''}`;
}

const electron = findElectron({ env: process.env, say: (line) => console.log(line) });
if (!electron.ok) end(electron.error);
const config = configFor(electron.value);
const configFile = written(config);
const folder = await packUnpacked(configFile);
await checkFuses(folder, { ...config.electronFuses });
console.log(`made: ${folder}`);
if (!values.dir) {
  const onWindows = process.platform === 'win32';
  for (const name of onWindows ? ['nsis'] : ['AppImage', 'deb']) await tryInstaller(name, configFile, folder);
  console.log(
    onWindows
      ? 'not made: AppImage and deb. They are made on Linux.'
      : 'not made: nsis. The installer for Windows is made on Windows, with the Node of that system in it.',
  );
}
