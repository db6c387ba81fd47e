import type { View } from '../../src/shared/view.ts';

/** Texts of what the station shows again and again as the same object: the rows of earlier items, the library. */
const known = new WeakMap<object, string>();

/** All that a view says, to be searched and hashed: as JSON would have it, without its marks. */
export function textOfView(view: View): string {
  return fieldsOf(view, (value, field) =>
    field === 'screen'
      ? fieldsOf(value, (part) => (Array.isArray(part) ? listOf(part) : once(part)))
      : once(value),
  );
}

function fieldsOf(of: object, textOf: (value: object, field: string) => string): string {
  let text = '';
  for (const [field, value] of Object.entries(of) as readonly (readonly [string, unknown])[]) {
    text += `${field}:${typeof value === 'object' && value !== null ? textOf(value, field) : String(value)} `;
  }
  return text;
}

function listOf(list: readonly unknown[]): string {
  let text = '';
  for (const one of list) text += `${typeof one === 'object' && one !== null ? once(one) : String(one)} `;
  return text;
}

function once(value: object): string {
  const text = known.get(value);
  if (text !== undefined) return text;
  const fresh = JSON.stringify(value);
  known.set(value, fresh);
  return fresh;
}
