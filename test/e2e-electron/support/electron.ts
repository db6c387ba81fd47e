import { findElectron } from '../../../src/cli/electron-binary.ts';

const found = findElectron({ env: process.env, say: () => undefined });

/** Electron’s executable; undefined where it cannot be had, and then the tests that need it are skipped. */
export const electron: string | undefined = found.ok ? found.value : undefined;

if (!found.ok) {
  if (process.env['ELECTRON_EXEC'] !== undefined) throw new Error(found.error);
  console.warn(`The tests in a real Electron are skipped. ${found.error}`);
}
