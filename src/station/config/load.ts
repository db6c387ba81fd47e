import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { err, ok, type Result } from '../../kernel/result.ts';
import { portOf } from './devices.ts';
import { profileRules, ruleNames } from '../../sip2/profiles/rules.ts';
import { acsProfile } from './acs-profile.ts';
import { acrossAcsKeys } from './acs-across.ts';
import { expectation, mappingOf, nodeAt } from './json-schema.ts';
import { nearestKeyHint } from './near.ts';
import { keyText, type ConfigProblem, type KeyPath } from './problems.ts';
import {
  configVersion,
  notInThisVersion,
  secretKeys,
  stationConfigSchema,
  type StationConfig,
} from './schema.ts';
import { fillInSecrets, type SecretSources } from './secrets.ts';
import { readYaml, type YamlPlaces } from './yaml.ts';

/** Longest file that is read; a full one has a few thousand bytes. */
export const configBytesMax = 262_144;

/** Reads and checks a configuration file. All of it is right, or all problems are told. */
export function loadConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<StationConfig, readonly ConfigProblem[]> {
  const refuse = (found: string) =>
    err([{ file, line: undefined, key: '', expected: 'a configuration file that can be read', found }]);
  let text: string;
  try {
    if (statSync(file).size > configBytesMax) return refuse(`a file of more than ${configBytesMax} bytes`);
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    return refuse(error instanceof TypeError ? 'bytes that are no UTF-8' : systemReason(error));
  }
  const folder = dirname(resolve(file));
  const parsed = parseConfig(text, file, {
    env: (name) => env[name],
    file: (path) => readFileSync(resolve(folder, path), 'utf8'),
  });
  if (!parsed.ok) return parsed;
  const { directory } = parsed.value.data;
  const { copy } = parsed.value.data;
  const data = {
    ...parsed.value.data,
    directory: resolve(folder, directory),
    ...(copy === undefined ? {} : { copy: { ...copy, directory: resolve(folder, copy.directory) } }),
  };
  const { template } = parsed.value.receipt;
  const receipt =
    template === undefined
      ? parsed.value.receipt
      : { ...parsed.value.receipt, template: resolve(folder, template) };
  const { profileFile } = parsed.value.acs;
  if (profileFile === undefined) return ok({ ...parsed.value, data, receipt });
  return ok({
    ...parsed.value,
    data,
    receipt,
    acs: { ...parsed.value.acs, profileFile: resolve(folder, profileFile) },
  });
}

/** Checks a configuration given as text. `file` is only named in problems. Never throws. */
export function parseConfig(
  text: string,
  file: string,
  sources: SecretSources,
): Result<StationConfig, readonly ConfigProblem[]> {
  const yaml = readYaml(text);
  if (!yaml.ok) return err(yaml.error.map((problem) => ({ file, ...problem })));
  const { places } = yaml.value;
  const newer = newerVersion(yaml.value.value);
  if (newer !== undefined) return err([at(file, places, ['configVersion'], newer)]);

  const filled = fillInSecrets(yaml.value.value, sources);
  const problems = filled.problems.map((problem) => at(file, places, problem.path, problem));
  const result = stationConfigSchema.safeParse(filled.value);
  const hidden = new Set([...filled.secretPaths, ...secretKeys]);
  const known = new Set(problems.map((problem) => problem.key));
  if (!result.success) {
    const told = result.error.issues.flatMap((issue) => tell(issue, filled.value, hidden));
    problems.push(...told.map((one) => at(file, places, one.path, one)).filter((one) => !known.has(one.key)));
  } else {
    const told = [...acrossKeys(result.data), ...profileProblems(result.data, sources)];
    problems.push(...told.map((one) => at(file, places, one.path, one)));
  }
  return problems.length > 0 || !result.success ? err(problems) : ok(result.data);
}

interface Told {
  readonly path: KeyPath;
  readonly expected: string;
  readonly found: string;
}

function at(
  file: string,
  places: YamlPlaces,
  path: KeyPath,
  told: { expected: string; found: string },
): ConfigProblem {
  return { file, line: places.lineOf(path), key: keyText(path), expected: told.expected, found: told.found };
}

/** A newer file may mean other things by the same keys, so nothing else in it is judged. */
function newerVersion(value: unknown): { expected: string; found: string } | undefined {
  const version = valueAt(value, ['configVersion']);
  if (typeof version !== 'number' || version <= configVersion) return undefined;
  return {
    expected: `${configVersion}`,
    found: `${version}; the file was written for a newer version of the program`,
  };
}

