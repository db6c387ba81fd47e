import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import type { OpenByteStream } from '../../../src/kernel/bytes.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { Sip2Client } from '../../../src/sip2/client.ts';
import { standardDialect } from '../../../src/sip2/dialect.ts';
import { answered, sequenceOf } from '../../support/scripted-peer.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { date, fixedRandom, status98 } from './client-rig.ts';

vi.setConfig({ testTimeout: 240_000 });

const exchanges = 100_000;
const warmUp = 10_000;
/** Forty bytes for each exchange; a kept answer has a hundred. */
const grownBytesMax = 4 * 1_048_576;

/** Bytes in use after the garbage is gone. */
function heapBytes(): number {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

/** An ACS that remembers nothing and answers in two pieces, with a line that nobody asked for now and then. */
function forgetfulAcs(clock: VirtualClock): OpenByteStream {
  return (events) => {
    clock.after(0, () => events.opened());
    let asked = 0;
    return {
      write(bytes) {
        const line = Buffer.from(bytes).toString('latin1');
        const sequence = sequenceOf(line);
        const item = /AB([^|]*)\|/.exec(line)?.[1] ?? '';
        const reply = line.startsWith('99') ? status98 : `18030001${date}AB${item}|AJSalainen kirja ${item}|`;
        const whole = Buffer.from(answered(reply, sequence));
        clock.after(1, () => {
          events.bytes(whole.subarray(0, 10));
          events.bytes(whole.subarray(10));
          if (++asked % 100 === 0) events.bytes(Buffer.from('garbage\r'));
        });
        return true;
      },
      close: () => undefined,
    };
  };
}

test(`${exchanges} exchanges on one connection leave memory flat`, () => {
  const clock = new VirtualClock();
  const ports = { open: forgetfulAcs(clock), clock, random: fixedRandom(0.5), log: silentLog };
  const client = new Sip2Client({ dialect: standardDialect, errorDetection: true, keepAliveMs: 0 }, ports);
  client.start(() => undefined);
  clock.advance(10);
  let told = 0;
  const ask = (count: number): void => {
    for (let index = 0; index < count; index++) {
      const fields = { AO: 'UWOLS', AB: String(index) };
      client.request({ code: '17', fixed: { transactionDate: date }, fields }, (outcome) => {
        if (outcome.kind === 'answered') told++;
      });
      clock.advance(200);
    }
  };
  ask(warmUp);
  const before = heapBytes();
  ask(exchanges);
  const grown = heapBytes() - before;
  expect(told).toBe(warmUp + exchanges);
  expect(grown).toBeLessThan(grownBytesMax);
  client.stop();
});
