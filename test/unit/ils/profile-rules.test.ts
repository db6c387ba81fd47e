import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import type { Ils, IlsAbilities, Outcome, Reply } from '../../../src/ils/ils.ts';
import { Sip2Ils } from '../../../src/ils/sip2-ils.ts';
import { builtInProfiles, profileNames } from '../../../src/sip2/profiles/built-in.ts';
import type { Profile } from '../../../src/sip2/profiles/profile.ts';
import type { RuleName } from '../../../src/sip2/profiles/rules.ts';
import { profileWith } from '../../support/profile.ts';
import { byteSum, checksumOf } from '../../../src/sip2/checksum.ts';
import { ScriptedPeer, sequenceOf } from '../../support/scripted-peer.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const date = '20261120    100000';
const at = Date.parse('2026-11-20T08:00:00Z');
const pin = (): Uint8Array => Buffer.from('4711');
const status98 = (flags: string): string => `98${flags}100003${date}2.00AOTOLD|ANDESK|BXY|`;

interface Stage {
  readonly clock: VirtualClock;
  readonly ils: Ils;
  /** What the station sent since it is on-line, without AY, AZ and line end. */
  readonly sent: string[];
  readonly raw: Uint8Array[];
  readonly states: string[];
  /** What the library system can do, as the station was told. */
  abilities(): IlsAbilities | undefined;
  call<T>(act: (reply: Reply<T>) => void): Outcome<T> | undefined;
}

interface Acs {
  /** The flags of the 98. */
  readonly flags?: string;
  readonly answer?: (request: string) => string | Uint8Array | undefined;
}

/** A connected station under one rule. */
function stage(rule: RuleName, value: unknown, acs: Acs = {}): Stage {
  return stageOf(profileWith({ [rule]: value }), acs);
}

function stageOf(profile: Profile, acs: Acs = {}): Stage {
  const clock = new VirtualClock(at);
  const peer = new ScriptedPeer(clock);
  const sent: string[] = [];
  const raw: Uint8Array[] = [];
  peer.onConnect = (connection) => {
    connection.accept();
    connection.onLine = (line) => {
      const bytes = connection.handed.at(-1);
      if (bytes !== undefined) raw.push(Buffer.from(line, 'latin1'));
      const request = line.replace(/(?:AY\d)?(?:AZ[0-9A-F]{4})?[\r\n]+$/, '');
      sent.push(request);
      const reply = request.startsWith('99') ? status98(acs.flags ?? 'YNNNNN') : acs.answer?.(request);
      if (reply === undefined) return;
      connection.sendRaw(withTail(reply, sequenceOf(line)));
    };
  };
  const random = { bytes: (count: number) => new Uint8Array(count), fraction: () => 0.5 };
  const created = Sip2Ils.create(
    {
      institutionId: 'HERE',
      location: 'DOOR',
      timeZone: 'Europe/Helsinki',
      currency: 'EUR',
      language: 'fi',
      profile,
    },
    { open: peer.openStream, clock, random, log: silentLog },
  );
  if (!created.ok) throw new Error(JSON.stringify(created.error));
  const states: string[] = [];
  let abilities: IlsAbilities | undefined;
  created.value.start((status) => {
    states.push(status.state);
    abilities = status.abilities;
  });
  clock.settle();
  sent.length = 0;
  raw.length = 0;
  return {
    clock,
    ils: created.value,
    sent,
    raw,
    states,
    abilities: () => abilities,
    call(act) {
      let outcome;
      act((came) => {
        outcome = came;
      });
      clock.settle();
      return outcome;
    },
  };
}

/** An answer in UTF-8, or in bytes of its own, with AY, AZ and CR. */
function withTail(reply: string | Uint8Array, sequence: number | undefined): Uint8Array {
  const ay = sequence === undefined ? '' : `AY${sequence}`;
  const bytes = Buffer.concat([Buffer.from(reply), Buffer.from(`${ay}AZ`)]);
  const checksum = checksumOf(byteSum(bytes, 0, bytes.length))
    .toString(16)
    .toUpperCase()
    .padStart(4, '0');
  return Buffer.concat([bytes, Buffer.from(`${checksum}\r`)]);
}

