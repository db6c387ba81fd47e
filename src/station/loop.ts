import { unreachable } from '../kernel/assert.ts';
import type { CancelTimer, Clock } from '../kernel/clock.ts';
import { newTransactionId, type TransactionId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Random } from '../kernel/random.ts';
import type { RfidReader } from '../devices/rfid-reader/rfid-reader.ts';
import type { Ils, SecretBytes } from '../ils/ils.ts';
import type { Journal, Row } from '../journal/rows.ts';
import type { IntentAct } from '../shared/intent.ts';
import type { View } from '../shared/view.ts';
import type { Call, Effect, Event, Happening, TimerName } from './core/events.ts';
import type { State } from './core/state.ts';
import { initialState, step as coreStep, type Step } from './core/step.ts';
import { viewOf } from './core/view.ts';
import { offlineStatus } from './offline/status.ts';
import type { OwnVerdict, Verifiers } from './offline/verifiers.ts';
import { PinBuffer } from './pin-buffer.ts';
import type { ReceiptPrinting } from './receipt/printing.ts';
import type { CoreSettings } from './settings.ts';

/** Events that may stand in line; more means that something posts without end. */
const queueMax = 10_000;

export interface LoopParts {
  readonly settings: CoreSettings;
  readonly journal: Journal;
  readonly ils: Ils;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where receipts come out; none where no printer is configured. */
  readonly receipts?: ReceiptPrinting | undefined;
  readonly publish: (view: View) => void;
  /** Lets the page see at once what was published; left out: it sees it at the end of the tick, with what else was published in it. */
  readonly show?: (() => void) | undefined;
  /** A scanner that types was heard by the page. Left out: the station has none. */
  readonly onWedge?: ((text: string, ended: boolean) => void) | undefined;
  /** Where the station has an RFID reader. The reply comes later, never from within the call. */
  readonly setSecurity?: RfidReader['setSecurity'];
  /** The decision itself; a test may put a broken one here and must see it found. */
  readonly step?: (state: State, event: Event, settings: CoreSettings) => Step;
  /** Checks PINs while the library system is away, where the library has turned it on. */
  readonly verifiers?: Pick<Verifiers, 'make' | 'check'> | undefined;
  /** Notes the transaction that is worked on, so that one that ends the process is known at the next start. */
  readonly handling?: { write(id: TransactionId | undefined): void };
  /** Called between the parts of a turn; the simulation cuts the power here. */
  readonly boundary?: (where: 'commit' | 'publish' | 'effect', before: BoundaryBefore) => void;
}

/** What comes next at a boundary: the rows of the turn, and the effect where one is about to be carried out. */
export interface BoundaryBefore {
  readonly rows: readonly Row[];
  readonly effect?: Effect;
}

/**
 * The station’s heartbeat. For each event: decide, commit the rows, publish the view, carry out the effects, in that
 * order and no other, so that nothing is shown or done that is not on the disk.
 */
export class Loop {
  private readonly parts: LoopParts;
  private readonly pin = new PinBuffer();
  private readonly timers = new Map<TimerName, CancelTimer>();
  private readonly queue: Happening[] = [];
  /** In the order in which they came. */
  private readonly seenIntents = new Set<string>();
  private running = false;
  private stopped = false;
  private current: State;
  private handled: TransactionId | undefined;

  constructor(parts: LoopParts) {
    this.parts = parts;
    const { journal, settings, clock } = parts;
    const recovered = {
      open: journal.open(),
      pinTries: journal.pinTries(),
      tagWork: journal.tagWork(),
      outage: journal.outage(),
    };
    this.current = initialState(settings, recovered, clock.now());
  }

  get state(): State {
    return this.current;
  }

  /** For the technician. */
  offlineStatus(): Readonly<Record<string, unknown>> {
    const { settings, clock } = this.parts;
    return offlineStatus(this.current, settings.offline, clock.now());
  }

  /** How many characters of a PIN the station holds at this moment. */
  get pinHeld(): number {
    return this.pin.peek().length;
  }

  /** The present view, for a page that comes late. */
  view(): View {
    return viewOf(this.current, this.parts.settings, this.parts.clock.now());
  }

