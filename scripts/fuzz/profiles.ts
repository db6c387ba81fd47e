import { completions, readLine } from '../../src/cli/sip/line.ts';
import { shownAnswer } from '../../src/cli/sip/show.ts';
import { charsetOf } from '../../src/cli/probe/charset.ts';
import { decode } from '../../src/sip2/decode.ts';
import koha from '../../src/sip2/profiles/koha.json' with { type: 'json' };
import { builtInProfiles, profileNames, profileNamed } from '../../src/sip2/profiles/built-in.ts';
import { meaningOf, readProfileFile, resolveProfile } from '../../src/sip2/profiles/profile.ts';
import { demand, seedsOf, type FuzzedParser } from './parser.ts';

/** A profile in a file: right, or all that is wrong in it. */
function readProfile(input: Buffer): void {
  let content: unknown;
  try {
    content = JSON.parse(input.toString('utf8'));
  } catch {
    return;
  }
  const read = readProfileFile(content);
  if (!read.ok) return demand(read.error.length > 0, 'refused without a reason');
  const resolved = resolveProfile(read.value, builtInProfiles);
  demand(resolved.ok || resolved.error.length > 0, 'not resolved, and no reason');
}

const profiles = profileNames.flatMap((name) => {
  const resolved = profileNamed(name);
  return resolved.ok ? [resolved.value] : [];
});

/** Words of a library system: their meaning, whatever they are. */
function readWords(input: Buffer): void {
  const text = input.toString('utf8').slice(0, 500);
  for (const profile of profiles) meaningOf(profile, text, '12');
  charsetOf([input]);
}

const defaults = {
  now: '20261122    120000',
  institutionId: 'A',
  location: 'B',
  terminalPassword: undefined,
};

/** A line at the console, and an answer on its screen: no control character reaches the terminal. */
function readConsole(input: Buffer): void {
  const text = input.toString('utf8');
  const line = readLine(text, defaults);
  demand(line.ok || line.error !== '', 'refused without a reason');
  completions(text);
  const shown = shownAnswer(decode(input), 1).join('\n');
  // eslint-disable-next-line no-control-regex
  demand(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(shown), 'a control character on the screen');
}

/** What profiles, the words that they know and the console read. */
export const profileParsers: readonly FuzzedParser[] = [
  { name: 'profiles', seeds: seedsOf([JSON.stringify(koha)]), read: readProfile },
  {
    name: 'words of library systems',
    seeds: seedsOf(['Greetings from Koha. PATRON EXPIRED', 'TOO_MANY: 3', '[BEFORE_RENEW_PERIOD]', 'Väärä']),
    read: readWords,
  },
  {
    name: 'console',
    seeds: seedsOf(['63 AA=123 AD summary=charged', '15 holdMode=+ AB="a b"', '64 |AA1|AF\u001b[2J|']),
    read: readConsole,
  },
];
