import type { TagDeviation, TagPart, TagRules } from './tag.ts';

export interface ReadParts {
  readonly part?: TagPart;
  readonly deviation?: TagDeviation;
}

/**
 * What "part `ordinal` of `total`" means (ISO 28560-1, set information). A total of 0 with a part number means that the
 * main part alone has the count. Undefined where no item can be so and the rules do not bend it.
 */
export function partsOf(total: number, ordinal: number, rules: TagRules): ReadParts | undefined {
  if (total === 0 && ordinal > 1) return { part: { number: ordinal } };
  if (total === 0 || ordinal === 0)
    return rules.partZero === 'single' ? { deviation: 'partZero' } : undefined;
  if (total === 1 && ordinal === 1) return {};
  return ordinal > total
    ? { part: { number: total, of: ordinal }, deviation: 'partsSwapped' }
    : { part: { number: ordinal, of: total } };
}
