import type { Death } from '../../src/simulator/acs/server.ts';
import type { BoundaryBefore } from '../../src/station/loop.ts';
import type { Wish } from './shelf.ts';

/** The kinds of place between two parts of a turn of the loop. */
export type Where = 'commit' | 'publish' | 'effect';

/** What a place in the loop is called by what comes next there. A commit of several kinds of rows has a name of each. */
export function namesOf(where: Where, { rows, effect }: BoundaryBefore): readonly string[] {
  switch (where) {
    case 'commit':
      return [...new Set(rows.map((row) => `commit ${nameOfRow(row)}`))];
    case 'publish':
      return [rows.length > 0 ? 'publish what was committed' : 'publish'];
    case 'effect':
      return [effect?.do === 'call' ? `effect call ${effect.call.kind}` : `effect ${effect?.do ?? ''}`];
    default:
      throw new Error(`no such place: ${String(where satisfies never)}`);
  }
}

function nameOfRow(row: BoundaryBefore['rows'][number]): string {
  switch (row.row) {
    case 'begin':
      return `begin ${row.kind}, ${row.state}`;
    case 'move':
    case 'tagMove':
      return `${row.row} ${row.to}`;
    case 'outage':
      return `outage ${row.what}`;
    default:
      return row.row;
  }
}

/**
 * Each boundary at which the station is killed by its name, and what a visit must be like to come to it; those that only a failing
 * disk or a rare chance brings are not aimed at. A run of
 * `listRoundsMin` rounds in which one of them was never hit has failed.
 */
export const boundaryWishes = {
  'commit attempt': {},
  'commit begin checkin, intended': { act: 'return', outage: false },
  'commit begin checkin, waiting': { act: 'return', outage: true },
  'commit begin checkout, intended': { act: 'borrow', outage: false },
  'commit begin checkout, waiting': { act: 'borrow', outage: true },
  'commit begin hold, intended': { act: 'hold' },
  'commit begin renew, intended': { act: 'renew' },
  'commit move accepted': {},
  'commit move refused': { act: 'hold' },
  'commit move uncertain': { outage: false, losesReply: true },
  'commit outage began': { outage: true },
  'commit outage ended': { outage: true },
  'commit pinForgiven': { act: 'borrow', outage: false },
  'commit pinTried': { act: 'borrow', outage: false },
  'commit tagBegin': { act: 'borrow', byPlate: true, outage: false },
  'commit tagMove done': { act: 'borrow', byPlate: true, outage: false },
  'effect call account': { act: 'borrow', outage: false },
  'effect call checkCustomership': { act: 'borrow', outage: false },
  'effect call checkin': { act: 'return', outage: false },
  'effect call checkout': { act: 'borrow', outage: false },
  'effect call endSession': { act: 'borrow', outage: false },
  'effect call hold': { act: 'hold' },
  'effect call item': { outage: false, losesReply: true },
  'effect call renew': { act: 'renew' },
  'effect cancelTimer': {},
  'effect pinClear': { act: 'borrow', outage: false },
  'effect pinKeep': { act: 'borrow', outage: false },
  'effect setSecurity': { act: 'borrow', byPlate: true, outage: false },
  'effect setTimer': {},
  'effect takeIn': { byPlate: true },
  publish: {},
  'publish what was committed': {},
} as const satisfies Readonly<Record<string, Wish>>;
export type BoundaryName = keyof typeof boundaryWishes;

/** Each place of an exchange at which the library system is killed by its name, with what the patron must do for it to come there. */
export const acsDeaths = {
  'ACS checkout received': { at: 'received', code: '11', wish: { act: 'borrow', outage: false } },
  'ACS checkout done': { at: 'done', code: '11', wish: { act: 'borrow', outage: false } },
  'ACS checkout half answered': { at: 'halfAnswered', code: '11', wish: { act: 'borrow', outage: false } },
  'ACS checkin received': { at: 'received', code: '09', wish: { act: 'return', outage: false } },
  'ACS checkin done': { at: 'done', code: '09', wish: { act: 'return', outage: false } },
  'ACS checkin half answered': { at: 'halfAnswered', code: '09', wish: { act: 'return', outage: false } },
  'ACS renew received': { at: 'received', code: '29', wish: { act: 'renew' } },
  'ACS renew done': { at: 'done', code: '29', wish: { act: 'renew' } },
  'ACS renew half answered': { at: 'halfAnswered', code: '29', wish: { act: 'renew' } },
  'ACS hold received': { at: 'received', code: '15', wish: { act: 'hold' } },
  'ACS hold done': { at: 'done', code: '15', wish: { act: 'hold' } },
  'ACS hold half answered': { at: 'halfAnswered', code: '15', wish: { act: 'hold' } },
} as const satisfies Readonly<
  Record<string, Death & { readonly code: '09' | '11' | '15' | '29'; readonly wish: Wish }>
