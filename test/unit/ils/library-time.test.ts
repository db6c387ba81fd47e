import { describe, expect, test } from 'vitest';
import { LibraryTime } from '../../../src/ils/library-time.ts';

const helsinki = new LibraryTime('Europe/Helsinki');

describe('the library’s time', () => {
  test.each([
    // Helsinki: EET is UTC+2, EEST UTC+3; the change is at 01:00 UTC on the last Sundays of March and October.
    ['2026-11-20T08:15:30Z', '20261120    101530'],
    ['2026-06-18T20:59:59Z', '20260618    235959'],
    ['2026-06-18T21:00:00Z', '20260619    000000'],
    ['2026-03-29T00:59:59Z', '20260329    025959'],
    ['2026-03-29T01:00:00Z', '20260329    040000'],
    ['2026-10-25T00:59:59Z', '20261025    035959'],
    ['2026-10-25T01:00:00Z', '20261025    030000'],
    ['2026-12-31T22:00:00Z', '20270101    000000'],
  ])('%s is %s in Helsinki', (utc, local) => expect(helsinki.sip2(Date.parse(utc))).toBe(local));

  test.each([
    ['UTC', '2026-11-20T08:15:30Z', '20261120    081530'],
    ['Asia/Kathmandu', '2026-11-20T18:14:59Z', '20261120    235959'],
    ['America/St_Johns', '2026-11-20T03:29:59Z', '20261119    235959'],
    ['Australia/Lord_Howe', '2026-10-03T15:29:00Z', '20261004    015900'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', '20261004    023000'],
  ])('%s', (zone, utc, local) => expect(new LibraryTime(zone).sip2(Date.parse(utc))).toBe(local));

  test('an unknown zone throws', () => expect(() => new LibraryTime('Europe/Atlantis')).toThrow(RangeError));

  test('stays right over many moments', () => {
    const hour = 3_600_000;
    for (
      let at = Date.parse('2026-01-01T00:00:00Z');
      at < Date.parse('2026-12-31T00:00:00Z');
      at += 7 * hour
    ) {
      const summer = at >= Date.parse('2026-03-29T01:00:00Z') && at < Date.parse('2026-10-25T01:00:00Z');
      expect(helsinki.offsetMs(at)).toBe((summer ? 3 : 2) * hour);
    }
  });
});
