/** One reason why a configuration is refused. */
export interface ConfigProblem {
  readonly file: string;
  /** Counted from 1; undefined where it is about the file as a whole. */
  readonly line: number | undefined;
  /** The key’s whole path, `devices[0].baudRate`; empty where it is about the file as a whole. */
  readonly key: string;
  readonly expected: string;
  /** Never a secret. */
  readonly found: string;
}

/** The problem as one line for a person. */
export function problemSentence(problem: ConfigProblem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  const key = problem.key === '' ? '' : `${problem.key}: `;
  return `${place}: ${key}expected ${problem.expected}, found ${problem.found}`;
}

export type KeyPath = readonly (string | number)[];

/** `['devices', 0, 'path']` as `devices[0].path`. */
export function keyText(path: KeyPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}
