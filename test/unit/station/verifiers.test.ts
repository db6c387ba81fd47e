import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import { deriveByScrypt, VerifierSeal, type Derive } from '../../../src/station/offline/verifier.ts';
import { Verifiers, type OwnVerdict, type VerifierParts } from '../../../src/station/offline/verifiers.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { Stream } from '../../simulation/streams.ts';

const card = '2000001';
const dayMs = 86_400_000;
const pin = (text = '4711'): Uint8Array => Uint8Array.from(Buffer.from(text));

/** Quick, and as good for everything but guessing. Keeps what it was given, so that a test can look at it afterwards. */
function quick(seen: Uint8Array[] = []): Derive {
  return (secret, salt, costLog2, done) => {
    seen.push(secret);
    const hash = new Uint8Array(32);
    for (const [index, byte] of [...secret, ...salt, costLog2].entries())
      hash[index % 32] = (hash[index % 32] ?? 0) ^ byte;
    done(hash);
  };
}

class Rig {
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 20));
  readonly stored = new Map<string, Uint8Array>();
  readonly verifiers: Verifiers;

  constructor(changes: Partial<VerifierParts> = {}) {
    this.verifiers = new Verifiers({
      key: () => new Uint8Array(32).fill(7),
      machine: 'this',
      stored: (hash) => this.stored.get(hash),
      hash: (number) => `hash of ${number}`,
      daysMax: 30,
      derive: quick(),
      clock: this.clock,
      random: new Stream(1, 'verifiers'),
      log: silentLog,
      ...changes,
    });
  }

  make(text?: string): this {
    this.verifiers.make(card, pin(text), (sealed) => this.stored.set(`hash of ${card}`, sealed));
    return this;
  }

  check(text?: string, number = card): OwnVerdict | undefined {
    let told: OwnVerdict | undefined;
    this.verifiers.check(number, pin(text), (verdict) => (told = verdict));
    this.clock.advance(0);
    return told;
  }
}

describe('a verifier', () => {
  it('tells the right PIN from all others', () => {
    const rig = new Rig().make();
    expect(rig.check()).toBe('right');
    for (const other of ['4712', '471', '47110', '', '0000']) expect(rig.check(other)).toBe('wrong');
  });

  it('is nothing where there is none, and none is made without its key', () => {
    expect(new Rig().check()).toBe('none');
    const keyless = new Rig({ key: () => undefined });
    expect(keyless.make().stored.size).toBe(0);
    const rig = new Rig().make();
    const [sealed] = rig.stored.values();
    keyless.stored.set(`hash of ${card}`, sealed ?? new Uint8Array());
    expect(keyless.check()).toBe('none');
  });

  it('counts for so many days and not from the future', () => {
    const rig = new Rig().make();
    rig.clock.jump(30 * dayMs - 1);
    expect(rig.check()).toBe('right');
    rig.clock.jump(1);
    expect(rig.check()).toBe('none');
    rig.clock.jump(-31 * dayMs);
    expect(rig.check()).toBe('none');
  });

  it.each([
    ['another device key', { key: () => new Uint8Array(32).fill(8) }],
    ['another machine', { machine: 'that' }],
  ])('of %s is void', (_what, changes) => {
    const there = new Rig(changes).make();
    const here = new Rig();
    for (const [hash, sealed] of there.stored) here.stored.set(hash, sealed);
    expect(here.check()).toBe('none');
  });

  it('of another card is void, and so is a damaged one', () => {
    const rig = new Rig().make();
    const [sealed] = rig.stored.values();
    rig.stored.set('hash of other', sealed ?? new Uint8Array());
    expect(rig.check('4711', 'other')).toBe('none');
    for (const at of [0, 12, 40]) {
      const spoiled = Uint8Array.from(sealed ?? []);
      spoiled[at] = (spoiled[at] ?? 0) ^ 1;
      rig.stored.set(`hash of ${card}`, spoiled);
      expect(rig.check()).toBe('none');
    }
    rig.stored.set(`hash of ${card}`, Uint8Array.of(1, 2));
    expect(rig.check()).toBe('none');
  });

  it('is salted: the same PIN makes another one each time', () => {
    const derived: string[] = [];
    const derive: Derive = (secret, salt, cost, done) =>
      quick()(secret, salt, cost, (hash) => {
        derived.push(Buffer.from(hash ?? []).toString('hex'));
        done(hash);
      });
    new Rig({ derive }).make().make();
    expect(new Set(derived).size).toBe(2);
  });

  it('overwrites its copy of the PIN, and leaves the station’s buffer alone', () => {
    const seen: Uint8Array[] = [];
    const rig = new Rig({ derive: quick(seen) });
    const buffer = pin();
    rig.verifiers.make(card, buffer, (sealed) => rig.stored.set(`hash of ${card}`, sealed));
    rig.verifiers.check(card, buffer, () => undefined);
    expect(seen.map((bytes) => [...bytes])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(buffer).toEqual(pin());
  });

  it('refuses where there is no memory to check', () => {
    const rig = new Rig().make();
    const starved = new Rig({ derive: (_secret, _salt, _cost, done) => done(undefined) });
    for (const [hash, sealed] of rig.stored) starved.stored.set(hash, sealed);
    expect(starved.check()).toBe('none');
    expect(starved.make().stored.size).toBe(1);
  });

  it('is made as dear as this machine bears, within bounds', () => {
    const costOf = (msPerDerivation: number): number => {
      const clock = new VirtualClock();
      const costs: number[] = [];
      const derive: Derive = (secret, salt, costLog2, done) => {
        costs.push(costLog2);
        clock.advance(msPerDerivation);
        quick()(secret, salt, costLog2, done);
      };
      const rig = new Rig({ clock, derive });
      rig.verifiers.measure();
      rig.make();
      return costs.at(-1) ?? 0;
    };
    expect(costOf(5_000)).toBe(14);
    expect(costOf(100)).toBe(16);
    expect(costOf(1)).toBe(17);
  });
});

describe('scrypt', () => {
  it('gives what RFC 7914 says, section 12', async () => {
    const derived = await new Promise<Uint8Array | undefined>((resolve) => {
      deriveByScrypt(Buffer.from('pleaseletmein'), Buffer.from('SodiumChloride'), 14, resolve);
    });
    expect(Buffer.from(derived ?? []).toString('hex')).toBe(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2',
    );
  }, 60_000);
});

describe('what lies on the disk', () => {
  it('holds neither the PIN nor its hash in clear', () => {
    const seal = new VerifierSeal(new Uint8Array(32).fill(1), 'here', new Stream(1, 'seal'));
    const hash = new Uint8Array(32).fill(0xab);
    const sealed = seal.seal('card', { costLog2: 14, madeAt: 1, salt: new Uint8Array(16).fill(0xcd), hash });
    expect(sealed.includes(Buffer.from(hash.subarray(0, 8)))).toBe(false);
    expect(seal.open('card', sealed)?.hash).toEqual(hash);
  });
});
