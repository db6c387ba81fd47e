import { describe, expect, test } from 'vitest';
import { silentLog, type Log, type LogFields } from '../../../src/kernel/log.ts';
import type {
  AccountList,
  AccountPart,
  Customership,
  ItemInformation,
  LoanAnswer,
  CheckinAnswer,
} from '../../../src/ils/ils.ts';
import { Sip2Ils, type Sip2IlsSettings } from '../../../src/ils/sip2-ils.ts';
import { profileWith } from '../../support/profile.ts';
import { ScriptedPeer } from '../../support/scripted-peer.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import {
  date,
  library,
  outcomeOf,
  patron,
  pin,
  settings,
  valueOf,
  vectorReply,
  type Library,
} from './support.ts';

describe('the state', () => {
  test('of a 98 only onLineStatus is believed', () => {
    expect(library(undefined).states.map(({ state }) => state)).toEqual(['connecting', 'online']);
  });

  test('a planned rest tells its end by the library’s clock, and nothing is asked', () => {
    // The clock of the rig stands at ten in Helsinki.
    const it = library(patron('AAdjfiander|'), { downTimes: [{ from: '09:30', to: '10:30' }] });
    expect(it.states.at(-1)).toEqual({ state: 'plannedDown', until: '10:30' });
    expect(it.peer.connections).toEqual([]);
    it.clock.advance(30 * 60_000);
    expect(it.states.at(-1)?.state).toBe('online');
  });

  test('settings that can’t be are refused', () => {
    const clock = new VirtualClock();
    const ports = {
      open: new ScriptedPeer(clock).openStream,
      clock,
      random: { bytes: (n: number) => new Uint8Array(n), fraction: () => 0 },
      log: silentLog,
    };
    expect(Sip2Ils.create({ ...settings, charset: 'klingon' }, ports)).toEqual({
      ok: false,
      error: { kind: 'charset', value: 'klingon' },
    });
    expect(Sip2Ils.create({ ...settings, delimiter: 'A' }, ports).ok).toBe(false);
  });
});

describe('customership', () => {
  const ask = (it: Library, card = 'djfiander', secret: Uint8Array | undefined = pin()) =>
    outcomeOf<Customership>(it, (ils, reply) =>
      ils.checkCustomership(secret === undefined ? { card } : { card, pin: secret }, reply),
    );

  test('asks by 63 for the charged items, with the PIN', () => {
    const it = library(patron('AAdjfiander|AEDoug|BLY|CQY|'));
    ask(it);
    expect(it.sent()).toBe(`63007${date}  Y       AOUWOLS|AAdjfiander|AD4711|`);
  });

  test('without a PIN sends no AD, and takes no verdict on it', () => {
    const it = library(patron('AAdjfiander|AEDoug|BLY|CQY|'));
    const outcome = outcomeOf<Customership>(it, (ils, reply) =>
      ils.checkCustomership({ card: 'djfiander' }, reply),
    );
    expect(it.sent()).not.toContain('AD');
    expect(valueOf(outcome)).toMatchObject({ known: true, pin: 'notTold' });
  });

  test('a right PIN, the charged items, the words', () => {
    const reply = patron(
      'AAdjfiander|AEDoug|BLY|CQY|AU111|AU222|BDKatu 1|AFHei!|AGHei!|AFMoi|',
      ' '.repeat(14),
      '0002',
    );
    expect(valueOf(ask(library(reply)))).toEqual({
      known: true,
      pin: 'right',
      blocks: [],
      chargedItems: ['111', '222'],
      acsText: [{ acs: 'Hei!' }, { acs: 'Moi' }],
    });
  });

  test.each([
    ['CQN|', 'wrong'],
    ['', 'notTold'],
    ['CQ|', 'notTold'],
  ])('the PIN with %j is %s', (fields, verdict) => {
    expect(valueOf(ask(library(patron(`AAdjfiander|AE|BLY|${fields}`)))).pin).toBe(verdict);
  });

  test('an unknown card', () => {
    expect(valueOf(ask(library(vectorReply('v223')), 'bad_barcode'))).toMatchObject({
      known: false,
      blocks: [
        'chargePrivilegesDenied',
        'renewalPrivilegesDenied',
        'recallPrivilegesDenied',
        'holdPrivilegesDenied',
      ],
    });
  });

  test('Sierra: blank counts, blanks after the institution', () => {
    const outcome = ask(library(vectorReply('v090').replaceAll('|AY', '|')), '240');
    expect(valueOf(outcome)).toMatchObject({ known: false, chargedItems: undefined });
  });

  test('Polaris: a wrong PIN', () => {
    expect(valueOf(ask(library(vectorReply('v079')), '25891000331441'))).toMatchObject({
      known: true,
      pin: 'wrong',
    });
  });

  test.each([
    ['a list shorter than its count', 'AU111|', '0002', undefined],
    ['no list', '', '0001', undefined],
    ['a blank count', 'AU111|', '    ', undefined],
    ['nothing on loan', '', '0000', []],
    ['an empty entry beside the others', 'AU111|AU|', '0001', ['111']],
  ])('%s', (_what, fields, count, items) => {
    const reply = patron(`AAdjfiander|AE|BLY|${fields}`, ' '.repeat(14), count);
    expect(valueOf(ask(library(reply))).chargedItems).toEqual(items);
  });

  test('an answer about another patron, or about none, is no answer', () => {
    const reason = 'the answer is about another patron';
    expect(ask(library(patron('AAsomeoneelse|AE|BLY|CQY|')))).toEqual({ kind: 'unknown', reason });
    expect(ask(library(patron('AE|BLY|CQY|')))).toEqual({ kind: 'unknown', reason });
  });

  test('no answer is unknown; no connection is not sent', () => {
    expect(ask(library(undefined))).toEqual({ kind: 'unknown', reason: 'no answer in time' });
    const it = library(undefined);
    it.peer.onConnect = (connection) => connection.close('ECONNREFUSED');
    it.peer.last.close();
    it.clock.settle();
    expect(ask(it)).toEqual({ kind: 'notSent', reason: 'unreachable' });
  });
});