function tell(issue: z.core.$ZodIssue, value: unknown, hidden: ReadonlySet<string>): Told[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(mappingOf(nodeAt(path, value))?.properties ?? {});
    return issue.keys.map((key) => ({
      path: [...path, key],
      expected: nearestKeyHint(key, known),
      found: 'an unknown key',
    }));
  }
  const inside = issue.code === 'invalid_union' ? insideMapping(issue, valueAt(value, path)) : [];
  if (inside.length > 0) {
    return inside.flatMap((one) => tell({ ...one, path: [...path, ...one.path] }, value, hidden));
  }
  const node = nodeAt(path, value);
  if (node === undefined)
    throw new Error(`the schema complains about a key that it does not have: ${keyText(path)}`);
  const found = valueAt(value, path);
  const key = keyText(path);
  const rest = notInThisVersion.find((entry) => entry.key.test(key) && entry.value === found);
  return [{ path, expected: rest?.sentence ?? expectation(node), found: describe(found, hidden.has(key)) }];
}

/** Where a plain value or a mapping may stand and a mapping does: what is wrong in that. */
function insideMapping(issue: z.core.$ZodIssueInvalidUnion, found: unknown): readonly z.core.$ZodIssue[] {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return [];
  return issue.errors.find((choice) => choice.every((one) => one.path.length > 0 || isAboutKeys(one))) ?? [];
}

function isAboutKeys(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'unrecognized_keys';
}

/** What two keys together forbid. */
function acrossKeys(config: StationConfig): Told[] {
  const told: Told[] = [];
  told.push(...acrossAcsKeys(config.acs));
  const { offline } = config.services.borrow;
  if (offline !== false && offline.pin === 'verifier' && config.data.deviceKey === undefined) {
    told.push({
      path: ['services', 'borrow', 'offline', 'pin'],
      expected:
        'not-asked, or data.deviceKey beside it; the keys beside the journal are on the same disk, and whoever takes it could guess every PIN',
      found: 'the text "verifier"',
    });
  }
  const { deviceKey } = config.data;
  if (deviceKey?.from === 'tpm' && deviceKey.by === 'systemd-creds' && deviceKey.pcrs.length === 0) {
    told.push({
      path: ['data', 'deviceKey', 'pcrs'],
      expected:
        'one register at least, or by: tpm2-tools; what systemd-creds seals to none it does not open again',
      found: 'an empty list',
    });
  }
  if (config.data.copy !== undefined && config.data.libraryKey === undefined) {
    told.push({
      path: ['data', 'libraryKey'],
      expected:
        'the library’s public key, because a copy without its keys is worth nothing when the disk is dead',
      found: 'nothing',
    });
  }
  const ports = config.devices.map(portOf);
  for (const [index, port] of ports.entries()) {
    if (ports.indexOf(port) === index) continue;
    told.push({
      path: ['devices', index],
      expected: 'a port of its own',
      found: 'the port of another device',
    });
  }
  return told;
}

/** What is wrong with the dialect: a rule that there is not, a value that it cannot have, a file that is none. */
function profileProblems(config: StationConfig, sources: SecretSources): Told[] {
  const profile = acsProfile(config.acs, (path) => sources.file(path));
  if (profile.ok) return [];
  return profile.error.map(({ key, problem }) => {
    const path = ['acs', ...key.split('.')];
    const [, , rule] = path;
    if (path[1] === 'profileFile') return { path, expected: 'a profile that can be used', found: problem };
    const spec: RuleAbout | undefined = rule === undefined ? undefined : ruleAbout(rule);
    if (spec === undefined)
      return { path, expected: nearestKeyHint(rule ?? '', ruleNames), found: 'an unknown rule' };
    return { path, expected: `a value of the rule (${spec.about})`, found: problem };
  });
}

interface RuleAbout {
  readonly about: string;
}

function ruleAbout(name: string): RuleAbout | undefined {
  return Object.entries(profileRules).find(([known]) => known === name)?.[1];
}

function valueAt(value: unknown, path: KeyPath): unknown {
  let here = value;
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined;
    here = Object.getOwnPropertyDescriptor(here, part)?.value;
  }
  return here;
}

const foundCharsMax = 60;

/** A value in words, shortened; of a secret, only what kind of value it is. */
function describe(value: unknown, secret: boolean): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping';
  const kind =
    typeof value === 'string' ? 'the text' : typeof value === 'number' ? 'the number' : 'the value';
  if (secret) return typeof value === 'string' ? 'another text' : `a ${typeof value}`;
  const shown = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return `${kind} ${shown.length > foundCharsMax ? `${shown.slice(0, foundCharsMax)}…` : shown}`;
}

function systemReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'a file that this user may not read';
  if (code === 'EISDIR') return 'a folder';
  return error instanceof Error ? error.message : String(error);
}
