import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/kernel/log.ts';
import type { Ils, IlsStatus, Reply, Customership, LoanAnswer } from '../../../src/ils/ils.ts';
import type { Journal, JournalFailure, Row } from '../../../src/journal/rows.ts';
import type { IntentAct } from '../../../src/shared/intent.ts';
import type { CoreSettings } from '../../../src/station/settings.ts';
import { Loop } from '../../../src/station/loop.ts';
import { Stream } from '../../simulation/streams.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { answered, card, customer, item, lent, settings } from './driver.ts';

/** What the loop did, in the order in which it did it. */
class Recorder {
  readonly did: string[] = [];
  /** Each note of what is worked on, and what had happened before it. */
  readonly handled: { readonly handled: boolean; readonly before: string | undefined }[] = [];
  readonly clock = new VirtualClock();
  pinSeen = '';
  pinAfter: Uint8Array | undefined;
  fail: JournalFailure | undefined;
  status: (status: IlsStatus) => void = () => undefined;
  answerPin: Reply<Customership> = () => undefined;
  answerLoan: Reply<LoanAnswer> = () => undefined;
  readonly loop: Loop;
  #intents = 0;

  pinWithLoan: string | undefined;

  constructor(changed: Partial<CoreSettings['pin']> = {}) {
    const journal: Journal = {
      commit: (rows: readonly Row[]) => {
        if (this.fail !== undefined) return { ok: false, failure: this.fail };
        this.did.push(`commit ${rows.map((row) => (row.row === 'move' ? row.to : row.row)).join(' ')}`);
        return { ok: true };
      },
      open: () => [],
      pinTries: () => [],
      tagWork: () => [],
      outage: () => undefined,
      believed: () => [],
      doubted: () => undefined,
      hash: (value) => value,
      probe: () => this.fail?.kind ?? 'fine',
      staffCount: () => 0,
      close: () => undefined,
    };
    const unused = (): void => {
      throw new Error('not part of this test');
    };
    const ils: Ils = {
      start: (onStatus) => (this.status = onStatus),
      stop: () => this.did.push('stop'),
      checkCustomership: ({ pin }, reply) => {
        this.did.push('check');
        this.pinSeen = Buffer.from(pin ?? []).toString('utf8');
        this.pinAfter = pin;
        this.answerPin = reply;
      },
      checkout: ({ pin }, reply) => {
        this.did.push('checkout');
        this.pinWithLoan = pin === undefined ? undefined : Buffer.from(pin).toString('utf8');
        this.pinAfter = pin ?? this.pinAfter;
        this.answerLoan = reply;
      },
      endSession: () => this.did.push('goodbye'),
      account: unused,
      item: unused,
      checkin: unused,
      renew: unused,
      renewAll: unused,
      hold: unused,
      feePaid: unused,
    };
    this.loop = new Loop({
      settings: { ...settings, pin: { ...settings.pin, ...changed } },
      journal,
      ils,
      clock: this.clock,
      random: new Stream(1, 'loop'),
      log: silentLog,
      handling: {
        write: (id) => {
          const { did } = this;
          this.handled.push({ handled: id !== undefined, before: did.at(-1) });
        },
      },
      publish: (view) => this.did.push(`publish ${view.screen.name}`),
      show: () => this.did.push('show'),
    });
    this.loop.start();
    this.status({ state: 'online' });
  }

  act(act: IntentAct, id = `i${++this.#intents}`): void {
    this.loop.intent(id, this.loop.state.epoch, act);
  }

  signIn(number = card): void {
    this.act({ do: 'chooseService', service: 'borrow' });
    this.loop.post({ type: 'scan', text: number });
    for (const key of '1234') this.act({ do: 'pinKey', key });
    this.act({ do: 'pinEnter' });
    this.answerPin(answered(customer));
    this.did.length = 0;
  }
}

