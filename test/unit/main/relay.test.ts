import { beforeEach, describe, expect, test } from 'vitest';
import { reconnectMs, Relay, stationLineBytesMax } from '../../../src/main/relay.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { FakeSocket, HeardLog } from './support.ts';

const watch = { v: 1, kind: 'watch' };
const key = { v: 1, kind: 'intent', intent: { id: 'a-1', epoch: 3, act: { do: 'pinKey', key: '7' } } };

let clock: VirtualClock;
let log: HeardLog;
let socket: FakeSocket;
let known: boolean;
let frames: object[];
let links: boolean[];
let relay: Relay;

beforeEach(() => {
  clock = new VirtualClock();
  log = new HeardLog();
  socket = new FakeSocket();
  known = true;
  frames = [];
  links = [];
  relay = new Relay({
    clock,
    log,
    station: () => (known ? socket.open : undefined),
    onFrame: (frame) => void frames.push(frame),
    onLink: (up) => void links.push(up),
  });
});

function linked(): void {
  relay.connect();
  socket.last.events.opened();
}

describe('the relay', () => {
  test('carries frames both ways, a line each', () => {
    linked();
    relay.fromPage(watch);
    relay.fromPage(key);
    expect(socket.last.written.map((line) => JSON.parse(line))).toEqual([watch, key]);
    expect(
      socket.last.written.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1),
    ).toBe(true);
    socket.last.say('{"v":1,"kind":"vi');
    socket.last.say('ew"}\n{"v":2,"kind":"other"}\n');
    expect(frames).toEqual([
      { v: 1, kind: 'view' },
      { v: 2, kind: 'other' },
    ]);
    expect(links).toEqual([true]);
  });

  test.each([
    ['nothing', undefined],
    ['a text', JSON.stringify(watch)],
    ['another version', { ...watch, v: 2 }],
    ['another kind', { v: 1, kind: 'shutdown' }],
    ['a technician’s question', { v: 1, kind: 'ask', id: 'q', about: 'journal' }],
    ['work on the journal', { v: 1, kind: 'desk', id: 'q', ask: { by: 'me', act: { do: 'rotateKeys' } } }],
    ['more than a frame has', { ...watch, more: true }],
    ['two keys at once', { ...key, intent: { ...key.intent, act: { do: 'pinKey', key: '12' } } }],
    [
      'a card number without end',
      { ...key, intent: { ...key.intent, act: { do: 'submitCardNumber', number: '1'.repeat(20_000) } } },
    ],
    ['a list', [watch]],
  ])('keeps %s from the station', (_what, value) => {
    linked();
    relay.fromPage(value);
    expect(socket.last.written).toEqual([]);
    expect(log.lines).toEqual([{ event: 'shell.refused', rule: 'frame' }]);
  });

  test('drops what is pressed without a link', () => {
    relay.connect();
    relay.fromPage(key);
    socket.last.events.opened();
    expect(socket.last.written).toEqual([]);
    expect(log.lines).toEqual([]);
  });

  test('tells the page when the station is gone, and reaches for it until it is back', () => {
    linked();
    socket.last.events.closed('gone');
    expect(links).toEqual([true, false]);
    expect(log.lines).toEqual([{ event: 'shell.station_gone', reason: 'gone' }]);
    for (let tries = 0; tries < 5; tries++) {
      clock.advance(reconnectMs);
      socket.last.events.closed('ENOENT');
    }
    clock.advance(reconnectMs);
    socket.last.events.opened();
    expect(links).toEqual([true, false, true]);
    expect(socket.streams).toHaveLength(7);
    expect(log.lines).toHaveLength(1);
  });

  test('waits for a station that nobody knows yet', () => {
    known = false;
    relay.connect();
    clock.advance(10 * reconnectMs);
    expect(socket.streams).toEqual([]);
    known = true;
    clock.advance(reconnectMs);
    expect(socket.streams).toHaveLength(1);
  });

  test('gives a new page a connection of its own, and ends that of the old', () => {
    linked();
    const old = socket.last;
    relay.connect();
    expect(old.closed).toBe(true);
    expect(links).toEqual([true, false]);
    socket.last.events.opened();
    expect(links).toEqual([true, false, true]);
  });

  test('rests while there is no page', () => {
    linked();
    relay.disconnect();
    clock.advance(60_000);
    expect(socket.last.closed).toBe(true);
    expect(socket.streams).toHaveLength(1);
  });

  test.each([
    ['what is no JSON', 'hello\n'],
    ['what is no frame', '{"view":{}}\n'],
    ['null', 'null\n'],
    ['a line without end', 'x'.repeat(stationLineBytesMax + 1)],
  ])('gives up a station that says %s, and tries anew', (_what, text) => {
    linked();
    const garbled = socket.last;
    garbled.say(text);
    expect([garbled.closed, frames, links]).toEqual([true, [], [true, false]]);
    expect(log.lines).toMatchObject([{ event: 'shell.station_garbled' }]);
    clock.advance(reconnectMs);
    expect(socket.streams).toHaveLength(2);
  });

  test('does not join half a line to another connection’s', () => {
    linked();
    socket.last.say('{"v":1,"kind":');
    socket.last.events.closed('gone');
    clock.advance(reconnectMs);
    socket.last.events.opened();
    socket.last.say('{"v":1,"kind":"view"}\n');
    expect(frames).toEqual([{ v: 1, kind: 'view' }]);
  });
});
