import { describe, expect, test } from 'vitest';
import type {
  AccountList,
  AccountPart,
  FeePaidAnswer,
  HoldAnswer,
  HoldRequest,
  IlsAbilities,
  ItemInformation,
  RenewAllAnswer,
} from '../../../src/ils/ils.ts';
import { profileWith } from '../../support/profile.ts';
import { answered, sequenceOf } from '../../support/scripted-peer.ts';
import { date, library, outcomeOf, patron, pin, valueOf, type Library } from './support.ts';

const at = Date.parse('2026-11-20T08:00:00Z');

describe('a hold', () => {
  const hold = (it: Library, request: Partial<HoldRequest> = {}) =>
    outcomeOf<HoldAnswer>(it, (ils, reply) =>
      ils.hold({ card: 'djfiander', item: '111', mode: 'place', at, ...request }, reply),
    );

  test('is placed by 15 with the place where it will be fetched', () => {
    const it = library(undefined);
    hold(it, { pickup: 'MAIN' });
    expect(it.peer.connections[0]?.received.at(-1)).toMatch(
      /^15\+20261120 {4}100000BSMAIN\|AOUWOLS\|AAdjfiander\|AB111\|AY1AZ....\r$/,
    );
  });

  test('is cancelled by 15 with a minus, and leaves the place out', () => {
    const it = library(undefined, {
      terminalPassword: 'tpw',
      profile: profileWith({ pinWithEachRequest: true }),
    });
    hold(it, { mode: 'cancel', pin: pin() });
    expect(it.peer.connections[0]?.received.at(-1)).toMatch(
      /^15-20261120 {4}100000AOUWOLS\|AAdjfiander\|AD4711\|AB111\|ACtpw\|AY1AZ....\r$/,
    );
  });

  test('placed, with the place in the queue', () => {
    const reply = `161N${date}BR0003|BSKeskusta|AOUWOLS|AAdjfiander|AB111|AJSinuhe|AFOk|`;
    expect(valueOf(hold(library(reply)))).toEqual({
      result: 'done',
      available: false,
      position: 3,
      pickup: 'Keskusta',
      title: 'Sinuhe',
      acsText: [{ acs: 'Ok' }],
    });
  });

  test('of a free item, told about the title alone', () => {
    const reply = `161Y${date}AOUWOLS|AAdjfiander|AJSinuhe|`;
    expect(valueOf(hold(library(reply)))).toMatchObject({
      result: 'done',
      available: true,
      position: undefined,
    });
  });

  test('refused, with the words', () => {
    const reply = `160N${date}AOUWOLS|AAdjfiander|AB111|AJSinuhe|AFNo holds on this title|`;
    expect(valueOf(hold(library(reply)))).toEqual({
      result: 'refused',
      title: 'Sinuhe',
      acsText: [{ acs: 'No holds on this title' }],
    });
  });

  test.each([
    ['another patron', `161N${date}AOUWOLS|AAother|AB111|`, 'the answer is about another patron'],
    ['another item', `161N${date}AOUWOLS|AAdjfiander|AB112|`, 'the answer is about another item'],
    ['neither yes nor no', `16 N${date}AOUWOLS|AAdjfiander|AB111|`, 'the answer says neither yes nor no'],
    ['nothing', undefined, 'no answer in time'],
  ])('an answer about %s is none', (_what, reply, reason) => {
    expect(hold(library(reply))).toEqual({ kind: 'unknown', reason });
  });
});

describe('renewing all', () => {
  const renew = (it: Library) =>
    outcomeOf<RenewAllAnswer>(it, (ils, reply) => ils.renewAll({ card: 'djfiander', at }, reply));

  test('is one 65', () => {
    const it = library(undefined);
    renew(it);
    expect(it.peer.connections[0]?.received.at(-1)).toMatch(
      /^6520261120 {4}100000AOUWOLS\|AAdjfiander\|AY1AZ....\r$/,
    );
  });

  test('tells which were and which were not', () => {
    const reply = `66100020001${date}AOUWOLS|BM111|BM222|BN333|AFOne has holds|`;
    expect(valueOf(renew(library(reply)))).toEqual({
      renewed: ['111', '222'],
      unrenewed: ['333'],
      renewedCount: 2,
      unrenewedCount: 1,
      acsText: [{ acs: 'One has holds' }],
    });
  });

  test('may tell numbers alone, or nothing', () => {
    expect(valueOf(renew(library(`66000000003${date}AOUWOLS|`)))).toMatchObject({
      renewed: [],
      unrenewed: [],
      renewedCount: 0,
      unrenewedCount: 3,
    });
    expect(valueOf(renew(library(`661        ${date}AOUWOLS|`)))).toMatchObject({
      renewedCount: undefined,
      unrenewedCount: undefined,
    });
  });

  test('neither yes nor no is no answer', () => {
    expect(renew(library(`66 00010000${date}AOUWOLS|`))).toMatchObject({ kind: 'unknown' });
  });
});

