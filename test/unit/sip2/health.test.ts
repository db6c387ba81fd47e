import { describe, expect, test } from 'vitest';
import {
  breakerFailuresMin,
  breakerPauseMsFirst,
  breakerPauseMsMax,
  LinkHealth,
  outageFailuresMin,
  quickAnswersMin,
  recoveryAnswersMin,
  slowAnswersMin,
} from '../../../src/sip2/health.ts';
import { KeepAlive } from '../../../src/sip2/keep-alive.ts';

const slowMs = 1_000;

describe('an outage', () => {
  test('is what fails so often in a row, and not what fails once', () => {
    const health = new LinkHealth();
    for (let failure = 1; failure < outageFailuresMin; failure++) expect(health.failed(false)).toBe(false);
    expect(health.failed(false)).toBe(true);
  });

  test('does not add up over connections that had proved good', () => {
    const health = new LinkHealth();
    for (let failure = 0; failure < 20; failure++) expect(health.failed(true)).toBe(false);
  });

  test('ends with several good answers in a row; a failure between counts them anew', () => {
    const health = new LinkHealth();
    health.away();
    for (let answer = 1; answer < recoveryAnswersMin; answer++) expect(health.statusCame()).toBe(false);
    health.failed(false);
    for (let answer = 1; answer < recoveryAnswersMin; answer++) expect(health.statusCame()).toBe(false);
    expect(health.statusCame()).toBe(true);
    expect(health.outage).toBe(false);
    expect(health.failed(false)).toBe(false);
  });
});

describe('slow', () => {
  test('begins with several slow answers in a row and ends with several quick ones', () => {
    const health = new LinkHealth(slowMs);
    for (let answer = 1; answer < slowAnswersMin; answer++) expect(health.answered(slowMs + 1)).toBe(false);
    expect(health.answered(slowMs)).toBe(false);
    for (let answer = 1; answer < slowAnswersMin; answer++) expect(health.answered(slowMs + 1)).toBe(false);
    expect(health.answered(slowMs + 1)).toBe(true);
    expect(health.slow).toBe(true);
    for (let answer = 1; answer < quickAnswersMin; answer++) expect(health.answered(1)).toBe(false);
    expect(health.answered(slowMs + 1)).toBe(false);
    for (let answer = 1; answer < quickAnswersMin; answer++) expect(health.answered(1)).toBe(false);
    expect(health.answered(1)).toBe(true);
    expect(health.slow).toBe(false);
  });
});

describe('the breaker', () => {
  test('opens after so many requests in a row, half open after one, for longer each time, within its bound', () => {
    const health = new LinkHealth();
    for (let request = 1; request < breakerFailuresMin; request++)
      expect(health.requestUnanswered()).toBeUndefined();
    const pauses = Array.from({ length: 10 }, () => health.requestUnanswered());
    expect(pauses.slice(0, 3)).toEqual([
      breakerPauseMsFirst,
      2 * breakerPauseMsFirst,
      4 * breakerPauseMsFirst,
    ]);
    expect(pauses.at(-1)).toBe(breakerPauseMsMax);
  });

  test('one answered request closes it', () => {
    const health = new LinkHealth();
    for (let request = 0; request < 5; request++) health.requestUnanswered();
    health.requestAnswered();
    for (let request = 1; request < breakerFailuresMin; request++)
      expect(health.requestUnanswered()).toBeUndefined();
    expect(health.requestUnanswered()).toBe(breakerPauseMsFirst);
  });
});

describe('keep-alive', () => {
  test('is learnt from an ACS that closes twice after the same silence', () => {
    const keepAlive = new KeepAlive(60_000);
    expect(keepAlive.closedAfter(30_000)).toBe(false);
    expect(keepAlive.closedAfter(30_500)).toBe(true);
    expect(keepAlive.intervalMs).toBe(22_500);
  });

  test('is not learnt from two different silences, nor made longer', () => {
    const keepAlive = new KeepAlive(60_000);
    keepAlive.closedAfter(10_000);
    expect(keepAlive.closedAfter(40_000)).toBe(false);
    expect(keepAlive.closedAfter(100_000)).toBe(false);
    expect(keepAlive.closedAfter(100_000)).toBe(false);
    expect(keepAlive.intervalMs).toBe(60_000);
  });

  test('has a shortest interval, and stays off where it is off', () => {
    const keepAlive = new KeepAlive(60_000);
    keepAlive.closedAfter(5_500);
    keepAlive.closedAfter(5_500);
    expect(keepAlive.intervalMs).toBe(5_000);
    const off = new KeepAlive(0);
    off.closedAfter(10_000);
    expect(off.closedAfter(10_000)).toBe(false);
    expect(off.delayMs(false, 0)).toBeUndefined();
  });
});
