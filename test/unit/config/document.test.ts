import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  configJsonSchema,
  expectation,
  type JsonSchemaNode,
} from '../../../src/station/config/json-schema.ts';
import { configDocument, publishedSchema } from '../../../src/station/config/document.ts';
import { editDistance, nearestKeyHint } from '../../../src/station/config/near.ts';

function everyNode(
  node: JsonSchemaNode,
  path = '',
): { readonly path: string; readonly node: JsonSchemaNode }[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    everyNode(child, `${path}.${name}`),
  );
  const items = node.items === undefined ? [] : everyNode(node.items, `${path}[]`);
  const forms = (node.oneOf ?? []).flatMap((form, index) => everyNode(form, `${path}(${index})`));
  // A choice within a choice has no place of its own in the file.
  return [...(path.endsWith(')') && forms.length > 0 ? [] : [{ path, node }]), ...inner, ...items, ...forms];
}

describe('the schema', () => {
  it('has a sentence on each key', () => {
    const nodes = everyNode(configJsonSchema);
    expect(nodes.length).toBeGreaterThan(60);
    for (const { path, node } of nodes) expect(node.description, path).toMatch(/^[A-Z].*[.…]$/u);
  });

  it('says of each key what is expected', () => {
    for (const { path, node } of everyNode(configJsonSchema)) {
      expect(expectation(node), path).not.toMatch(/undefined|^$/);
    }
  });

  it('forbids unknown keys everywhere in its published form, and has no words of our own', () => {
    const text = JSON.stringify(publishedSchema());
    expect(text.match(/"type":"object"/g)?.length).toBe(
      text.match(/"additionalProperties":(?:false|\{\})/g)?.length,
    );
    expect(text).not.toContain('x-expected');
  });
});

describe('the published document', () => {
  it('names every key of the schema', () => {
    const document = configDocument();
    for (const key of [
      'acs.plainTcp',
      'devices[barcode-scanner, serial].suffix',
      'patron.pin.attempts.perCard',
      'data.settledDays',
    ]) {
      expect(document).toContain(`| \`${key}\` |`);
    }
  });
  it('in the repository is the present one', () => {
    const published: unknown = JSON.parse(readFileSync('docs/config.schema.json', 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(publishedSchema())));
  });
});

describe('what was probably meant', () => {
  const rows: [string, string, number][] = [
    ['', '', 0],
    ['port', 'port', 0],
    ['prot', 'port', 2],
    ['pot', 'port', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ];
  it.each(rows)('%s and %s are %i apart', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
  it('is told only where it is near', () => {
    expect(nearestKeyHint('hots', ['host', 'port'])).toContain('"host"');
    expect(nearestKeyHint('pin', ['host', 'port'])).toBe('one of the keys host, port');
    expect(nearestKeyHint('hostt', ['host', 'port'])).toContain('"host"');
    expect(nearestKeyHint('telephone', ['host', 'port'])).toBe('one of the keys host, port');
  });
});
