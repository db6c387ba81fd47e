/**
 * Says whether the catalogue of messages is whole: `node scripts/strings.ts --check`.
 * Each language has each key, in each plural form that it needs, with the same parameters, and no key lies unused.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languageCodes, type LanguageCode } from '../src/shared/languages.ts';

export type Catalogue = Readonly<Record<string, string>>;
export type Catalogues = Readonly<Record<LanguageCode, Catalogue>>;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pluralForm = /_(zero|one|two|few|many|other)$/;

export function readCatalogues(): Catalogues {
  const read = (language: LanguageCode): Catalogue =>
    JSON.parse(readFileSync(join(root, 'src/strings/catalogue', `${language}.json`), 'utf8'));
  return { fi: read('fi'), sv: read('sv'), cs: read('cs'), en: read('en') };
}

/** Everything that is wrong with the catalogues as such, one sentence each. */
export function catalogueProblems(catalogues: Catalogues): string[] {
  const problems: string[] = [];
  const english = messages(catalogues.en);
  for (const language of languageCodes) {
    const own = messages(catalogues[language]);
    for (const key of english.keys()) if (!own.has(key)) problems.push(`${language}: ${key} is missing`);
    for (const [key, message] of own) {
      const model = english.get(key);
      if (model === undefined) problems.push(`${language}: ${key} is not in the English catalogue`);
      else problems.push(...messageProblems(language, key, message, model));
    }
  }
  return problems;
}

/** Keys of the catalogue that no source file names, by itself or by the beginning of a template. */
export function unusedKeys(catalogues: Catalogues, sources: readonly string[]): string[] {
  const text = sources.join('\n');
  const literals = new Set(
    [...text.matchAll(/['"`]([a-zA-Z]+(?:\.[a-zA-Z]+)+)['"`]/g)].map((found) => found[1]),
  );
  const prefixes = [...text.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]*)*\.)\$\{/g)].map((found) => found[1] ?? '');
  return [...messages(catalogues.en).keys()].filter(
    (key) => !literals.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
}

/** The program's own sources; the example views of the gallery use keys without needing them. */
export function readSources(): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(root, path).startsWith(join('src', 'renderer', 'gallery')))
    .map((path) => readFileSync(path, 'utf8'));
}

interface CataloguedMessage {
  readonly forms: ReadonlyMap<string, string>;
  readonly plural: boolean;
}

function messages(catalogue: Catalogue): Map<string, CataloguedMessage> {
  const found = new Map<string, { forms: Map<string, string>; plural: boolean }>();
  for (const [name, text] of Object.entries(catalogue)) {
    const form = pluralForm.exec(name)?.[1];
    const key = form === undefined ? name : name.slice(0, -form.length - 1);
    const message = found.get(key) ?? { forms: new Map<string, string>(), plural: form !== undefined };
    message.forms.set(form ?? '', text);
    message.plural ||= form !== undefined;
    found.set(key, message);
  }
  return found;
}

function messageProblems(
  language: LanguageCode,
  key: string,
  message: CataloguedMessage,
  model: CataloguedMessage,
): string[] {
  const problems: string[] = [];
  if (message.plural !== model.plural)
    problems.push(`${language}: ${key} has plural forms in one language only`);
  else if (message.plural) {
    const needed = new Set<string>(new Intl.PluralRules(language).resolvedOptions().pluralCategories);
    for (const form of needed)
      if (!message.forms.has(form)) problems.push(`${language}: ${key} lacks the form ${form}`);
    for (const form of message.forms.keys())
      if (!needed.has(form))
        problems.push(`${language}: ${key} has the form ${form || 'without number'}, never chosen`);
  }
  const expected = parameters([...model.forms.values()].join(' '));
  for (const [form, text] of message.forms) {
    const where = form === '' ? key : `${key}_${form}`;
    if (text.trim() === '' || text !== text.trim())
      problems.push(`${language}: ${where} is empty or has stray spaces`);
    const own = parameters(text);
    if (message.plural) own.add('count'); // "once more" says its number without a figure
    const same = own.size === expected.size && [...own].every((name) => expected.has(name));
    if (!same) problems.push(`${language}: ${where} has other parameters than in English`);
  }
  return problems;
}

function parameters(text: string): Set<string> {
  return new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? ''));
}

if (import.meta.main) {
  const catalogues = readCatalogues();
  const problems = [
    ...catalogueProblems(catalogues),
    ...unusedKeys(catalogues, readSources()).map((key) => `${key} is in the catalogue and nothing uses it`),
  ];
  for (const problem of problems) console.error(problem);
  const count = messages(catalogues.en).size;
  console.log(`strings: ${count} messages in ${languageCodes.length} languages, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
