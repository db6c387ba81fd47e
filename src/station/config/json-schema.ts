import { z } from 'zod';
import type { KeyPath } from './problems.ts';
import { expectedWords, stationConfigSchema } from './schema.ts';

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
  readonly [expectedWords]?: string;
}

/** The schema as data; documents, refusals and hints are all read from it. */
export const configJsonSchema = z.toJSONSchema(stationConfigSchema, {
  io: 'input',
  reused: 'inline',
}) as JsonSchemaNode;

/** The part of the schema that a path leads to, or undefined where there is no such key. */
export function nodeAt(path: KeyPath): JsonSchemaNode | undefined {
  let node: JsonSchemaNode | undefined = configJsonSchema;
  for (const part of path) {
    node = typeof part === 'number' ? node?.items : ownProperty(node?.properties, part);
  }
  return node;
}

function ownProperty(properties: JsonSchemaNode['properties'], key: string): JsonSchemaNode | undefined {
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
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
