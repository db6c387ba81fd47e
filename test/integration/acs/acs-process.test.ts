import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AcsProcess, type AcsProcessOptions } from '../../../src/simulator/acs/control-client.ts';
import { eventually } from '../../support/wait.ts';
import { isAlive } from '../demo/demo-run.ts';
import { SipWire } from './sip-wire.ts';

const when = '20261122    120000';
const unused = ' '.repeat(18);
/** Of the demo library: an ordinary patron, and two free books. */
const card = '21999000020071';
const book = '31999000010070';
const book2 = '31999000010146';

const checkout = (item = book) => `11NN${when}${unused}AOKEKSILA|AA${card}|AB${item}|AC|`;
const checkin = (item = book) => `09N${when}${unused}APfoyer|AOKEKSILA|AB${item}|AC|`;
const itemInformation = (item = book) => `17${when}AOKEKSILA|AB${item}|`;

let folder: string;
const started: AcsProcess[] = [];
const wires: SipWire[] = [];

async function start(options: AcsProcessOptions = {}): Promise<AcsProcess> {
  const acs = await AcsProcess.start(options);
  started.push(acs);
  return acs;
}

async function connect(acs: AcsProcess): Promise<SipWire> {
  const wire = await SipWire.connect(acs.port);
  wires.push(wire);
  return wire;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omatoimi-acs-'));
});

