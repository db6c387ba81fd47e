import { describe, expect, test } from 'vitest';
import { silentLog, type Log } from '../../../src/kernel/log.ts';
import * as limits from '../../../src/sip2/client-settings.ts';
import { Sip2Client } from '../../../src/sip2/client.ts';
import { standardDialect } from '../../../src/sip2/dialect.ts';
import { answered, ScriptedPeer, sequenceOf } from '../../support/scripted-peer.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import {
  askItem,
  checkout,
  date,
  fixedRandom,
  friendly,
  itemAnswer,
  lastState,
  notSent,
  replyTimeoutMs,
  station,
  status98,
  unknown,
  type Station,
} from './client-rig.ts';

describe('a good connection', () => {
  test('logs in, asks for the status and is on-line', () => {
    const it = station();
    expect(it.states.map(({ state }) => state)).toEqual(['connecting', 'online']);
    expect(it.peer.last.received).toEqual([
      '9300CNscclient|COclientpwd|AY0AZF495\r',
      '9900402.00AY1AZFCA4\r',
    ]);
  });

  test('goes without a log-in where none is configured, and without AY/AZ', () => {
    const it = station({ login: undefined, errorDetection: false });
    expect(it.peer.last.received).toEqual(['9900402.00\r']);
    expect(lastState(it)).toBe('online');
  });

  test('counts AY from 0 to 9 and round', () => {
    const it = station({}, (connection) => friendly(connection, itemAnswer));
    for (let index = 0; index < 12; index++) {
      askItem(it);
      it.clock.settle();
    }
    expect(it.peer.last.received.map(sequenceOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3]);
  });

  test('has one request outstanding, the others wait in order', () => {
    const it = station({}, (connection) => friendly(connection));
    const first = askItem(it, 'A1');
    const second = askItem(it, 'B2');
    it.clock.settle();
    expect(it.peer.last.received).toHaveLength(3);
    it.peer.last.sendRaw(answered(`18030001${date}ABA1|AJ|`, 2));
    expect(first).toEqual(['A1']);
    expect(it.peer.last.received).toHaveLength(4);
    it.peer.last.sendRaw(answered(`18030001${date}ABB2|AJ|`, 3));
    expect(second).toEqual(['B2']);
  });

  test('the answer never comes within the call, whatever the outcome', () => {
    const it = station({}, (connection) => connection.close('ECONNREFUSED'));
    const outcomes = askItem(it);
    expect(outcomes).toEqual([]);
    it.clock.settle();
    expect(outcomes).toEqual([notSent('unreachable')]);
  });

  test('reads an answer in single bytes, and an answer together with the next', () => {
    const it = station();
    const first = askItem(it, 'A1');
    const second = askItem(it, 'B2');
    const text = answered(`18030001${date}ABA1|AJTäällä|`, 2) + '\n' + answered(`18030001${date}ABB2|AJ|`, 3);
    for (const byte of Buffer.from(text, 'utf8')) it.peer.last.sendRaw(Uint8Array.of(byte));
    expect([first, second]).toEqual([['A1'], ['B2']]);
  });

  test('tells what can’t be written, and sends none of it', () => {
    const it = station();
    const outcomes = askItem(it, 'A|B');
    it.clock.settle();
    expect(outcomes).toEqual([notSent("can't be written: character AB")]);
    expect(it.peer.last.received).toHaveLength(2);
  });
});

