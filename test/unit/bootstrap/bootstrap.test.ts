import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/wait.ts';

interface Judge {
  judgeNode(version: string): string | undefined;
  judgeCommand(name: string | undefined, known: readonly string[]): string | undefined;
  judgeWriting(folder: string, code: string): string;
  judgeInstall(folder: string, output: string, exit: number): string;
}
interface SystemPackages {
  judgePackages(facts: { missing: string[]; platform: string; isRoot: boolean; hasApt: boolean }): {
    kind: string;
    sentence?: string;
    packages?: string[];
  };
  missingPackages(names: string[], env: Record<string, string>): string[];
}

const repository = resolve(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);
const judge = require('../../../scripts/bootstrap/judge.cjs') as Judge;
const systemPackages = require('../../../scripts/bootstrap/system-packages.cjs') as SystemPackages;

let folder = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-bootstrap-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A clone in small: our bootstrap, a lockfile, and a command to run. */
function clone(options: { installed: boolean; lock?: unknown }): void {
  cpSync(join(repository, 'scripts/bootstrap'), join(folder, 'scripts/bootstrap'), { recursive: true });
  cpSync(join(repository, 'scripts/bootstrap.cjs'), join(folder, 'scripts/bootstrap.cjs'));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'small', version: '1.0.0', private: true }),
  );
  const lock = options.lock ?? {
    name: 'small',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': { name: 'small', version: '1.0.0' } },
  };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  mkdirSync(join(folder, 'scripts'), { recursive: true });
  mkdirSync(join(folder, 'src/cli'), { recursive: true });
  if (options.installed) install();
}

