import type { Ils } from '../../ils/ils.ts';
import type { Row } from '../../journal/rows.ts';
import type { SqliteJournal } from '../../journal/sqlite-journal.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { DeskAnswer } from '../../shared/desk.ts';
import { tagActMsMax, type TagOrder, type TagRequest } from '../../shared/tag-orders.ts';
import type { State } from '../core/state.ts';
import type { LentReader } from '../lent-reader.ts';
import { TagDesk, type TagDeskFailure } from '../tag-desk.ts';
import { TagTurn } from '../tag-turn.ts';
import { programmedWords, securitySetWords, deskFailureWords } from '../tag-words.ts';

export interface TagOrdersParts {
  readonly loop: {
    readonly state: {
      readonly session: { readonly phase: State['session']['phase'] };
      /** The command to a tag that the station itself has under way. */
      readonly tags: { readonly job: unknown };
    };
  };
  /** Left out where the station has none. */
  readonly reader: LentReader | undefined;
  readonly ils: Pick<Ils, 'item'>;
  readonly journal: Pick<SqliteJournal, 'commit' | 'auditHead'>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Current {
  readonly turn: TagTurn<string>;
  end(answer: DeskAnswer): void;
}

/**
 * Work on tags by hand at a running station, for the command line and for maintenance. Only while nobody is at the station: the reader
 * is handed over, and taken back at the end, at the latest when somebody comes. Each order is noted in the audit log before a tag is touched.
 */
export class TagOrders {
  readonly #parts: TagOrdersParts;
  #current: Current | undefined;

  constructor(parts: TagOrdersParts) {
    this.#parts = parts;
  }

  /**
   * The reply comes once, unless the station stops.
   * @returns for who asked and goes away before: the reader is taken back. What is being written is finished first.
   */
  carryOut(request: TagRequest, reply: (answer: DeskAnswer) => void): () => void {
    const refusal = this.#refusal();
    if (refusal === undefined) return this.#begin(request, reply);
    reply(refusal);
    return () => undefined;
  }

  #refusal(): DeskAnswer | undefined {
    const { loop, reader } = this.#parts;
    if (reader === undefined) return no('the station has no RFID reader');
    if (this.#current !== undefined) return no('somebody works on a tag already');
    if (loop.state.session.phase !== 'home') return no('somebody is at the station; nothing was done');
    if (loop.state.tags.job !== undefined)
      return no('the station is at work on a tag itself; try again in a moment');
    return undefined;
  }

  #begin(request: TagRequest, reply: (answer: DeskAnswer) => void): () => void {
    const { reader, ils, clock } = this.#parts;
    let turn: TagTurn<string> | undefined = undefined;
    const lent = reader?.lend((field) => turn?.onField(field));
    if (reader === undefined || lent === undefined) {
      reply(no('the RFID reader is not ready; `omatoimi status` tells why'));
      return () => undefined;
    }
    let cancelBound = (): void => undefined;
    const end = (answer: DeskAnswer): void => {
      if (this.#current === undefined) return;
      cancelBound();
      this.#current.turn.stop();
      this.#current = undefined;
      lent.takeBack();
      reply(answer);
    };
    const desk = new TagDesk({ reader, ils });
    turn = new TagTurn<string>({
      clock,
      desk,
      waitMs: request.waitMs,
      act: (told) => {
        if (!this.#note(request)) return end(no('it could not be noted in the journal; nothing was done'));
        cancelBound = clock.after(tagActMsMax, () =>
          end(no('it took too long; look at what lies on the tag')),
        );
        order(desk, request.order, told);
      },
      onEnd: (result) =>
        end(result.ok ? { ok: true, value: { told: result.value } } : no(deskFailureWords(result.error))),
    });
    const current = { turn, end };
    this.#current = current;
    turn.onField(lent.field);
    return () => {
      if (this.#current === current && !current.turn.isActing) end(no('who asked for it went away'));
    };
  }

  /** The owner tells each change of the view. Whoever comes has the reader; what is being written is finished first. */
  viewChanged(): void {
    const { loop } = this.#parts;
    if (this.#current === undefined || this.#current.turn.isActing || loop.state.session.phase === 'home')
      return;
    this.#current.end(no('somebody came to the station; nothing was done'));
  }

  stop(): void {
    this.#current?.turn.stop();
    this.#current = undefined;
  }

  #note({ by, order: wanted }: TagRequest): boolean {
    const { journal, clock, log } = this.#parts;
    const at = clock.now();
    const row: Row =
      wanted.do === 'write'
        ? { row: 'audit', at, act: 'writeTag', by, detail: wanted.model }
        : {
            row: 'audit',
            at,
            act: wanted.secured ? 'secureTag' : 'releaseTag',
            by,
            detail: wanted.askAcs ? 'asked' : 'notAsked',
          };
    const committed = journal.commit([row]);
    if (committed.ok) log.write('info', 'audit.noted', { code: journal.auditHead() });
    else log.write('warning', 'audit.notNoted', { reason: committed.failure.kind });
    return committed.ok;
  }
}

function order(
  desk: TagDesk,
  wanted: TagOrder,
  reply: (result: Result<string, TagDeskFailure>) => void,
): void {
  if (wanted.do === 'write')
    return desk.program(wanted, (done) => reply(done.ok ? ok(programmedWords(done.value)) : done));
  desk.security(wanted, (done) => reply(done.ok ? ok(securitySetWords(done.value, wanted.secured)) : done));
}

function no(reason: string): DeskAnswer {
  return { ok: false, reason };
}
