import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface ServedFile {
  readonly body: Buffer;
  readonly type: string;
  readonly caching: string;
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
};

/** Vite puts a hash of the content into these names. */
const hashedName = /^assets\/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

/**
 * Reads the built page into memory, by path without a leading slash. What is not in this list is not served, so no path can
 * lead out of the folder. Of HTML files only the named ones are taken, and of the others not their scripts and styles either: a
 * station has no dock. Undefined: there is no built page.
 */
export function readFiles(
  directory: string,
  pages: readonly string[],
): ReadonlyMap<string, ServedFile> | undefined {
  const files = new Map<string, ServedFile>();
  let paths: readonly string[];
  try {
    paths = filesBelow(directory);
  } catch {
    return undefined;
  }
  const named = paths.map((full) => ({ full, path: relative(directory, full).split(sep).join('/') }));
  const left = named.filter(({ path }) => path.endsWith('.html') && !pages.includes(path));
  for (const { full, path } of named) {
    const extension = path.slice(path.lastIndexOf('.') + 1);
    if (left.some((page) => isOf(page.path, path))) continue;
    const type = types[extension];
    if (type === undefined) continue;
    files.set(path, { body: readFileSync(full), type, caching: caching(path, extension) });
  }
  return pages.every((page) => files.has(page)) ? files : undefined;
}

/** Vite names what only one page needs after it. */
function isOf(page: string, path: string): boolean {
  return path === page || path.startsWith(`assets/${page.slice(0, -'.html'.length)}-`);
}

/** Not by `recursive`: the Electron shell reads out of its archive too, and on an older Node. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const full = join(directory, entry.name);
    if (entry.isDirectory()) return filesBelow(full);
    return entry.isFile() ? [full] : [];
  });
}

function caching(path: string, extension: string): string {
  if (extension === 'html') return 'no-store';
  return hashedName.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}