describe('connecting', () => {
  test('a refused connection is unreachable, and requests end as not sent', () => {
    const it = station({}, (connection) => connection.close('ECONNREFUSED'));
    expect(it.states).toEqual([{ state: 'connecting' }, { state: 'unreachable', reason: 'ECONNREFUSED' }]);
    const outcomes = checkout(it);
    it.clock.settle();
    expect(outcomes).toEqual([notSent('unreachable')]);
  });

  test('requests asked for while connecting wait for it', () => {
    const it = station({}, (connection) => friendly(connection, itemAnswer));
    it.clock.advance(limits.steadyMs);
    it.peer.last.close();
    expect(lastState(it)).toBe('connecting');
    const outcomes = askItem(it, 'C3');
    it.clock.settle();
    expect(outcomes).toEqual(['C3']);
  });

  test('tries again at growing intervals with jitter, within bounds, for ever', () => {
    for (const fraction of [0, 0.999]) {
      const it = station({}, (connection) => connection.close('ECONNREFUSED'), silentLog, fraction);
      const waits: number[] = [];
      for (let index = 0; index < 12; index++) {
        const wait = it.clock.untilNext() ?? 0;
        waits.push(wait);
        const connections = it.peer.connections.length;
        it.clock.advance(wait);
        expect(it.peer.connections).toHaveLength(connections + 1);
      }
      waits.forEach((wait, index) => {
        const whole = Math.min(limits.backOffMsFirst * 2 ** index, limits.backOffMsMax);
        expect(wait).toBeGreaterThanOrEqual(whole / 2);
        expect(wait).toBeLessThanOrEqual(whole);
      });
      expect(waits.at(-1)).toBeGreaterThanOrEqual(limits.backOffMsMax / 2);
    }
  });

  test('a connection that never opens is given up', () => {
    const it = station({}, () => undefined);
    it.clock.advance(limits.connectTimeoutMs);
    expect(it.states.at(-1)).toEqual({ state: 'unreachable', reason: 'no connection in time' });
    expect(it.peer.last.closedByClient).toBe(true);
  });

  test('comes back on-line by itself', () => {
    let tries = 0;
    const it = station({}, (connection) => {
      if (++tries <= 3) connection.close('ECONNREFUSED');
      else friendly(connection, itemAnswer);
    });
    it.clock.advance(limits.backOffMsMax);
    expect(lastState(it)).toBe('online');
    const outcomes = askItem(it);
    it.clock.settle();
    expect(outcomes).toEqual(['1565921879']);
  });

  test('a refused log-in has its own state and a slow retry', () => {
    let granted = '940';
    const it = station({}, (connection) => {
      friendly(connection);
      const answer = connection.onLine;
      connection.onLine = (line) => {
        if (line.startsWith('93')) connection.sendRaw(answered(granted, sequenceOf(line)));
        else answer(line);
      };
    });
    expect(lastState(it)).toBe('loginRefused');
    expect(it.peer.last.closedByClient).toBe(true);
    const outcomes = askItem(it);
    it.clock.advance(limits.refusedRetryMsDefault - 1);
    expect(outcomes).toEqual([notSent('loginRefused')]);
    expect(it.peer.connections).toHaveLength(1);
    granted = '941';
    it.clock.advance(1);
    expect(lastState(it)).toBe('online');
  });

  test('how slow the retry is, the library says', () => {
    let granted = '940';
    const it = station({ refusedRetryMs: 7_000 }, (connection) => {
      friendly(connection);
      const answer = connection.onLine;
      connection.onLine = (line) => {
        if (line.startsWith('93')) connection.sendRaw(answered(granted, sequenceOf(line)));
        else answer(line);
      };
    });
    granted = '941';
    it.clock.advance(6_999);
    expect(it.peer.connections).toHaveLength(1);
    it.clock.advance(1);
    expect(lastState(it)).toBe('online');
  });

  test('no answer to the log-in is a failed try', () => {
    const it = station({}, (connection) => connection.accept());
    it.clock.advance(replyTimeoutMs);
    expect(it.states.at(-1)).toEqual({ state: 'unreachable', reason: 'no answer in time' });
  });

  test('a telnet prompt before the log-in’s answer is waited through', () => {
    const it = station({}, (connection) => {
      friendly(connection);
      connection.sendRaw('login: \r\n');
    });
    expect(lastState(it)).toBe('online');
  });

  test('an ACS that says it is not on-line is closed until it says otherwise', () => {
    let online = 'N';
    const it = station({}, (connection) => {
      friendly(connection);
      const answer = connection.onLine;
      connection.onLine = (line) => {
        if (line.startsWith('99'))
          connection.sendRaw(answered(status98.replace('98Y', `98${online}`), sequenceOf(line)));
        else answer(line);
      };
    });
    expect(lastState(it)).toBe('closed');
    const outcomes = askItem(it);
    it.clock.settle();
    expect(outcomes).toEqual([notSent('closed')]);
    online = 'Y';
    it.clock.advance(limits.closedPollMs);
    expect(lastState(it)).toBe('online');
    expect(it.peer.connections).toHaveLength(1);
  });
});

