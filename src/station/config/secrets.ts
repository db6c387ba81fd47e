import { keyText, type KeyPath } from './problems.ts';

/** Where `${env:NAME}` and `${file:PATH}` are looked up. `file` may throw. */
export interface SecretSources {
  env(name: string): string | undefined;
  file(path: string): string;
}

export interface FilledIn {
  readonly value: unknown;
  /** Paths, as text, of the values that came from elsewhere. */
  readonly secretPaths: readonly string[];
  readonly problems: readonly { readonly path: KeyPath; readonly expected: string; readonly found: string }[];
}

const reference = /^\$\{(env|file):([^}]*)\}$/;

/** Puts the values in whose whole text is a reference. The line end that closes a secret’s file is not part of it. */
export function fillInSecrets(value: unknown, sources: SecretSources): FilledIn {
  const secretPaths: string[] = [];
  const problems: { path: KeyPath; expected: string; found: string }[] = [];

  function fill(here: unknown, path: KeyPath): unknown {
    if (Array.isArray(here)) return here.map((item, index) => fill(item, [...path, index]));
    if (typeof here === 'object' && here !== null) {
      return Object.fromEntries(Object.entries(here).map(([key, item]) => [key, fill(item, [...path, key])]));
    }
    const match = typeof here === 'string' ? reference.exec(here) : null;
    if (match === null) return here;
    const [, kind, name = ''] = match;
    const found = kind === 'env' ? fromEnv(name) : fromFile(name);
    if ('value' in found) {
      secretPaths.push(keyText(path));
      return found.value;
    }
    problems.push({ path, ...found });
    return here;
  }

  function fromEnv(name: string): { value: string } | { expected: string; found: string } {
    const secret = sources.env(name);
    return secret === undefined
      ? { expected: `the environment variable ${name} to be set`, found: 'none of that name' }
      : { value: secret };
  }

  function fromFile(path: string): { value: string } | { expected: string; found: string } {
    try {
      return { value: sources.file(path).replace(/\r?\n$/, '') };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
      return {
        expected: `the file ${path} to be readable`,
        found: code === 'ENOENT' ? 'no such file' : code,
      };
    }
  }

  return { value: fill(value, []), secretPaths, problems };
}
