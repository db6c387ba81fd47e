import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { builtInProfiles, profileNames } from '../src/sip2/profiles/built-in.ts';
import type { ProfileFile } from '../src/sip2/profiles/profile.ts';
import { profileRules, ruleNames } from '../src/sip2/profiles/rules.ts';

/** Writes docs/profiles.md from the profiles, or with `--check` tells whether it is current. */
const path = 'docs/profiles.md';

const opening = `# Profiles

A profile says how a library system speaks SIP2 where 2.12 leaves it open or the system departs from it. \`acs.profile\` chooses
one, \`acs.overrides\` gives the library’s own values, \`acs.profileFile\` names a profile in a file, such as \`omatoimi probe\` writes.
A profile inherits what it does not say. Each rule has its source, and is **verified** (a document, code that can be read, a recording, a
measurement) or **unverified until probed**.

\`\`\`yaml
acs:
  profile: koha
  overrides: { alert: flag, keepAliveSeconds: 20 }
\`\`\`

This page is written from \`src/sip2/profiles\` (\`npm run docs\`).
`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function rulesSection(): string {
  const generic = builtInProfiles.get('generic');
  const rows = ruleNames.map((name) => [
    `\`${name}\``,
    profileRules[name].messages.map((code) => (code === '*' ? 'all' : code)).join(', '),
    profileRules[name].about,
    `\`${JSON.stringify(generic?.rules[name]?.value)}\``,
  ]);
  return `## Rules\n\n${table(['rule', 'messages', 'meaning', 'generic'], rows)}`;
}

function profileSection(profile: ProfileFile): string {
  const rules = ruleNames.flatMap((name) => {
    const entry = profile.rules[name];
    return entry === undefined
      ? []
      : [[`\`${name}\``, `\`${JSON.stringify(entry.value)}\``, entry.standing, entry.source]];
  });
  const texts = profile.texts.map(({ text, pattern, means, standing, source }) => [
    text ?? `\`/${pattern ?? ''}/\``,
    means,
    standing,
    source,
  ]);
  const inherits = profile.inherits === undefined ? '' : ` Inherits from \`${profile.inherits}\`.`;
  return [
    `## ${profile.name}: ${profile.system}`,
    `${profile.about}${inherits}`,
    table(['rule', 'value', 'standing', 'source'], rules),
    ...(texts.length === 0 ? [] : [table(['text', 'means', 'standing', 'source'], texts)]),
  ].join('\n\n');
}

function present(): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const profiles = profileNames.flatMap((name) => builtInProfiles.get(name) ?? []);
const text = [opening, rulesSection(), ...profiles.map(profileSection), ''].join('\n\n');
const wanted = await format(text, { ...(await resolveConfig(path)), filepath: path });
if (present() !== wanted) {
  if (process.argv.includes('--check')) {
    console.error(`${path} is not what the profiles say; npm run docs writes it anew`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, wanted);
    console.log(`wrote ${path}`);
  }
}
