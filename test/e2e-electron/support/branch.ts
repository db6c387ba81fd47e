import { chmodSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AcsProcess } from '../../../src/simulator/acs/control-client.ts';
import { readLibrary } from '../../../src/simulator/acs/read-library.ts';
import library from '../../../src/simulator/demo/library.json' with { type: 'json' };
import { demoConfig } from '../../../src/simulator/demo/station-config.ts';
import { PtyPair } from '../../../src/simulator/pty.ts';
import type { Desk } from './desk.ts';

const timeZone = 'Europe/Helsinki';
const login = { user: 'omatoimi', password: 'terminal-word' };

/** A library system, a scanner on a real terminal, and the configuration of a station between them. */
export class Branch {
  readonly acs: AcsProcess;
  readonly config: string;
  readonly #scanner: PtyPair;

  private constructor(acs: AcsProcess, scanner: PtyPair, config: string) {
    this.acs = acs;
    this.#scanner = scanner;
    this.config = config;
  }

  static async open(desk: Desk): Promise<Branch> {
    const data = readLibrary(library);
    if (!data.ok) throw new Error(data.error);
    const [acs, scanner] = await Promise.all([AcsProcess.start({ login, timeZone }), PtyPair.create()]);
    // The station is another user’s than the terminal.
    chmodSync(dirname(scanner.devicePath), 0o755);
    desk.give(realpathSync(scanner.devicePath));
    const config = join(desk.ownFolder('station'), 'station.yaml');
    const { host, port } = acs;
    writeFileSync(
      config,
      demoConfig({
        library: data.value,
        acs: { host, port },
        login,
        devices: { scanner: scanner.devicePath },
        timeZone,
      }),
    );
    return new Branch(acs, scanner, config);
  }

  async scan(label: string): Promise<void> {
    await this.#scanner.write(`${label}\r`);
  }

  async close(): Promise<void> {
    await this.#scanner.close();
    await this.acs.stop();
  }
}
