import type { Result } from '../../kernel/result.ts';
import aleph from './aleph.json' with { type: 'json' };
import alma from './alma.json' with { type: 'json' };
import aurora from './aurora.json' with { type: 'json' };
import evergreen from './evergreen.json' with { type: 'json' };
import fbs from './fbs.json' with { type: 'json' };
import folio from './folio.json' with { type: 'json' };
import generic from './generic.json' with { type: 'json' };
import koha from './koha.json' with { type: 'json' };
import polaris from './polaris.json' with { type: 'json' };
import quria from './quria.json' with { type: 'json' };
import sierra from './sierra.json' with { type: 'json' };
import symphony from './symphony.json' with { type: 'json' };
import wise from './wise.json' with { type: 'json' };
import {
  readProfileFile,
  resolveProfile,
  type Profile,
  type ProfileFile,
  type ProfileProblem,
} from './profile.ts';

/** The profiles that come with the program, by name. */
export const profileNames = [
  'generic',
  'aurora',
  'quria',
  'aleph',
  'koha',
  'evergreen',
  'alma',
  'sierra',
  'polaris',
  'symphony',
  'folio',
  'wise',
  'fbs',
] as const;
export type ProfileName = (typeof profileNames)[number];

const contents: Readonly<Record<ProfileName, unknown>> = {
  generic,
  aurora,
  quria,
  aleph,
  koha,
  evergreen,
  alma,
  sierra,
  polaris,
  symphony,
  folio,
  wise,
  fbs,
};

function checked(name: ProfileName): ProfileFile {
  const read = readProfileFile(contents[name]);
  if (!read.ok) throw new Error(`impossible: the profile ${name}: ${JSON.stringify(read.error)}`);
  return read.value;
}

export const builtInProfiles: ReadonlyMap<string, ProfileFile> = new Map(
  profileNames.map((name) => [name, checked(name)]),
);

/** A profile of the program with the library’s own values. */
export function profileNamed(
  name: ProfileName,
  overrides?: Readonly<Record<string, unknown>>,
): Result<Profile, readonly ProfileProblem[]> {
  return resolveProfile(checked(name), builtInProfiles, overrides);
}

/** The generic profile. */
export function genericProfile(): Profile {
  const resolved = profileNamed('generic');
  if (!resolved.ok) throw new Error('impossible: the generic profile has no value for some rule');
  return resolved.value;
}
