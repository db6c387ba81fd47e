import { beforeEach, describe, expect, it } from 'vitest';
import { answerMsMax, EscPosPrinter, lookEveryMs } from '../../../../src/devices/receipt-printer/escpos.ts';
import { encodePaper } from '../../../../src/devices/receipt-printer/paper.ts';
import {
  printMsMax,
  type Printed,
  type PrinterStatus,
} from '../../../../src/devices/receipt-printer/receipt-printer.ts';
import type { ByteStreamEvents } from '../../../../src/kernel/bytes.ts';
import { silentLog } from '../../../../src/kernel/log.ts';
import { VirtualPrinter } from '../../../../src/simulator/printer/virtual-printer.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const receipt = (): Uint8Array =>
  encodePaper([{ is: 'text', text: 'Kiitos' }], { columns: 42, maker: 'epson', cut: 'partial' });

const wireMs = 5;

/** A driver, a cable and a virtual printer, in virtual time. */
class Bench {
  readonly clock = new VirtualClock();
  readonly statuses: PrinterStatus[] = [];
  readonly printed: Printed[] = [];
  readonly driver: EscPosPrinter;
  readonly printer = new VirtualPrinter();
  plugged = true;
  /** Takes bytes and does not move them. */
  stuck = false;
  /** Unplugs after so many writes. */
  unplugAfter: number | undefined;
  writes = 0;
  #events: ByteStreamEvents | undefined;

  constructor() {
    this.driver = new EscPosPrinter({
      clock: this.clock,
      log: silentLog,
      path: 'virtual',
      dialect: 'epson',
      open: (events) => {
        this.clock.after(1, () => this.#open(events));
        return { write: (bytes) => this.#write(bytes), close: () => (this.#events = undefined) };
      },
    });
  }

  start(): this {
    this.driver.start({ onStatus: (status) => this.statuses.push(status) });
    this.clock.advance(500);
    return this;
  }

  unplug(): void {
    this.plugged = false;
    const events = this.#events;
    this.#events = undefined;
    events?.closed('unplugged');
  }

  print(): this {
    this.driver.print(receipt(), (printed) => this.printed.push(printed));
    return this;
  }

  get status(): PrinterStatus | undefined {
    return this.statuses.at(-1);
  }

  get words(): readonly string[] {
    return this.printer.paper.flatMap((line) => (line.is === 'text' ? [line.text.trim()] : []));
  }

  #open(events: ByteStreamEvents): void {
    if (!this.plugged) return events.closed('no such device');
    this.#events = events;
    events.opened();
  }

  #heard(bytes: Uint8Array): void {
    const answers = this.printer.bytes(bytes);
    if (answers.length > 0) this.clock.after(wireMs, () => this.#events?.bytes(answers));
  }

  #write(bytes: Uint8Array): boolean {
    if (this.#events === undefined) return false;
    this.writes += 1;
    const copy = Uint8Array.from(bytes);
    if (!this.stuck) this.clock.after(wireMs, () => this.#heard(copy));
    if (this.writes === this.unplugAfter) this.clock.after(0, () => this.unplug());
    return true;
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe('a receipt printer', () => {
  it('is found to be well, and prints', () => {
    bench.start();
    expect(bench.statuses).toEqual([{ problem: undefined, paperLow: false }]);
    bench.print().clock.advance(2_000);
    expect(bench.printed).toEqual([{ is: 'printed' }]);
    expect(bench.words).toContain('Kiitos');
  });

  it.each([
    ['paperEnd', { paper: 'out' }],
    ['coverOpen', { cover: 'open' }],
    ['cutter', { cutter: 'jammed' }],
  ] as const)(
    'says %s, prints nothing into it, and is well again when it is mended',
    (problem, condition) => {
      bench.start().printer.become(condition);
      bench.print().clock.advance(2_000);
      expect(bench.printed).toEqual([{ is: 'failed', problem }]);
      expect(bench.printer.paper).toEqual([]);
      expect(bench.status?.problem).toBe(problem);
      bench.printer.become({ paper: 'full', cover: 'closed', cutter: 'well' });
      bench.clock.advance(lookEveryMs + 500);
      expect(bench.status).toEqual({ problem: undefined, paperLow: false });
      bench.print().clock.advance(2_000);
      expect(bench.printed.at(-1)).toEqual({ is: 'printed' });
    },
  );

  it('runs out of paper in the middle', () => {
    bench.start().print().clock.advance(60);
    bench.printer.become({ paper: 'out' });
    bench.clock.advance(2_000);
    expect(bench.printed).toEqual([{ is: 'failed', problem: 'paperEnd' }]);
  });

  it('has little paper left: a word for staff, and it prints', () => {
    bench.printer.become({ paper: 'low' });
    bench.start();
    expect(bench.status).toEqual({ problem: undefined, paperLow: true });
    bench.print().clock.advance(2_000);
    expect(bench.printed).toEqual([{ is: 'printed' }]);
  });

  it('is switched off: it is silent, and heard again when it is on', () => {
    bench.printer.become({ power: 'off' });
    bench.start().clock.advance(4 * answerMsMax);
    expect(bench.status?.problem).toBe('silent');
    bench.print().clock.advance(5 * answerMsMax);
    expect(bench.printed).toEqual([{ is: 'failed', problem: 'silent' }]);
    bench.printer.become({ power: 'on' });
    bench.clock.advance(lookEveryMs + 500);
    expect(bench.status?.problem).toBeUndefined();
  });

  it('takes bytes that never arrive: the job ends in its time', () => {
    bench.start();
    bench.stuck = true;
    bench.print().clock.advance(printMsMax + 1);
    expect(bench.printed).toEqual([{ is: 'failed', problem: 'silent' }]);
  });

  it('falls silent while it prints: the job ends in its time', () => {
    bench.start().print().clock.advance(42);
    bench.printer.become({ power: 'off' });
    bench.clock.advance(printMsMax + 1);
    expect(bench.printed).toHaveLength(1);
    expect(bench.printed[0]?.is).toBe('failed');
  });

  it('prints one receipt at a time', () => {
    bench.start().print().print().clock.advance(2_000);
    expect(bench.printed).toEqual([{ is: 'failed', problem: 'fault' }, { is: 'printed' }]);
  });

  it('is not there: it says so at once, and is opened when it comes', () => {
    bench.plugged = false;
    bench.start();
    bench.print().clock.advance(1);
    expect(bench.printed).toEqual([{ is: 'failed', problem: 'away' }]);
    expect(bench.status?.problem).toBe('away');
    bench.plugged = true;
    bench.clock.advance(12_000);
    expect(bench.status?.problem).toBeUndefined();
  });

  it('is unplugged at any step of a job: the job fails once, and the next one prints', () => {
    bench.start().print().clock.advance(2_000);
    const whole = bench.writes;
    for (let step = 1; step <= whole; step++) {
      const one = new Bench();
      one.unplugAfter = step;
      one.start();
      one.print().clock.advance(printMsMax + 1);
      expect({ step, count: one.printed.length }).toEqual({ step, count: 1 });
      one.plugged = true;
      one.unplugAfter = undefined;
      one.clock.advance(15_000);
      one.print().clock.advance(2_000);
      expect({ step, last: one.printed.at(-1) }).toEqual({ step, last: { is: 'printed' } });
    }
  });

  it('stops in the middle of a job: it is told, and nothing comes after', () => {
    bench.start().print();
    bench.driver.stop();
    bench.clock.advance(60_000);
    expect(bench.printed).toEqual([{ is: 'failed', problem: 'away' }]);
    expect(bench.statuses).toHaveLength(1);
  });
});
