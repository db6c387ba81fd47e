import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../../src/renderer/look/tokens.css', import.meta.url), 'utf8');

const light = tokensOf(':root {');
const themes = {
  light,
  dark: { ...light, ...tokensOf(":root[data-theme='dark'] {") },
  contrast: { ...light, ...tokensOf(":root[data-theme='contrast'] {") },
};

/** Foreground, ground, and the contrast that the look asks of them. */
const pairs: readonly (readonly [string, string, number])[] = [
  ['ink', 'paper', 13],
  ['ink', 'sheet', 13],
  ['quiet', 'paper', 6.5],
  ['quiet', 'sheet', 6.5],
  ['line', 'paper', 3],
  ['line', 'sheet', 3],
  ['on-action', 'action', 7],
  ['action', 'paper', 4.5],
  ['action', 'sheet', 4.5],
  ['ink', 'action-tint', 7],
  ['focus', 'paper', 3],
  ['focus', 'sheet', 3],
  ['paper', 'yes', 4.5],
  ['paper', 'attention', 4.5],
  ['paper', 'no', 4.5],
  ...['yes', 'attention', 'no'].flatMap((role) => [
    [role, 'paper', 4.5] as const,
    [role, 'sheet', 4.5] as const,
    [role, `${role}-tint`, 4.5] as const,
    ['ink', `${role}-tint`, 7] as const,
    ['quiet', `${role}-tint`, 4.5] as const,
  ]),
];

const cases = Object.entries(themes).flatMap(([theme, tokens]) =>
  pairs.map(([front, ground, least]) => ({ theme, tokens, front, ground, least })),
);

test.each(cases)('$theme: $front on $ground is at least $least : 1', ({ tokens, front, ground, least }) => {
  expect(contrast(tokens[front], tokens[ground])).toBeGreaterThanOrEqual(least);
});

test('black on white is 21 : 1, and the order does not matter', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

function tokensOf(selector: string): Readonly<Record<string, string>> {
  const start = css.indexOf(selector);
  const block = css.slice(start + selector.length, css.indexOf('}', start));
  return Object.fromEntries(
    [...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** The contrast ratio of WCAG 2.2 (definition of "contrast ratio" and "relative luminance"). */
function contrast(one: string | undefined, other: string | undefined): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string | undefined): number {
  if (colour === undefined) throw new Error('a token is missing');
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
