import { describe, expect, test } from 'vitest';
import * as limits from '../../../src/sip2/client-settings.ts';
import {
  breakerFailuresMin,
  breakerPauseMsFirst,
  recoveryAnswersMin,
  recoveryPauseMs,
} from '../../../src/sip2/health.ts';
import { answered, sequenceOf, type PeerConnection } from '../../support/scripted-peer.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import {
  askItem,
  checkout,
  date,
  friendly,
  itemAnswer,
  lastState,
  notSent,
  replyTimeoutMs,
  station,
  status98,
  unknown,
} from './client-rig.ts';

function linesOf(connection: PeerConnection | undefined, code: string): string[] {
  return connection?.received.filter((line) => line.startsWith(code)) ?? [];
}

const loan = `121NUN${date}AOUWOLS|AAdjfiander|AB1565921879|AJ|AH|`;

describe('silence', () => {
  test('what only asks is sent once more, byte for byte, and the answer to either is taken', () => {
    const it = station();
    const outcomes = askItem(it);
    it.clock.advance(replyTimeoutMs);
    const [first, second] = linesOf(it.peer.last, '17');
    expect(second).toBe(first);
    expect(outcomes).toEqual([]);
    it.peer.last.sendRaw(answered(`18030001${date}AB1565921879|AJ|`, 2));
    expect(outcomes).toEqual(['1565921879']);
  });

  test('the second answer, to the question before, is not taken for the next one’s', () => {
    const it = station();
    askItem(it, 'A1');
    it.clock.advance(replyTimeoutMs);
    it.peer.last.sendRaw(answered(`18030001${date}ABA1|AJ|`, 2));
    const next = askItem(it, 'B2');
    it.clock.settle();
    it.peer.last.sendRaw(answered(`18030001${date}ABA1|AJ|`, 2));
    expect(next).toEqual([]);
    it.peer.last.sendRaw(answered(`18030001${date}ABB2|AJ|`, 3));
    expect(next).toEqual(['B2']);
  });

  test('and is unknown after the second silence; no third try on another connection', () => {
    const it = station();
    const outcomes = askItem(it);
    it.clock.advance(2 * replyTimeoutMs);
    expect(outcomes).toEqual([unknown('no answer in time')]);
    expect(it.peer.connections.flatMap((connection) => linesOf(connection, '17'))).toHaveLength(2);
  });

  test('is not answered by sending again without error detection', () => {
    const it = station({ errorDetection: false });
    const outcomes = askItem(it);
    it.clock.advance(replyTimeoutMs);
    expect(linesOf(it.peer.connections[0], '17')).toHaveLength(1);
    // The question goes over to the new connection, where no late answer can be taken for its own.
    expect(linesOf(it.peer.last, '17')).toHaveLength(1);
    expect(it.peer.connections).toHaveLength(2);
    it.peer.last.sendRaw(`18030001${date}AB1565921879|AJ|\r`);
    expect(outcomes).toEqual(['1565921879']);
  });

  test('nor where the ACS has shown no checksum, and so keeps no numbers', () => {
    const it = station({}, (connection) => {
      connection.accept();
      connection.onLine = (line) => {
        if (line.startsWith('93')) connection.sendRaw('941\r');
        if (line.startsWith('99')) connection.sendRaw(`${status98}\r`);
      };
    });
    askItem(it);
    it.clock.advance(replyTimeoutMs);
    expect(linesOf(it.peer.connections[0], '17')).toHaveLength(1);
  });

  test('a checkout is never sent again, unless the profile says that the ACS knows a repeated message', () => {
    const usual = station();
    checkout(usual);
    usual.clock.advance(5 * replyTimeoutMs);
    expect(usual.peer.connections.flatMap((one) => linesOf(one, '11'))).toHaveLength(1);
    const knowing = station({ resend: { '11': true } });
    const outcomes = checkout(knowing);
    knowing.clock.advance(replyTimeoutMs);
    const [first, second] = linesOf(knowing.peer.last, '11');
    expect(second).toBe(first);
    knowing.clock.advance(replyTimeoutMs);
    expect(outcomes).toEqual([unknown('no answer in time')]);
    expect(linesOf(knowing.peer.last, '11')).toEqual([]);
  });

  test('a profile may forbid it for what only asks', () => {
    const it = station({ resend: { '17': false } });
    const outcomes = askItem(it);
    it.clock.advance(replyTimeoutMs);
    expect(outcomes).toEqual([unknown('no answer in time')]);
    expect(it.peer.connections.flatMap((one) => linesOf(one, '17'))).toHaveLength(1);
  });
});

