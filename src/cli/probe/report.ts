import type { ProfileFile } from '../../sip2/profiles/profile.ts';
import { ruleNames, type RuleName } from '../../sip2/profiles/rules.ts';
import type { Findings } from './findings.ts';
import type { Probed } from './run.ts';

/** The name of a profile that a probe wrote. */
export const probedName = 'probed';

/** What a probe found, as a profile that the station can use. */
export function profileOf({ findings }: Probed, about: ProbeOf): ProfileFile {
  const evidence = { standing: 'verified', source: `omatoimi probe, ${about.day}` } as const;
  const rules: Partial<Record<RuleName, unknown>> = {};
  for (const name of ruleNames) {
    if (findings.rules.has(name)) rules[name] = { value: findings.rules.get(name), ...evidence };
  }
  return {
    profileVersion: 1,
    name: probedName,
    system: about.system,
    inherits: about.inherits,
    about: `Written by omatoimi probe on ${about.day}. What it could not test is inherited from ${about.inherits}.`,
    rules: rules as ProfileFile['rules'],
    texts: findings.texts.map(({ text, means }) => ({ text, means, ...evidence })),
  };
}

export interface ProbeOf {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** What the operator calls it. */
  readonly system: string;
  readonly inherits: string;
  /** Whether items were lent and returned. */
  readonly borrowed: boolean;
}

/** The report for people, in Markdown. It has no card number, no PIN and no item identifier. */
export function reportOf({ findings, stopped }: Probed, about: ProbeOf): string {
  const parts = [
    `# Probe of ${about.system}, ${about.day}`,
    stopped === undefined
      ? about.borrowed
        ? 'The test item was lent, renewed and returned.'
        : 'Nothing was changed in the library system.'
      : `**The probe stopped: ${stopped}.** What follows was found before.`,
    section('Where it departs from the standard', findings.deviations, 'Nowhere that was tested.'),
    section('What else was found', notes(findings), 'Nothing.'),
    section('How fast it answers', [latency(findings.tookMs)], ''),
    section(
      'Its words',
      [
        ...findings.texts.map(({ text, means }) => `“${text}” means \`${means}\`.`),
        ...[...findings.unknownTexts].map(
          (text) => `“${text}”: of no known meaning; add it to the profile’s texts.`,
        ),
      ],
      'It said none.',
    ),
    section('What was not tested', findings.open, 'Everything that a probe can test was tested.'),
    section(
      'What the profile says',
      [...findings.rules].map(([name, value]) => `\`${name}\`: \`${JSON.stringify(value)}\``),
      'Nothing beyond what it inherits.',
    ),
  ];
  return `${printable(parts.join('\n\n'))}\n`;
}

/** Words of an ACS must not steer the terminal on which the report stands. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');
}

function notes({ list }: Findings): string[] {
  return list.filter(({ deviation }) => !deviation).map(({ sentence }) => sentence);
}

function section(title: string, lines: readonly string[], otherwise: string): string {
  const body = lines.length === 0 ? otherwise : lines.map((line) => `- ${line}`).join('\n');
  return `## ${title}\n\n${body}`;
}

/** The middle and the slowest of the answers. */
export function latency(tookMs: readonly number[]): string {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
  if (sorted.length === 0) return 'It answered nothing.';
  return `${sorted.length} answers: ${at(0.5)} ms in the middle, ${at(0.95)} ms for all but one in twenty, ${at(1)} ms at most.`;
}
