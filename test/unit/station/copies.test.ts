import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Copies, copyByProcess, copyMsMax, type CopyResult } from '../../../src/station/copies.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { Stream } from '../../simulation/streams.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const minuteMs = 60_000;
const settings = { directory: '/elsewhere', everyMinutes: 10, recipient: 'age1x' };
const good: CopyResult = { ok: true, value: { bytes: 4_096, sameDisk: false } };
const bad: CopyResult = { ok: false, error: 'its disk is full' };

function bench() {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const runs: { done: (result: CopyResult) => void; killed: boolean }[] = [];
  let written = 0;
  const copies = new Copies({
    settings,
    clock,
    log: { write: (level, event, fields) => lines.push(`${level} ${event} ${fields?.reason ?? ''}`.trim()) },
    start: (_, done) => {
      const run = { done, killed: false };
      runs.push(run);
      return { kill: () => (run.killed = true) };
    },
    fingerprint: () => String(written),
  });
  return { clock, lines, runs, copies, write: () => (written += 1) };
}

describe('copies elsewhere', () => {
  it('are made at once and then each ten minutes, when something was written', () => {
    const { clock, runs, copies, write } = bench();
    const from = clock.now();
    copies.begin();
    expect(runs).toHaveLength(1);
    runs[0]?.done(good);
    clock.advance(10 * minuteMs);
    // Nothing was written: the copy is as good as new.
    expect(runs).toHaveLength(1);
    expect(copies.status()).toMatchObject({
      goodAt: 10 * minuteMs - 1_000 + from,
      bytes: 4_096,
      failure: undefined,
    });
    write();
    clock.advance(10 * minuteMs);
    expect(runs).toHaveLength(2);
  });

  it('that fail are told once, tried again, and told when they work again', () => {
    const { clock, lines, runs, copies } = bench();
    copies.begin();
    const failedSince = clock.now();
    runs[0]?.done(bad);
    clock.advance(10 * minuteMs);
    runs[1]?.done(bad);
    expect(lines).toEqual(['warning journal.copyFailed its disk is full']);
    expect(copies.status()).toMatchObject({ goodAt: undefined, failure: 'its disk is full', failedSince });
    clock.advance(10 * minuteMs);
    runs[2]?.done({ ok: true, value: { bytes: 1, sameDisk: true } });
    expect(lines.slice(1)).toEqual(['info journal.copied', 'warning journal.copyOnSameDisk']);
    expect(copies.status()).toMatchObject({ failure: undefined, failedSince: undefined, sameDisk: true });
  });

  it('that hang are given up', () => {
    const { clock, runs, copies, lines } = bench();
    copies.begin();
    clock.advance(copyMsMax);
    expect(runs[0]?.killed).toBe(true);
    expect(lines).toEqual(['warning journal.copyFailed it took more than 10 minutes']);
    // What it says afterwards is nobody's.
    const before = copies.status();
    runs[0]?.done(good);
    expect(copies.status()).toEqual(before);
    clock.advance(10 * minuteMs);
    expect(runs.length).toBeGreaterThan(1);
  });

  it('asked for now come now, or right after the one that is under way', () => {
    const { runs, copies } = bench();
    copies.begin();
    copies.now();
    expect(runs).toHaveLength(1);
    runs[0]?.done(good);
    expect(runs).toHaveLength(2);
    runs[1]?.done(good);
    expect(runs).toHaveLength(2);
    copies.now();
    expect(runs).toHaveLength(3);
  });

  it('end with the station', () => {
    const { clock, runs, copies, lines } = bench();
    copies.begin();
    copies.stop();
    expect(runs[0]?.killed).toBe(true);
    runs[0]?.done(bad);
    copies.now();
    clock.advance(100 * minuteMs);
    expect(runs).toHaveLength(1);
    expect(lines).toEqual([]);
  });
});

describe('a dead disk', () => {
  it('loses at most what the setting says, whenever it dies', () => {
    const chance = new Stream(1, 'dead disks');
    for (let life = 0; life < 200; life += 1) {
      const everyMinutes = chance.whole(1, 30);
      const everyMs = everyMinutes * minuteMs;
      const tookMsMin = chance.whole(100, everyMs / 10);
      const clock = new VirtualClock();
      const from = clock.monotonic();
      const written: number[] = [];
      /** What was written until then lies in a copy that is finished. */
      let copiedUntil = from;
      const copies = new Copies({
        settings: { ...settings, everyMinutes },
        clock,
        log: silentLog,
        start: (_, done) => {
          const began = clock.monotonic();
          const cancel = clock.after(chance.whole(tookMsMin, 2 * tookMsMin), () => {
            copiedUntil = began;
            done(good);
          });
          return { kill: cancel };
        },
        fingerprint: () => String(written.length),
      });
      copies.begin();
      for (let writes = chance.whole(1, 300); writes > 0; writes -= 1) {
        clock.advance(chance.whole(1, minuteMs));
        written.push(clock.monotonic());
      }
      clock.advance(chance.whole(0, 2 * everyMs));
      const lost = written.filter((at) => at > copiedUntil);
      for (const at of lost)
        expect(clock.monotonic() - at, `every ${everyMinutes} min`).toBeLessThanOrEqual(everyMs);
      copies.stop();
    }
  });

  it('loses more only where copies take longer than the time between them', () => {
    const { clock, runs, copies, write } = bench();
    copies.begin();
    for (let copy = 0; copy < 3; copy += 1) {
      write();
      clock.advance(9 * minuteMs);
      runs[copy]?.done(good);
      clock.advance(9_999);
      expect(runs).toHaveLength(copy + 1);
      clock.advance(1);
      expect(runs).toHaveLength(copy + 2);
    }
  });
});

describe('copying in a process of its own', () => {
  const run = (program: string): Promise<CopyResult> => {
    const folder = mkdtempSync(join(tmpdir(), 'omatoimi-copies-'));
    const file = join(folder, 'program.mjs');
    writeFileSync(file, program);
    return new Promise<CopyResult>((resolve) => {
      copyByProcess('/data', () => 'the keys', file)(settings, resolve);
    }).finally(() => rmSync(folder, { recursive: true }));
  };

  it('believes its one line', async () => {
    const line = JSON.stringify({ ok: true, value: { bytes: 7, sameDisk: false } });
    expect(await run(`console.log(${JSON.stringify(line)})`)).toEqual(JSON.parse(line));
    expect(await run(`console.log('{"ok":false,"error":"EROFS"}')`)).toEqual({ ok: false, error: 'EROFS' });
  });

  it.each([
    ['crashes', 'throw new Error("no")'],
    ['says nonsense', 'console.log("copied!")'],
    ['says nothing', ''],
  ])('takes one that %s for a failure', async (_, program) => {
    expect(await run(program)).toEqual({ ok: false, error: 'the copying ended without a word' });
  });

  it('gets the keys as its input, and not as an argument', async () => {
    const told = await run(
      `import { text } from 'node:stream/consumers';
       console.log(JSON.stringify({ ok: false, error: await text(process.stdin) }))`,
    );
    expect(told).toEqual({ ok: false, error: 'the keys' });
  });

  it('gets its orders as arguments', async () => {
    const told = await run(
      `console.log(JSON.stringify({ ok: false, error: process.argv.slice(2).join(' ') }))`,
    );
    expect(told).toEqual({ ok: false, error: '--data /data --to /elsewhere --recipient age1x' });
  });
});
