import type { CancelTimer, Clock, MonotonicMillis } from '../../kernel/clock.ts';
import { err, ok } from '../../kernel/result.ts';
import type { Cut, FrameSplitter } from './frames.ts';
import type { AskStep, Script, Step, StepResult } from './script.ts';

/** A silence within a frame after which the rest of it does not come. A pseudo-terminal gives a frame in 20 pieces. */
export const pieceGapMsMax = 200;

const nothing = ok(new Uint8Array(0));

export interface RunnerPorts {
  readonly clock: Clock;
  readonly splitter: FrameSplitter;
  /** False: the stream is not open; it will be told as closed. */
  readonly write: (bytes: Uint8Array) => boolean;
}

/**
 * Runs one script on one open stream. One frame at a time waits for its answer, and each wait ends: by the answer, by what is
 * no answer, by its time-out, or by `stop`.
 */
export class ScriptRunner {
  readonly #ports: RunnerPorts;
  #script: Script<void> | undefined;
  #step: Step | undefined;
  #sent = false;
  #heardAt: MonotonicMillis | undefined;
  #cancelStep: CancelTimer = () => undefined;
  #cancelPiece: CancelTimer = () => undefined;

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
  }

  /** @param ended called when the script came to its end by itself */
  run(script: Script<void>, ended: () => void): void {
    if (this.#script !== undefined) throw new Error('impossible: two scripts on one wire');
    this.#script = script;
    this.#ended = ended;
    this.#go(nothing);
  }

  /** Drops the script where it stands. */
  stop(): void {
    this.#script = undefined;
    this.#step = undefined;
    this.#cancelStep();
    this.#cancelPiece();
  }

  /** There is something to do: an idle pause ends, a moment later. */
  wake(): void {
    if (this.#step?.do !== 'pause' || !this.#step.idle) return;
    this.#cancelStep();
    this.#cancelStep = this.#ports.clock.after(0, () => this.#go(nothing));
  }

  bytes(chunk: Uint8Array): void {
    const { clock, splitter } = this.#ports;
    this.#heardAt = clock.monotonic();
    this.#cancelPiece();
    for (const cut of splitter.push(chunk)) {
      // What follows an answer in the same breath was not asked for.
      if (this.#cut(cut)) return splitter.reset();
    }
    if (splitter.midFrame) this.#cancelPiece = clock.after(pieceGapMsMax, () => this.#pieceIsLate());
  }

  #ended: () => void = () => undefined;

  #pieceIsLate(): void {
    const cut = this.#ports.splitter.pause();
    if (cut !== undefined) this.#cut(cut);
  }

  /** True when the cut ended the exchange. */
  #cut(cut: Cut): boolean {
    const step = this.#step;
    if (step?.do !== 'ask' || !this.#sent) return false;
    const answers = cut.kind === 'frame' && step.accepts(cut.bytes);
    if (!answers && step.skipsOthers) return false;
    if (answers) this.#go(ok(cut.bytes));
    else if (cut.kind === 'frame') this.#go(err({ kind: 'wrongAnswer' }));
    else this.#go(err({ kind: 'badFrame', why: cut.why }));
    return true;
  }

  #go(result: StepResult): void {
    const script = this.#script;
    if (script === undefined) return;
    this.#cancelStep();
    this.#cancelPiece();
    this.#step = undefined;
    const next = script.next(result);
    // Whoever was called from within the script may have stopped it.
    if (this.#script !== script) return;
    if (next.done !== true) return this.#take(next.value);
    this.#script = undefined;
    this.#ended();
  }

  #take(step: Step): void {
    const { clock } = this.#ports;
    this.#step = step;
    if (step.do === 'pause') {
      this.#cancelStep = clock.after(step.ms, () => this.#go(nothing));
      return;
    }
    this.#sent = false;
    const silence = this.#heardAt === undefined ? step.gapMs : clock.monotonic() - this.#heardAt;
    if (silence >= step.gapMs) this.#send(step);
    else this.#cancelStep = clock.after(step.gapMs - silence, () => this.#send(step));
  }

  #send(step: AskStep): void {
    const { clock, splitter, write } = this.#ports;
    splitter.reset();
    this.#sent = true;
    this.#cancelStep = clock.after(step.timeoutMs, () => this.#go(err({ kind: 'noAnswer' })));
    // A write that is refused or never arrives is a frame without an answer.
    write(step.frame);
  }
}
