import { describe, expect, it } from 'vitest';
import type { Effect, LedgerEntry } from '../../../src/simulator/acs/ledger.ts';
import type { ItemState, View } from '../../../src/shared/view.ts';
import { judge, judgeTags, shownOf, type Plan, type TagFacts } from '../../crash/verdict.ts';
import { viewOf } from '../../support/views.ts';

const plan: Plan = { act: 'borrow', item: '31', card: '21' };

function effects(...done: readonly Effect[]): readonly LedgerEntry[] {
  return done.map((effect, seq) => ({
    seq,
    effect,
    at: 1,
    requestedAt: '',
    item: '31',
    card: '21',
    dueAt: 2,
    repeat: false,
    noBlock: false,
    cancel: false,
    capturedFor: undefined,
  }));
}

function rows(...states: readonly string[]) {
  return states.map((state, index) => ({ seq: index + 1, item: '31', kind: 'checkout', state }));
}

type Shown = 'done' | 'taken' | undefined;

function verdict(
  shown: Shown,
  states: readonly string[],
  done: readonly Effect[],
): readonly [number, number] {
  const told = shown === undefined ? new Map() : new Map([['31', shown]]);
  const { lost, doubled } = judge([plan], told, rows(...states), effects(...done));
  return [lost.length, doubled.length];
}

describe('the verdict of a crash round', () => {
  const fine: readonly (readonly [Shown, readonly string[], readonly Effect[]])[] = [
    ['done', ['accepted'], ['checkout']],
    [undefined, ['accepted'], ['checkout']],
    [undefined, [], []],
    [undefined, ['staff'], []],
    [undefined, ['staff'], ['checkout']],
    [undefined, ['refused'], []],
    ['taken', ['withdrawn', 'accepted'], ['checkin']],
    ['taken', ['staff'], []],
  ];
  it.each(fine)('shown %s, journal %j, ACS %j: nothing lost, nothing doubled', (shown, states, done) => {
    expect(verdict(shown, states, done)).toEqual([0, 0]);
  });

  const lost: readonly (readonly [Shown, readonly string[], readonly Effect[]])[] = [
    ['done', ['accepted'], []],
    ['done', [], ['checkout']],
    ['done', ['staff'], []],
    ['done', [], []],
    ['taken', [], []],
    ['taken', ['accepted'], []],
    ['taken', ['withdrawn'], []],
    [undefined, [], ['checkout']],
    [undefined, ['refused'], ['checkout']],
    [undefined, ['accepted'], []],
    [undefined, ['uncertain'], []],
    ['taken', ['waiting'], []],
  ];
  it.each(lost)('shown %s, journal %j, ACS %j: lost', (shown, states, done) => {
    expect(verdict(shown, states, done)).toEqual([1, 0]);
  });

  it.each([
    ['done', ['accepted'], ['checkout', 'renewal']],
    ['taken', ['accepted'], ['checkin', 'checkinNotCharged']],
  ] as const)('shown %s, journal %j, ACS %j: doubled', (shown, states, done) => {
    expect(verdict(shown, states, done)).toEqual([0, 1]);
  });

  it.each([
    ['hold', 'done', ['accepted'], ['hold'], [0, 0]],
    ['cancelHold', 'done', ['accepted'], ['holdCancelled'], [0, 0]],
    ['hold', undefined, ['refused'], [], [0, 0]],
    ['hold', 'done', ['accepted'], [], [1, 0]],
    ['hold', undefined, [], ['hold'], [1, 0]],
    ['hold', 'done', ['accepted'], ['hold', 'hold'], [0, 1]],
  ] as const)(
    '%s, shown %s, journal %j, ACS %j: lost and doubled %j',
    (act, told, states, done, expected) => {
      const shown = new Map(told === undefined ? [] : [['31', told]]);
      const ofHold = rows(...states).map((row) => ({ ...row, kind: 'hold' }));
      // The loan that was refused before says nothing of the hold, nor what became of the item itself.
      const others = rows('refused');
      const { lost, doubled } = judge(
        [{ ...plan, act }],
        shown,
        [...others, ...ofHold],
        effects(...done, 'checkin'),
      );
      expect([lost.length, doubled.length]).toEqual(expected);
    },
  );

  it('remembers the best that the screen ever said', () => {
    const view = (state: ItemState): View => ({
      ...viewOf(1),
      screen: {
        name: 'return',
        items: [{ id: 'r1', item: '31', state, message: { key: 'row.checkin.done' } }],
        signedIn: false,
        counts: { pending: 0, done: 0, refused: 0 },
      },
    });
    expect([...shownOf([view('pending')])]).toEqual([]);
    expect([...shownOf([view('offline'), view('pending')])]).toEqual([['31', 'taken']]);
    expect([...shownOf([view('offline'), view('done'), view('offline')])]).toEqual([['31', 'done']]);
    expect([...shownOf([viewOf(2)])]).toEqual([]);
  });
});

describe('the verdict on tags', () => {
  const facts = (changes: Partial<TagFacts>): TagFacts => ({
    item: '31',
    security: 'locked',
    lent: false,
    withStaff: false,
    ...changes,
  });

  it('finds no fault where unlocked means lent, or staff know', () => {
    const right: readonly TagFacts[] = [
      facts({}),
      facts({ lent: true, security: 'unlocked' }),
      facts({ lent: true, withStaff: true }),
      facts({ security: 'unlocked', withStaff: true }),
      facts({ security: 'mixed', withStaff: true }),
    ];
    expect(judgeTags(right)).toEqual([]);
  });

  it.each([
    [{ security: 'unlocked' }, '31 is not lent and unlocked, and nobody knows'],
    [{ security: 'mixed' }, '31 is not lent and mixed, and nobody knows'],
    [{ lent: true }, '31 is lent and locked, and nobody knows'],
    [{ lent: true, security: 'mixed' }, '31 is lent and mixed, and nobody knows'],
  ] as const)('%j: a fault', (changes, words) => {
    expect(judgeTags([facts(changes)])).toEqual([words]);
  });
});