describe('an exchange that goes wrong', () => {
  test('no answer: unknown, and a new connection, so that a late answer finds nobody', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.advance(replyTimeoutMs);
    expect(outcomes).toEqual([unknown('no answer in time')]);
    const [old] = it.peer.connections;
    expect(old?.closedByClient).toBe(true);
    expect(old?.received.filter((line) => line.startsWith('11'))).toHaveLength(1);
    expect(it.peer.connections).toHaveLength(2);
    expect(lastState(it)).toBe('online');
    expect(it.peer.last.received.some((line) => line.startsWith('11'))).toBe(false);
    old?.sendRaw(answered(`121NUY${date}AOUWOLS|AAdjfiander|AB1565921879|AJ|AH|`, 2));
    expect(outcomes).toHaveLength(1);
  });

  test('half a message, then silence', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.sendRaw(`121NUY${date}AOUWOLS|AAdjf`);
    it.clock.advance(replyTimeoutMs);
    expect(outcomes).toEqual([unknown('no answer in time')]);
  });

  test('the connection closes in mid-message', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.sendRaw(`121NUY${date}AOUWOLS|AAdjf`);
    it.peer.last.close('ECONNRESET');
    expect(outcomes).toEqual([unknown('ECONNRESET')]);
  });

  test('the requests that waited behind it wait for the next connection, and are not sent where there is none', () => {
    let up = true;
    const it = station({}, (connection) =>
      up ? friendly(connection, itemAnswer) : connection.close('ECONNREFUSED'),
    );
    const sent = checkout(it);
    const waiting = askItem(it, 'A1');
    it.clock.settle();
    it.peer.last.close('ECONNRESET');
    expect(sent).toEqual([unknown('ECONNRESET')]);
    it.clock.settle();
    expect(waiting).toEqual(['A1']);
    it.clock.advance(limits.steadyMs);
    up = false;
    const second = checkout(it);
    const third = askItem(it);
    it.clock.settle();
    it.peer.last.close('ECONNRESET');
    expect(second).toEqual([unknown('ECONNRESET')]);
    it.clock.settle();
    expect(third).toEqual([notSent('ECONNREFUSED')]);
  });

  test('what a stream does not take any more goes to the next one: nothing of it had left', () => {
    const it = station();
    it.peer.last.open = false;
    const outcomes = checkout(it);
    expect(outcomes).toEqual([]);
    it.clock.settle();
    expect(outcomes).toEqual([]);
    expect(it.peer.connections).toHaveLength(2);
    expect(it.peer.connections[0]?.received.some((line) => line.startsWith('11'))).toBe(false);
    expect(it.peer.last.received.filter((line) => line.startsWith('11'))).toHaveLength(1);
    it.peer.last.sendRaw(answered(`121NUN${date}AOUWOLS|AAdjfiander|AB1565921879|AJ|AH|`, 2));
    expect(outcomes).toEqual(['1']);
  });

  test('and where no stream takes it, it was not sent', () => {
    let up = true;
    const it = station({}, (connection) => {
      if (up) friendly(connection);
      else connection.close('ECONNREFUSED');
    });
    up = false;
    it.peer.last.open = false;
    const outcomes = checkout(it);
    it.clock.settle();
    expect(outcomes).toEqual([notSent('ECONNREFUSED')]);
  });

  test('garbage is waited through a few times, then the connection goes', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.sendRaw('<html>\r<body>\r');
    expect(outcomes).toEqual([]);
    it.peer.last.sendRaw('502 Bad Gateway\r');
    expect(outcomes).toEqual([unknown('no message of SIP2')]);
    expect(it.peer.connections[0]?.closedByClient).toBe(true);
  });

  test('garbage before the right answer does no harm', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.sendRaw('PreviousMessage is NULL\r');
    it.peer.last.sendRaw(answered(`121NUY${date}AOUWOLS|AAdjfiander|AB1565921879|AJ|AH|`, 2));
    expect(outcomes).toEqual(['1']);
  });

  test('an answer of another kind is not taken', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.sendRaw(answered(`101YNN${date}AOUWOLS|AB1565921879|AQ|`, 2));
    expect(outcomes).toEqual([]);
    it.clock.advance(replyTimeoutMs);
    expect(outcomes).toEqual([unknown('no answer in time')]);
  });

  test('a wrong checksum is answered by 97, and the repeated answer taken', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.sendRaw(`121NUY${date}AOUWOLS|AAdjfiander|AB1565921879|AJ|AH|AY2AZ0000\r`);
    expect(it.peer.last.received.at(-1)).toBe('97AZFEF5\r');
    it.peer.last.sendRaw(answered(`121NUY${date}AOUWOLS|AAdjfiander|AB1565921879|AJ|AH|`, 2));
    expect(outcomes).toEqual(['1']);
    expect(it.peer.last.received.filter((line) => line.startsWith('11'))).toHaveLength(1);
  });

  test('an answer that has lost its checksum on the way is as wrong', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    const right = answered(`121NUY${date}AOUWOLS|AAdjfiander|AB1565921879|AJ|AH|`, 2);
    it.peer.last.sendRaw(right.replace('AZ', 'OZ'));
    expect(it.peer.last.received.at(-1)).toBe('97AZFEF5\r');
    it.peer.last.sendRaw(right);
    expect(outcomes).toEqual(['1']);
  });

  test('an ACS that never sends checksums is understood all the same', () => {
    const it = station({}, (connection) => {
      connection.accept();
      connection.onLine = (line) => {
        if (line.startsWith('93')) connection.sendRaw('941\r');
        if (line.startsWith('99')) connection.sendRaw(`${status98}\r`);
        if (line.startsWith('17')) connection.sendRaw(`18030001${date}AB1565921879|AJ|\r`);
      };
    });
    const outcomes = askItem(it);
    it.clock.settle();
    expect(outcomes).toEqual(['1565921879']);
  });

  test('wrong checksums without end: 97 as often as allowed, then unknown', () => {
    const it = station({ retriesMax: 2 });
    const outcomes = checkout(it);
    it.clock.settle();
    const broken = `121NUY${date}AOUWOLS|AAdjfiander|AB1565921879|AJ|AH|AY2AZ0000\r`;
    for (let index = 0; index < 3; index++) it.peer.connections[0]?.sendRaw(broken);
    expect(outcomes).toEqual([unknown('wrong checksum')]);
    expect(it.peer.connections[0]?.received.filter((line) => line.startsWith('97'))).toHaveLength(2);
  });

  test('a wrong checksum says nothing where error detection is off', () => {
    const it = station({ errorDetection: false });
    const outcomes = askItem(it);
    it.clock.settle();
    it.peer.last.sendRaw(`18030001${date}AB1565921879|AJ|AY4AZ1234\r`);
    expect(outcomes).toEqual(['1565921879']);
  });

  test('96 has the same bytes sent again, as often as allowed', () => {
    const it = station({ retriesMax: 2 });
    const outcomes = checkout(it);
    it.clock.settle();
    const [connection] = it.peer.connections;
    connection?.sendRaw('96AZFEF6\r');
    connection?.sendRaw('96AZFEF6\r');
    const sent = connection?.received.filter((line) => line.startsWith('11')) ?? [];
    expect(sent).toHaveLength(3);
    expect(new Set(sent).size).toBe(1);
    expect(outcomes).toEqual([]);
    connection?.sendRaw('96AZFEF6\r');
    expect(outcomes).toEqual([unknown('96 too often')]);
  });

  test('96 in answer to 97 is the end', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.sendRaw(`121NUY${date}AOUWOLS|AAdjfiander|AB1565921879|AJ|AH|AY2AZ0000\r`);
    it.peer.last.sendRaw('96AZFEF6\r');
    expect(outcomes).toEqual([unknown('96 in answer to 97')]);
  });

  test('an answer with another AY is a late one and discarded', () => {
    const it = station();
    const outcomes = askItem(it, 'B2');
    it.clock.settle();
    it.peer.last.sendRaw(answered(`18030001${date}ABA1|AJ|`, 1));
    expect(outcomes).toEqual([]);
    it.peer.last.sendRaw(answered(`18030001${date}ABB2|AJ|`, 2));
    expect(outcomes).toEqual(['B2']);
  });

  test('98 in place of an answer: a question is asked again under a new number', () => {
    const it = station();
    const outcomes = askItem(it);
    it.clock.settle();
    it.peer.last.sendRaw(answered(status98, 2));
    expect(it.peer.last.received.map(sequenceOf)).toEqual([0, 1, 2, 3]);
    it.peer.last.sendRaw(answered(`18030001${date}AB1565921879|AJ|`, 3));
    expect(outcomes).toEqual(['1565921879']);
  });

  test('98 in place of an answer: a checkout is not sent again', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.sendRaw(answered(status98, 2));
    expect(outcomes).toEqual([unknown('98 in place of the answer')]);
    expect(it.peer.connections[0]?.received.filter((line) => line.startsWith('11'))).toHaveLength(1);
  });

  test('an answer longer than any message is dropped and bounded', () => {
    const it = station();
    const outcomes = askItem(it);
    it.clock.settle();
    const chunk = 'x'.repeat(65_536);
    for (let index = 0; index < 20; index++) it.peer.last.sendRaw(chunk);
    it.peer.last.sendRaw('\r');
    it.peer.last.sendRaw(answered(`18030001${date}AB1565921879|AJ|`, 2));
    expect(outcomes).toEqual(['1565921879']);
  });

  test('a line that nobody asked for is ignored', () => {
    const it = station();
    it.peer.last.sendRaw(answered(`18030001${date}AB1565921879|AJ|`, 2));
    const outcomes = askItem(it, 'B2');
    it.clock.settle();
    expect(outcomes).toEqual([]);
    it.peer.last.sendRaw(answered(`18030001${date}ABB2|AJ|`, 2));
    expect(outcomes).toEqual(['B2']);
  });
});

