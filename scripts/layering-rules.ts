import { posix } from 'node:path';

export interface SourceFile {
  /** With slashes, from the repository’s root. */
  readonly path: string;
  readonly text: string;
}

/** Which folders of `src` each folder may import from, beside itself. An import never climbs. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  strings: ['kernel', 'shared'],
  shared: ['kernel', 'strings'],
  sip2: ['kernel', 'shared', 'strings'],
  rfid: ['kernel', 'shared', 'strings'],
  devices: ['kernel', 'shared', 'strings', 'sip2', 'rfid'],
  journal: ['kernel', 'shared', 'strings', 'sip2', 'rfid'],
  ils: ['kernel', 'shared', 'strings', 'sip2', 'rfid'],
  station: ['kernel', 'shared', 'strings', 'sip2', 'rfid', 'devices', 'journal', 'ils'],
  renderer: ['shared', 'strings'],
  ...Object.fromEntries(
    ['main', 'web', 'cli', 'simulator'].map((top) => [
      top,
      [
        'kernel',
        'shared',
        'strings',
        'sip2',
        'rfid',
        'devices',
        'journal',
        'ils',
        'station',
        'main',
        'web',
        'cli',
        'simulator',
      ],
    ]),
  ),
};

/** Time and chance come in through `src/kernel`; anywhere else they would escape the simulation. */
const forbiddenOutsideKernel: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /\bDate\s*\.\s*now\b/, name: 'Date.now' },
  { pattern: /\bnew\s+Date\s*\(\s*\)/, name: 'new Date()' },
  { pattern: /\bperformance\s*\.\s*now\b/, name: 'performance.now' },
  { pattern: /\bprocess\s*\.\s*hrtime\b/, name: 'process.hrtime' },
  { pattern: /\bMath\s*\.\s*random\b/, name: 'Math.random' },
  { pattern: /(?<![.\w$])setTimeout\s*\(/, name: 'setTimeout' },
  { pattern: /(?<![.\w$])setInterval\s*\(/, name: 'setInterval' },
  { pattern: /\b(?:window|globalThis)\s*\.\s*set(?:Timeout|Interval)\b/, name: 'setTimeout' },
  { pattern: /['"](?:node:)?timers(?:\/promises)?['"]/, name: 'node:timers' },
];

/** Edges of the program that are never simulated: the page, the shells, the helpers that drive processes. */
const mayKeepTime: readonly RegExp[] = [
  /^src\/kernel\//,
  /^src\/renderer\//,
  /^src\/main\//,
  /^src\/simulator\/pty\.ts$/,
];

const importPattern =
  /\b(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])([^'"]+)\1|\bimport\s*\(\s*(['"`])([^'"`]+)\3|\bimport\s*(['"])([^'"]+)\5|\brequire\s*\(\s*(['"])([^'"]+)\7/g;

/** Every breach of the house’s floors, as `file:line: sentence`. */
export function layeringProblems(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const code = withoutComments(file.text);
    return [...importProblems(file.path, code), ...identifierProblems(file.path, code)];
  });
}

function importProblems(path: string, code: string): string[] {
  const folder = folderOf(path);
  const allowed = folder === undefined ? undefined : mayImport[folder];
  if (folder === undefined || allowed === undefined)
    return [`${path}:1: a file outside the folders that the design names`];
  return [...code.matchAll(importPattern)].flatMap((match) => {
    const target = match[2] ?? match[4] ?? match[6] ?? match[8] ?? '';
    const problem = importProblem(path, folder, allowed, target);
    return problem === undefined ? [] : [`${path}:${lineAt(code, match.index)}: ${problem}`];
  });
}

function importProblem(
  path: string,
  folder: string,
  allowed: readonly string[],
  target: string,
): string | undefined {
  if (!target.startsWith('.')) return packageProblem(folder, target);
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  if (!resolved.startsWith('src/')) {
    // Pictures, fonts and sounds are the page’s; package.json tells the version.
    const isData = resolved.startsWith('assets/') || resolved === 'package.json';
    return isData ? undefined : `src must not import ${target}, which lies outside of it`;
  }
  const targetFolder = folderOf(resolved);
  if (targetFolder === undefined) return `${target} lies outside the folders that the design names`;
  if (targetFolder === folder || allowed.includes(targetFolder)) return undefined;
  return `${folder} must not import ${targetFolder} (${target})`;
}

function packageProblem(folder: string, target: string): string | undefined {
  if (/^electron(\/|$)/.test(target) && folder !== 'main') return `only src/main may import ${target}`;
  if (folder === 'renderer' && target.startsWith('node:')) return `the page must not import ${target}`;
  return undefined;
}

function identifierProblems(path: string, code: string): string[] {
  if (mayKeepTime.some((pattern) => pattern.test(path))) return [];
  const problems: string[] = [];
  for (const [index, line] of code.split('\n').entries()) {
    for (const { pattern, name } of forbiddenOutsideKernel) {
      if (pattern.test(line))
        problems.push(`${path}:${index + 1}: ${name} is for src/kernel alone; take a Clock or Random`);
    }
  }
  return problems;
}

function folderOf(path: string): string | undefined {
  const [source, folder, ...rest] = path.split('/');
  return source === 'src' && folder !== undefined && rest.length > 0 && Object.hasOwn(mayImport, folder)
    ? folder
    : undefined;
}

function lineAt(code: string, index: number): number {
  return code.slice(0, index).split('\n').length;
}

/** Blanks comments out, keeping the lines where they are; strings and templates stay as they are. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (whole: string, quoted: string | undefined) => quoted ?? whole.replace(/[^\n]/g, ' '),
  );
}