  start(): void {
    this.post({ type: 'started' });
    this.parts.ils.start((status) => this.post({ type: 'ils', status }));
  }

  /** Ends it without a word; open rows are taken up at the next start. */
  stop(): void {
    this.stopped = true;
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    this.pin.clear();
    this.parts.ils.stop();
  }

  /** An intent of a page. The same id counts once, and a key of the PIN goes into its buffer here. */
  intent(id: string, epoch: number, act: IntentAct): void {
    if (this.stopped || this.seenIntents.has(id)) return;
    this.seenIntents.add(id);
    if (this.seenIntents.size > intentsRemembered) {
      const [oldest] = this.seenIntents;
      if (oldest !== undefined) this.seenIntents.delete(oldest);
    }
    if (act.do === 'wedge') return this.parts.onWedge?.(act.text, act.ended);
    if (act.do !== 'pinKey') return this.post({ type: 'act', act, epoch });
    const digit = /^[0-9]$/.test(act.key);
    const slot = this.pin.stash(act.key);
    this.post({ type: 'act', act: { do: 'pinKey', slot, digit }, epoch });
  }

  /** Something happened. Events are taken in their order, each wholly, before the next. */
  post(what: Happening): void {
    if (this.stopped) return;
    this.queue.push(what);
    if (this.queue.length > queueMax) throw new Error('impossible: the event queue grows without end');
    if (this.running) return;
    this.running = true;
    try {
      for (let next = this.queue.shift(); next !== undefined && !this.stopped; next = this.queue.shift()) {
        this.turn(next);
      }
    } finally {
      this.running = false;
    }
  }

  private turn(what: Happening): void {
    const { settings, journal, publish, boundary } = this.parts;
    const decided = (this.parts.step ?? coreStep)(this.current, this.stamp(what), settings);
    const { rows } = decided;
    if (rows.length > 0) {
      boundary?.('commit', { rows });
      const committed = journal.commit(rows);
      if (!committed.ok && rows.every((row) => row.row === 'refusal')) {
        // That somebody was refused is noted where there is room; that they hear it does not depend on it.
        this.parts.log.write('warning', 'journal.refusalNotNoted', { reason: committed.failure.kind });
      } else if (!committed.ok) {
        if (what.type === 'commitFailed') throw new Error('impossible: rows after a failed commit');
        this.queue.unshift({ type: 'commitFailed', failure: committed.failure, lost: what });
        return;
      }
    }
    this.current = decided.state;
    if (decided.view !== undefined) {
      boundary?.('publish', { rows });
      publish(decided.view);
      // Somebody waits for what was answered; only the next request goes before it.
      if (what.type === 'replied' && !decided.effects.some((effect) => effect.do === 'call'))
        this.parts.show?.();
    }
    this.noteHandling();
    for (const effect of decided.effects) {
      boundary?.('effect', { rows, effect });
      this.carryOut(effect);
    }
  }

  private noteHandling(): void {
    const purpose = this.current.underWay?.purpose;
    const id = purpose?.for === 'transaction' ? purpose.id : undefined;
    if (id === this.handled) return;
    this.handled = id;
    this.parts.handling?.write(id);
  }

  private stamp(what: Happening): Event {
    const { clock, random } = this.parts;
    return { at: clock.now(), mono: clock.monotonic(), id: newTransactionId(random), what };
  }

