import { describe, expect, it } from 'vitest';
import { chosenReader } from '../../../src/cli/commands/rfid/reader-options.ts';
import { rfidWrite, uidOption } from '../../../src/cli/commands/rfid/write.ts';
import { fieldWords, statusWords } from '../../../src/cli/commands/rfid/words.ts';
import { deskFailureWords, failureWords, readingWords } from '../../../src/station/tag-words.ts';
import { UsageError } from '../../../src/cli/commands/command.ts';
import type { TagFailure } from '../../../src/devices/rfid-reader/rfid-reader.ts';

const terminal = { out: () => undefined, err: () => undefined, onStop: () => undefined };
const tag = {
  uid: 'E004010000000001',
  still: true,
  memory: undefined,
  blockBytes: 4,
  dsfid: 0,
  afi: 0x07,
  secured: 'yes',
  dropOuts: 0,
  unread: undefined,
} as const;

describe('what a technician reads of a reader', () => {
  it('is its state, what it said, and what to look at', () => {
    expect(statusWords('/dev/x', { state: 'ready', words: 'RL866' })).toBe('/dev/x is ready: RL866');
    expect(statusWords('/dev/x', { state: 'silent' })).toMatch(/^\/dev\/x is silent \(look at .*power/);
    expect(statusWords('/dev/x', { state: 'offline', reason: 'ENOENT' })).toContain('offline: ENOENT');
  });

  it('is each tag in a line, and that there are too many', () => {
    expect(fieldWords({ tags: [], tooMany: false })).toEqual(['no tag']);
    expect(
      fieldWords({
        tags: [
          tag,
          {
            ...tag,
            secured: 'unknown',
            afi: undefined,
            still: false,
            dropOuts: 2,
            unread: { kind: 'tagGone' },
          },
        ],
        tooMany: true,
      }),
    ).toEqual([
      'E004010000000001  secured (AFI 07)',
      'E004010000000001  security unknown, moving or not yet read, missed 2 times, cannot be read: the tag did not answer',
      'too many tags for this reader: take some away',
    ]);
  });

  it('never has the number of a patron’s card', () => {
    const item = {
      model: 'iso28560-3',
      primaryItemIdentifier: '21999000020071',
      usage: 'patronCard',
      deviations: [],
    } as const;
    expect(readingWords({ kind: 'item', item })).toBe('a patron’s card, iso28560-3');
  });

  it('has a name for each failure, no two the same', () => {
    const failures: TagFailure[] = [
      { kind: 'offline' },
      { kind: 'noAnswer' },
      { kind: 'badFrame', why: 'crc' },
      { kind: 'wrongAnswer' },
      { kind: 'rejected', code: '93' },
      { kind: 'locked' },
      { kind: 'notSupported' },
      { kind: 'tagGone' },
      { kind: 'mismatch' },
      { kind: 'unverified' },
      { kind: 'tooManyTags' },
      { kind: 'busy' },
    ];
    expect(new Set(failures.map(failureWords)).size).toBe(failures.length);
    expect(deskFailureWords({ kind: 'tag', uid: 'A', outcome: { kind: 'gone' }, done: ['B'] })).toBe(
      'Tag A: the tag was taken away. Done: B.',
    );
  });
});

describe('the reader that is meant', () => {
  const wait = '15';
  it.each([
    {},
    { driver: 'telepathy', path: '/dev/x' },
    { driver: 'rl866' },
    { driver: 'rl866', path: '/dev/x', baud: 'fast' },
    { driver: 'rl866', path: '/dev/x', config: 'station.yaml' },
    { driver: 'rl866', path: '/dev/x', wait: '0' },
  ])('is not %j', (where) => {
    expect(() => chosenReader({ wait, ...where }, terminal)).toThrow(UsageError);
  });

  it('is on a serial port or on the network', () => {
    expect(chosenReader({ wait, driver: '3m-810', path: '/dev/x' }, terminal)?.reader).toMatchObject({
      path: '/dev/x',
      baudRate: 19_200,
    });
    expect(
      chosenReader({ wait, driver: 'feig-obid', host: 'pad', port: '4001' }, terminal)?.reader,
    ).toMatchObject({
      host: 'pad',
      port: 4_001,
    });
  });
});

describe('an order to write', () => {
  const line = ['--driver', 'rl866', '--path', '/dev/x'];
  it.each([
    [line],
    [[...line, '--item', '1', '--part', '2']],
    [[...line, '--item', '1', '--model', 'clay']],
    [[...line, '--item', '1', '--usage', 'patronCard']],
    [[...line, '--item', '1', '--uid', '12']],
  ])('%j is refused before anything is opened', async (args) => {
    await expect(rfidWrite.run(args, terminal)).rejects.toThrow(UsageError);
  });

  it('takes a UID as a person types it', () => {
    expect(uidOption('e0:04:01:00:00:00:00:01')).toEqual({ uid: 'E004010000000001' });
    expect(uidOption(undefined)).toEqual({});
  });
});
