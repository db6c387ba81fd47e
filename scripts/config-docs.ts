import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { configDocument, publishedSchema } from '../src/station/config/document.ts';

/** Writes the configuration’s document and published schema, or with `--check` tells whether they are current. */
const files: readonly { readonly path: string; readonly text: () => string }[] = [
  { path: 'docs/configuration.md', text: configDocument },
  { path: 'docs/config.schema.json', text: () => JSON.stringify(publishedSchema(), undefined, 2) },
];

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

const check = process.argv.includes('--check');
mkdirSync('docs', { recursive: true });
for (const { path, text } of files) {
  const wanted = await format(text(), { ...(await resolveConfig(path)), filepath: path });
  if (readOr(path, '') === wanted) continue;
  if (check) {
    console.error(`${path} is not what the schema says; npm run docs writes it anew`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, wanted);
    console.log(`wrote ${path}`);
  }
}