  private carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'call':
        return this.call(effect.number, effect.call);
      case 'setTimer':
        return this.setTimer(effect.name, effect.delayMs, effect.epoch);
      case 'cancelTimer':
        this.timers.get(effect.name)?.();
        this.timers.delete(effect.name);
        return;
      case 'pinKeep':
        return this.pin.keep(effect.slot);
      case 'pinDrop':
        return this.pin.drop(effect.slot);
      case 'pinErase':
        return this.pin.erase();
      case 'pinClear':
        return this.pin.clear();
      case 'pinEnrol':
        return this.parts.verifiers?.make(effect.card, this.pin.peek(), (sealed) =>
          this.post({ type: 'verifierMade', card: effect.card, sealed }),
        );
      case 'pinVerify':
        return this.verify(effect.card, effect.epoch);
      case 'setSecurity':
        return this.setSecurity(effect.job, effect.uid, effect.secured);
      case 'takeIn':
        return this.post({ type: 'takeIn' });
      case 'print':
        return this.print(effect);
      case 'readBelieved':
        return this.post({ type: 'believedRead', stored: this.parts.journal.believed() });
      case 'readDoubted': {
        const stored = this.parts.journal.doubted(effect.since, effect.max);
        if (stored !== undefined) this.post({ type: 'doubtedRead', stored });
        return;
      }
      case 'probeDisk':
        return this.post({ type: 'diskProbed', disk: this.parts.journal.probe() });
      case 'log':
        return this.parts.log.write(effect.level, effect.event, effect.fields);
      default:
        return unreachable(effect);
    }
  }

  private setSecurity(job: number, uid: string, secured: boolean): void {
    const { setSecurity } = this.parts;
    if (setSecurity === undefined) throw new Error('impossible: a command to a tag without a reader');
    setSecurity(uid, secured, (outcome) => this.post({ type: 'tagReplied', job, outcome }));
  }

  private print({ receipt, language, epoch }: Extract<Effect, { do: 'print' }>): void {
    const { receipts } = this.parts;
    if (receipts === undefined) return this.post({ type: 'printed', epoch, problem: 'away' });
    receipts.print(receipt, language, (problem) => this.post({ type: 'printed', epoch, problem }));
  }

  private verify(card: string, epoch: number): void {
    const told = (verdict: OwnVerdict): void => this.post({ type: 'pinVerified', card, epoch, verdict });
    const { verifiers, clock } = this.parts;
    if (verifiers === undefined) clock.after(0, () => told('none'));
    else verifiers.check(card, this.pin.peek(), told);
  }

  private setTimer(name: TimerName, delayMs: number, epoch: number): void {
    this.timers.get(name)?.();
    const cancel = this.parts.clock.after(delayMs, () => {
      this.timers.delete(name);
      this.post({ type: 'timer', name, epoch });
    });
    this.timers.set(name, cancel);
  }

  /** The PIN of the patron who is here, where it goes with each request; of no other card. */
  private pinOf(card: string): { readonly pin?: SecretBytes } {
    const { session } = this.current;
    const pin = this.pin.peek();
    const isHere = session.phase === 'open' && session.patron?.card === card;
    return isHere && pin.length > 0 ? { pin } : {};
  }

  private call(number: number, call: Call): void {
    const { ils } = this.parts;
    switch (call.kind) {
      case 'checkCustomership':
        return ils.checkCustomership({ card: call.card, pin: this.pin.peek() }, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'checkCustomership', outcome } }),
        );
      case 'account':
        return ils.account({ ...call, ...this.pinOf(call.card) }, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'account', outcome } }),
        );
      case 'item':
        return ils.item(call, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'item', outcome } }),
        );
      case 'checkout':
        return ils.checkout({ ...call, ...this.pinOf(call.card) }, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'checkout', outcome } }),
        );
      case 'checkin':
        return ils.checkin(call, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'checkin', outcome } }),
        );
      case 'renew':
        return ils.renew({ ...call, ...this.pinOf(call.card) }, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'renew', outcome } }),
        );
      case 'renewAll':
        return ils.renewAll({ ...call, ...this.pinOf(call.card) }, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'renewAll', outcome } }),
        );
      case 'hold':
        return ils.hold({ ...call, ...this.pinOf(call.card) }, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'hold', outcome } }),
        );
      case 'feePaid':
        return ils.feePaid({ ...call, ...this.pinOf(call.card) }, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'feePaid', outcome } }),
        );
      case 'endSession':
        return ils.endSession({ ...call, ...this.pinOf(call.card) }, (outcome) =>
          this.post({ type: 'replied', call: number, reply: { kind: 'endSession', outcome } }),
        );
      default:
        return unreachable(call);
    }
  }
}

/** So many ids of intents are remembered, so that one that a page sends twice counts once. */
const intentsRemembered = 256;