function install(): void {
  mkdirSync(join(folder, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node_modules/node/bin/node'));
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  writeFileSync(join(folder, 'node_modules/.omatoimi-installed'), hash);
}

function bootstrap(
  args: readonly string[],
  env: Record<string, string> = {},
): { code: number | null; out: string; err: string } {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const ended = spawnSync(process.execPath, ['scripts/bootstrap.cjs', ...args], {
    cwd: folder,
    env: { ...clean, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

describe('what the bootstrap says', () => {
  it.each(['0.10.48', '12.22.12', '18.20.8', '19.9.0'])('of Node %s: too old, in one sentence', (version) => {
    expect(judge.judgeNode(version)).toMatch(
      new RegExp(`^Node ${version.replaceAll('.', '\\.')} is too old: .* Node 20 or later .*\\.$`),
    );
  });
  it.each(['20.0.0', '20.20.2', '22.15.0', '24.21.0', '100.0.0'])('of Node %s: nothing', (version) => {
    expect(judge.judgeNode(version)).toBeUndefined();
  });

  const failures: [string, string, RegExp][] = [
    [
      'the network is away',
      'npm error code ENOTFOUND\nnpm error network request to https://x failed',
      /network.*ENOTFOUND/,
    ],
    [
      'the name server does not answer',
      'npm error code EAI_AGAIN\nnpm error syscall getaddrinfo',
      /network.*EAI_AGAIN/,
    ],
    ['nobody listens', 'npm error code ECONNREFUSED', /network.*ECONNREFUSED/],
    ['the folder is read-only', 'npm error code EROFS\nnpm error syscall mkdir', /\/here is read-only/],
    ['the rights are missing', 'npm error code EACCES\nnpm error syscall open', /\/here is read-only/],
    ['the disk is full', 'npm error code ENOSPC', /no space left on the disk of \/here/],
    [
      'npm says something else',
      'npm error code EUSAGE\nnpm error The lockfile is out of step',
      /npm ci ended with 1, saying “The lockfile is out of step”/,
    ],
    ['npm says nothing', '', /npm ci ended with 1\./],
  ];
  it.each(failures)('when %s', (_when, output, sentence) => {
    const said = judge.judgeInstall('/here', output, 1);
    expect(said).toMatch(sentence);
    expect(said).not.toContain('\n');
  });
});

describe('the bootstrap', () => {
  it('does nothing but hand over when all is there', () => {
    clone({ installed: true });
    writeFileSync(
      join(folder, 'scripts/run-checks.ts'),
      'const x: string[] = process.argv.slice(2); console.log(process.version, JSON.stringify(x)); process.exit(5);',
    );
    const ended = bootstrap(['check', '--flag', 'a b']);
    expect(ended).toEqual({ code: 5, out: `${process.version} ["--flag","a b"]\n`, err: '' });
  });

  it('knows an unknown command', () => {
    clone({ installed: true });
    const ended = bootstrap(['dance']);
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.err).toMatch(/^Unknown command "dance": there are start, test, .*\.\n$/);
  });

  it('installs what is missing, once', () => {
    clone({ installed: false });
    writeFileSync(join(folder, 'scripts/run-checks.ts'), 'console.log("ran");');
    // Stands for npm: it puts Node 24 where the package `node` would, and counts its calls.
    const npm = join(folder, 'npm-cli.js');
    writeFileSync(
      npm,
      `const fs = require('fs'); fs.appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
       fs.mkdirSync('node_modules/node/bin', { recursive: true }); fs.symlinkSync(${JSON.stringify(process.execPath)}, 'node_modules/node/bin/node');`,
    );
    const first = bootstrap(['check'], { npm_execpath: npm });
    expect([first.code, first.out]).toEqual([0, 'ran\n']);
    expect(first.err).toMatch(/^Installing the packages; .*\nInstalled in \d+ s\.\n$/);
    const second = bootstrap(['check'], { npm_execpath: npm });
    expect(second).toEqual({ code: 0, out: 'ran\n', err: '' });
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toMatch(/^ci --include=dev [^\n]*\n$/);
    writeFileSync(
      join(folder, 'package-lock.json'),
      '{"lockfileVersion":3,"packages":{"":{}, "node_modules/new":{"version":"1.0.0"}}}',
    );
    rmSync(join(folder, 'node_modules'), { recursive: true });
    expect(bootstrap(['check'], { npm_execpath: npm }).err).toContain('Installed in');
  });

  it('stops with a sentence when the network is away', () => {
    const packages = {
      '': { name: 'small', version: '1.0.0', dependencies: { 'is-odd': '3.0.1' } },
      'node_modules/is-odd': {
        version: '3.0.1',
        resolved: 'http://127.0.0.1:1/is-odd.tgz',
        integrity: 'sha512-AAAA',
      },
    };
    clone({ installed: false, lock: { name: 'small', version: '1.0.0', lockfileVersion: 3, packages } });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'small', version: '1.0.0', dependencies: { 'is-odd': '3.0.1' } }),
    );
    const ended = bootstrap(['check'], {
      npm_config_registry: 'http://127.0.0.1:1/',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(folder, 'cache'),
    });
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.err.split('\n').at(-2)).toMatch(
      /^The packages could not be fetched because the network .* \(ECONNREFUSED\): connect, .*\.$/,
    );
  });

  it.each([
    ['EROFS', /^The folder .* is read-only, .*\.\n$/],
    ['EACCES', /^The folder .* is read-only, .*\.\n$/],
    ['ENOSPC', /^There is no space left on the disk of .*\.\n$/],
  ])('stops with a sentence when the folder gives %s', (code, sentence) => {
    clone({ installed: false });
    // Rights do not stop root, and a read-only mount needs rights of its own: the error is given where it arises.
    const refusing = join(folder, 'refusing.cjs');
    writeFileSync(
      refusing,
      `const fs = require('fs'); const real = fs.mkdirSync;
       fs.mkdirSync = (path, ...rest) => { if (String(path).includes('probe')) throw Object.assign(new Error('no'), { code: '${code}' }); return real(path, ...rest); };`,
    );
    const ended = bootstrap(['check'], { NODE_OPTIONS: `--require ${refusing}` });
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.err).toMatch(sentence);
  });

  it('stops with a sentence when there is no npm', () => {
    clone({ installed: false });
    const ended = bootstrap(['check'], { PATH: dirname('/nowhere/bin') });
    expect(ended.code).toBe(1);
    expect(ended.err.split('\n').at(-2)).toMatch(/^npm was not found: .*\.$/);
  });

  it('builds the page and the shell when their sources have changed, and only then', () => {
    clone({ installed: true });
    mkdirSync(join(folder, 'src/renderer'), { recursive: true });
    mkdirSync(join(folder, 'src/main'), { recursive: true });
    writeFileSync(join(folder, 'src/renderer/main.tsx'), 'one');
    writeFileSync(join(folder, 'src/main/main.ts'), 'one');
    writeFileSync(join(folder, 'src/cli/start.ts'), 'console.log("started");');
    writeFileSync(
      join(folder, 'scripts/build.ts'),
      `import fs from 'node:fs'; fs.mkdirSync('dist', { recursive: true }); fs.appendFileSync('dist/builds', process.argv.at(-1) + ' ');`,
    );
    const builds = () => readFileSync(join(folder, 'dist/builds'), 'utf8');
    expect(bootstrap(['start'])).toEqual({
      code: 0,
      out: 'started\n',
      err: 'Building the page …\nBuilding the shell …\n',
    });
    expect(bootstrap(['start'])).toEqual({ code: 0, out: 'started\n', err: '' });
    expect(builds()).toBe('page shell ');
    writeFileSync(join(folder, 'src/renderer/main.tsx'), 'two');
    expect(bootstrap(['start']).err).toBe('Building the page …\n');
    writeFileSync(join(folder, 'src/main/main.ts'), 'two');
    expect(bootstrap(['start']).err).toBe('Building the shell …\n');
    expect(builds()).toBe('page shell page shell ');
  });

  it('says what is wrong when the page cannot be built', () => {
    clone({ installed: true });
    writeFileSync(
      join(folder, 'scripts/build.ts'),
      `console.error('line 7: no such import'); process.exit(3);`,
    );
    const ended = bootstrap(['start']);
    expect([ended.code, ended.out]).toEqual([1, '']);
    expect(ended.err).toContain('line 7: no such import');
    expect(ended.err.split('\n').at(-2)).toBe(
      'The page could not be built: the build ended with 3 (see above).',
    );
    expect(existsSync(join(folder, '.cache/bootstrap.lock'))).toBe(false);
  });
});

