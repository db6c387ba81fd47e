import axe from 'axe-core';

/** Violations of WCAG 2.2 AA and of good practice, one line each. Colours need a real browser and have tests of their own. */
export async function violations(): Promise<string[]> {
  const result = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}
