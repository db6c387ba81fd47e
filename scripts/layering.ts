import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layeringProblems, type SourceFile } from './layering-rules.ts';

/** Holds the floors of the house (docs/architecture.md) over all of `src`. */
const files: SourceFile[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|tsx|cts|mts)$/.test(path))
  .map((path) => join('src', path).replaceAll('\\', '/'))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const problems = layeringProblems(files);
for (const problem of problems) console.error(problem);
if (files.length === 0) console.error('no source was found');
process.exitCode = problems.length === 0 && files.length > 0 ? 0 : 1;
