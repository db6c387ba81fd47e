import { profileNamed, type ProfileName } from '../../src/sip2/profiles/built-in.ts';
import type { Profile } from '../../src/sip2/profiles/profile.ts';

/** A profile of the program with some rules otherwise. */
export function profileWith(
  overrides: Readonly<Record<string, unknown>>,
  name: ProfileName = 'generic',
): Profile {
  const resolved = profileNamed(name, overrides);
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.error));
  return resolved.value;
}