describe('bounds', () => {
  test('the queue takes so many and no more', () => {
    const it = station();
    const outcomes = Array.from({ length: limits.queueLengthMax + 2 }, () => askItem(it));
    it.clock.settle();
    expect(outcomes.filter((ends) => ends.length > 0)).toEqual([[notSent('too many requests wait')]]);
  });

  test('what waited too long is not sent any more', () => {
    const it = station({ replyTimeoutMs: limits.queueWaitMsMax + 1 });
    const first = checkout(it);
    const second = askItem(it, 'B2');
    it.clock.advance(limits.queueWaitMsMax + 1 - 1);
    expect(second).toEqual([]);
    it.clock.advance(1);
    expect(first).toEqual([unknown('no answer in time')]);
    it.clock.settle();
    expect(second).toEqual([notSent('waited too long')]);
  });

  test('the time-out of a 98 is kept within bounds', () => {
    for (const [tenths, expectedMs] of [
      ['001', 3_000],
      ['600', 30_000],
      ['080', 8_000],
      ['000', 10_000],
      ['999', 10_000],
    ] as const) {
      const it = station({ replyTimeoutMs: undefined }, (connection) => {
        connection.accept();
        connection.onLine = (line) => {
          if (line.startsWith('93')) connection.sendRaw(answered('941', sequenceOf(line)));
          if (line.startsWith('99')) {
            connection.sendRaw(
              answered(status98.replace('98YYYYYN100', `98YYYYYN${tenths}`), sequenceOf(line)),
            );
          }
        };
      });
      const outcomes = checkout(it);
      it.clock.advance(expectedMs - 1);
      expect(outcomes).toEqual([]);
      it.clock.advance(1);
      expect(outcomes).toHaveLength(1);
    }
  });
});