describe('a payment', () => {
  const amount = { amount: '2.50', currency: 'EUR' };
  const pay = (it: Library, fee?: string) =>
    outcomeOf<FeePaidAnswer>(it, (ils, reply) =>
      ils.feePaid(
        {
          card: 'djfiander',
          amount,
          feeType: '01',
          paymentType: '02',
          transaction: 'pay-1',
          at,
          ...(fee === undefined ? {} : { fee }),
        },
        reply,
      ),
    );

  test('is told by 37, with the fee and the station’s own number', () => {
    const it = library(undefined);
    pay(it, 'F7');
    expect(it.peer.connections[0]?.received.at(-1)).toMatch(
      /^3720261120 {4}1000000102EURBV2.50\|AOUWOLS\|AAdjfiander\|CGF7\|BKpay-1\|AY1AZ....\r$/,
    );
  });

  test.each([
    [`38Y${date}AOUWOLS|AAdjfiander|BKpay-1|`, { kind: 'answered', value: { result: 'accepted' } }],
    [`38Y${date}AOUWOLS|AAdjfiander|`, { kind: 'answered', value: { result: 'accepted' } }],
    [
      `38N${date}AOUWOLS|AAdjfiander|BK|AFNo such fee|`,
      { kind: 'answered', value: { result: 'refused', acsText: [{ acs: 'No such fee' }] } },
    ],
    [`38Y${date}AOUWOLS|AAother|BKpay-1|`, { kind: 'unknown', reason: 'the answer is about another patron' }],
    [
      `38Y${date}AOUWOLS|AAdjfiander|BKpay-9|`,
      { kind: 'unknown', reason: 'the answer is about another payment' },
    ],
    [`381${date}AOUWOLS|AAdjfiander|`, { kind: 'unknown', reason: 'the answer says neither yes nor no' }],
  ])('%s', (reply, outcome) => {
    expect(pay(library(reply))).toMatchObject(outcome);
  });
});

describe('entries of the account', () => {
  const ask = (it: Library, list: AccountList): AccountPart =>
    valueOf(outcomeOf<AccountPart>(it, (ils, reply) => ils.account({ card: 'djfiander', list }, reply)));

  test('of loans are whole by their count, but not where they are titles, which prove nothing', () => {
    const loans = patron('AAdjfiander|AE|BLY|AUSinuhe|', undefined, '0001');
    expect(ask(library(loans), 'charged')).toMatchObject({ entries: ['Sinuhe'], count: 1 });
    const titles = library(loans, { profile: profileWith({ chargedEntries: 'title' }) });
    expect(ask(titles, 'charged')).toMatchObject({ entries: ['Sinuhe'], count: undefined });
  });

  const feeOf = (line: string): unknown => {
    const part = ask(library(patron(`AAdjfiander|AE|BLY|AV${line}|`)), 'fines');
    expect(part.entries).toEqual([line]);
    return part.details?.get(line);
  };

  test.each([
    ['2.00 EUR Overdue: Sinuhe', { amount: { amount: '2.00', currency: 'EUR' }, reason: 'Overdue: Sinuhe' }],
    ['2,50 € Varausmaksu', { amount: { amount: '2.50', currency: 'EUR' }, reason: 'Varausmaksu' }],
    ['$4.25 Lost book', { amount: { amount: '4.25', currency: 'EUR' }, reason: 'Lost book' }],
    ['10.00 SEK Böter', { amount: { amount: '10.00', currency: 'SEK' }, reason: 'Böter' }],
    ['2.00 THE BOOK', { amount: { amount: '2.00', currency: 'EUR' }, reason: 'THE BOOK' }],
    ['30007008637257', undefined],
    ['12 days late', undefined],
    ['Overdue 2.00', undefined],
    ['2.00', undefined],
  ])('a fee %j tells what can be told', (line, details) => {
    expect(feeOf(line)).toEqual(details);
  });

  // FBS divides its entries by percent signs: id, date, title, author, material, type, shelf.
  const itemParts = ['id', 'date', 'title', 'author', 'material', 'type', 'shelf', 'position'];
  const divided = profileWith({
    entrySubfields: {
      separator: '%',
      layouts: {
        ...Object.fromEntries(['AS', 'AT', 'AU', 'BU', 'CD'].map((field) => [field, itemParts])),
        AV: ['feeId', 'amount', 'unused', 'reason'],
      },
      holdKinds: { fjernlaan: 'interlibrary', bestilt: 'order' },
    },
  });

  test('a hold divided into parts tells where, until when and which', () => {
    const reply = patron(
      'AAdjfiander|AE|BLY|CD5010%20261204%Sinuhe%Waltari, Mika%Bog%fjernlaan%Hylde 4%2|CD5011|',
    );
    const part = ask(library(reply, { profile: divided }), 'holdsWaiting');
    expect(part.entries).toEqual(['5010', '5011']);
    expect(part.details).toEqual(
      new Map([
        [
          '5010',
          {
            title: 'Sinuhe',
            expires: { kind: 'day', date: '2026-12-04' },
            pickup: 'Hylde 4',
            position: 2,
            kind: 'interlibrary',
          },
        ],
      ]),
    );
  });

  test('a loan divided into parts tells its due date', () => {
    const reply = patron('AAdjfiander|AE|BLY|AU5010%20261204%Sinuhe|');
    const part = ask(library(reply, { profile: divided }), 'charged');
    expect(part.details?.get('5010')).toEqual({ title: 'Sinuhe', due: { kind: 'day', date: '2026-12-04' } });
  });

  test('a fee divided into parts can be paid by its identifier', () => {
    const line = 'F7%2,50%x%Varausmaksu';
    const part = ask(library(patron(`AAdjfiander|AE|BLY|AV${line}|`), { profile: divided }), 'fines');
    expect(part.details?.get(line)).toEqual({
      amount: { amount: '2.50', currency: 'EUR' },
      reason: 'Varausmaksu',
      feeId: 'F7',
    });
  });

  test('what is not divided stays whole', () => {
    const part = ask(library(patron('AAdjfiander|AE|BLY|CD5010|'), { profile: divided }), 'holdsWaiting');
    expect(part.entries).toEqual(['5010']);
    expect(part.details).toBeUndefined();
  });
});

