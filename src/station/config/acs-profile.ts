import { err, type Result } from '../../kernel/result.ts';
import { builtInProfiles } from '../../sip2/profiles/built-in.ts';
import {
  readProfileFile,
  resolveProfile,
  type Profile,
  type ProfileProblem,
} from '../../sip2/profiles/profile.ts';
import type { AcsConfig } from './schema.ts';

/** Longest profile file that is read. */
export const profileBytesMax = 1_048_576;

/** What the configuration says about the dialect: `key` of a problem is seen from `acs`. */
export function acsProfile(
  acs: Pick<AcsConfig, 'profile' | 'profileFile' | 'overrides'>,
  readFile: (path: string) => string,
): Result<Profile, readonly ProfileProblem[]> {
  const { profile, profileFile, overrides } = acs;
  const file = profileFile === undefined ? undefined : profileIn(profileFile, readFile);
  if (file !== undefined && !file.ok) return file;
  const chosen = file?.value ?? builtInProfiles.get(profile);
  if (chosen === undefined) throw new Error(`impossible: the schema lets no profile ${profile} through`);
  const resolved = resolveProfile(chosen, builtInProfiles, overrides);
  if (resolved.ok) return resolved;
  return err(
    resolved.error.map(({ key, problem }) => ({
      key: key === 'inherits' ? 'profileFile' : `overrides.${key}`,
      problem,
    })),
  );
}

function profileIn(path: string, readFile: (path: string) => string): ReturnType<typeof readProfileFile> {
  const wrong = (problem: string) => err([{ key: 'profileFile', problem }]);
  let content: unknown;
  try {
    const text = readFile(path);
    if (text.length > profileBytesMax) return wrong(`a file of more than ${profileBytesMax} bytes`);
    content = JSON.parse(text);
  } catch (error) {
    return wrong(error instanceof SyntaxError ? 'a file that is no JSON' : 'a file that cannot be read');
  }
  const read = readProfileFile(content);
  return read.ok ? read : wrong(read.error.map(({ key, problem }) => `${key}: ${problem}`).join('; '));
}