/** Both ways of going on: becoming Node 24, and running it as a child where this Node cannot. */
describe.each([
  ['as another program', false],
  ['with a child', true],
])('handing over %s', (_how, noExec) => {
  const script = `process.on('SIGTERM', () => { console.log('TERM'); process.exit(7); });
    process.on('SIGINT', () => { console.log('INT'); process.exit(8); });
    process.on('SIGHUP', () => { console.log('HUP'); process.exit(9); });
    console.log('pid ' + process.pid); setInterval(() => undefined, 1_000);`;

  function start(env: Record<string, string> = {}): {
    child: ChildProcess;
    output: () => string;
    pid: () => Promise<number>;
  } {
    clone({ installed: true });
    writeFileSync(join(folder, 'long.cjs'), script);
    const handOver = `require('./scripts/bootstrap/hand-over.cjs').handOver(process.cwd(), ['long.cjs'], { noExec: ${noExec} })`;
    const child = spawn(process.execPath, ['-e', handOver], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const pid = async () => Number(await eventually('the program', () => /pid (\d+)/.exec(output)?.[1]));
    return { child, output: () => output, pid };
  }

  const isGone = (pid: number) => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  const exitOf = (child: ChildProcess) =>
    new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));

  it.each([
    ['SIGTERM', 7, 'TERM'],
    ['SIGINT', 8, 'INT'],
    ['SIGHUP', 9, 'HUP'],
  ] as const)('brings %s to the program, and its exit code back', async (signal, code, word) => {
    const { child, output, pid } = start();
    const inner = await pid();
    expect(inner === child.pid).toBe(!noExec);
    const exit = exitOf(child);
    child.kill(signal);
    expect(await exit).toBe(code);
    expect(output()).toMatch(new RegExp(`${word}\n$`));
  });

  it('leaves no orphan after kill -9', async () => {
    const { child, pid } = start();
    const inner = await pid();
    child.kill('SIGKILL');
    await eventually('the program to be gone', () => isGone(inner));
  });

  it('hands back the signal that the program died of', async () => {
    const { child, pid } = start();
    const exit = exitOf(child);
    process.kill(await pid(), 'SIGKILL');
    expect(await exit).toBe('SIGKILL');
  });

  it('ends when the npm that started it was killed', async () => {
    clone({ installed: true });
    writeFileSync(join(folder, 'long.cjs'), script);
    const handOver = `require('./scripts/bootstrap/hand-over.cjs').handOver(process.cwd(), ['long.cjs'], { noExec: ${noExec} })`;
    writeFileSync(join(folder, 'over.cjs'), handOver);
    // Stands for npm: it starts a shell that starts the bootstrap, and waits.
    const line = `'${process.execPath}' over.cjs; true`;
    const npm = `require('child_process').spawn('sh', ['-c', ${JSON.stringify(line)}], { stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'start' } })`;
    const child = spawn(process.execPath, ['-e', npm], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const inner = Number(await eventually('the program', () => /pid (\d+)/.exec(output)?.[1]));
    child.kill('SIGKILL');
    await eventually('the program to be gone', () => isGone(inner));
  });
});

describe('system packages', () => {
  it('are nothing to speak of when all are there, or where this system is another', () => {
    expect(
      systemPackages.judgePackages({ missing: [], platform: 'linux', isRoot: false, hasApt: true }).kind,
    ).toBe('nothing');
    expect(
      systemPackages.judgePackages({ missing: ['socat'], platform: 'darwin', isRoot: false, hasApt: false })
        .kind,
    ).toBe('nothing');
  });
  it('are installed on Debian as root', () => {
    const verdict = systemPackages.judgePackages({
      missing: ['socat', 'chromium'],
      platform: 'linux',
      isRoot: true,
      hasApt: true,
    });
    expect([verdict.kind, verdict.packages]).toEqual(['install', ['socat', 'chromium']]);
  });
  it('are named in one line to copy for anyone else', () => {
    const verdict = systemPackages.judgePackages({
      missing: ['socat', 'chromium'],
      platform: 'linux',
      isRoot: false,
      hasApt: true,
    });
    expect(verdict.kind).toBe('stop');
    expect(verdict.sentence).toContain('apt-get install -y --no-install-recommends socat chromium');
    expect(verdict.sentence).not.toContain('\n');
  });
  it('are looked for in the path', () => {
    writeFileSync(join(folder, 'socat'), '');
    expect(systemPackages.missingPackages(['socat', 'chromium'], { PATH: `/nowhere:${folder}` })).toEqual([
      'chromium',
    ]);
  });
});

describe('a port that is taken', () => {
  it('ends the start with one sentence', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const ended = await new Promise<{ code: number | null; err: string }>((done) => {
      const child = spawn(process.execPath, ['src/cli/start.ts', '--shell', 'web', '--port', String(port)], {
        cwd: repository,
      });
      children.push(child);
      let err = '';
      child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.on('exit', (code) => done({ code, err }));
    });
    server.close();
    expect(ended.code).toBe(1);
    expect(ended.err).toContain(`Port ${port} is taken`);
  });
});
