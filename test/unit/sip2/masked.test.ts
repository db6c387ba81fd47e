import { describe, expect, test } from 'vitest';
import { masked } from '../../../src/sip2/masked.ts';
import { fields, type FieldSpec } from '../../../src/sip2/fields.ts';
import { vectors, wire } from './vectors.ts';

describe('the masked form', () => {
  test('shows codes, open values and lengths', () => {
    const line = `11NN20261120    100000${' '.repeat(18)}AOUWOLS|AAdjfiander|AB1565921879|ACtpw|AD4711|BON|AY3AZDE44\r`;
    expect(masked(Buffer.from(line))).toBe(
      `11 scRenewalPolicy=N noBlock=N transactionDate=20261120    100000 nbDueDate=${' '.repeat(18)} ` +
        'AO[5] AA[9] AB[10] AC[3] AD[4] BO=N AY3AZDE44',
    );
  });

  test('tells a field that repeats once', () => {
    expect(masked(Buffer.from(`36Y20261120    100000AO|AA1|AFa|AFb|AFc|`))).toContain('AA[1] AF×3');
  });

  test('says nothing of a code or field that it does not know', () => {
    expect(masked(Buffer.from('djfiander 4711'))).toBe('?? [14]');
    expect(masked(Buffer.from('941djfiander|'))).toBe('94 ok=1 ?[7]');
    expect(masked(Buffer.alloc(0))).toBe('?? [0]');
  });

  test('is bounded', () => {
    const long = Buffer.from(`36Y20261120    100000AO${'x'.repeat(10_000)}|`);
    expect(masked(long).length).toBeLessThanOrEqual(2001);
  });

  const audience = (id: string): string =>
    (fields as Readonly<Record<string, FieldSpec>>)[id]?.audience ?? 'personal';

  test.each(vectors.map((vector) => [vector.id, vector] as const))(
    '%s shows no personal value',
    (_id, vector) => {
      const text = masked(wire(vector));
      const hidden =
        vector.expected?.fields.filter(([id, value]) => audience(id) !== 'open' && value.length >= 5) ?? [];
      const shown =
        vector.expected?.fields.filter(([id]) => audience(id) === 'open').map(([, value]) => value) ?? [];
      for (const [, value] of hidden) {
        expect(text.includes(value) && !shown.some((open) => open.includes(value))).toBe(false);
      }
    },
  );
});
