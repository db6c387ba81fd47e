import {
  configJsonSchema,
  expectation,
  fixedKeys,
  formsOf,
  mappingOf,
  type JsonSchemaNode,
} from './json-schema.ts';
import { expectedWords } from './describe.ts';

/** The schema for editors and other programs: JSON Schema without our own words. */
export function publishedSchema(): unknown {
  return withoutOwnWords(configJsonSchema);
}

function withoutOwnWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOwnWords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== expectedWords)
      .map(([key, inner]) => [key, withoutOwnWords(inner)]),
  );
}

const introduction = `# Configuration

One YAML file says everything about a station: \`npm start -- --config station.yaml\`. It is refused as a whole, with file, line,
key and what was expected, when anything in it is wrong; \`npx omatoimi config check station.yaml\` tells without starting. A value
may be \`\${env:NAME}\` (an environment variable) or \`\${file:PATH}\` (the text of a file, seen from this file’s folder); passwords are
best given so. The same as a schema for editors: [config.schema.json](config.schema.json).

A device has the keys of its kind and driver; \`devices[barcode-scanner, serial]\` below is a device with
\`kind: barcode-scanner\` and \`driver: serial\`.

This page is written from the schema (\`npm run docs\`).

| key | expected | default | meaning |
| --- | --- | --- | --- |
`;

/** The configuration’s document: each key with what it expects, its default and its sentence. */
export function configDocument(): string {
  return introduction + rowsOf(configJsonSchema, '').join('\n') + '\n';
}

function rowsOf(node: JsonSchemaNode, prefix: string): string[] {
  return Object.entries(mappingOf(node).properties ?? {}).flatMap(([name, child]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    return [
      row(key, child, defaultWords(child, node.required?.includes(name) ?? false)),
      ...rowsInside(child, key),
    ];
  });
}

function rowsInside(node: JsonSchemaNode, key: string): string[] {
  const several = node.oneOf === undefined ? node.items : node;
  if (several?.oneOf === undefined) {
    return node.items?.properties === undefined ? rowsOf(node, key) : rowsOf(node.items, `${key}[]`);
  }
  return formsOf(several).flatMap((form) => {
    const name = fixedKeys(form).map(([, property]) => String(property.const));
    const place = `${key}[${name.join(', ')}]`;
    return [row(place, form, ''), ...rowsOf(form, place)];
  });
}

function row(key: string, node: JsonSchemaNode, otherwise: string): string {
  const expected = node.properties === undefined ? expectation(node) : 'a mapping';
  return `| \`${key}\` | ${cell(expected)} | ${cell(otherwise)} | ${cell(node.description ?? '')} |`;
}

function defaultWords(node: JsonSchemaNode, required: boolean): string {
  if (required) return '**needed**';
  if (node.default === undefined || node.properties !== undefined) return '';
  return `\`${JSON.stringify(node.default)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
