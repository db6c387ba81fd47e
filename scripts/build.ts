import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { shellBundles } from '../vite.main.config.ts';

/** Builds the page and the Electron shell into `dist/`, or only the one that is named: `page` or `shell`. */
const args = process.argv.slice(2);
const logLevel = args.includes('--quiet') ? 'warn' : 'info';
const wanted = (name: string): boolean =>
  args.includes(name) || !args.some((arg) => arg === 'page' || arg === 'shell');

if (wanted('page')) {
  await build({ configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)), logLevel });
}
if (wanted('shell')) {
  for (const bundle of shellBundles) await build({ ...bundle, logLevel });
}
