import { commandsMax, type BlockWrite, type TagOutcome, type TagUid } from './rfid-reader.ts';

export interface SecurityCommand {
  readonly do: 'setSecurity';
  readonly uid: TagUid;
  readonly secured: boolean;
  readonly reply: (outcome: TagOutcome) => void;
}

export interface WriteCommand {
  readonly do: 'write';
  readonly uid: TagUid;
  readonly blocks: BlockWrite;
  readonly reply: (outcome: TagOutcome) => void;
}

export type TagCommand = SecurityCommand | WriteCommand;

/** Commands that wait for the wire, in their order. */
export class CommandQueue {
  readonly #waiting: TagCommand[] = [];

  /** False: too many wait. */
  push(command: TagCommand): boolean {
    if (this.#waiting.length >= commandsMax) return false;
    this.#waiting.push(command);
    return true;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /**
   * What is done next: one writing, or as many settings of the security in a row as concern different tags. Those share their
   * inventory, so that a stack of books is unlocked in one breath.
   */
  take(): WriteCommand | readonly SecurityCommand[] | undefined {
    const [first] = this.#waiting;
    if (first?.do === 'write') {
      this.#waiting.shift();
      return first;
    }
    const batch: SecurityCommand[] = [];
    for (const command of this.#waiting) {
      if (command.do !== 'setSecurity' || batch.some(({ uid }) => uid === command.uid)) break;
      batch.push(command);
    }
    this.#waiting.splice(0, batch.length);
    return batch.length === 0 ? undefined : batch;
  }

  /** All that wait, which nobody will carry out. */
  takeAll(): readonly TagCommand[] {
    return this.#waiting.splice(0);
  }
}
