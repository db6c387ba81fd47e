import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { profileOf, reportOf } from '../../../src/cli/probe/report.ts';
import { runProbe, type Probed } from '../../../src/cli/probe/run.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { personalities } from '../../../src/simulator/acs/personality.ts';
import { openTcp } from '../../../src/sip2/tcp.ts';
import { loadConfig } from '../../../src/station/config/load.ts';
import { runStation, type RunningStation } from '../../../src/station/run-station.ts';
import { card, institution, items, pin, playAcs, type PlayedAcs } from './acs.ts';
import { Visitor } from './visitor.ts';

const folder = mkdtempSync(join(tmpdir(), 'probe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the probe must say of each personality, in its own words; nothing where a probe with a plain patron can see nothing. */
const named: Readonly<Record<string, readonly RegExp[]>> = {
  standard: [],
  aurora: [/AO of its own status/, /AN of its own status/, /bin 99/],
  quria: [/AO of its own status/, /AN of its own status/, /bin 99/],
  aleph: [/iso-8859-1/, /slashDayFirst/, /No-block is ignored/],
  koha: [/only its type \(CV\)/],
  evergreen: [
    /denies recalls/,
    /in PA/,
    /NFD/,
    /N to checkout, and it lends/,
    /N to checkin, and it takes/,
    /“iso”/,
  ],
  alma: [],
  sierra: [/range \(BP, BQ\)/, /six blank counts/, /zeros in the place of the zone/],
  polaris: [/in PX/],
  symphony: [/cp850/, /slashDayFirst/],
  folio: [/cp850/, /No-block is ignored/],
  wise: [/dashDayFirst/],
  fbs: [
    /without AY and AZ/,
    /delimiter must follow/,
    /“LN:”/,
    /without the PIN/,
    /divided by “%”/,
    /end of a session/,
  ],
  'lies-in-98': [
    /not on-line/,
    /N to checkout, and it lends/,
    /N to renewals, and it renews/,
    /N to checkin, and it takes/,
  ],
  'wants-crlf': [/only what ends with CR LF/],
  'silent-about-pins': [/no verdict on the PIN/, /by words only/],
  'ignores-no-block': [/No-block is ignored/],
  'repeats-fields': [/AJ comes twice in 12/],
  nfd: [/NFD/],
  cp850: [/cp850/],
  'renews-by-checkout': [/second checkout is taken for one/],
  'never-ends-sessions': [/end of a session \(35\) is not answered/],
  'month-first': [/slashMonthFirst/],
  'other-bin-field': [/bin is told in CR/],
  'small-pages': [/At most 2 entries/],
  'loses-requests': [/no answer in time/],
  'loses-replies': [/no answer in time/],
  'answers-late': [/more than a second/],
  'answers-twice': [/answered twice/],
  'in-pieces': [/in several pieces/],
  garbage: [/no message/],
  'wrong-checksum': [/wrong checksum/],
  'wrong-sequence': [/sequence number of another/],
  'closes-in-reply': [/in the middle of an answer/],
  'wrong-item': [/about another item/],
};

/** With those that say what is not so no job can be done; what a station makes of them: test/integration/station. */
const truthful = personalities.filter(
  ({ manners: { pretends, yesterday } }) => pretends === undefined && yesterday !== true,
);

/** Those that leave some requests without an answer; of the others each answer is waited for as long as it takes. */
const silentOnes = new Set(
  personalities
    .filter(({ manners }) => {
      const { ignores, institutionId, wantsDelimiterAfterFixed, wantsCrlf, faults } = manners;
      const loses = faults?.some(({ kind }) => kind === 'loseRequest' || kind === 'loseReply') ?? false;
      return (
        [ignores, institutionId, wantsDelimiterAfterFixed, wantsCrlf].some((one) => one !== undefined) ||
        loses
      );
    })
    .map(({ name }) => name),
);

function probe(acs: PlayedAcs, name: string): Promise<Probed> {
  return runProbe(
    {
      institutionId: institution,
      location: 'DOOR',
      terminalPassword: undefined,
      login: undefined,
      card,
      pin: Buffer.from(pin),
      items,
      borrow: true,
      wrongPin: true,
      timeZone: 'Europe/Helsinki',
      timeoutMs: silentOnes.has(name) ? 3_000 : 30_000,
    },
    openTcp('127.0.0.1', acs.port),
    systemClock,
    () => undefined,
  );
}

/** A station in a folder of its own, with the profile that the probe wrote. */
function startStation(
  name: string,
  acs: PlayedAcs,
  probed: Probed,
): Promise<{ socket: string; station: RunningStation }> {
  const about = { day: '2026-11-22', system: name, inherits: 'generic', borrowed: true };
  const profile = join(folder, `${name}.json`);
  writeFileSync(profile, JSON.stringify(profileOf(probed, about)));
  const config = join(folder, `${name}.yaml`);
  writeFileSync(
    config,
    stringify({
      configVersion: 1,
      library: { institutionId: institution, name: { en: 'Probed' } },
      acs: {
        host: '127.0.0.1',
        port: acs.port,
        location: 'DOOR',
        profileFile: `./${name}.json`,
        replyTimeoutSeconds: 3,
      },
      devices: [{ kind: 'barcode-scanner', driver: 'wedge', doubleScanMs: 0 }],
      data: { directory: `./${name}` },
    }),
  );
  const loaded = loadConfig(config);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return new Promise((resolve, reject) => {
    const running = runStation(loaded.value, {
      log: silentLog,
      onListening: (socket) => {
        if (running.ok) resolve({ socket, station: running.value });
      },
      onFailed: (refused) => reject(new Error(refused.sentence)),
      onBroken: () => reject(new Error('the journal broke')),
    });
    if (!running.ok) reject(new Error(running.error.sentence));
  });
}

/** Borrow two, look at the account, renew one, return both. */
async function mainJob(visitor: Visitor): Promise<void> {
  await visitor.signIn('borrow', card, pin);
  for (const [index, item] of items.entries()) {
    await visitor.see('borrow', ({ refusal }) => refusal === undefined);
    visitor.scan(item);
    await visitor.see(
      'borrow',
      ({ items: rows }) => rows.filter(({ state }) => state === 'done').length === index + 1,
    );
  }
  const { items: lent } = await visitor.see('borrow');
  // A due date is a day and never a text that the station could not read.
  expect(lent.map(({ due }) => due?.kind)).toEqual(['day', 'day']);
  await visitor.finish();
  await visitor.signIn('account', card, pin);
  const account = await visitor.see('account', ({ loading }) => !loading);
  expect(account.loans.map(({ item }) => item)).toEqual(expect.arrayContaining([...items]));
  expect(account.problem).toBeUndefined();
  visitor.act({ do: 'leave' });
  await visitor.see('home');
  visitor.act({ do: 'chooseService', service: 'return' });
  await visitor.see('return');
  for (const [index, item] of items.entries()) {
    visitor.scan(item);
    await visitor.see(
      'return',
      ({ items: rows }) => rows.filter(({ state }) => state === 'done').length === index + 1,
    );
  }
  const { items: returned } = await visitor.see('return');
  expect(returned.map(({ title }) => title?.normalize('NFC'))).toEqual([
    'Sinisen yön tähti 2',
    'Sinisen yön tähti 1',
  ]);
  await visitor.finish();
}

/** Probes an ACS of that personality, and does the main job at a station with the profile that came of it. */
async function serve(name: string): Promise<void> {
  const acs = await playAcs(name);
  try {
    const probed = await probe(acs, name);
    expect(probed.stopped).toBeUndefined();
    for (const sentence of named[name] ?? []) {
      expect(probed.findings.deviations).toContainEqual(expect.stringMatching(sentence));
    }
    // How long an answer takes is this machine's affair and no deviation of the ACS.
    if (named[name]?.length === 0)
      expect(probed.findings.list.filter(({ deviation }) => deviation)).toEqual([]);
    // The probe leaves the library as it found it.
    expect(items.map((item) => acs.library.item(item)?.loan)).toEqual([undefined, undefined]);
    const before = acs.library.ledger.entries.length;
    const { socket, station } = await startStation(name, acs, probed);
    const visitor = new Visitor(socket);
    try {
      await mainJob(visitor);
    } finally {
      visitor.leave();
      station.stop();
    }
    const effects = acs.library.ledger.entries.slice(before);
    for (const item of items) {
      expect(effects.filter((effect) => effect.item === item).map(({ effect: what }) => what)).toEqual([
        'checkout',
        'checkin',
      ]);
    }
  } finally {
    await acs.server.refuse();
  }
}

/** Runs at once: they mostly wait. */
const atOnceMax = 18;
const served = new Map<string, Promise<'served' | Error>>();

/** Begins with all of them, some at a time; each test then looks at its own. */
function serveAll(): void {
  // Those that take long begin first.
  const slow = [...silentOnes, 'answers-late', 'garbage', 'wrong-item'];
  const waiting = [...new Set([...slow, ...truthful.map(({ name }) => name)])];
  const told = new Map<string, (how: 'served' | Error) => void>();
  for (const name of waiting) served.set(name, new Promise((resolve) => told.set(name, resolve)));
  const next = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const how = await serve(name).then(
        () => 'served' as const,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
      told.get(name)?.(how);
    }
  };
  for (let lane = 0; lane < atOnceMax; lane++) void next();
}

describe('the probe', () => {
  beforeAll(serveAll);

  test('is tried on every personality', () => {
    expect(Object.keys(named).toSorted()).toEqual(truthful.map(({ name }) => name).toSorted());
  });

  test.each(truthful.map(({ name }) => name))(
    '%s: its deviations are named, and the profile serves the main job',
    async (name) => {
      const how = await served.get(name);
      if (how instanceof Error) throw how;
      expect(how).toBe('served');
    },
    300_000,
  );

  test('its report names neither card nor PIN nor item', async () => {
    const acs = await playAcs('koha');
    try {
      const probed = await probe(acs, 'koha');
      const about = { day: '2026-11-22', system: 'Koha', inherits: 'generic', borrowed: true };
      const all = reportOf(probed, about) + JSON.stringify(profileOf(probed, about));
      for (const secret of [card, pin, ...items, 'Öhman']) expect(all).not.toContain(secret);
      expect(all).toContain('only its type (CV)');
      expect(all).toContain('ms in the middle');
    } finally {
      await acs.server.refuse();
    }
  });

  test('without leave to borrow it changes nothing', async () => {
    const acs = await playAcs('evergreen');
    try {
      const probed = await runProbe(
        {
          institutionId: institution,
          location: '',
          terminalPassword: undefined,
          login: undefined,
          card,
          pin: Buffer.from(pin),
          items,
          borrow: false,
          wrongPin: false,
          timeZone: 'Europe/Helsinki',
          timeoutMs: 30_000,
        },
        openTcp('127.0.0.1', acs.port),
        systemClock,
        () => undefined,
      );
      expect(probed.stopped).toBeUndefined();
      expect(acs.library.ledger.entries).toEqual([]);
      const { requests } = acs.server;
      expect(Object.keys(requests).toSorted()).toEqual(['17', '35', '63', '99']);
    } finally {
      await acs.server.refuse();
    }
  });
});