describe('a connection that breaks', () => {
  test('what only asks is asked on the next one, under its number', () => {
    const it = station();
    const outcomes = askItem(it);
    it.clock.settle();
    it.peer.last.close('ECONNRESET');
    it.clock.settle();
    expect(it.peer.connections).toHaveLength(2);
    const [line = ''] = linesOf(it.peer.last, '17');
    expect(sequenceOf(line)).toBe(2);
    it.peer.last.sendRaw(answered(`18030001${date}AB1565921879|AJ|`, 2));
    expect(outcomes).toEqual(['1565921879']);
  });

  test('what changes something is not', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.close('ECONNRESET');
    it.clock.settle();
    expect(outcomes).toEqual([unknown('ECONNRESET')]);
    expect(linesOf(it.peer.last, '11')).toEqual([]);
  });

  test('what was asked and then found no connection is unknown, not unsent', () => {
    let up = true;
    const it = station({}, (connection) => (up ? friendly(connection) : connection.close('ECONNREFUSED')));
    const outcomes = askItem(it);
    it.clock.settle();
    up = false;
    it.peer.last.close('ECONNRESET');
    it.clock.settle();
    expect(outcomes).toEqual([unknown('ECONNREFUSED')]);
  });

  test('a request of which not a byte left is sent on the next connection, a checkout too', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.close('ECONNRESET', { unsent: true });
    it.clock.settle();
    expect(outcomes).toEqual([]);
    it.peer.last.sendRaw(answered(loan, 2));
    expect(outcomes).toEqual(['1']);
  });
});

describe('answers without a number', () => {
  const off = { errorDetection: false } as const;

  test('one that comes twice is not taken for the next one’s', () => {
    const it = station(off);
    const first = askItem(it, 'A1');
    const second = askItem(it, 'B2');
    it.clock.settle();
    it.peer.last.sendRaw(`18030001${date}ABA1|AJ|\r18030001${date}ABA1|AJ|\r`);
    expect([first, second]).toEqual([['A1'], []]);
    it.peer.last.sendRaw(`18030001${date}ABB2|AJ|\r`);
    expect(second).toEqual(['B2']);
  });

  test('one about another patron neither', () => {
    const it = station(off);
    const outcomes: unknown[] = [];
    const fixed = { language: '000', transactionDate: date, summary: ' '.repeat(10) };
    it.client.request({ code: '63', fixed, fields: { AO: 'UWOLS', AA: '123' } }, (outcome) =>
      outcomes.push(outcome.kind),
    );
    it.clock.settle();
    const reply = (card: string): string =>
      `64${' '.repeat(14)}000${date}${'0000'.repeat(6)}AO|AA${card}|AE|\r`;
    it.peer.last.sendRaw(reply('999'));
    expect(outcomes).toEqual([]);
    // FBS writes the kind of the number before it.
    it.peer.last.sendRaw(reply('LN:123'));
    expect(outcomes).toEqual(['answered']);
  });
});

describe('a stream on which each write has one reply', () => {
  test('whose reply is no answer is not waited for', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    it.peer.last.sendRaw(answered(`101YNN${date}AOUWOLS|AB1|AQ|`, 2));
    expect(outcomes).toEqual([]);
    it.peer.last.replied();
    expect(outcomes).toEqual([unknown('the reply has no answer')]);
  });

  test('whose reply is the answer goes on', () => {
    const it = station();
    const outcomes = checkout(it);
    it.clock.settle();
    const { last } = it.peer;
    last.sendRaw(answered(loan, 2));
    last.replied();
    expect(outcomes).toEqual(['1']);
    expect(it.peer.connections).toHaveLength(1);
  });
});

