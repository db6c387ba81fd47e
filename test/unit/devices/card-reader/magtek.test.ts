import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MagtekCardReader } from '../../../../src/devices/card-reader/magtek.ts';
import { readMagtek, type Track } from '../../../../src/devices/card-reader/magtek-wire.ts';
import { MemoryHid } from '../../../../src/devices/hid/memory.ts';
import { reopenDelaysMs } from '../../../../src/devices/reopen.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

/** A report as the reference describes it: 3 bytes of status, 3 of length, the kind, 3 times 110 bytes. */
function swipe(tracks: readonly string[], status: readonly number[] = [0, 0, 0]): Uint8Array {
  const report = Buffer.alloc(337);
  for (const [index, track] of tracks.entries()) {
    report[index] = status[index] ?? 0;
    report[3 + index] = track.length;
    report.write(track, 7 + index * 110, 'latin1');
  }
  return report;
}

const library = swipe(['%LAHTINEN/AINO^?', ';21999000020071=99121010000?', '']);
const unreadable = (why: string) => ({ kind: 'unreadable', why });

describe('a swipe', () => {
  it('has its number on track 2, and nothing else of it is told', () => {
    expect(readMagtek(library, 2)).toEqual({ kind: 'card', text: '21999000020071' });
  });
  it.each<[string, Uint8Array, Track, unknown]>([
    ['track 1 up to its separator', swipe(['%2199^NAME?', '', '']), 1, { kind: 'card', text: '2199' }],
    ['track 3', swipe(['', '', ';+77?']), 3, { kind: 'card', text: '+77' }],
    ['a check sign behind the end', swipe(['', ';2199?8', '']), 2, { kind: 'card', text: '2199' }],
    ['a track that was not read', swipe(['', ';2199?', ''], [0, 1, 0]), 2, unreadable('badRead')],
    ['an empty track', swipe(['%X?', '', '']), 2, unreadable('noTrack')],
    ['a track with nothing in it', swipe(['', ';?', '']), 2, unreadable('noTrack')],
    ['a track without its end', swipe(['', ';2199', '']), 2, unreadable('badReport')],
    ['a track without its start', swipe(['', '2199?', '']), 2, unreadable('badReport')],
    ['control characters', swipe(['', ';21\u000799?', '']), 2, unreadable('badReport')],
    ['a length past the place', Buffer.from(library).fill(111, 4, 5), 2, unreadable('badReport')],
    ['a report that is cut', library.subarray(0, 200), 2, unreadable('badReport')],
    ['a reader that encrypts', Buffer.concat([library, Buffer.alloc(500)]), 2, unreadable('encrypted')],
  ])('%s', (_what, report, track, expected) => {
    expect(readMagtek(report, track)).toEqual(expected);
  });
  it('of any bytes is a card or has a name', () => {
    const report = fc.uint8Array({ minLength: 0, maxLength: 400 });
    fc.assert(
      fc.property(report, fc.constantFrom<Track>(1, 2, 3), (bytes, track) => {
        const card = readMagtek(bytes, track);
        if (card.kind === 'card') expect(card.text).toMatch(/^[ -~]{1,79}$/);
      }),
    );
  });
});

describe('a stripe reader', () => {
  function bench(plugged = true) {
    const clock = new VirtualClock();
    const hid = new MemoryHid(undefined, plugged);
    const seen: string[] = [];
    const logged: string[] = [];
    const reader = new MagtekCardReader({
      open: hid.open,
      clock,
      log: { write: (_level, event, fields) => logged.push(JSON.stringify({ event, ...fields })) },
      path: 'HID any',
      track: 2,
    });
    reader.start({
      onCard: (card) => seen.push(card.kind === 'card' ? card.text : `!${card.why}`),
      onPresence: (present) => seen.push(`present: ${present}`),
      onStatus: (status) =>
        seen.push('reason' in status ? `${status.state}: ${status.reason}` : status.state),
    });
    hid.settle();
    return { clock, hid, seen, logged, reader };
  }

  it('tells each swipe once, and keeps no card', () => {
    const { hid, seen, logged } = bench();
    hid.report(library);
    hid.report(library);
    hid.report(swipe(['', ';2199?', ''], [0, 1, 0]));
    expect(seen).toEqual(['ready', '21999000020071', '!badRead']);
    expect(logged.join()).not.toMatch(/2199|LAHTINEN/);
  });

  it('comes back after each unplugging', () => {
    const { clock, hid, seen } = bench(false);
    for (let round = 0; round < 3; round += 1) {
      hid.plug();
      clock.advance(reopenDelaysMs[0] ?? 0);
      hid.settle();
      hid.report(swipe(['', `;${round}?`, '']));
      hid.unplug();
    }
    expect(seen).toEqual([
      'offline: no such device',
      ...[0, 1, 2].flatMap((round) => ['ready', `${round}`, 'offline: unplugged']),
    ]);
  });

  it('that is stopped says nothing more', () => {
    const { clock, hid, seen, reader } = bench();
    hid.report(library);
    reader.stop();
    hid.report(swipe(['', ';1?', '']));
    expect(seen).toEqual(['ready', '21999000020071']);
    expect([hid.isOpen, clock.pending()]).toEqual([false, 0]);
  });
});