afterEach(async () => {
  for (const wire of wires.splice(0)) {
    wire.close();
  }
  for (const acs of started.splice(0)) {
    await acs.kill();
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('the process', () => {
  test('answers on TCP, with the demo library', async () => {
    const acs = await start();
    const wire = await connect(acs);
    expect(await wire.ask('9900802.00')).toMatch(/^98YYYYNY100003.{18}2\.00AOKEKSILA\|AMKeksilän kirjasto\|/);
    expect(await wire.ask(`63007${when}          AOKEKSILA|AA${card}|AD1234|`)).toContain('|BLY|CQY|');
    expect(await wire.ask(checkout())).toMatch(/^121NNY.*\|AJSeitsemän veljestä\|/);
    expect(await acs.ledger()).toMatchObject([{ effect: 'checkout', item: book, card, repeat: false }]);
    expect(await acs.loans()).toContainEqual(expect.objectContaining({ item: book, card }));
    expect((await acs.status()).requests).toEqual({ '99': 1, '63': 1, '11': 1 });
  });

  test('asks for the log-in that it was given', async () => {
    const acs = await start({ login: { user: 'kiosk', password: 'se:cret' } });
    const wire = await connect(acs);
    expect(await wire.ask('9300CNkiosk|COse:cret|CPfoyer|')).toBe('941');
    const other = await connect(acs);
    expect(await other.ask('9900802.00')).toBeUndefined();
  });

  test('serves several terminals, each with its own turn', async () => {
    const acs = await start();
    const all = await Promise.all(Array.from({ length: 8 }, () => connect(acs)));
    const answers = await Promise.all(all.map((wire) => wire.ask(checkout())));
    const lent = answers.filter((answer) => answer?.startsWith('121NNY'));
    expect(lent).toHaveLength(1);
    expect((await acs.ledger()).filter(({ effect }) => effect === 'checkout')).toHaveLength(1);
  });

  test('speaks another character set', async () => {
    const acs = await start({ charset: 'iso-8859-1' });
    const wire = await connect(acs);
    // "ä" is one byte there, which is none in UTF-8.
    expect(await wire.ask(itemInformation())).toContain('|AJSeitsem\ufffdn veljest\ufffd|');
  });

  test('ends with whoever started it, even if that one is killed', async () => {
    const starter = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { AcsProcess } from ${JSON.stringify(new URL('../../../src/simulator/acs/control-client.ts', import.meta.url).href)};
         const acs = await AcsProcess.start(); console.log(acs.pid); setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [chunk] = (await once(starter.stdout, 'data')) as [Buffer];
    const pid = Number(chunk.toString('utf8'));
    expect(isAlive(pid)).toBe(true);
    starter.kill('SIGKILL');
    await eventually('the ACS ends', () => !isAlive(pid));
  });

  test('stops when asked to', async () => {
    const acs = await start();
    await acs.stop();
    expect(await acs.exited).toBe(0);
    await expect(acs.status()).rejects.toThrow('has ended');
  });
});

describe('what it refuses to start with, in one sentence', () => {
  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(AcsProcess.start({ port })).rejects.toThrow(`acs: port ${port} is taken.`);
    other.close();
  });

  test.each([
    ['no JSON', '{', /can't be read/],
    ['an unknown key', '{"books":[]}', /institutionId|books/],
    [
      'a loan of nothing',
      JSON.stringify({
        institutionId: 'X',
        name: 'X',
        branch: 'X',
        currency: 'EUR',
        items: [{ item: '1', title: 'T', type: 'book' }],
        patrons: [{ card: '2', name: 'N', loans: [{ item: '3', dueInDays: 1 }] }],
      }),
      /patron 2 has the item 3, which is not in the list/,
    ],
  ])('a library that is %s', async (_, text, sentence) => {
    const file = join(folder, 'library.json');
    writeFileSync(file, text);
    await expect(AcsProcess.start({ library: file })).rejects.toThrow(sentence);
  });

  test.each([
    ['half a file', '{"version":1,', /can't be read/],
    ['a newer version', '{"version":2}', /is of version 2/],
    ['another library', '{"version":1,"institutionId":"X"}', /belongs to the library X/],
  ])('a state file that is %s; it stays as it is', async (_, text, sentence) => {
    const state = join(folder, 'state.json');
    writeFileSync(state, text);
    await expect(AcsProcess.start({ state })).rejects.toThrow(sentence);
    expect(readFileSync(state, 'utf8')).toBe(text);
    const acs = await start({ state, reset: true });
    expect(await acs.ledger()).toEqual([]);
  });
});

describe('the state file', () => {
  test('has the loan before the answer goes out, also when the process is killed at once', async () => {
    const state = join(folder, 'state.json');
    const acs = await start({ state });
    const wire = await connect(acs);
    expect(await wire.ask(checkout())).toMatch(/^121NNY/);
    await acs.kill();

    const again = await start({ state });
    expect(await again.ledger()).toMatchObject([{ seq: 0, effect: 'checkout', item: book, card }]);
    const wireAgain = await connect(again);
    expect(await wireAgain.ask(itemInformation())).toMatch(/^1804/);
    expect(await wireAgain.ask(checkin())).toMatch(/^101/);
    expect(await again.ledger(1)).toMatchObject([{ seq: 1, effect: 'checkin', card }]);
  });

  test('knows a repeat over a restart', async () => {
    const state = join(folder, 'state.json');
    const acs = await start({ state });
    await acs.fault('closeInsteadOfReply', '11');
    expect(await (await connect(acs)).ask(checkout())).toBeUndefined();
    await acs.kill();
    const again = await start({ state });
    expect(await (await connect(again)).ask(checkout())).toMatch(/^121YNY/);
    expect(await again.ledger()).toMatchObject([
      { effect: 'checkout', repeat: false },
      { effect: 'renewal', repeat: true },
    ]);
  });

  test('keeps holds, fees and places', async () => {
    const state = join(folder, 'state.json');
    const overdue = '31999000013710';
    const acs = await start({ state });
    const wire = await connect(acs);
    const before = await wire.ask(`63000${when}   Y      AOKEKSILA|AA21999000020287|`);
    expect(await acs.placeHold(card, book2)).toBe(true);
    expect(await wire.ask(checkin(book2))).toMatch(/\|CV01\|.*\|CY21999000020071\|/);
    expect(await wire.ask(checkin(overdue))).toMatch(/^101.*\|AA21999000020287\|/);
    const owed = await wire.ask(`63000${when}   Y      AOKEKSILA|AA21999000020287|`);
    expect(before).toContain('|BV0.00|');
    expect(owed).toMatch(/\|BV2\.40\|.*\|AV2\.40 EUR Overdue: Nummisuutarit\|/);
    await acs.kill();

    const wireAgain = await connect(await start({ state }));
    expect(await wireAgain.ask(itemInformation(book2))).toMatch(/^1808/);
    const owedAgain = await wireAgain.ask(`63000${when}   Y      AOKEKSILA|AA21999000020287|`);
    expect(withoutTime(owedAgain)).toBe(withoutTime(owed));
  });

  test('is left alone by questions, and begins anew with --reset', async () => {
    const state = join(folder, 'state.json');
    const acs = await start({ state });
    const wire = await connect(acs);
    await wire.ask(itemInformation());
    expect(readdirSync(folder)).toEqual([]);
    await wire.ask(checkout());
    expect(readdirSync(folder)).toEqual(['state.json']);
    await acs.kill();
    const fresh = await start({ state, reset: true });
    expect(await (await connect(fresh)).ask(itemInformation())).toMatch(/^1803/);
  });

  test('never holds a PIN', async () => {
    const state = join(folder, 'state.json');
    const acs = await start({ state });
    const wire = await connect(acs);
    await wire.ask(`63001${when}          AOKEKSILA|AA21999000021584|ADKirja-2026!|`);
    await wire.ask(checkout());
    expect(readFileSync(state, 'utf8')).toContain(card);
    expect(readFileSync(state, 'utf8')).not.toContain('Kirja-2026!');
  });
});

/** All but the transaction date, which moves on. */
function withoutTime(message: string | undefined): string {
  return `${message?.slice(0, 19)}${message?.slice(37)}`;
}

describe('each switch', () => {
  test('pause: nothing is done or answered until it goes on', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await wire.ask('9900802.00');
    await acs.pause(true);
    wire.write(`${checkout()}\r`);
    const late = await connect(acs);
    late.write('9900802.00\r');
    expect(await acs.ledger()).toEqual([]);
    expect(await acs.status()).toMatchObject({ paused: true, requests: { '99': 1 } });
    await acs.pause(false);
    expect(await wire.read()).toMatch(/^121NNY/);
    expect(await late.read()).toMatch(/^98/);
  });

  test('refuse connections: ends those that are there, then listens again on the same port', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await acs.refuseConnections(true);
    expect(await wire.read()).toBeUndefined();
    await expect(SipWire.connect(acs.port)).rejects.toThrow('ECONNREFUSED');
    await acs.refuseConnections(true);
    await acs.refuseConnections(false);
    await acs.refuseConnections(false);
    expect(await (await connect(acs)).ask('9900802.00')).toMatch(/^98/);
  });

  test('hang up: the connection ends, a new one is welcome', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await wire.ask('9900802.00');
    await acs.hangUp();
    expect(await wire.read()).toBeUndefined();
    expect(await (await connect(acs)).ask('9900802.00')).toMatch(/^98/);
  });

  test('lose the next request: no effect', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await acs.fault('loseRequest', '11');
    wire.write(`${checkout()}\r`);
    // An answer to what was sent later shows that none comes to what was sent before.
    expect(await wire.ask(itemInformation())).toMatch(/^1803/);
    expect(await acs.ledger()).toEqual([]);
  });

  test('lose the next reply: the effect is there', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await acs.fault('loseReply', '11');
    wire.write(`${checkout()}\r`);
    expect(await wire.ask(itemInformation())).toMatch(/^1804/);
    expect(await acs.ledger()).toMatchObject([{ effect: 'checkout' }]);
  });

  test('close instead of a reply, and in the middle of one', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await acs.fault('closeInsteadOfReply');
    expect(await wire.ask(checkout())).toBeUndefined();
    expect(wire.rest).toBe('');
    const other = await connect(acs);
    await acs.fault('closeInReply');
    expect(await other.ask(checkout(book2))).toBeUndefined();
    expect(other.rest).toMatch(/^121NNY/);
    expect(await acs.ledger()).toHaveLength(2);
  });

  test('garbage', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await acs.fault('garbage', undefined, 2);
    expect(await wire.ask('9900802.00')).not.toMatch(/^98/);
    expect(await wire.ask('9900802.00')).not.toMatch(/^98/);
    expect(await wire.ask('9900802.00')).toMatch(/^98/);
  });

  test('a wrong checksum', async () => {
    const acs = await start();
    const wire = await connect(acs);
    const right = await wire.ask('94AZ0000');
    expect(right).toBe('96AZFEF6');
    await acs.fault('wrongChecksum');
    expect(await wire.ask('94AZ0000')).toBe('96AZFEF0');
  });

  test('an answer about another item', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await acs.fault('anotherItem', '11');
    expect(await wire.ask(checkout(book2))).toContain(`|AB${book}|`);
    expect(await acs.ledger()).toMatchObject([{ item: book2 }]);
  });

  test('faults can be taken back', async () => {
    const acs = await start();
    await acs.fault('garbage', undefined, 1000);
    await acs.clearFaults();
    expect(await (await connect(acs)).ask('9900802.00')).toMatch(/^98/);
  });

  test('delay: the effect is there before the answer', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await acs.delay(150);
    const before = performance.now();
    const answer = wire.ask(checkout());
    let ledger = await acs.ledger();
    while (ledger.length === 0) {
      ledger = await acs.ledger();
    }
    expect(await answer).toMatch(/^121NNY/);
    expect(performance.now() - before).toBeGreaterThan(140);
    await acs.delay(0);
    expect(await wire.ask('9900802.00')).toMatch(/^98/);
  });

  test('refuse the log-in', async () => {
    const acs = await start({ login: { user: 'kiosk', password: 'x' } });
    await acs.refuseLogin(true);
    expect(await (await connect(acs)).ask('9300CNkiosk|COx|')).toBe('940');
    await acs.refuseLogin(false);
    expect(await (await connect(acs)).ask('9300CNkiosk|COx|')).toBe('941');
  });

  test('on-line', async () => {
    const acs = await start();
    const wire = await connect(acs);
    await acs.onLine(false);
    expect(await wire.ask('9900802.00')).toMatch(/^98NNN/);
    expect(await wire.ask(checkout())).toMatch(/^120/);
    await acs.onLine(true);
    expect(await wire.ask('9900802.00')).toMatch(/^98YYY/);
  });

  test('dialects', async () => {
    const acs = await start();
    await acs.behave({ dueForm: 'iso', texts: 'ofRequest', deduplicates: true, timeoutTenths: 600 });
    const wire = await connect(acs);
    expect(await wire.ask('9900802.00')).toMatch(/^98YYYYNY600003/);
    await wire.ask(`63007${when}          AOKEKSILA|AA${card}|`);
    expect(await wire.ask(checkout('nothing'))).toContain('|AFNidettä ei löydy.|');
    expect(await wire.ask(checkout())).toMatch(/\|AH\d{4}-\d\d-\d\d 23:59:59\|/);
  });
});