describe('hysteresis', () => {
  test('one failure is no outage, the second in a row is', () => {
    let up = true;
    const it = station({}, (connection) => (up ? friendly(connection) : connection.close('ECONNREFUSED')));
    it.peer.last.close('ECONNRESET');
    it.clock.settle();
    expect(it.states.map(({ state }) => state)).toEqual(['connecting', 'online', 'connecting', 'online']);
    up = false;
    it.peer.last.close('ECONNRESET');
    it.clock.settle();
    expect(it.states.at(-1)).toEqual({ state: 'unreachable', reason: 'ECONNRESET' });
  });

  test('an outage ends with several good answers in a row', () => {
    let up = false;
    const it = station({}, (connection) => (up ? friendly(connection) : connection.close('ECONNREFUSED')));
    expect(lastState(it)).toBe('unreachable');
    up = true;
    it.clock.advance(limits.backOffMsFirst);
    expect(linesOf(it.peer.last, '99')).toHaveLength(1);
    for (let answer = 2; answer <= recoveryAnswersMin; answer++) {
      expect(lastState(it)).toBe('unreachable');
      it.clock.advance(recoveryPauseMs);
      expect(linesOf(it.peer.last, '99')).toHaveLength(answer);
    }
    expect(lastState(it)).toBe('online');
  });

  test('an ACS that comes and goes does not make the state flap', () => {
    let tries = 0;
    const it = station({}, (connection) => {
      if (++tries % 2 === 0) connection.close('ECONNREFUSED');
      else friendly(connection);
    });
    const clock = it.clock;
    for (let second = 0; second < 600; second++) {
      clock.advance(1_000);
      // Each second connection lasts a moment only.
      if (second % 2 === 0 && it.peer.last.open) it.peer.last.close('ECONNRESET');
    }
    expect(it.states.filter(({ state }) => state === 'online')).toHaveLength(1);
    expect(lastState(it)).toBe('unreachable');
  });
});

describe('the circuit breaker', () => {
  test('requests that stay without an answer, on connections that log in well, stop the asking for a while', () => {
    const it = station({ resend: { '17': false } });
    for (let request = 1; request <= breakerFailuresMin; request++) {
      it.clock.advance(limits.steadyMs);
      expect(lastState(it)).toBe('online');
      askItem(it);
      it.clock.advance(replyTimeoutMs);
    }
    expect(it.states.at(-1)).toEqual({
      state: 'unreachable',
      reason: 'requests stay without an answer: no answer in time',
    });
    const outcomes = askItem(it);
    const connections = it.peer.connections.length;
    it.clock.advance(breakerPauseMsFirst - 1);
    expect(outcomes).toEqual([notSent('unreachable')]);
    expect(it.peer.connections).toHaveLength(connections);
    it.clock.advance(1 + recoveryAnswersMin * recoveryPauseMs);
    expect(lastState(it)).toBe('online');
    // Half open: one more is enough.
    it.clock.advance(limits.steadyMs);
    askItem(it);
    it.clock.advance(replyTimeoutMs);
    expect(lastState(it)).toBe('unreachable');
  });

  test('an answered request closes it', () => {
    let silent = true;
    const it = station({ resend: { '17': false } }, (connection) =>
      friendly(connection, (line) => (silent ? undefined : itemAnswer(line))),
    );
    for (let request = 0; request < 10; request++) {
      it.clock.advance(limits.steadyMs);
      silent = request % breakerFailuresMin !== 0;
      askItem(it);
      it.clock.advance(replyTimeoutMs);
      expect(lastState(it)).toBe('online');
    }
  });
});

describe('slow', () => {
  test('several slow answers in a row are a state of its own, several quick ones end it', () => {
    let delayMs = 5_000;
    const it = station({ slowReplyMs: 4_000 }, (connection) => {
      friendly(connection);
      const answer = connection.onLine;
      connection.onLine = (line) => {
        const reply = itemAnswer(line);
        if (reply === undefined) return answer(line);
        const sequence = sequenceOf(line);
        it.clock.after(delayMs, () => connection.sendRaw(answered(reply, sequence)));
      };
    });
    const ask = (): void => {
      askItem(it);
      it.clock.advance(delayMs);
    };
    ask();
    ask();
    expect(lastState(it)).toBe('online');
    ask();
    expect(it.states.at(-1)).toEqual({ state: 'slow', reason: 'answers take long' });
    expect(askItem(it)).toEqual([]);
    it.clock.advance(delayMs);
    delayMs = 10;
    ask();
    ask();
    expect(lastState(it)).toBe('slow');
    ask();
    expect(it.states.at(-1)).toEqual({ state: 'online' });
  });
});

