import { z } from 'zod';
import type { KeyPath } from './problems.ts';
import { expectedWords } from './describe.ts';
import { stationConfigSchema } from './schema.ts';

/** As much of JSON Schema as our configuration’s schema uses. */
export interface JsonSchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchemaNode;
  readonly oneOf?: readonly JsonSchemaNode[];
  readonly anyOf?: readonly JsonSchemaNode[];
  readonly [expectedWords]?: string;
}

/** The schema as data; documents, refusals and hints are all read from it. */
export const configJsonSchema = z.toJSONSchema(stationConfigSchema, {
  io: 'input',
  reused: 'inline',
}) as JsonSchemaNode;

/**
 * The part of the schema that a path leads to, or undefined where there is no such key. Where a mapping has several forms,
 * `value`, the whole configuration as it was given, says which one is meant.
 */
export function nodeAt(path: KeyPath, value: unknown): JsonSchemaNode | undefined {
  let node: JsonSchemaNode | undefined = configJsonSchema;
  let here = value;
  for (const part of path) {
    node = typeof part === 'number' ? node?.items : childOf(mappingOf(node), part, here);
    here = ownValue(here, part);
  }
  return node?.oneOf === undefined ? node : (formsFor(node, here)[0] ?? node);
}

/** Where a plain value or a mapping may stand: the mapping. */
export function mappingOf<N extends JsonSchemaNode | undefined>(node: N): N | JsonSchemaNode {
  return node?.anyOf?.find((choice) => choice.properties !== undefined) ?? node;
}

/** All forms of a mapping that has several, or itself. */
export function formsOf(node: JsonSchemaNode): readonly JsonSchemaNode[] {
  return node.oneOf?.flatMap(formsOf) ?? [node];
}

/** The forms whose fixed values are those of `value`. The keys before `until` count, or all. */
function formsFor(node: JsonSchemaNode, value: unknown, until?: string): readonly JsonSchemaNode[] {
  return formsOf(node).filter((form) => {
    const fixed = fixedKeys(form);
    const end = until === undefined ? -1 : fixed.findIndex(([key]) => key === until);
    return (end === -1 ? fixed : fixed.slice(0, end)).every(
      ([key, { const: wanted, default: otherwise }]) => (ownValue(value, key) ?? otherwise) === wanted,
    );
  });
}

/** The keys that tell one form from another, such as `kind` and `driver`. */
export function fixedKeys(form: JsonSchemaNode): readonly (readonly [string, JsonSchemaNode])[] {
  return Object.entries(form.properties ?? {}).filter(([, property]) => property.const !== undefined);
}

function childOf(node: JsonSchemaNode | undefined, key: string, value: unknown): JsonSchemaNode | undefined {
  if (node?.oneOf === undefined) return ownProperty(node?.properties, key);
  const children = formsFor(node, value, key).flatMap((form) => ownProperty(form.properties, key) ?? []);
  const fixed = new Set(children.map((child) => child.const));
  const [first] = children;
  if (first === undefined || fixed.has(undefined) || fixed.size === 1) return first;
  return { ...first, const: undefined, enum: [...fixed] };
}

function ownProperty(properties: JsonSchemaNode['properties'], key: string): JsonSchemaNode | undefined {
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function ownValue(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;
}

/** What a value must be, in words. */
export function expectation(node: JsonSchemaNode): string {
  const own = node[expectedWords];
  if (own !== undefined) return own;
  if (node.const !== undefined) return JSON.stringify(node.const).replaceAll('"', '');
  if (node.enum !== undefined) return oneOf(node.enum.map(String));
  switch (node.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number from ${node.minimum} to ${node.maximum}`;
    case 'string':
      return `text of ${node.minLength ?? 0} to ${node.maxLength} characters`;
    case 'array':
      return node.maxItems === undefined ? 'a list' : `a list of at most ${node.maxItems}`;
    case 'object':
      return `a mapping with the keys ${Object.keys(node.properties ?? {}).join(', ')}`;
    default:
      throw new Error(`the schema has a node of an unknown type: ${node.type}`);
  }
}

function oneOf(values: readonly string[]): string {
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}