>;
export type AcsDeathName = keyof typeof acsDeaths;

/** So many rounds have time for each of the list. */
export const listRoundsMin = 200;

const names = Object.keys(boundaryWishes) as BoundaryName[];
const acsNames = Object.keys(acsDeaths) as AcsDeathName[];

/** Which boundaries of the list were aimed at and hit, over all stations of a run; and which others were come by. */
export class BoundaryTally {
  readonly #aims = new Map<string, number>();
  readonly #hits = new Map<string, number[]>();
  readonly #acsHits = new Map<string, number>();
  readonly #come = new Set<string>();

  /** One that was never hit goes next, of these the one least aimed at; then the one with the fewest hits. */
  next({ hasPlate }: { readonly hasPlate: boolean }): BoundaryName {
    const possible = names.filter((name) => hasPlate || !('byPlate' in boundaryWishes[name]));
    const [first] = possible.toSorted((one, other) => this.#urgency(one) - this.#urgency(other));
    if (first === undefined) throw new Error('impossible: a list of boundaries without one');
    this.#aims.set(first, (this.#aims.get(first) ?? 0) + 1);
    return first;
  }

  /** The same for the library system. */
  nextAcs(): AcsDeathName {
    const [first] = acsNames.toSorted((one, other) => this.#urgency(one) - this.#urgency(other));
    if (first === undefined) throw new Error('impossible: a list of places without one');
    this.#aims.set(first, (this.#aims.get(first) ?? 0) + 1);
    return first;
  }

  wasHit(name: BoundaryName): boolean {
    return this.#hits.has(name);
  }

  hit(round: number, at: readonly string[]): void {
    for (const name of at) this.#hits.set(name, [...(this.#hits.get(name) ?? []), round]);
  }

  acsHit(at: readonly string[]): void {
    for (const name of at) this.#acsHits.set(name, (this.#acsHits.get(name) ?? 0) + 1);
  }

  /** Boundaries that a station came by, whether or not anything was killed there. */
  came(by: readonly string[]): void {
    for (const name of by) this.#come.add(name);
  }

  get neverHit(): readonly string[] {
    return [
      ...names.filter((name) => !this.#hits.has(name)),
      ...acsNames.filter((name) => !this.#acsHits.has(name)),
    ];
  }

  /** One line for each boundary: how often the station and the library system were killed there, and in which rounds. */
  lines(): readonly string[] {
    const all = [
      ...new Set([...names, ...acsNames, ...this.#hits.keys(), ...this.#acsHits.keys(), ...this.#come]),
    ];
    const width = Math.max(...all.map((name) => name.length));
    return all.toSorted().map((name) => {
      const rounds = this.#hits.get(name) ?? [];
      const counts = `station ${String(rounds.length).padStart(3)}  ACS ${String(this.#acsHits.get(name) ?? 0).padStart(3)}`;
      const come = this.#come.has(name) || isOfAcs(name) ? '' : '  (nobody came by)';
      const where = rounds.length > 0 ? `  rounds ${rounds.join(' ')}` : come;
      return `${name.padEnd(width)}  ${counts}${where}${isListed(name) ? '' : '  (not of the list)'}`;
    });
  }

  #urgency(name: string): number {
    const hits = (this.#hits.get(name)?.length ?? 0) + (isOfAcs(name) ? (this.#acsHits.get(name) ?? 0) : 0);
    return hits === 0 ? (this.#aims.get(name) ?? 0) : listRoundsMin + hits;
  }
}

const isOfAcs = (name: string): boolean => Object.hasOwn(acsDeaths, name);
const isListed = (name: string): boolean => Object.hasOwn(boundaryWishes, name) || isOfAcs(name);