describe('keep-alive', () => {
  test('asks for the status after silence, and not while there is talk', () => {
    const it = station({ keepAliveMs: 60_000 }, (connection) => friendly(connection, itemAnswer));
    it.clock.advance(40_000);
    askItem(it);
    it.clock.advance(59_999);
    expect(it.peer.last.received.filter((line) => line.startsWith('99'))).toHaveLength(1);
    it.clock.advance(1);
    expect(it.peer.last.received.filter((line) => line.startsWith('99'))).toHaveLength(2);
    it.clock.advance(600_000);
    expect(it.peer.last.received.filter((line) => line.startsWith('99'))).toHaveLength(12);
    expect(lastState(it)).toBe('online');
  });

  test('finds a dead peer', () => {
    let alive = true;
    const it = station({ keepAliveMs: 60_000 }, (connection) => {
      if (!alive) return;
      friendly(connection);
      const answer = connection.onLine;
      connection.onLine = (line) => {
        if (alive) answer(line);
      };
    });
    alive = false;
    // Silence, the same question once more, silence.
    it.clock.advance(60_000 + 2 * replyTimeoutMs);
    expect(it.states.at(-1)).toEqual({ state: 'connecting', reason: 'no answer in time' });
    it.clock.advance(limits.connectTimeoutMs);
    expect(lastState(it)).toBe('unreachable');
  });
});