describe('the account', () => {
  const ask = (it: Library, list: AccountList, card = 'djfiander') =>
    outcomeOf<AccountPart>(it, (ils, reply) => ils.account({ card, list }, reply));

  test.each([
    ['holdsReady', 'Y         ', 'AS', 0],
    ['overdue', ' Y        ', 'AT', 1],
    ['charged', '  Y       ', 'AU', 2],
    ['fines', '   Y      ', 'AV', 3],
    ['recalled', '    Y     ', 'BU', 4],
    ['holdsWaiting', '     Y    ', 'CD', 5],
  ] as const)('%s', (list, summary, field, place) => {
    const numbers = ['0000', '0000', '0000', '0000', '0000', '0000'].map((none, index) =>
      index === place ? '0002' : none,
    );
    const reply = `64${' '.repeat(14)}007${date}${numbers.join('')}AOUWOLS|AAdjfiander|AE|${field}One &#124; two|${field}|${field}Three|BV2,40|`;
    const it = library(reply);
    expect(valueOf(ask(it, list))).toEqual({
      list,
      told: true,
      entries: ['One | two', 'Three'],
      count: 2,
      counts: { ...noneOfAny, [list]: 2 },
      feeTotal: { amount: '2.40', currency: 'EUR' },
      blocks: [],
      acsText: [],
    });
    expect(it.sent()).toBe(`63007${date}${summary}AOUWOLS|AAdjfiander|`);
  });

  const noneOfAny = { holdsReady: 0, overdue: 0, charged: 0, fines: 0, recalled: 0, holdsWaiting: 0 };

  test('a real one: Polaris, in another currency', () => {
    expect(valueOf(ask(library(vectorReply('v078')), 'charged', '25891000331441'))).toMatchObject({
      entries: [],
      count: 0,
      feeTotal: { amount: '9.25', currency: 'USD' },
      acsText: [{ acs: 'Patron status is ok.' }],
    });
  });

  test('without a fee there is no sum', () => {
    expect(valueOf(ask(library(patron('AAdjfiander|AE|')), 'fines')).feeTotal).toBeUndefined();
  });
});

describe('the item', () => {
  const ask = (it: Library, item: string) =>
    outcomeOf<ItemInformation>(it, (ils, reply) => ils.item({ item }, reply));

  test('on loan (Evergreen)', () => {
    const it = library(vectorReply('v001'));
    expect(valueOf(ask(it, '30007008637257'))).toEqual({
      item: '30007008637257',
      known: true,
      title: "Vie d'Isabelle Eberhardt",
      status: 'charged',
      due: { kind: 'day', date: '2011-10-28' },
      dueRaw: '2011-10-28 23:59:59',
      location: 'OSUL',
      acsText: [],
    });
    expect(it.sent()).toBe(`17${date}AOUWOLS|AB30007008637257|`);
  });

  test('available, with an accent in two characters', () => {
    const it = library(`1803000120110630    110249AB1|AJLe Pie\u0300ge|`);
    expect(valueOf(ask(it, '1'))).toMatchObject({
      status: 'available',
      title: 'Le Pi\u00e8ge',
      due: undefined,
    });
  });

  test.each([
    ['CF0002|', 2],
    ['CF 1 |', 1],
    ['CF|', undefined],
    ['CFmany|', undefined],
    ['', undefined],
  ])('with %j tells how many wait for it: %s', (field, holdQueue) => {
    const it = library(`1803000120110630    110249${field}AB1|AJKirja|`);
    expect(valueOf(ask(it, '1')).holdQueue).toBe(holdQueue);
  });

  test.each([
    ['v106', '1003010856677001'],
    ['v218', 'no_such_barcode'],
  ])('unknown (%s)', (id, item) => {
    expect(valueOf(ask(library(vectorReply(id)), item))).toMatchObject({ known: false, title: undefined });
  });

  test('another item is no answer, and stands in the log', () => {
    const reason = 'the answer is about another item';
    const lines: [string, string, LogFields | undefined][] = [];
    const log: Log = { write: (level, event, fields) => lines.push([level, event, fields]) };
    ask(library(vectorReply('v001'), {}, log), '30007008637258');
    expect(lines.filter(([, event]) => event === 'acs.mismatch')).toEqual([
      ['warning', 'acs.mismatch', { code: '18', reason }],
    ]);
    expect(ask(library(vectorReply('v001')), '30007008637258')).toEqual({ kind: 'unknown', reason });
  });
});

