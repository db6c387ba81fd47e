import { createHash } from 'node:crypto';
import type { Clock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { SqliteJournal } from '../../src/journal/sqlite-journal.ts';
import type { Derive } from '../../src/station/offline/verifier.ts';
import { Verifiers } from '../../src/station/offline/verifiers.ts';
import type { LifeParts } from './life.ts';
import type { PinCheck } from './pin-check.ts';
import type { Streams } from './streams.ts';

const deriveMsMax = 600;
/** Now and then there is no memory for a derivation. */
const noMemory = 0.01;
/** In some lives of the station the device key does not come. */
const keyless = 0.1;
const deviceKey = new Uint8Array(32).fill(0x5a);

/** Derives at once what a real station derives slowly, and tells later. */
function derivingAtOnce(clock: Clock, streams: Streams): Derive {
  const chance = streams.of('derive');
  return (secret, salt, costLog2, done) => {
    const hash = createHash('sha256').update(salt).update(`${costLog2}`).update(secret).digest();
    const fails = chance.chance(noMemory);
    clock.after(chance.whole(1, deriveMsMax), () => done(fails ? undefined : hash));
  };
}

/** The station’s own checks of PINs in one of its lives, each of them seen by `pins`. */
export function ownPins(parts: {
  journal: SqliteJournal;
  clock: Clock;
  streams: Streams;
  pins: PinCheck;
}): LifeParts['verifiers'] {
  const { journal, clock, streams, pins } = parts;
  const hasKey = !streams.of('deviceKey').chance(keyless);
  const verifiers = new Verifiers({
    key: () => (hasKey ? deviceKey : undefined),
    machine: 'simulated',
    stored: (cardHash) => journal.pinVerifier(cardHash),
    hash: (card) => journal.hash(card),
    daysMax: 30,
    derive: derivingAtOnce(clock, streams),
    clock,
    random: streams.of('verifiers'),
    log: silentLog,
  });
  return {
    make: (card, pin, done) => {
      pins.enrolled(card, Buffer.from(pin).toString('utf8'));
      verifiers.make(card, pin, done);
    },
    check: (card, pin, done) => {
      const typed = Buffer.from(pin).toString('utf8');
      pins.ownCheck(card);
      verifiers.check(card, pin, (verdict) => {
        pins.ownVerdict(card, typed, verdict);
        done(verdict);
      });
    },
  };
}
