import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTelnet, promptBytesMax, telnetQuietMs, type TelnetSettings } from '../../../src/sip2/telnet.ts';
import { ScriptedPeer } from '../../support/scripted-peer.ts';
import { StreamRecord } from '../../support/stream-events.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const settings: TelnetSettings = {
  user: 'koha',
  password: 'secret',
  userPrompt: 'login:',
  passwordPrompt: 'password:',
  lineEnd: 'CR',
};

interface Line {
  readonly clock: VirtualClock;
  readonly peer: ScriptedPeer;
  readonly it: StreamRecord;
}

function line(change: Partial<TelnetSettings> = {}): Line {
  const clock = new VirtualClock();
  const peer = new ScriptedPeer(clock);
  const it = new StreamRecord(openTelnet(peer.openStream, { ...settings, ...change }, clock));
  clock.settle();
  return { clock, peer, it };
}

describe('the log-in', () => {
  test('Koha: prompts, a line that greets, then SIP2', () => {
    const { peer, it } = line();
    peer.last.sendRaw('login: ');
    expect(it.write('99')).toBe(false);
    peer.last.sendRaw('password: ');
    expect(peer.last.received).toEqual(['koha\r', 'secret\r']);
    expect(it.opened).toBe(false);
    peer.last.sendRaw('Login OK.  Initiating SIP\r\n');
    expect(it.opened).toBe(true);
    expect(it.write('9900402.00\r')).toBe(true);
    peer.last.sendRaw('98Y\r');
    expect(it.text.trim()).toBe('98Y');
  });

  test('a server that greets with nothing', () => {
    const { clock, peer, it } = line();
    peer.last.sendRaw('login: ');
    peer.last.sendRaw('\r\npassword: ');
    peer.last.sendRaw('\r\n');
    clock.advance(telnetQuietMs - 1);
    expect(it.opened).toBe(false);
    clock.advance(1);
    expect(it.opened).toBe(true);
  });

  test('echo, a banner, capital letters, other prompts, other line ends', () => {
    const { clock, peer, it } = line({ userPrompt: 'User?', passwordPrompt: 'Code?', lineEnd: 'CRLF' });
    peer.last.sendRaw('*** Library ***\r\nLast login: Monday\r\nUSER? ');
    peer.last.sendRaw('koha\r\nCODE? ');
    expect(peer.last.received).toEqual(['koha\r\n', 'secret\r\n']);
    clock.advance(telnetQuietMs);
    expect(it.opened).toBe(true);
  });

  test.each(['Login incorrect\r\nlogin: ', '\r\nlogin: ', 'Invalid login\r\n', 'Access denied'])(
    'refused: %j',
    (words) => {
      const { clock, peer, it } = line();
      peer.last.sendRaw('login: ');
      peer.last.sendRaw('password: ');
      peer.last.sendRaw(words);
      clock.advance(telnetQuietMs);
      expect(it.closed).toEqual({ reason: 'the ACS refused the telnet log-in', end: { refused: 'login' } });
      expect(it.opened).toBe(false);
      expect(peer.last.closedByClient).toBe(true);
    },
  );

  test('options of telnet are declined and belong to no text', () => {
    const { peer, it } = line();
    // IAC WILL ECHO, IAC DO TERMINAL-TYPE, IAC SB … IAC SE, IAC NOP
    peer.last.sendRaw(Uint8Array.of(255, 251, 1, 255, 253, 24, 255, 250, 24, 1, 255, 240, 255, 241));
    peer.last.sendRaw('log');
    peer.last.sendRaw(Uint8Array.of(255));
    peer.last.sendRaw(Uint8Array.of(252));
    peer.last.sendRaw(Uint8Array.of(3));
    peer.last.sendRaw('in: ');
    peer.last.sendRaw('password: ');
    peer.last.sendRaw('OK\r\n');
    expect(it.opened).toBe(true);
    const sent = peer.last.handed.map((bytes) => Buffer.from(bytes).toString('latin1'));
    expect(sent).toEqual(['\u00ff\u00fe\u0001\u00ff\u00fc\u0018', 'koha\r', 'secret\r']);
  });

  test('no prompt: bounded, and told', () => {
    const { peer, it } = line();
    peer.last.sendRaw('x'.repeat(promptBytesMax + 1));
    expect(it.closed?.reason).toBe('no log-in prompt');
  });

  test('what the stream says of its end goes on', () => {
    const { peer, it } = line();
    peer.last.close('the ACS’s certificate has expired', { refused: 'certificate' });
    expect(it.closed).toEqual({
      reason: 'the ACS’s certificate has expired',
      end: { refused: 'certificate' },
    });
  });

  test('closed in the middle, nothing comes after', () => {
    const { clock, peer, it } = line();
    peer.last.sendRaw('login: ');
    peer.last.sendRaw('password: ');
    it.stream.close();
    clock.advance(10 * telnetQuietMs);
    expect([it.opened, it.closed]).toEqual([false, undefined]);
    expect(clock.pending()).toBe(0);
  });
});

test('any chunking gives the same log-in', () => {
  const before = 'Welcome\r\nlogin: ';
  const after = '\r\nLogin OK.  Initiating SIP\r\n98YYYYYY\r';
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
      const { clock, peer, it } = line();
      const send = (text: string): void => {
        const places = [0, ...cuts.map((cut) => cut % text.length).toSorted((a, b) => a - b), text.length];
        places.slice(1).forEach((to, index) => peer.last.sendRaw(text.slice(places[index], to)));
      };
      send(before);
      send('password: ');
      send(after);
      clock.advance(telnetQuietMs);
      expect(peer.last.received).toEqual(['koha\r', 'secret\r']);
      expect([it.opened, it.text.trim(), it.closed]).toEqual([true, '98YYYYYY', undefined]);
    }),
  );
});
