import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { err, ok, type Result } from '../kernel/result.ts';

/** About 110 MB over a slow line. */
const fetchMsMax = 600_000;

export interface ElectronSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the `electron` package. */
  readonly packageFolder?: string;
  readonly say: (line: string) => void;
}

/**
 * Electron's executable: the one that `ELECTRON_EXEC` names, else the `electron` package's own, which the package fetches on
 * first use. The error is one sentence.
 */
export function findElectron({
  env,
  packageFolder = electronPackage(),
  say,
}: ElectronSearch): Result<string, string> {
  const named = env['ELECTRON_EXEC'];
  if (named !== undefined && named !== '') {
    return isExecutable(named) ? ok(named) : err(`ELECTRON_EXEC names ${named}, which cannot be executed.`);
  }
  const own = ownExecutable(packageFolder);
  if (own !== undefined) return ok(own);
  say('Fetching Electron; this is needed only once …');
  const { error } = spawnSync(process.execPath, [join(packageFolder, 'install.js')], {
    stdio: 'ignore',
    timeout: fetchMsMax,
  });
  const fetched = error === undefined ? ownExecutable(packageFolder) : undefined;
  if (fetched !== undefined) return ok(fetched);
  return err(
    'Electron cannot be had here: its package fetches the program from GitHub, which could not be reached. Name an Electron in ELECTRON_EXEC, or use --shell web and a browser.',
  );
}

function electronPackage(): string {
  return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
}

/** `path.txt` is written last, so it tells that the program is there in full. */
function ownExecutable(folder: string): string | undefined {
  try {
    const file = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return isExecutable(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
