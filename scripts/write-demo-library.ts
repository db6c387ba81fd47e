import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { makeLibrary } from '../src/simulator/demo/source/make-library.ts';
import special from '../src/simulator/demo/source/special.json' with { type: 'json' };
import { readLibrary } from '../src/simulator/acs/read-library.ts';
import type { SpecialLibrary } from '../src/simulator/demo/source/make-library.ts';

/** Writes the example library from its sources, which are what people edit. */
const file = 'src/simulator/demo/library.json';
const titles = readFileSync('src/simulator/demo/source/titles.txt', 'utf8');
// readLibrary looks at what comes of it.
const library = makeLibrary(special as SpecialLibrary, titles);
const read = readLibrary(library);
if (!read.ok) throw new Error(read.error);
// One item a line, where it fits.
const text = JSON.stringify(library).replaceAll('},{', '},\n{');
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'json' }));
console.log(`${file}: ${library.items.length} items, ${library.patrons.length} patrons`);
