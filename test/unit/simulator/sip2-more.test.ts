import { describe, expect, test } from 'vitest';
import { usualBehaviour, type AcsBehaviour } from '../../../src/simulator/acs/behaviour.ts';
import { restore, snapshotOf } from '../../../src/simulator/acs/snapshot.ts';
import { Sip2Session } from '../../../src/simulator/acs/sip2-session.ts';
import { newLibrary, noon, smallLibrary } from './fixture-library.ts';

/*
 * Every message here is written by hand from the standard (3M SIP 2.00, document revision 2.12), so that our own
 * encoder can't vouch for itself.
 */

const now = '20261122    120000';

function connect(behaviour: Partial<AcsBehaviour> = {}) {
  const library = newLibrary();
  const session = new Sip2Session(library, { ...usualBehaviour(), ...behaviour });
  const ask = (text: string): string => {
    const answers = session.receive(Buffer.from(`${text}\r`, 'utf8'), noon);
    expect(answers).toHaveLength(1);
    return Buffer.from(answers[0] ?? []).toString('utf8');
  };
  return {
    library,
    ask,
    effects: () => library.ledger.entries.map(({ effect, item }) => `${effect} ${item}`),
  };
}

const place = (card: string, item: string, pickup = ''): string =>
  `15+${now}${pickup === '' ? '' : `BS${pickup}|`}AOTEST|AA${card}|AB${item}|`;
const cancel = (card: string, item: string): string => `15-${now}AOTEST|AA${card}|AB${item}|`;
const account = (card: string, place: number): string =>
  `63007${now}${`${' '.repeat(place)}Y`.padEnd(10)}AOTEST|AA${card}|`;

describe('a hold', () => {
  test('on a loan of another puts the patron into the queue', () => {
    const { ask, effects } = connect();
    expect(ask(place('ann', 'taken'))).toBe(`161N${now}BR1|BSMain|AOTEST|AAann|ABtaken|AJTaken|\r`);
    expect(ask(place('late', 'taken', 'Branch'))).toBe(
      `161N${now}BR2|BSBranch|AOTEST|AAlate|ABtaken|AJTaken|\r`,
    );
    expect(effects()).toEqual(['hold taken', 'hold taken']);
    expect(ask(account('ann', 5))).toContain('|CDtaken|');
  });

  test('on a free item says that it is available', () => {
    expect(connect().ask(place('ann', 'book'))).toMatch(/^161Y/);
  });

  test.each([
    ['nobody', 'book', 'Unknown patron.'],
    ['ann', 'nothing', 'Item not found.'],
    ['ben', 'taken', 'Item is already checked out to this patron.'],
    ['holder', 'queued', 'Patron already has a hold on this title.'],
    ['has-holdPrivilegesDenied', 'book', 'Reserving is not permitted with this card.'],
    ['kid', 'adult', 'Item has an age limit.'],
    ['ann', 'reference', 'Item is not for loan.'],
  ])('of %s on %s is refused: %s', (card, item, words) => {
    const { ask, effects } = connect();
    const answer = ask(place(card, item));
    expect(answer).toMatch(/^160N/);
    expect(answer).toContain(`|AF${words}|`);
    expect(effects()).toEqual([]);
  });

  test('is cancelled by the item that it was placed on, or by the one on the shelf', () => {
    const { ask, effects, library } = connect();
    expect(ask(cancel('holder', 'queued'))).toBe(`161N${now}AOTEST|AAholder|ABqueued|AJQueued|\r`);
    expect(ask(cancel('holder', 'shelved'))).toMatch(/^161N/);
    expect(effects()).toEqual(['holdCancelled queued', 'holdCancelled shelved']);
    expect(library.item('shelved')?.shelvedFor).toBeUndefined();
    expect(ask(cancel('holder', 'queued'))).toContain('|AFNo such hold.|');
  });

  test('of another is not cancelled', () => {
    const { ask, effects } = connect();
    expect(ask(cancel('ann', 'queued'))).toMatch(/^160N/);
    expect(effects()).toEqual([]);
  });

  test('rests while the library system is not on-line', () => {
    const { ask, effects } = connect({ onLine: false });
    expect(ask(place('ann', 'book'))).toContain('|AFThe library system is not available.|');
    expect(effects()).toEqual([]);
  });
});

describe('renewing all', () => {
  test('names what was renewed and what was not, with the reasons', () => {
    const { ask, effects } = connect();
    ask(place('ann', 'full2'));
    expect(ask(`65${now}AOTEST|AAfull|`)).toBe(
      `66100030001${now}AOTEST|BMfull1|BMfull3|BMfull4|BNfull2|AFItem has holds and cannot be renewed.|\r`,
    );
    expect(effects()).toEqual(['hold full2', 'renewal full1', 'renewal full3', 'renewal full4']);
  });

  test('of a patron without loans renews nothing; of nobody is refused', () => {
    expect(connect().ask(`65${now}AOTEST|AAann|`)).toBe(`66100000000${now}AOTEST|\r`);
    expect(connect().ask(`65${now}AOTEST|AAnobody|`)).toBe(`66000000000${now}AOTEST|AFUnknown patron.|\r`);
  });
});

describe('a payment', () => {
  const pay = (sum: string, more = ''): string => `37${now}0102EURBV${sum}|AOTEST|AAfined|${more}BKp1|`;

  test('lessens what is owed, and is not known again when it is told twice', () => {
    const { ask, effects } = connect();
    expect(ask(pay('4.00'))).toBe(`38Y${now}AOTEST|AAfined|BKp1|\r`);
    expect(ask(account('fined', 3))).toContain('|BV6.01|');
    ask(pay('4.00'));
    expect(ask(account('fined', 3))).toContain('|BV2.01|');
    expect(effects()).toEqual(['payment ', 'payment ']);
  });

  test('of all of it leaves no fee', () => {
    const { ask } = connect();
    ask(pay('10.01'));
    const left = ask(account('fined', 3));
    expect(left).toContain('|BV0.00|');
    expect(left).not.toContain('|AV');
  });

  test('for one fee is for no other', () => {
    const { ask, library } = connect();
    const id = library.state.patrons.get('fined')?.fees[0]?.id ?? '';
    expect(ask(pay('1.00', 'CG999|'))).toContain('|AFNo such fee.|');
    expect(ask(pay('1.00', `CG${id}|`))).toMatch(/^38Y/);
  });

  test.each(['10.02', '0.00', 'much', ''])('of %j is refused', (sum) => {
    const { ask, effects } = connect();
    expect(ask(pay(sum))).toMatch(/^38N/);
    expect(effects()).toEqual([]);
  });
});

test('a loan that is called back stands in its list and is not renewed, after a restart too', () => {
  const patrons = smallLibrary.patrons.map((patron) =>
    patron.card === 'ben' ? { ...patron, loans: [{ item: 'taken', dueInDays: 3, recalled: true }] } : patron,
  );
  const data = { ...smallLibrary, patrons };
  const options = { timeZone: 'Europe/Helsinki' };
  const made = newLibrary({}, data);
  const again = restore(data, snapshotOf(made), options);
  if (!again.ok) throw new Error(again.error);
  for (const library of [made, again.value]) {
    const session = new Sip2Session(library, usualBehaviour());
    const ask = (text: string): string =>
      Buffer.from(session.receive(Buffer.from(`${text}\r`), noon)[0] ?? []).toString('utf8');
    expect(ask(account('ben', 4))).toContain('|BUtaken|');
    expect(ask(`65${now}AOTEST|AAben|`)).toContain('|BNtaken|');
  }
});
