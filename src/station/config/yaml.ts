import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
} from 'yaml';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { KeyPath } from './problems.ts';

/** Where in the text each key stands. */
export interface YamlPlaces {
  /** The line of the key, or of the nearest one above it that is there. Counted from 1. */
  lineOf(path: KeyPath): number | undefined;
}

interface YamlProblem {
  readonly line: number | undefined;
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}

/** Reads one YAML 1.2 document of plain mappings, lists and values. Never throws. */
export function readYaml(
  text: string,
): Result<{ readonly value: unknown; readonly places: YamlPlaces }, readonly YamlProblem[]> {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: true,
      merge: false,
    });
    const problems = [
      ...document.errors.map((error) => malformed(lines, error)),
      ...unwanted(document, lines),
    ];
    if (problems.length > 0) return err(problems);
    return ok({
      value: document.toJS() as unknown,
      places: { lineOf: (path) => lineOf(document, lines, path) },
    });
  } catch {
    // The parser gives up on nesting without end, among other things.
    return err([
      { line: undefined, key: '', expected: 'well-formed YAML', found: 'text that cannot be read as YAML' },
    ]);
  }
}

/** The parser’s own sentence may hold a piece of the text, and that piece may be a password. Its code does not. */
function malformed(
  lines: LineCounter,
  error: { readonly code: string; readonly pos: readonly [number, number] },
): YamlProblem {
  const words =
    error.code === 'DUPLICATE_KEY'
      ? 'a key that stands there twice'
      : error.code.toLowerCase().replaceAll('_', ' ');
  return { line: lines.linePos(error.pos[0]).line, key: '', expected: 'well-formed YAML', found: words };
}

/** References, tags and keys that are no text would make the file mean more than it says. */
function unwanted(document: Document, lines: LineCounter): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const refuse = (position: number | undefined, found: string) =>
    problems.push({
      line: position === undefined ? undefined : lines.linePos(position).line,
      key: '',
      expected: 'plain mappings, lists and values',
      found,
    });
  visit(document, (_key, node) => {
    if (isAlias(node)) refuse(node.range?.[0], 'a reference (*name)');
    else if (isNode(node) && node.tag?.startsWith('!') === true) refuse(node.range?.[0], 'a tag (!name)');
    else if (isPair(node) && !(isScalar(node.key) && typeof node.key.value === 'string')) {
      refuse(isNode(node.key) ? node.key.range?.[0] : undefined, 'a key that is no text');
    }
  });
  return problems;
}

function lineOf(document: Document, lines: LineCounter, path: KeyPath): number | undefined {
  let here: unknown = document.contents;
  let position = isNode(here) ? here.range?.[0] : undefined;
  for (const part of path) {
    if (isMap(here)) {
      const pair = here.items.find((item) => isScalar(item.key) && item.key.value === part);
      if (pair === undefined) break;
      if (isScalar(pair.key)) position = pair.key.range?.[0] ?? position;
      here = pair.value;
    } else if (isSeq(here) && typeof part === 'number') {
      here = here.items[part];
      if (isNode(here)) position = here.range?.[0] ?? position;
    } else break;
  }
  return position === undefined ? undefined : lines.linePos(position).line;
}