/** The value that an answer was read as, or how the call ended. */
function read<T>(outcome: Outcome<T> | undefined): T | string {
  if (outcome === undefined) return 'no outcome';
  return outcome.kind === 'answered' ? outcome.value : outcome.kind;
}

const card = 'C1';
const item = 'I1';
const lend = (on: Stage) =>
  on.call<unknown>((reply) => on.ils.checkout({ card, item, at, pin: pin() }, reply));
const take = (on: Stage, offline = false) =>
  on.call<unknown>((reply) => on.ils.checkin({ item, at, offline }, reply));
const renew = (on: Stage) => on.call<unknown>((reply) => on.ils.renew({ card, item, at, pin: pin() }, reply));
const check = (on: Stage) =>
  on.call<unknown>((reply) => on.ils.checkCustomership({ card, pin: pin() }, reply));
const charged = (on: Stage) => on.call<unknown>((reply) => on.ils.account({ card, list: 'charged' }, reply));

const patron = (fields: string, flags = '', count = '0000', code = '64'): string =>
  `${code}${flags.padEnd(14)}000${date}${code === '64' ? `00000000${count}000000000000` : ''}AOHERE|AA${card}|AE|${fields}`;
const lent = (fields: string, desensitize = 'Y'): string =>
  `121NN${desensitize}${date}AOHERE|AA${card}|AB${item}|AJ|${fields}`;
const returned = (fields: string, flags = '1YNN'): string => `10${flags}${date}AOHERE|AB${item}|AQ|${fields}`;

interface Case {
  /** The message that the rule changes, or whose reading it changes. */
  readonly message: string;
  /** What can be seen of the rule at work. */
  readonly observe: (value: unknown) => unknown;
  /** Values of the rule with what is seen under each. */
  readonly seen: readonly (readonly [value: unknown, seen: unknown])[];
}

function reading<T extends object>(
  outcome: Outcome<unknown> | undefined,
  ...keys: readonly (keyof T & string)[]
): unknown {
  const value = read(outcome);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(keys.map((key) => [key, Object.getOwnPropertyDescriptor(value, key)?.value]));
}

const dueSamples = [
  '20261224    235900',
  '20261224',
  '2026-12-24 23:59:00 CET',
  '24.12.2026',
  '24/12/2026',
  '12/24/2026',
  '2026/12/24',
  '24-12-2026',
  '24 Dec 2026',
];

function dueDates(value: unknown): string {
  return dueSamples
    .map((text) => {
      const on = stage('dueForms', value, { answer: () => lent(`AH${text}|`) });
      return JSON.stringify(read(lend(on))).includes('"kind":"day","date":"2026-12-24"') ? 'Y' : '-';
    })
    .join('');
}