describe('the loop', () => {
  it('commits, then publishes, then acts', () => {
    const recorder = new Recorder();
    recorder.signIn();
    recorder.loop.post({ type: 'scan', text: item });
    expect(recorder.did).toEqual(['commit begin', 'publish borrow', 'checkout']);
    recorder.did.length = 0;
    recorder.answerLoan(answered(lent));
    expect(recorder.did).toEqual(['commit accepted', 'publish borrow', 'show']);
  });

  it('sends the next request before the page is shown the answer of the one before', () => {
    const recorder = new Recorder();
    recorder.signIn();
    recorder.loop.post({ type: 'scan', text: item });
    recorder.loop.post({ type: 'scan', text: '300002' });
    recorder.did.length = 0;
    recorder.answerLoan(answered(lent));
    expect(recorder.did).toEqual(['commit accepted', 'publish borrow', 'checkout']);
  });

  it('notes what it works on before it acts, and until its end is on the disk', () => {
    const recorder = new Recorder();
    recorder.signIn();
    recorder.loop.post({ type: 'scan', text: item });
    recorder.answerLoan(answered(lent));
    expect(recorder.handled).toEqual([
      { handled: true, before: 'publish borrow' },
      { handled: false, before: 'show' },
    ]);
    expect(recorder.did.indexOf('checkout')).toBeGreaterThan(-1);
  });

  it('shows and does nothing that could not be committed', () => {
    const recorder = new Recorder();
    recorder.signIn();
    recorder.fail = { kind: 'full' };
    recorder.loop.post({ type: 'scan', text: item });
    expect(recorder.did).toEqual(['publish borrow']);
    expect(recorder.loop.view().screen).toMatchObject({
      items: [{ state: 'refused', refusal: { rule: 'space.full' } }],
    });
  });

  it('serves again when the disk does', () => {
    const recorder = new Recorder();
    recorder.signIn();
    recorder.fail = { kind: 'broken', reason: 'EIO' };
    recorder.loop.post({ type: 'scan', text: item });
    expect(recorder.loop.view().screen.name).toBe('outOfService');
    recorder.fail = undefined;
    recorder.clock.advance(30_000);
    expect(recorder.loop.view().screen.name).not.toBe('outOfService');
  });

  it('lets a patron hear a refusal that could not be noted', () => {
    const recorder = new Recorder();
    recorder.fail = { kind: 'full' };
    recorder.status({ state: 'unreachable' });
    recorder.act({ do: 'chooseService', service: 'borrow' });
    expect(recorder.loop.view().screen).toMatchObject({ name: 'refusal', refusal: { rule: 'acs.away' } });
  });

  it('hands the PIN to the check and overwrites it when the answer is there', () => {
    const recorder = new Recorder();
    recorder.signIn();
    expect(recorder.pinSeen).toBe('1234');
    expect([...(recorder.pinAfter ?? [])]).toEqual([0, 0, 0, 0]);
    expect(recorder.loop.pinHeld).toBe(0);
  });

  it('lends without the PIN where the library system does not want it again', () => {
    const recorder = new Recorder();
    recorder.signIn();
    recorder.loop.post({ type: 'scan', text: item });
    expect(recorder.did).toContain('checkout');
    expect(recorder.pinWithLoan).toBeUndefined();
  });

  it.each([
    ['leaves', { do: 'leave' }],
    ['finishes', { do: 'finish', receipt: false }],
  ] as const)('sends the PIN with each request where it must, until the patron %s', (_how, goes) => {
    const recorder = new Recorder({ withEachRequest: true });
    recorder.signIn();
    expect(recorder.loop.pinHeld).toBe(4);
    recorder.loop.post({ type: 'scan', text: item });
    expect(recorder.pinWithLoan).toBe('1234');
    recorder.answerLoan(answered(lent));
    recorder.act(goes);
    expect(recorder.loop.pinHeld).toBe(0);
    expect([...(recorder.pinAfter ?? [1])]).toEqual([0, 0, 0, 0]);
  });

  it('never sends the PIN of one patron with what another left behind', () => {
    const recorder = new Recorder({ withEachRequest: true });
    recorder.signIn();
    recorder.loop.post({ type: 'scan', text: item });
    const lost = recorder.answerLoan;
    recorder.act({ do: 'leave' });
    recorder.signIn('29991');
    recorder.pinWithLoan = 'nothing sent';
    lost({ kind: 'notSent', reason: 'closed' });
    recorder.clock.advance(60_000);
    expect(['nothing sent', undefined]).toContain(recorder.pinWithLoan);
  });

  it('takes an intent that comes twice once', () => {
    const recorder = new Recorder();
    recorder.act({ do: 'chooseService', service: 'borrow' }, 'same');
    recorder.act({ do: 'leave' }, 'other');
    recorder.act({ do: 'chooseService', service: 'borrow' }, 'same');
    expect(recorder.loop.view().screen.name).toBe('home');
  });

  it('fires the idle timer on time, and none after the session', () => {
    const recorder = new Recorder();
    recorder.signIn();
    recorder.clock.advance(settings.session.idleMs - 1);
    expect(recorder.loop.view().stillThere).toBeUndefined();
    recorder.clock.advance(1);
    expect(recorder.loop.view().stillThere).toEqual({ secondsLeft: 20 });
    recorder.act({ do: 'finish', receipt: false });
    recorder.clock.advance(settings.session.finishedMs);
    expect(recorder.loop.view().screen.name).toBe('home');
    recorder.clock.advance(3_600_000);
    expect(recorder.loop.view().screen.name).toBe('home');
    expect(recorder.loop.view().stillThere).toBeUndefined();
  });

  it('does nothing more once it is stopped', () => {
    const recorder = new Recorder();
    recorder.signIn();
    recorder.loop.stop();
    recorder.did.length = 0;
    recorder.loop.post({ type: 'scan', text: item });
    recorder.act({ do: 'finish', receipt: false });
    recorder.clock.advance(3_600_000);
    expect(recorder.did).toEqual([]);
  });
});
