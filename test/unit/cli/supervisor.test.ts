import { afterEach, describe, expect, test } from 'vitest';
import {
  restartDelayMsMax,
  restartDelayMsMin,
  restartsMax,
  settledAfterMs,
  Supervisor,
  type RunningProcess,
} from '../../../src/cli/supervisor.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

class FakeProcess implements RunningProcess {
  readonly exited: Promise<string>;
  end: (reason: string) => void = () => undefined;
  stops = 0;

  constructor() {
    this.exited = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  stop(): Promise<void> {
    this.stops += 1;
    this.end('stopped');
    return Promise.resolve();
  }
}

/** Lets promises that are settled run what waits for them. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function supervised(startsFail: (start: number) => boolean = () => false) {
  const clock = new VirtualClock();
  const started: FakeProcess[] = [];
  const downs: [reason: string, restartMs: number][] = [];
  const givenUp: string[] = [];
  let starts = 0;
  const supervisor = new Supervisor<FakeProcess>({
    clock,
    start: () => {
      starts += 1;
      if (startsFail(starts)) {
        return Promise.reject(new Error('will not start'));
      }
      const process = new FakeProcess();
      started.push(process);
      return Promise.resolve(process);
    },
    onUp: () => undefined,
    onDown: (reason, restartMs) => downs.push([reason, restartMs]),
    onGivenUp: (reason) => givenUp.push(reason),
  });
  const endLast = async (reason = 'SIGKILL') => {
    started.at(-1)?.end(reason);
    await settle();
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { supervisor, started, downs, givenUp, endLast, pass, starts: () => starts };
}

describe('a supervised process', () => {
  afterEach(() => settle());

  test('starts again when it ends, after a while', async () => {
    const { supervisor, started, downs, endLast, pass } = supervised();
    await supervisor.begin();
    await endLast();
    expect(downs).toEqual([['SIGKILL', restartDelayMsMin]]);
    expect(supervisor.current).toBeUndefined();
    await pass(restartDelayMsMin - 1);
    expect(started).toHaveLength(1);
    await pass(1);
    expect(started).toHaveLength(2);
    expect(supervisor.current).toBe(started[1]);
  });

  test('waits twice as long each time, up to a bound, and is left alone in the end', async () => {
    const { supervisor, downs, givenUp, endLast, pass } = supervised();
    await supervisor.begin();
    for (let ends = 0; ends <= restartsMax; ends++) {
      await endLast();
      await pass(restartDelayMsMax);
    }
    expect(downs.map(([, ms]) => ms)).toEqual([
      200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000, 10_000,
    ]);
    expect(givenUp).toEqual(['SIGKILL']);
    expect(supervisor.current).toBeUndefined();
  });

  test('begins to count anew when it was up for long', async () => {
    const { supervisor, downs, endLast, pass } = supervised();
    await supervisor.begin();
    for (let ends = 0; ends < 3 * restartsMax; ends++) {
      await pass(settledAfterMs);
      await endLast();
      await pass(restartDelayMsMin);
    }
    expect(new Set(downs.map(([, ms]) => ms))).toEqual(new Set([restartDelayMsMin]));
  });

  test('that does not get ready again is tried again', async () => {
    const { supervisor, downs, started, endLast, pass } = supervised((start) => start === 2);
    await supervisor.begin();
    await endLast();
    await pass(200);
    expect(downs).toEqual([
      ['SIGKILL', 200],
      ['will not start', 400],
    ]);
    await pass(400);
    expect(started).toHaveLength(2);
    expect(supervisor.current).toBe(started[1]);
  });

  test('that fails its very first start is not tried again', async () => {
    const { supervisor, downs, pass, starts } = supervised(() => true);
    await expect(supervisor.begin()).rejects.toThrow('will not start');
    await pass(60_000);
    expect(starts()).toBe(1);
    expect(downs).toEqual([]);
  });

  test('stays down once stopped, while up and while waiting', async () => {
    const up = supervised();
    await up.supervisor.begin();
    await up.supervisor.stop();
    expect(up.started[0]?.stops).toBe(1);
    await up.pass(60_000);
    expect(up.starts()).toBe(1);
    expect(up.downs).toEqual([]);

    const waiting = supervised();
    await waiting.supervisor.begin();
    await waiting.endLast();
    await waiting.supervisor.stop();
    await waiting.pass(60_000);
    expect(waiting.starts()).toBe(1);
  });

  test('that gets ready while it is being stopped is stopped too', async () => {
    const { supervisor, started } = supervised();
    const beginning = supervisor.begin();
    await supervisor.stop();
    await beginning;
    expect(started[0]?.stops).toBe(1);
    expect(supervisor.current).toBeUndefined();
  });
});
