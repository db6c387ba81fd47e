import { Library } from './library.ts';
import type { Manners } from './manners.ts';
import { copyOf } from './snapshot.ts';

const kept = new WeakMap<Library, Library>();

/** From which library a request is answered: the real one, a copy that is thrown away, or the real one as it was. */
export function answersFrom(library: Library, { pretends, yesterday }: Manners, code: string): Library {
  if (pretends?.includes(code) === true) return copyOf(library);
  const tells = code === '17' || code === '23' || code === '63';
  return yesterday === true && tells ? asItWas(library) : library;
}

/** From now on it remembers how it is at this moment, and not how it was at the start. */
export function keepAsItIs(library: Library): void {
  kept.set(library, copyOf(library));
}

function asItWas(library: Library): Library {
  const known = kept.get(library);
  if (known !== undefined) return known;
  const { data, startsAt, rules, timeZone } = library;
  const old = new Library(data, { startsAt, rules, timeZone });
  kept.set(library, old);
  return old;
}
