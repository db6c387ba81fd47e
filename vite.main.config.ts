import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';

const inRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** One file in CommonJS, with all it needs but Electron in it: a sandboxed preload can load no other, and no native module is wanted. */
function bundle(entry: string, emptyOutDir: boolean): InlineConfig {
  return {
    configFile: false,
    root: inRoot('.'),
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: inRoot(`src/main/${entry}.ts`),
      outDir: inRoot('dist/main'),
      emptyOutDir,
      target: 'node18',
      rolldownOptions: {
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  };
}

/** The Electron shell: its main process and its preload script. */
export const shellBundles: readonly InlineConfig[] = [bundle('main', true), bundle('preload', false)];