describe('checkout', () => {
  // half past nine in the evening of Helsinki, in summer
  const at = Date.parse('2026-07-01T18:30:00Z');
  const lend = (it: Library, card: string, item: string) =>
    outcomeOf<LoanAnswer>(it, (ils, reply) => ils.checkout({ card, item, at }, reply));

  test('is sent without block, without renewal, in the library’s time', () => {
    const it = library(undefined, { terminalPassword: 'tpw' });
    lend(it, 'djfiander', '1565921879');
    expect(it.peer.connections[0]?.received.at(-1)).toMatch(
      /^11NN20260701 {4}213000 {18}AOUWOLS\|AAdjfiander\|AB1565921879\|ACtpw\|AY1AZ....\r$/,
    );
  });

  test('the PIN goes along only where the profile wants it', () => {
    const sentWith = (change: Partial<Sip2IlsSettings>): string => {
      const it = library(`120NUN${date}AOUWOLS|AAdjfiander|AB1|AJ|AH|`, change);
      outcomeOf<LoanAnswer>(it, (ils, reply) =>
        ils.checkout({ card: 'djfiander', item: '1', at, pin: pin() }, reply),
      );
      return it.sent();
    };
    expect(sentWith({})).toMatch(/AOUWOLS\|AAdjfiander\|AB1\|AC\|$/);
    expect(sentWith({ profile: profileWith({ pinWithEachRequest: true }) })).toMatch(
      /AOUWOLS\|AAdjfiander\|AB1\|AC\|AD4711\|$/,
    );
  });

  test('lent (Koha)', () => {
    expect(valueOf(lend(library(vectorReply('v104')), '2', '03011174511003'))).toEqual({
      result: 'lent',
      renewal: false,
      title: 'Krutt-Kim',
      due: { kind: 'day', date: '2014-02-21' },
      desensitize: true,
      acsText: [],
    });
  });

  test('lent, a renewal, the gate stays active', () => {
    const reply = `121YNU${date}AOUWOLS|AAdjfiander|AB1|AJ |AH2026-08-01|`;
    expect(valueOf(lend(library(reply), 'djfiander', '1'))).toMatchObject({
      result: 'lent',
      renewal: true,
      title: undefined,
      desensitize: false,
    });
  });

  test('refused, with the words (Koha)', () => {
    expect(valueOf(lend(library(vectorReply('v110')), '95', '03011174511003'))).toEqual({
      result: 'refused',
      title: 'Krutt-Kim',
      fee: undefined,
      renewal: false,
      acsText: [{ acs: 'Item checked out to another patron' }],
    });
  });

  test('refused for a fee', () => {
    const reply = `120NUY${date}AOUWOLS|AAdjfiander|AB1|AJElokuva|AH|BT06|BHSEK|BV20,00|`;
    expect(valueOf(lend(library(reply), 'djfiander', '1'))).toMatchObject({
      fee: { amount: '20.00', currency: 'SEK' },
    });
  });

  test.each([
    ['another patron', `121NUY${date}AOUWOLS|AAother|AB1|AJ|AH|`, 'the answer is about another patron'],
    ['another item', `121NUY${date}AOUWOLS|AAdjfiander|AB2|AJ|AH|`, 'the answer is about another item'],
    ['no item', `121NUY${date}AOUWOLS|AAdjfiander|AJ|AH|`, 'the answer is about another item'],
    ['no verdict', `12 NUY${date}AOUWOLS|AAdjfiander|AB1|AJ|AH|`, 'the answer says neither yes nor no'],
    ['a message cut short', '121N', 'the answer is about another patron'],
  ])('%s: unknown', (_what, reply, reason) => {
    expect(lend(library(reply), 'djfiander', '1')).toEqual({ kind: 'unknown', reason });
  });
});