describe('stop', () => {
  test('ends what is under way and what waits, and nothing comes after', () => {
    const it = station();
    const sent = checkout(it);
    const waiting = askItem(it);
    it.client.stop();
    expect([sent, waiting]).toEqual([[], []]);
    it.clock.settle();
    expect(sent).toEqual([unknown('stopped')]);
    expect(waiting).toEqual([notSent('stopped')]);
    const late = askItem(it);
    it.clock.advance(600_000);
    expect(late).toEqual([notSent('stopped')]);
    expect(it.peer.connections).toHaveLength(1);
    expect(it.clock.pending()).toBe(0);
  });

  test('within a word of its own state it holds too', () => {
    const clock = new VirtualClock();
    const peer = new ScriptedPeer(clock);
    peer.onConnect = (connection) => connection.close('ECONNREFUSED');
    const client = new Sip2Client(
      { dialect: standardDialect, errorDetection: true },
      { open: peer.openStream, clock, random: fixedRandom(0), log: silentLog },
    );
    client.start(({ state }) => {
      if (state === 'unreachable') client.stop();
    });
    clock.advance(600_000);
    expect(peer.connections).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });
});

describe('the PIN', () => {
  const pin = Buffer.from('4711');
  const holdsPin = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes('4711');

  test.each([
    [
      'answered',
      (it: Station) => it.peer.last.sendRaw(answered(`120NUN${date}AOUWOLS|AAdjfiander|AB1|AJ|AH|`, 2)),
    ],
    ['not answered', (it: Station) => it.clock.advance(replyTimeoutMs)],
    ['cut off', (it: Station) => it.peer.last.close()],
    ['stopped', (it: Station) => it.client.stop()],
  ])('is overwritten in the request when it is %s', (_how, end) => {
    const it = station();
    checkout(it, pin);
    it.clock.settle();
    const [connection] = it.peer.connections;
    expect(connection?.received.at(-1)).toContain('AD4711|');
    const handed = connection?.handed.at(-1) ?? Buffer.from('4711');
    expect(holdsPin(handed)).toBe(true);
    end(it);
    it.clock.settle();
    expect(Buffer.from(handed).every((byte) => byte === 0)).toBe(true);
    expect(pin.toString()).toBe('4711');
  });

  test('and nothing else personal stands in the log', () => {
    const lines: string[] = [];
    const log: Log = { write: (_level, event, fields) => lines.push(`${event} ${JSON.stringify(fields)}`) };
    const it = station({ logMessages: true }, (connection) => friendly(connection), log);
    checkout(it, pin);
    it.clock.settle();
    it.peer.last.sendRaw('not SIP2 about djfiander\r');
    it.peer.last.sendRaw(answered(`101NUN${date}AOUWOLS|AB1565921879|AJSalainen kirja|AFOpa djfiander|`, 2));
    it.peer.last.sendRaw(
      answered(`121NUN${date}AOUWOLS|AAdjfiander|AB1565921879|AJSalainen kirja|AH|AFHei|`, 2),
    );
    const all = lines.join('\n');
    expect(all).toContain('acs.sent');
    expect(all).toContain('AB[10]');
    for (const word of ['4711', 'djfiander', '1565921879', 'Salainen', 'Hei', 'clientpwd', 'scclient']) {
      expect(all).not.toContain(word);
    }
  });
});
