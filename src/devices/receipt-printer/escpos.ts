import type { ByteStream, OpenByteStream } from '../../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { KeptOpen } from '../kept-open.ts';
import { sameStatus, statusOfFacts } from './known-status.ts';
import {
  printMsMax,
  type Printed,
  type PrinterProblem,
  type PrinterStatus,
  type ReceiptPrinter,
  type ReceiptPrinterEvents,
} from './receipt-printer.ts';
import {
  commandEnd,
  factsOf,
  StatusReader,
  statusQuestion,
  type PrinterDialect,
  type StatusFacts,
  type StatusTopic,
} from './status-wire.ts';

/** A printer that is on answers within some milliseconds, also while it prints. */
export const answerMsMax = 1_000;
/** How often an idle printer is asked how it is. */
export const lookEveryMs = 10_000;
/** How often a printing one is asked whether it is done. */
export const printLookEveryMs = 250;
/** Questions in a row without an answer, after which the printer counts as silent. */
const unansweredMax = 2;
/** The topics of one look. What is asked last says whether it is off-line for any reason. */
const look: readonly StatusTopic[] = ['paper', 'offlineCause', 'error', 'printer'];
export const jobBytesMax = 64 * 1024;

export interface EscPosPrinterOptions {
  readonly open: OpenByteStream;
  readonly clock: Clock;
  readonly log: Log;
  /** For the log. */
  readonly path: string;
  readonly dialect: PrinterDialect;
}

interface Job {
  readonly bytes: Uint8Array;
  readonly reply: (printed: Printed) => void;
  /** `asking`: whether it can print; `printing`: the bytes are on their way. */
  stage: 'asking' | 'printing';
  cancel: CancelTimer;
}

/**
 * A receipt printer that speaks ESC/POS. One question is on the wire at a time, as an answer does not say what it answers. It is asked
 * before each receipt, so that nothing is sent into a printer without paper, and after it until it is idle.
 */
export class EscPosPrinter implements ReceiptPrinter {
  readonly #options: EscPosPrinterOptions;
  readonly #link: KeptOpen<ByteStream>;
  #reader: StatusReader;
  #events: ReceiptPrinterEvents | undefined;
  /** As it was told last. */
  #status: PrinterStatus | undefined;
  #facts: StatusFacts = {};
  /** Topics still to be asked in this look; the first of them is on the wire. */
  #asking: readonly StatusTopic[] = [];
  #unanswered = 0;
  #job: Job | undefined;
  #cancelAnswer: CancelTimer = () => undefined;
  #cancelLook: CancelTimer = () => undefined;

  constructor(options: EscPosPrinterOptions) {
    this.#options = options;
    this.#reader = new StatusReader(options.dialect);
    this.#link = new KeptOpen({
      ...options,
      name: 'printer',
      open: (events) => options.open({ ...events, bytes: (chunk) => this.#heard(chunk) }),
    });
  }

  start(events: ReceiptPrinterEvents): void {
    this.#events = events;
    this.#link.start({ onOpened: () => this.#opened(), onLost: () => this.#lost() });
  }

  stop(): void {
    this.#events = undefined;
    this.#quiet();
    this.#end({ is: 'failed', problem: 'away' });
    this.#link.stop();
  }

  print(bytes: Uint8Array, reply: (printed: Printed) => void): void {
    const { clock } = this.#options;
    const refuse = (problem: PrinterProblem): void =>
      void clock.after(0, () => reply({ is: 'failed', problem }));
    if (this.#link.link === undefined) return refuse('away');
    if (this.#job !== undefined || bytes.length > jobBytesMax) return refuse('fault');
    this.#job = {
      bytes,
      reply,
      stage: 'asking',
      cancel: clock.after(printMsMax, () => this.#overdue()),
    };
    this.#unanswered = 0;
    if (this.#asking.length === 0) this.#look();
  }

  #opened(): void {
    this.#reader = new StatusReader(this.#options.dialect);
    this.#unanswered = 0;
    this.#link.link?.write(commandEnd);
    this.#look();
  }

  #lost(): void {
    this.#quiet();
    this.#tell({ problem: 'away', paperLow: false });
    this.#end({ is: 'failed', problem: 'away' });
  }

  /** Asks all topics, one after the other. */
  #look(): void {
    this.#cancelLook();
    this.#facts = {};
    this.#asking = look;
    this.#ask();
  }

  #ask(): void {
    const [topic] = this.#asking;
    if (topic === undefined) return this.#looked();
    // A port that takes no bytes tells so by closing, or by the silence that follows.
    this.#link.link?.write(statusQuestion(topic));
    this.#cancelAnswer = this.#options.clock.after(answerMsMax, () => this.#silence());
  }

  #heard(chunk: Uint8Array): void {
    for (const piece of this.#reader.read(chunk)) {
      if (piece.is === 'told') {
        this.#facts = { ...this.#facts, ...piece.facts };
        if (this.#asking.length === 0) this.#look();
        continue;
      }
      const [topic, ...others] = this.#asking;
      // An answer that comes after its time is nobody’s.
      if (topic === undefined) continue;
      this.#cancelAnswer();
      this.#unanswered = 0;
      this.#facts = joined(this.#facts, factsOf(topic, piece.byte, this.#options.dialect));
      this.#asking = others;
      this.#ask();
    }
  }

  #silence(): void {
    this.#asking = [];
    this.#unanswered += 1;
    if (this.#unanswered < unansweredMax) return this.#look();
    this.#tell({ problem: 'silent', paperLow: false });
    // While it prints, a slow printer may be too busy to answer; only its time decides.
    if (this.#job?.stage === 'asking') this.#end({ is: 'failed', problem: 'silent' });
    this.#lookAgain();
  }

  #looked(): void {
    const status = statusOfFacts(this.#facts);
    this.#tell(status);
    const job = this.#job;
    if (job !== undefined && status.problem !== undefined)
      this.#end({ is: 'failed', problem: status.problem });
    else if (job?.stage === 'asking') this.#send(job);
    else if (job?.stage === 'printing') this.#end({ is: 'printed' });
    this.#lookAgain();
  }

  #send(job: Job): void {
    job.stage = 'printing';
    if (this.#link.link?.write(job.bytes) !== true) this.#link.giveUp('the port took nothing');
  }

  #overdue(): void {
    this.#end({ is: 'failed', problem: this.#job?.stage === 'printing' ? 'fault' : 'silent' });
  }

  #lookAgain(): void {
    const ms = this.#job === undefined ? lookEveryMs : printLookEveryMs;
    this.#cancelLook();
    this.#cancelLook = this.#options.clock.after(ms, () => {
      if (this.#asking.length === 0) this.#look();
    });
  }

  /** The job is over, and the next one may come; its bytes are the patron’s and do not stay. */
  #end(printed: Printed): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#job = undefined;
    job.cancel();
    job.bytes.fill(0);
    this.#options.clock.after(0, () => job.reply(printed));
  }

  #tell(status: PrinterStatus): void {
    if (this.#status !== undefined && sameStatus(status, this.#status)) return;
    this.#status = status;
    this.#events?.onStatus(status);
  }

  #quiet(): void {
    this.#cancelAnswer();
    this.#cancelLook();
    this.#asking = [];
  }
}

/** Two topics tell of the end of the paper and of faults: what either of them says counts. */
function joined(one: StatusFacts, other: StatusFacts): StatusFacts {
  return {
    ...one,
    ...other,
    paperEnd: one.paperEnd === true || other.paperEnd === true,
    fault: one.fault === true || other.fault === true,
  };
}