describe('refusals that another try does not mend', () => {
  test.each([
    ['certificate', 'certificateRefused'],
    ['login', 'loginRefused'],
    ['terminal', 'terminalRefused'],
  ] as const)('%s: its own state, with the reason, and a slow retry', (refused, state) => {
    let good = false;
    const it = station({}, (connection) => {
      if (good) friendly(connection);
      else connection.close('CERT_HAS_EXPIRED', { refused });
    });
    expect(it.states.at(-1)).toEqual({ state, reason: 'CERT_HAS_EXPIRED' });
    const outcomes = checkout(it);
    it.clock.advance(limits.refusedRetryMsDefault - 1);
    expect(outcomes).toEqual([notSent(state)]);
    expect(it.peer.connections).toHaveLength(1);
    good = true;
    it.clock.advance(1);
    expect(lastState(it)).toBe('online');
  });

  test('a hang-up right after a good log-in, twice in a row: the terminal is turned away', () => {
    const it = station({}, (connection) => {
      connection.accept();
      connection.onLine = (line) => {
        if (line.startsWith('93')) connection.sendRaw(answered('941', sequenceOf(line)));
        else connection.close('the other end closed it', {});
      };
    });
    expect(lastState(it)).toBe('unreachable');
    it.clock.advance(limits.backOffMsFirst);
    expect(it.states.at(-1)).toEqual({
      state: 'terminalRefused',
      reason: 'the other end closed it, right after a good log-in',
    });
  });
});

describe('a planned rest', () => {
  // The clock of these tests begins at 08:00 UTC.
  const start = Date.UTC(2026, 10, 20, 8, 0, 0);
  const restUntil = (from: number, to: number) => (now: number) => (now >= from && now < to ? to : undefined);

  test('nothing is asked while it lasts, and at its end all goes on', () => {
    const until = start + 3_600_000;
    const it = station({ restUntil: restUntil(start + 60_000, until) }, (connection) =>
      friendly(connection, itemAnswer),
    );
    expect(lastState(it)).toBe('online');
    it.clock.advance(60_000 + limits.restLookMs);
    expect(it.states.at(-1)).toEqual({ state: 'plannedDown', until });
    expect(it.peer.last.closedByClient).toBe(true);
    const outcomes = checkout(it);
    it.clock.advance(until - it.clock.now() - 1);
    expect(outcomes).toEqual([notSent('plannedDown')]);
    expect(it.peer.connections).toHaveLength(1);
    it.clock.advance(1);
    expect(lastState(it)).toBe('online');
  });

  test('what is under way when it begins gets its answer; what waits is not sent, and told later', () => {
    const it = station({ restUntil: restUntil(start + 5_000, start + 60_000) });
    const first = checkout(it);
    it.clock.advance(5_000);
    const second = askItem(it);
    it.peer.last.sendRaw(answered(loan, 2));
    expect(first).toEqual(['1']);
    expect(it.states.at(-1)).toEqual({ state: 'plannedDown', until: start + 60_000 });
    expect(second).toEqual([]);
    it.clock.settle();
    expect(second).toEqual([notSent('planned rest')]);
  });

  test('at the start nothing is connected', () => {
    const it = station({ restUntil: restUntil(start - 1, start + 60_000) });
    expect(it.peer.connections).toEqual([]);
    expect(lastState(it)).toBe('plannedDown');
    it.client.stop();
    it.clock.advance(600_000);
    expect(it.clock.pending()).toBe(0);
  });

  test('a clock that is set back brings it back at the next look', () => {
    const until = start + 60_000;
    const it = station({ restUntil: restUntil(start - 60_000, until) });
    it.clock.jump(120_000);
    it.clock.advance(limits.restLookMs);
    expect(lastState(it)).toBe('online');
    it.clock.jump(-150_000);
    it.clock.advance(limits.restLookMs);
    expect(lastState(it)).toBe('plannedDown');
  });
});

describe('an ACS that closes idle connections', () => {
  test('is asked sooner after the second time, and closes no more', () => {
    const idleMs = 20_000;
    let clock: VirtualClock | undefined;
    const it = station({ keepAliveMs: 60_000 }, (connection) => {
      friendly(connection);
      const answer = connection.onLine;
      let heard = 0;
      connection.onLine = (line) => {
        const mine = ++heard;
        clock?.after(idleMs, () => {
          if (mine === heard) connection.close('the other end closed it', {});
        });
        answer(line);
      };
    });
    // The very first exchange came before there was a clock to time it.
    ({ clock } = it);
    askItem(it);
    it.clock.advance(10 * 60_000);
    expect(lastState(it)).toBe('online');
    const connections = it.peer.connections.length;
    expect(connections).toBeLessThanOrEqual(4);
    it.clock.advance(60 * 60_000);
    expect(it.peer.connections).toHaveLength(connections);
  });
});
