import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { shellBundles } from '../vite.main.config.ts';

/** Builds the page and the Electron shell into `dist/`. */
const logLevel = process.argv.includes('--quiet') ? 'warn' : 'info';
const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
await build({ configFile, logLevel });
for (const bundle of shellBundles) await build({ ...bundle, logLevel });
