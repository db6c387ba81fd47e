import { describe, expect, test } from 'vitest';
import type { TagWork } from '../../../src/station/core/tag-state.ts';
import { step } from '../../../src/station/core/step.ts';
import {
  choices,
  firstMoment,
  isAtRest,
  keyOf,
  wrongAtRest,
  wrongWith,
  type Moment,
  type Path,
  type Walk,
} from './security-walk.ts';

/** More would say that the walk does not come to an end. */
const momentsMax = 400_000;

interface Walked {
  readonly moments: number;
  readonly ends: number;
  readonly done: number;
  readonly withStaff: number;
  readonly wrong: readonly string[];
}

/** The way in words. */
function wayTo(path: Path | undefined): string {
  const names: string[] = [];
  for (let step = path; step !== undefined; step = step.before) names.unshift(step.name);
  return names.join(', ');
}

/** Goes every way there is, each moment once. */
function walk(order: Walk): Walked {
  const seen = new Set<string>();
  const ways: Moment[] = [firstMoment(order)];
  const wrong = new Set<string>();
  let ends = 0;
  let done = 0;
  let withStaff = 0;
  for (let moment = ways.pop(); moment !== undefined && wrong.size < 5; moment = ways.pop()) {
    const key = keyOf(moment);
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > momentsMax) throw new Error('the walk does not come to an end');
    const rests = isAtRest(moment);
    const found = wrongWith(moment, order) ?? (rests ? wrongAtRest(moment) : undefined);
    if (found !== undefined) {
      wrong.add(`${found}: ${wayTo(moment.path)}`);
      continue;
    }
    if (rests) {
      const states = [...moment.disk.tagWork.values()].map(({ state }) => state);
      ends += 1;
      if (states.includes('done')) done += 1;
      if (states.includes('staff')) withStaff += 1;
    }
    for (const { name, next } of choices(moment, order)) {
      const after = next();
      if (after !== undefined) ways.push({ ...after, path: { name, before: moment.path } });
    }
  }
  return { moments: seen.size, ends, done, withStaff, wrong: [...wrong] };
}

/** Tens of thousands of moments; some seconds, and far more on a machine that does other things too. */
const walkMsMax = 300_000;

test.each<[string, Walk]>([
  ['a loan of one part', { aim: 'unlock', uids: ['A'], left: { cuts: 1, lifts: 2, silences: 1, fulls: 0 } }],
  [
    'a loan of two parts',
    { aim: 'unlock', uids: ['A', 'B'], left: { cuts: 1, lifts: 1, silences: 0, fulls: 0 } },
  ],
  [
    'a loan on a disk that fills up',
    { aim: 'unlock', uids: ['A'], left: { cuts: 1, lifts: 1, silences: 0, fulls: 1 } },
  ],
  ['a return of one part', { aim: 'lock', uids: ['A'], left: { cuts: 1, lifts: 2, silences: 1, fulls: 0 } }],
  [
    'a return of two parts',
    { aim: 'lock', uids: ['A', 'B'], left: { cuts: 1, lifts: 1, silences: 0, fulls: 0 } },
  ],
  [
    'a return on a disk that fills up',
    { aim: 'lock', uids: ['A'], left: { cuts: 1, lifts: 1, silences: 0, fulls: 1 } },
  ],
  [
    'a loan by barcode',
    { aim: 'unlock', byBarcode: true, uids: ['A'], left: { cuts: 1, lifts: 1, silences: 1, fulls: 0 } },
  ],
  [
    'a loan of two parts by barcode',
    { aim: 'unlock', byBarcode: true, uids: ['A', 'B'], left: { cuts: 1, lifts: 1, silences: 0, fulls: 0 } },
  ],
  [
    'a return by barcode',
    { aim: 'lock', byBarcode: true, uids: ['A'], left: { cuts: 1, lifts: 1, silences: 0, fulls: 0 } },
  ],
  [
    'a return of one part of two',
    { aim: 'lock', here: ['B'], uids: ['A', 'B'], left: { cuts: 1, lifts: 1, silences: 0, fulls: 0 } },
  ],
])(
  '%s: every order of replies, lifted tags, failing writes and a power cut',
  { timeout: walkMsMax },
  (_name, order) => {
    const { wrong, moments, ends, done, withStaff } = walk(order);
    expect(wrong).toEqual([]);
    // A walk that finds no end, or only one kind of it, has not been anywhere.
    expect(moments).toBeGreaterThan(100);
    expect(ends).toBeGreaterThan(10);
    expect(done).toBeGreaterThan(0);
    expect(withStaff).toBeGreaterThan(0);
  },
);

/** A station whose tag work is bent before each decision. */
function bent(bend: (work: TagWork) => TagWork): typeof step {
  return (state, event, settings) => {
    const tags = { ...state.tags, works: state.tags.works.map(bend) };
    return step({ ...state, tags }, event, settings);
  };
}

const left = { cuts: 0, lifts: 1, silences: 0, fulls: 0 };

describe('the walk finds', () => {
  test('a station that lifts the security before the library system answered', () => {
    const decide = bent((work) => (work.stage === 'planned' ? { ...work, stage: 'acting' } : work));
    const { wrong } = walk({ aim: 'unlock', uids: ['A'], left, decide });
    expect(wrong[0]).toMatch(/^(?:about to unlock what is|unlocked and) not certainly lent/u);
  });

  test('a station that takes all parts but one for all', () => {
    const decide = bent((work) =>
      work.stage === 'acting' && work.parts[0]?.state === 'changed'
        ? { ...work, parts: work.parts.map((part) => ({ ...part, state: 'changed' as const })) }
        : work,
    );
    const { wrong } = walk({ aim: 'unlock', uids: ['A', 'B'], left, decide });
    expect(wrong[0]).toMatch(
      /^(?:told to take it while a part is locked|lent and locked, and nothing on the disk)/u,
    );
  });

  test('a station that leaves a part free when another cannot be freed', () => {
    const decide = bent((work) => (work.stage === 'undoing' ? { ...work, stage: 'stuck' } : work));
    const { wrong } = walk({ aim: 'unlock', uids: ['A', 'B'], left, decide });
    expect(wrong.length).toBeGreaterThan(0);
  });
});