describe('a hold on its shelf', () => {
  const ask = (it: Library): ItemInformation =>
    valueOf(outcomeOf<ItemInformation>(it, (ils, reply) => ils.item({ item: '1' }, reply)));

  test('tells until when and where', () => {
    const reply = `18080001${date}CM20261127    235900|AB1|AJSinuhe|APKeskusta|`;
    expect(ask(library(reply))).toMatchObject({
      status: 'onHoldShelf',
      pickupUntil: '2026-11-27',
      location: 'Keskusta',
    });
  });
});

describe('abilities', () => {
  const told = (bx: string, overrides = {}): IlsAbilities | undefined => {
    const it = library(undefined, { profile: profileWith(overrides) });
    it.peer.onConnect = (connection) => {
      connection.accept();
      connection.onLine = (line) =>
        connection.sendRaw(answered(`98YNNNNN100003${date}2.00AOUWOLS|BX${bx}|`, sequenceOf(line)));
    };
    it.peer.last.close();
    it.clock.advance(60_000);
    return it.states.findLast(({ state }) => state === 'online')?.abilities;
  };

  test.each([
    [
      'YYYYYYYYYYYYYYYY',
      { placeHold: true, cancelHold: true, renewAll: false, feePaid: true, effectsShown: true },
    ],
    [
      'YYYYYYYNYYYYYYYY',
      { placeHold: true, cancelHold: true, renewAll: false, feePaid: true, effectsShown: false },
    ],
    [
      'YYYYYYYYYNNNNNYN',
      { placeHold: false, cancelHold: false, renewAll: false, feePaid: false, effectsShown: false },
    ],
    [
      'YYYYYYYYYY',
      { placeHold: false, cancelHold: false, renewAll: false, feePaid: true, effectsShown: false },
    ],
    ['', { placeHold: false, cancelHold: false, renewAll: false, feePaid: false, effectsShown: false }],
  ])('of a system that nothing is known of are those that it names: BX %j', (bx, abilities) => {
    expect(told(bx)).toEqual(abilities);
  });

  test('what is known of the library system counts for more than what it says', () => {
    const known = { holdActions: ['delete'], feePaid: true, renewAll: 'together', effectsShown: true };
    expect(told('YYYYYYYNYNNNNNYN', known)).toEqual({
      placeHold: false,
      cancelHold: true,
      renewAll: true,
      feePaid: true,
      effectsShown: true,
    });
  });
});

test('a list in parts is asked for with the PIN that it began with, whatever stands in the station’s buffer by then', () => {
  const it = library(undefined, { profile: profileWith({ listRange: 1 }) });
  const buffer = pin();
  const outcomes: unknown[] = [];
  const asked: string[] = [];
  it.peer.last.onLine = (line) => {
    asked.push(/AD([^|]*)/.exec(line)?.[1] ?? '');
    // The patron leaves, and the next one types.
    buffer.set(Buffer.from('9999'));
    const item = asked.length < 3 ? `AU${asked.length}|` : '';
    it.peer.last.sendRaw(answered(patron(`AAdjfiander|BLY|CQY|${item}`), sequenceOf(line)));
  };
  it.ils.account({ card: 'djfiander', list: 'charged', pin: buffer }, (outcome) => outcomes.push(outcome));
  it.clock.settle();
  expect(outcomes).toHaveLength(1);
  expect(asked).toEqual(['4711', '4711', '4711']);
});