const cases: Readonly<Record<RuleName, Case>> = {
  charset: {
    message: '64',
    observe: (value) => {
      const on = stage('charset', value, {
        answer: () => Buffer.from(`${patron('AF')}H\xC3\xA4m|`, 'latin1'),
      });
      return reading<{ acsText: 0 }>(check(on), 'acsText');
    },
    seen: [
      ['iso-8859-1', { acsText: [{ acs: 'HÃ¤m' }] }],
      ['cp850', { acsText: [{ acs: 'H├ñm' }] }],
      ['utf-8', { acsText: [{ acs: 'Häm' }] }],
    ],
  },
  terminator: {
    message: '11',
    observe: (value) => {
      const on = stage('terminator', value);
      lend(on);
      return Buffer.from(on.raw[0] ?? [])
        .toString('latin1')
        .slice(-2)
        .replace(/[0-9A-F]/, '');
    },
    seen: [
      ['CR', '\r'],
      ['CRLF', '\r\n'],
    ],
  },
  delimiter: {
    message: '11',
    observe: (value) => {
      const on = stage('delimiter', value);
      lend(on);
      return on.sent[0]?.slice(40, 47);
    },
    seen: [
      ['|', 'AOHERE|'],
      ['^', 'AOHERE^'],
    ],
  },
  delimiterAfterFixed: {
    message: '63',
    observe: (value) => {
      const on = stage('delimiterAfterFixed', value);
      lend(on);
      check(on);
      on.clock.advance(11_000);
      return on.sent.filter((line) => line.startsWith('11')).map((line) => line.slice(36, 43));
    },
    seen: [
      [false, ['    AOH']],
      [true, ['    |AO']],
    ],
  },
  errorDetection: {
    message: '11',
    observe: (value) => {
      const on = stage('errorDetection', value);
      lend(on);
      return /AY\dAZ[0-9A-F]{4}\r$/.test(Buffer.from(on.raw[0] ?? []).toString('latin1'));
    },
    seen: [
      [true, true],
      [false, false],
    ],
  },
  replyTimeoutSeconds: {
    message: '11',
    observe: (value) => {
      const on = stage('replyTimeoutSeconds', value);
      let endedAt;
      on.ils.checkout({ card, item, at }, () => {
        endedAt = on.clock.monotonic();
      });
      on.clock.advance(60_000);
      return endedAt;
    },
    seen: [
      [10, 10_000],
      [30, 30_000],
    ],
  },
  keepAliveSeconds: {
    message: '99',
    observe: (value) => {
      const on = stage('keepAliveSeconds', value);
      on.clock.advance(45_000);
      return on.sent.map((line) => line.slice(0, 2));
    },
    seen: [
      [60, []],
      [30, ['99']],
    ],
  },
  repeats: {
    message: '11',
    observe: (value) => {
      const on = stage('repeats', value);
      lend(on);
      on.clock.advance(25_000);
      return on.sent.filter((line) => line.startsWith('11')).length;
    },
    seen: [
      ['executed', 1],
      ['recognised', 2],
    ],
  },
  believedStatusFlags: {
    message: '98',
    observe: (value) => {
      const on = stage('believedStatusFlags', value, { flags: 'NNNNNN', answer: () => lent('AH20261224|') });
      return [
        on.states.at(-1),
        reading<{ result: 0 }>(lend(on), 'result'),
        reading<{ result: 0 }>(renew(on), 'result'),
      ];
    },
    seen: [
      [['onLineStatus'], ['closed', 'notSent', 'notSent']],
      [[], ['online', { result: 'lent' }, 'no outcome']],
      [['checkoutOk'], ['online', { result: 'refused' }, 'no outcome']],
      [['acsRenewalPolicy'], ['online', { result: 'lent' }, { result: 'refused' }]],
    ],
  },
  institutionId: {
    message: '11',
    observe: (value) => {
      const on = stage('institutionId', value);
      lend(on);
      return on.sent[0]?.slice(40, 47);
    },
    seen: [
      ['configured', 'AOHERE|'],
      ['fromStatus', 'AOTOLD|'],
    ],
  },
  checkinLocation: {
    message: '09',
    observe: (value) => {
      const on = stage('checkinLocation', value);
      take(on);
      return on.sent[0]?.slice(39, 46);
    },
    seen: [
      ['configured', 'APDOOR|'],
      ['fromStatus', 'APDESK|'],
    ],
  },
  languages: {
    message: '63',
    observe: (value) => {
      const on = stage('languages', value);
      check(on);
      return on.sent[0]?.slice(0, 5);
    },
    seen: [
      [{ fi: '007' }, '63007'],
      [{ fi: '055' }, '63055'],
      [{}, '63000'],
    ],
  },
  pinCheck: {
    message: '23',
    observe: (value) => {
      const on = stage('pinCheck', value, {
        answer: (request) => patron('BLY|CQY|', '', '0000', request.startsWith('23') ? '24' : '64'),
      });
      return [reading<{ pin: 0 }>(check(on), 'pin'), on.sent[0]?.slice(0, 2)];
    },
    seen: [
      ['patronInformation', [{ pin: 'right' }, '63']],
      ['patronStatus', [{ pin: 'right' }, '23']],
    ],
  },
  missingPinVerdict: {
    message: '64',
    observe: (value) =>
      reading<{ pin: 0 }>(check(stage('missingPinVerdict', value, { answer: () => patron('BLY|') })), 'pin'),
    seen: [
      ['notTold', { pin: 'notTold' }],
      ['right', { pin: 'right' }],
    ],
  },
  pinWithEachRequest: {
    message: '11',
    observe: (value) => {
      const on = stage('pinWithEachRequest', value, {
        answer: (request) => (request.startsWith('11') ? lent('AH|') : undefined),
      });
      lend(on);
      renew(on);
      return on.sent.map((line) => [line.slice(0, 2), line.includes('|AD4711|')]);
    },
    seen: [
      [
        false,
        [
          ['11', false],
          ['29', false],
        ],
      ],
      [
        true,
        [
          ['11', true],
          ['29', true],
        ],
      ],
    ],
  },
  unknownCardSigns: {
    message: '64',
    observe: (value) =>
      reading<{ known: 0 }>(
        check(
          stage('unknownCardSigns', value, {
            answer: () => `64Y${''.padEnd(13)}000${date}${''.padEnd(24)}AOHERE|AA${card}|AE|`,
          }),
        ),
        'known',
      ),
    seen: [
      [['validPatron'], { known: true }],
      [['validPatron', 'blankCounts'], { known: false }],
    ],
  },
  patronIdPrefixes: {
    message: '64',
    observe: (value) =>
      reading<{ known: 0 }>(
        check(
          stage('patronIdPrefixes', value, { answer: () => patron('BLY|').replace('|AAC1|', '|AALN:C1|') }),
        ),
        'known',
      ),
    seen: [
      [[], 'unknown'],
      [['LN:', 'ANY:'], { known: true }],
    ],
  },
  blockingFlags: {
    message: '64',
    observe: (value) =>
      reading<{ blocks: 0 }>(
        check(stage('blockingFlags', value, { answer: () => patron('BLY|', '     Y') })),
        'blocks',
      ),
    seen: [
      [['chargePrivilegesDenied'], { blocks: ['tooManyItemsCharged'] }],
      [['tooManyItemsCharged'], { blocks: ['chargePrivilegesDenied', 'tooManyItemsCharged'] }],
    ],
  },
  ignoredFlags: {
    message: '64',
    observe: (value) =>
      reading<{ blocks: 0 }>(
        check(stage('ignoredFlags', value, { answer: () => patron('BLY|', '  Y') })),
        'blocks',
      ),
    seen: [
      [[], { blocks: ['recallPrivilegesDenied'] }],
      [['recallPrivilegesDenied'], { blocks: [] }],
    ],
  },
  allFlagsForAnyBlock: {
    message: '64',
    observe: (value) =>
      reading<{ blocks: 0 }>(
        check(stage('allFlagsForAnyBlock', value, { answer: () => patron('BLY|', 'Y         Y') })),
        'blocks',
      ),
    seen: [
      [false, { blocks: ['chargePrivilegesDenied', 'excessiveOutstandingFines'] }],
      [true, { blocks: ['chargePrivilegesDenied'] }],
    ],
  },
  patronExpiry: {
    message: '64',
    observe: (value) =>
      reading<{ expires: 0 }>(
        check(stage('patronExpiry', value, { answer: () => patron('BLY|PA20270131|PX20270228    235959|') })),
        'expires',
      ),
    seen: [
      [null, { expires: undefined }],
      [{ field: 'PA' }, { expires: '2027-01-31' }],
      [{ field: 'PX' }, { expires: '2027-02-28' }],
    ],
  },
  wards: {
    message: '64',
    observe: (value) =>
      reading<{ wards: 0 }>(check(stage('wards', value, { answer: () => patron('BLY|PAC2,C3|') })), 'wards'),
    seen: [
      [null, { wards: undefined }],
      [{ field: 'PA', separator: ',' }, { wards: ['C2', 'C3'] }],
    ],
  },
  summary: {
    message: '63',
    observe: (value) => {
      const on = stage('summary', value);
      charged(on);
      return on.sent[0]?.slice(23, 33);
    },
    seen: [
      ['oneList', '  Y       '],
      ['allLists', 'YYYYYYYYY '],
    ],
  },
  listRange: {
    message: '63',
    observe: (value) => {
      const on = stage('listRange', value, {
        answer: (request) => {
          const first = Number(/BP(\d+)/.exec(request)?.[1] ?? '1');
          const last = Number(/BQ(\d+)/.exec(request)?.[1] ?? '2');
          const some = ['I1', 'I2', 'I3'].slice(first - 1, last);
          return patron(`BLY|${some.map((one) => `AU${one}|`).join('')}`, '', '0003');
        },
      });
      return [reading<{ entries: 0 }>(charged(on), 'entries'), on.sent.length];
    },
    seen: [
      [0, [{ entries: ['I1', 'I2'] }, 1]],
      [2, [{ entries: ['I1', 'I2', 'I3'] }, 2]],
      [1, [{ entries: ['I1', 'I2', 'I3'] }, 4]],
    ],
  },
  chargedEntries: {
    message: '64',
    observe: (value) =>
      reading<{ chargedItems: 0 }>(
        check(stage('chargedEntries', value, { answer: () => patron('BLY|AUSinuhe|', '', '0001') })),
        'chargedItems',
      ),
    seen: [
      ['item', { chargedItems: ['Sinuhe'] }],
      ['title', { chargedItems: undefined }],
    ],
  },
  entrySubfields: {
    message: '64',
    observe: (value) =>
      reading<{ entries: 0 }>(
        charged(
          stage('entrySubfields', value, { answer: () => patron('BLY|AUI1%20261224%Sinuhe|', '', '0001') }),
        ),
        'entries',
      ),
    seen: [
      [null, { entries: ['I1%20261224%Sinuhe'] }],
      [{ separator: '%', layouts: { AU: ['id', 'date', 'title'] } }, { entries: ['I1'] }],
      [{ separator: '%', layouts: { AU: ['date', 'id'] } }, { entries: ['20261224'] }],
    ],
  },
  dueForms: {
    message: '12',
    observe: dueDates,
    seen: [
      [['sip2', 'digits', 'iso', 'points'], 'YYYY-----'],
      [['sip2'], 'Y--------'],
      [['digits'], '-Y-------'],
      [['iso'], '--Y------'],
      [['points'], '---Y-----'],
      [['slashDayFirst'], '----Y----'],
      [['slashMonthFirst'], '-----Y---'],
      [['slashYearFirst'], '------Y--'],
      [['dashDayFirst'], '-------Y-'],
      [['monthName'], '--------Y'],
    ],
  },
  circulationStatus: {
    message: '18',
    observe: (value) => {
      const on = stage('circulationStatus', value, {
        answer: () => `18040001${date}AB${item}|AJSinuhe|`,
      });
      return reading<{ status: 0 }>(
        on.call<unknown>((reply) => on.ils.item({ item }, reply)),
        'status',
      );
    },
    seen: [
      [{}, { status: 'charged' }],
      [{ '04': 'inProcess' }, { status: 'inProcess' }],
    ],
  },
  scRenewalPolicy: {
    message: '11',
    observe: (value) => {
      const on = stage('scRenewalPolicy', value);
      lend(on);
      return on.sent[0]?.slice(0, 4);
    },
    seen: [
      ['N', '11NN'],
      ['Y', '11YN'],
    ],
  },
  renewBy: {
    message: '29',
    observe: (value) => {
      const on = stage('renewBy', value);
      renew(on);
      return on.sent[0]?.slice(0, 4);
    },
    seen: [
      ['renew', '29NN'],
      ['checkout', '11YN'],
    ],
  },
  desensitize: {
    message: '12',
    observe: (value) =>
      ['Y', 'U', 'N'].map((flag) =>
        JSON.stringify(
          reading<{ desensitize: 0 }>(
            lend(stage('desensitize', value, { answer: () => lent('AH|', flag) })),
            'desensitize',
          ),
        ),
      ),
    seen: [
      ['whenTold', ['{"desensitize":true}', '{"desensitize":false}', '{"desensitize":false}']],
      ['unlessDenied', ['{"desensitize":true}', '{"desensitize":true}', '{"desensitize":false}']],
      ['never', ['{"desensitize":false}', '{"desensitize":false}', '{"desensitize":false}']],
    ],
  },
  inHouse: {
    message: '12',
    observe: (value) =>
      reading<{ desensitize: 0 }>(
        lend(
          stage('inHouse', value, {
            answer: () => lent('AH|CHlent to the reading room|AFPrezenční výpůjčka|'),
          }),
        ),
        'desensitize',
      ),
    seen: [
      [[], { desensitize: true }],
      [[{ field: 'CH', pattern: 'reading room' }], { desensitize: false }],
      [[{ field: 'AF', pattern: 'prezenčn' }], { desensitize: false }],
    ],
  },
  noBlock: {
    message: '09',
    observe: (value) => {
      const on = stage('noBlock', value, {
        answer: (request) => (request.startsWith('09') ? returned('') : lent('AH|')),
      });
      take(on, true);
      const offlineDue = '2026-12-18';
      on.call<unknown>((reply) => on.ils.checkout({ card, item, at, offlineDue }, reply));
      return [on.sent[0]?.slice(0, 3), on.sent[1]?.slice(0, 4), on.sent[1]?.slice(22, 40).trim()];
    },
    seen: [
      [{ checkin: true, checkout: true, renew: true }, ['09Y', '11NY', '20261218    235900']],
      [{ checkin: false, checkout: true, renew: true }, ['09N', '11NY', '20261218    235900']],
      [{ checkin: true, checkout: false, renew: false }, ['09Y', '11NN', '']],
    ],
  },
  returnDate: {
    message: '09',
    observe: (value) =>
      [false, true].map((offline) => {
        const on = stage('returnDate', value);
        take(on, offline);
        return on.sent[0]?.slice(21, 29).trim();
      }),
    seen: [
      ['whenOffline', ['', '20261120']],
      ['always', ['20261120', '20261120']],
      ['never', ['', '']],
    ],
  },
  resensitize: {
    message: '10',
    observe: (value) =>
      reading<{ resensitize: 0 }>(
        take(stage('resensitize', value, { answer: () => returned('', '1NNN') })),
        'resensitize',
      ),
    seen: [
      ['whenTold', { resensitize: false }],
      ['whenTaken', { resensitize: true }],
    ],
  },
  alert: {
    message: '10',
    observe: (value) =>
      ['', 'CV00|', 'CV01|'].map((fields) =>
        JSON.stringify(
          reading<{ alert: 0 }>(
            take(stage('alert', value, { answer: () => returned(fields, '1YNY') })),
            'alert',
          ),
        ),
      ),
    seen: [
      ['flag', ['{"alert":true}', '{"alert":true}', '{"alert":true}']],
      ['type', ['{"alert":false}', '{"alert":false}', '{"alert":true}']],
    ],
  },
  alertTypes: {
    message: '10',
    observe: (value) =>
      reading<{ alertType: 0 }>(
        take(stage('alertTypes', value, { answer: () => returned('CV02|CRHOLD|', '1YNY') })),
        'alertType',
      ),
    seen: [
      [{ field: 'CV', codes: { '02': 'holdElsewhere' } }, { alertType: 'holdElsewhere' }],
      [{ field: 'CV', codes: { '02': 'otherBranch' } }, { alertType: 'otherBranch' }],
      [{ field: 'CR', codes: { HOLD: 'holdHere' } }, { alertType: 'holdHere' }],
      [{ field: 'CX', codes: {} }, { alertType: undefined }],
    ],
  },
  sortBin: {
    message: '10',
    observe: (value) =>
      reading<{ sortBin: 0 }>(
        take(stage('sortBin', value, { answer: () => returned('CL99|CT3|') })),
        'sortBin',
      ),
    seen: [
      [{ field: 'CL', ignore: [] }, { sortBin: '99' }],
      [{ field: 'CL', ignore: ['99'] }, { sortBin: undefined }],
      [{ field: 'CL', ignore: ['', '0', '99'] }, { sortBin: undefined }],
      [{ field: 'CT', ignore: [] }, { sortBin: '3' }],
    ],
  },
  notChargedIsTaken: {
    message: '10',
    observe: (value) => {
      const profile = profileWith({ notChargedIsTaken: value }, 'koha');
      expect(profile.texts).not.toEqual([]);
      const on = stageOf(profile, { answer: () => returned('AFItem not checked out|', '0YNY') });
      return reading<{ result: 0 }>(take(on), 'result');
    },
    seen: [
      [false, { result: 'refused' }],
      [true, { result: 'taken' }],
    ],
  },
  renewAll: {
    message: '65',
    observe: (value) => stage('renewAll', value).abilities()?.renewAll,
    seen: [
      ['oneByOne', false],
      ['together', true],
    ],
  },
  holdActions: {
    message: '15',
    observe: (value) => {
      const abilities = stage('holdActions', value).abilities();
      return [abilities?.placeHold, abilities?.cancelHold];
    },
    seen: [
      [
        ['add', 'delete'],
        [true, true],
      ],
      [['delete'], [false, true]],
      [[], [false, false]],
    ],
  },
  feePaid: {
    message: '37',
    observe: (value) => stage('feePaid', value).abilities()?.feePaid,
    seen: [
      [true, true],
      [false, false],
    ],
  },
  effectsShown: {
    message: '17',
    observe: (value) => stage('effectsShown', value).abilities()?.effectsShown,
    seen: [
      [true, true],
      [false, false],
    ],
  },
  endSession: {
    message: '35',
    observe: (value) => {
      const on = stage('endSession', value);
      const outcome = on.call<undefined>((reply) => on.ils.endSession({ card }, reply));
      return [on.sent.map((line) => line.slice(0, 2)), outcome?.kind];
    },
    seen: [
      [true, [['35'], undefined]],
      [false, [[], 'answered']],
    ],
  },
};

describe.each(Object.keys(cases) as RuleName[])('the rule %s', (name) => {
  const { message, observe, seen } = cases[name];

  test.each(seen)(`changes ${message}: %j`, (value, expected) => expect(observe(value)).toEqual(expected));

  test('is seen at work: no two of its values look alike', () => {
    const looks = seen.map(([, look]) => JSON.stringify(look));
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(looks).size).toBeGreaterThan(1);
  });

  test('of each profile that has it makes a difference', () => {
    for (const profile of profileNames) {
      const own = builtInProfiles.get(profile)?.rules[name];
      const parent = builtInProfiles.get(profile)?.inherits;
      if (own === undefined || parent === undefined) continue;
      const inherited = profileWith({}, parent as (typeof profileNames)[number]).rules[name];
      if (JSON.stringify(own.value) === JSON.stringify(inherited)) continue;
      expect(observe(own.value), `${profile}, ${name}`).not.toEqual(observe(inherited));
    }
  });
});
