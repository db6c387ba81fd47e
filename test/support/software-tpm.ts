import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type RunProgram } from '../../src/station/device-key/run-program.ts';
import { until } from './until.ts';

/** Whether this machine has one, and the programs that speak to it. */
export const tpmInstalled = ['swtpm', 'tpm2_unseal'].every(
  (program) => spawnSync(program, ['--version']).status === 0,
);

const programs = ['tpm2_createprimary', 'tpm2_createpolicy', 'tpm2_create', 'tpm2_load', 'tpm2_unseal'];

/** Runs the program of its own name that stands later on the path, and leaves no object loaded. */
const tidily = `#!/bin/sh
PATH=\${PATH#*:}
"\${0##*/}" "$@"
ended=$?
for kind in -t -l -s; do tpm2_flushcontext $kind >/dev/null 2>&1; done
exit $ended
`;

/** A TPM 2.0 in software, spoken to by the programs that speak to a real one. */
export class SoftwareTpm {
  readonly folder = mkdtempSync(join(tmpdir(), 'omatoimi-tpm-'));
  readonly #process: ChildProcess;
  readonly #env: Record<string, string>;

  constructor() {
    const state = join(this.folder, 'state');
    const socket = join(this.folder, 'tpm');
    mkdirSync(state);
    const device = `swtpm:path=${socket}`;
    this.#env = { TPM2TOOLS_TCTI: device, SYSTEMD_TPM2_DEVICE: device, TSS2_LOG: 'all+none' };
    this.#process = spawn(
      'swtpm',
      [
        'socket',
        '--tpm2',
        ...['--tpmstate', `dir=${state}`],
        ...['--server', `type=unixio,path=${socket}`],
        ...['--ctrl', `type=unixio,path=${socket}.ctrl`],
        ...['--flags', 'not-need-init,startup-clear'],
      ],
      { stdio: 'ignore' },
    );
  }

  async ready(): Promise<this> {
    await until('the TPM answers', () => Promise.resolve(this.tool('tpm2_pcrread', 'sha256:7').status === 0));
    this.#tidy();
    return this;
  }

  tool(program: string, ...args: readonly string[]) {
    return spawnSync(program, args, { env: { ...process.env, ...this.#env } });
  }

  /** The station’s way of running programs, with the kernel’s resource manager played beside it: it leaves no object loaded. */
  readonly run: RunProgram = (program, args, input) => {
    const variables = Object.entries(this.#env).map(([name, value]) => `${name}=${value}`);
    const ended = runProgram('env', [...variables, program, ...args], input);
    this.#tidy();
    return ended;
  };

  #tidy(): void {
    for (const kind of ['-t', '-l', '-s']) this.tool('tpm2_flushcontext', kind);
  }

  /**
   * What a whole station needs in its environment to use it: its programs stand first on the path, and each tidies after itself as
   * the kernel's resource manager would.
   */
  stationEnv(): NodeJS.ProcessEnv {
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    const program = join(bin, 'tidily');
    writeFileSync(program, tidily, { mode: 0o755 });
    for (const name of programs) symlinkSync(program, join(bin, name));
    return { ...process.env, ...this.#env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
