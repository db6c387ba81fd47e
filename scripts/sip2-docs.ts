import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extensions, type ExtensionSpec } from '../src/sip2/extensions.ts';
import { fields, type FieldSpec } from '../src/sip2/fields.ts';
import { kinds } from '../src/sip2/kinds.ts';
import { messages, type AnyMessageSpec } from '../src/sip2/messages.ts';

/** Writes docs/sip2.md from the table of SIP2, or with `--check` tells whether it is current. */
const path = 'docs/sip2.md';

const fieldById: ReadonlyMap<string, FieldSpec> = new Map(Object.entries(fields));
const specs: readonly (readonly [string, AnyMessageSpec])[] = Object.entries(messages).toSorted(([a], [b]) =>
  a.localeCompare(b),
);

const opening = `# SIP2 as the station speaks it

3M Standard Interchange Protocol 2.00, document revision 2.12. This page is written from the table in \`src/sip2\`
(\`npm run docs\`); the encoder, the decoder, the types and the masked log form come from the same table.

A message is its two-character code, the fixed part, the variable fields in any order, each ended by the delimiter
(\`|\`), then with error detection \`AY\` with one digit and \`AZ\` with four hexadecimal digits, and a carriage return.
Fields marked **!** are required. In a log, open values of a fixed form are shown; of
text, and of all that is personal or secret, only the length is.
`;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function widthOf(kind: keyof typeof kinds): string {
  const found = kinds[kind];
  return 'width' in found ? String(found.width) : '';
}

function messageSection([code, spec]: readonly [string, AnyMessageSpec]): string {
  const way = spec.direction === 'toAcs' ? 'station → ACS' : 'ACS → station';
  const notes = [way];
  if (spec.answer !== undefined) notes.push(`answered by ${spec.answer}`);
  if (!spec.sequence) notes.push('never carries AY');
  if (spec.direction === 'toAcs') notes.push(spec.asks === true ? 'only asks' : 'changes something');
  const fixed = Object.entries(spec.fixed).map(([name, kind]) => [
    `\`${name}\``,
    widthOf(kind),
    kinds[kind].about,
    spec.personal?.includes(name) === true ? 'personal' : 'open',
  ]);
  const variable = spec.fields.map((slot) => {
    const id = slot.slice(0, 2);
    const field = fieldById.get(id);
    return `\`${id}\`${slot.endsWith('!') ? '**!**' : ''} ${field?.name ?? ''}${field?.repeatable === true ? ' (repeats)' : ''}`;
  });
  const parts = [`### ${code} ${spec.name}`, `${notes.join(', ')}.`];
  if (fixed.length > 0) parts.push(table(['fixed part', 'width', 'form', 'in a log'], fixed));
  if (variable.length > 0) parts.push(`Variable fields: ${variable.join(', ')}.`);
  return parts.join('\n\n');
}

function fieldsSection(): string {
  const rows = [...fieldById].map(([id, field]) => [
    `\`${id}\``,
    field.name,
    kinds[field.kind].about,
    field.repeatable === true ? 'yes' : '',
    field.audience,
  ]);
  return `## Fields\n\n${table(['id', 'name', 'form', 'repeats', 'in a log'], rows)}`;
}

const extensionById: ReadonlyMap<string, ExtensionSpec> = new Map(Object.entries(extensions));

function extensionsSection(): string {
  const rows = [...extensionById].map(([id, field]) => [
    `\`${id}\``,
    field.name,
    field.messages.join(', '),
    field.audience,
    field.origin,
  ]);
  const about =
    'Met in practice, outside the standard. They are read in their order, as any unknown field is.';
  return `## Extensions\n\n${about}\n\n${table(['id', 'name', 'in', 'in a log', 'origin'], rows)}`;
}

function document(): string {
  const overview = specs.map(([code, spec]) => [
    code,
    spec.name,
    spec.direction === 'toAcs' ? 'station → ACS' : 'ACS → station',
    spec.answer ?? '',
  ]);
  return [
    opening,
    `## Messages\n\n${table(['code', 'name', 'direction', 'answered by'], overview)}`,
    ...specs.map(messageSection),
    fieldsSection(),
    extensionsSection(),
    '',
  ].join('\n\n');
}

function present(): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const wanted = document();
if (present() !== wanted) {
  if (process.argv.includes('--check')) {
    console.error(`${path} is not what the table says; npm run docs writes it anew`);
    process.exitCode = 1;
  } else {
    mkdirSync('docs', { recursive: true });
    writeFileSync(path, wanted);
    console.log(`wrote ${path}`);
  }
}