describe('checkin', () => {
  const at = Date.parse('2026-11-20T08:00:00Z');
  const take = (it: Library, item: string, offline = false) =>
    outcomeOf<CheckinAnswer>(it, (ils, reply) => ils.checkin({ item, at, offline }, reply));

  test('is sent with where the station stands and no return date', () => {
    const it = library(undefined, { location: 'Eteinen' });
    take(it, '1565921879');
    expect(it.peer.connections[0]?.received.at(-1)).toMatch(
      /^09N20261120 {4}100000 {18}APEteinen\|AOUWOLS\|AB1565921879\|AC\|AY1AZ....\r$/,
    );
  });

  test('of an outage counts from its day and cannot be refused any more', () => {
    const it = library(undefined, { location: 'Eteinen' });
    take(it, '1565921879', true);
    expect(it.peer.connections[0]?.received.at(-1)).toMatch(
      /^09Y20261120 {4}10000020261120 {4}100000APEteinen\|/,
    );
  });

  test('taken, with a hold for another branch (Perl ACS)', () => {
    expect(valueOf(take(library(vectorReply('v216')), '1565921879'))).toEqual({
      result: 'taken',
      title: 'Perl 5 desktop reference',
      alert: true,
      alertType: 'holdElsewhere',
      resensitize: true,
      sortBin: undefined,
      acsText: [],
    });
  });

  test('into a bin (Gothenburg)', () => {
    expect(valueOf(take(library(vectorReply('v181')), '16000000210799')).sortBin).toBe('5');
  });

  test('not checked out, with the words (Koha)', () => {
    expect(valueOf(take(library(vectorReply('v103')), '03010013753001'))).toMatchObject({
      result: 'refused',
      alert: true,
      acsText: [{ acs: 'Item not checked out' }],
    });
  });

  test('another item, or no verdict: unknown', () => {
    expect(take(library(vectorReply('v181')), '1')).toMatchObject({ kind: 'unknown' });
    expect(take(library(`10?YNN${date}AOUWOLS|AB1|AQ|`), '1')).toMatchObject({ kind: 'unknown' });
  });
});

describe('renew', () => {
  const at = Date.parse('2026-11-20T08:00:00Z');
  const renew = (it: Library, card: string, item: string) =>
    outcomeOf<LoanAnswer>(it, (ils, reply) => ils.renew({ card, item, at }, reply));

  test('renewed', () => {
    const it = library(`301YUN${date}AOUWOLS|AAdjfiander|AB1|AJKirja|AH20261218    235900|`);
    expect(valueOf(renew(it, 'djfiander', '1'))).toMatchObject({
      result: 'lent',
      renewal: true,
      due: { kind: 'day', date: '2026-12-18' },
    });
    expect(it.sent()).toBe(`29NN${date}${' '.repeat(18)}AOUWOLS|AAdjfiander|AB1|`);
  });

  test('refused (FBS)', () => {
    expect(valueOf(renew(library(vectorReply('v232')), '3210519784', '3274626533'))).toMatchObject({
      result: 'refused',
      acsText: [{ acs: '[BEFORE_RENEW_PERIOD]' }],
    });
  });

  test('another patron: unknown', () => {
    expect(renew(library(vectorReply('v232')), '1', '3274626533')).toMatchObject({ kind: 'unknown' });
  });
});

describe('the end of the session', () => {
  const end = (it: Library, card: string) => outcomeOf(it, (ils, reply) => ils.endSession({ card }, reply));

  test('is told', () => {
    const it = library(vectorReply('v222'));
    expect(end(it, '999999')).toEqual({ kind: 'answered', value: undefined });
    expect(it.sent()).toBe(`35${date}AOUWOLS|AA999999|`);
  });

  test('of another patron is no answer', () =>
    expect(end(library(vectorReply('v222')), '1')).toMatchObject({ kind: 'unknown' }));
});

describe('other dialects', () => {
  test('another charset and delimiter', () => {
    const it = library(undefined, { charset: 'iso-8859-1', delimiter: '^', errorDetection: false });
    const outcomes: unknown[] = [];
    it.ils.item({ item: '1' }, (outcome) => outcomes.push(outcome));
    it.clock.settle();
    expect(it.peer.last.received.at(-1)).toBe(`17${date}AOUWOLS^AB1^\r`);
    it.peer.last.sendRaw(Buffer.from(`18030001${date}AB1^AJT\u00e4\u00e4ll\u00e4^\r`, 'latin1'));
    expect(outcomes).toMatchObject([{ kind: 'answered', value: { title: 'Täällä' } }]);
  });

  test('Czech asks with no language of SIP2', () => {
    const it = library(undefined, { language: 'cs' });
    it.ils.checkCustomership({ card: '1' }, () => undefined);
    it.clock.settle();
    expect(it.sent().slice(0, 5)).toBe('63000');
  });
});
