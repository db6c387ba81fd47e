import { unreachable } from '../../kernel/assert.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { RotatingKeyStore } from '../../kernel/key-store.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { FoundTransaction, ListedTransaction } from '../../journal/reader.ts';
import type { AuditAct, JournalFailure, Row } from '../../journal/rows.ts';
import type { SqliteJournal } from '../../journal/sqlite-journal.ts';
import { exportPageRows, type DeskAct, type DeskAnswer, type DeskRequest } from '../../shared/desk.ts';
import type { Copies } from '../copies.ts';
import type { Loop } from '../loop.ts';
import { exportPage } from './exporting.ts';
import { suggestedForTags } from './tag-suggestions.ts';
import { suggestedAct } from './suggestions.ts';

/** Digits of a card number that a list shows; enough to find the patron together with the library’s staff. */
const cardCharsShown = 4;

type Noted = { readonly by: string; readonly subject?: TransactionId; readonly detail?: string };
type ActOf<D extends DeskAct['do']> = Extract<DeskAct, { readonly do: D }>;

export interface DeskParts {
  readonly journal: SqliteJournal;
  readonly loop: Loop;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  /** Left out where they can’t be replaced from here. */
  readonly keys?: RotatingKeyStore;
  /** Left out where none are made. */
  readonly copies?: Copies;
}

/** Where technicians and librarians work on the journal of a running station. Each act is noted in the audit log, also a look. */
export class Desk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  ask({ by, act }: DeskRequest): DeskAnswer {
    switch (act.do) {
      case 'list':
        return this.#look('list', { by, detail: act.state ?? 'all' }, () => this.#list(act));
      case 'refusals':
        return this.#look('list', { by, detail: 'refusals' }, () => this.#parts.journal.refusals());
      case 'show':
        return this.#show(act, by);
      case 'resolve':
        return this.#resolve(act, by);
      case 'tags':
        return this.#look('tags', { by }, () => this.#tags());
      case 'resolveTags':
        return this.#resolveTags(act, by);
      case 'retry':
        return this.#retry(act, by);
      case 'export':
        return this.#export(act, by);
      case 'take':
        return this.#take(act, by);
      case 'person':
        return this.#look('person', { by }, () => this.#parts.journal.person(act.card));
      case 'erase':
        return this.#erase(act, by);
      case 'rotateKeys':
        return this.#rotateKeys(by);
      case 'copy':
        return this.#copy(by);
      case 'audit':
        return this.#look('audit', { by }, () => this.#parts.journal.audit(act.limit));
      case 'verify':
        return this.#look('verify', { by }, () => this.#parts.journal.verifyAudit());
      default:
        return unreachable(act);
    }
  }

  #list({ state, limit }: ActOf<'list'>): unknown {
    const listed = this.#parts.journal.list({ ...(state === undefined ? {} : { state }), limit });
    return listed.map((row) => ({ ...row, patron: shortened(row) }));
  }

  #show(act: ActOf<'show'>, by: string): DeskAnswer {
    const found = this.#parts.journal.find(act.transaction);
    if (found === undefined) return this.#notThere(act);
    return this.#look('show', { by, subject: found.id }, () => ({
      ...found,
      suggestion: suggestedAct(found),
    }));
  }

  #resolve(act: ActOf<'resolve'>, by: string): DeskAnswer {
    const found = this.#parts.journal.find(act.transaction);
    if (found === undefined) return this.#notThere(act);
    if (found.state !== 'staff') return notOnTheList(found);
    const at = this.#parts.clock.now();
    const rule = `resolved.${act.note}`;
    return this.#commit([
      { row: 'move', id: found.id, to: 'resolved', at, rule, source: 'station' },
      { row: 'audit', at, act: 'resolve', by, subject: found.id, detail: act.note },
    ]);
  }

  #tags(): unknown {
    const withStaff = this.#parts.journal.tagWork().filter(({ state }) => state === 'staff');
    return withStaff.map((work) => ({ ...work, suggestion: suggestedForTags(work) }));
  }

  #resolveTags({ transaction }: ActOf<'resolveTags'>, by: string): DeskAnswer {
    const { journal, clock } = this.#parts;
    const found = journal.tagWork().find(({ id, state }) => id === transaction && state === 'staff');
    if (found === undefined) return no(`no tags of ${transaction} wait for staff`);
    const at = clock.now();
    return this.#commit([
      { row: 'tagMove', id: found.id, to: 'resolved', rule: 'resolved', at },
      { row: 'audit', at, act: 'resolveTags', by, subject: found.id },
    ]);
  }

  #retry(act: ActOf<'retry'>, by: string): DeskAnswer {
    const { journal, loop } = this.#parts;
    const found = journal.find(act.transaction);
    if (found === undefined) return this.#notThere(act);
    if (found.state !== 'staff') return notOnTheList(found);
    if (found.kind === 'hold' || found.kind === 'fee') {
      return no(`a ${found.kind} is put right by hand in the library system; then resolve it`);
    }
    if (!found.readable) return no('what it was cannot be read, so it cannot be tried again; resolve it');
    loop.post({ type: 'retry', stored: found, by });
    // The loop has taken the event by now; where its rows found no place, the transaction is where it was.
    if (journal.find(found.id)?.state !== 'resolved')
      return no('it could not be written down; nothing was changed');
    this.#noteLink();
    return { ok: true, value: {} };
  }

  #export(act: ActOf<'export'>, by: string): DeskAnswer {
    const { journal } = this.#parts;
    const give = () => exportPage(journal.page(act.states, act.after, exportPageRows), exportPageRows);
    // One act, however many pages it has.
    return act.after > 0 ? this.#given(give) : this.#look('export', { by, detail: act.format }, give);
  }

  /** Tells which of them the station lets go of. */
  #take({ transactions }: ActOf<'take'>, by: string): DeskAnswer {
    const { journal, loop, clock } = this.#parts;
    const found = transactions.map((seq) => journal.find(seq)).filter((one) => one !== undefined);
    const waiting = found.filter(({ state }) => state === 'waiting').map(({ id }) => id);
    if (waiting.length > 0) loop.post({ type: 'handedOver', ids: waiting, by });
    const at = clock.now();
    const rows = found
      .filter(({ state }) => state === 'staff')
      .flatMap(({ id }): Row[] => [
        { row: 'move', id, to: 'resolved', at, rule: 'resolved.exported', source: 'station' },
        { row: 'audit', at, act: 'take', by, subject: id },
      ]);
    const committed = journal.commit(rows);
    if (!committed.ok) this.#parts.log.write('warning', 'desk.notTaken', { reason: committed.failure.kind });
    this.#noteLink();
    const taken = found.map(({ seq }) => seq).filter((seq) => journal.find(seq)?.state === 'resolved');
    return { ok: true, value: { taken } };
  }

  #erase(act: ActOf<'erase'>, by: string): DeskAnswer {
    const { journal, loop, clock } = this.#parts;
    loop.post({ type: 'forgotten', card: act.card });
    const erased = journal.erase(act.card, { row: 'audit', at: clock.now(), act: 'erase', by });
    if (!erased.ok) return no(failureWords(erased.error));
    this.#parts.copies?.now();
    this.#noteLink();
    return { ok: true, value: erased.value };
  }

  /** Asks for a copy at once; what came of it stands in the status. */
  #copy(by: string): DeskAnswer {
    const { journal, copies, clock } = this.#parts;
    if (copies === undefined) return no('no copy is configured (data.copy)');
    const committed = journal.commit([{ row: 'audit', at: clock.now(), act: 'copy', by }]);
    if (!committed.ok) return no(failureWords(committed.failure));
    copies.now();
    return { ok: true, value: copies.status() };
  }

  /** At each step a crash leaves a journal that opens: old keys go last, and only when nothing needs them any more. */
  #rotateKeys(by: string): DeskAnswer {
    const { journal, keys, random, clock } = this.#parts;
    if (keys === undefined)
      return no('the keys of this station are held elsewhere and cannot be replaced from here');
    const rotated = keys.rotate(random);
    if (!rotated.ok) return no(`a new key cannot be written (${rotated.error.reason})`);
    const resealed = journal.reseal({ row: 'audit', at: clock.now(), act: 'rotateKeys', by });
    if (!resealed.ok) return no(`${failureWords(resealed.error)}; old and new key are both kept, try again`);
    this.#noteLink();
    const kept = journal.hasAsides()
      ? 'files that were set aside are sealed under them'
      : resealed.value.traceless
        ? undefined
        : 'somebody reads the journal at the moment';
    const destroyed = kept === undefined ? keys.destroyOthers() : undefined;
    if (destroyed?.ok === true) journal.forgetKeys(destroyed.value);
    // The copy is still sealed under the old key.
    this.#parts.copies?.now();
    return {
      ok: true,
      value: {
        resealed: resealed.value.resealed,
        unreadable: resealed.value.unreadable,
        destroyed: destroyed?.ok === true ? destroyed.value.length : 0,
        oldKeysKept: destroyed?.ok === false ? destroyed.error.reason : kept,
      },
    };
  }

  /** A look is noted before it is given. Where it can't be noted, the technical log says so: a full disk must be looked at too. */
  #look(act: AuditAct, noted: Noted, give: () => unknown): DeskAnswer {
    const at = this.#parts.clock.now();
    const committed = this.#parts.journal.commit([{ row: 'audit', at, act, ...noted }]);
    if (committed.ok) this.#noteLink();
    else this.#parts.log.write('warning', 'audit.notNoted', { reason: committed.failure.kind });
    return this.#given(give);
  }

  /** What was read of a journal that fails is nothing, or a part, and not to be taken for the whole. */
  #given(give: () => unknown): DeskAnswer {
    const value = give();
    const { fault } = this.#parts.journal;
    return fault === undefined ? { ok: true, value } : no(unreadable(fault));
  }

  #notThere({ transaction }: { readonly transaction: number | string }): DeskAnswer {
    const { fault } = this.#parts.journal;
    return no(fault === undefined ? `the journal has no transaction ${transaction}` : unreadable(fault));
  }

  #commit(rows: readonly Row[]): DeskAnswer {
    const committed = this.#parts.journal.commit(rows);
    if (!committed.ok) return no(failureWords(committed.failure));
    this.#noteLink();
    return { ok: true, value: {} };
  }

  /** The newest link, outside the journal: a journal put back as it was yesterday lacks it. */
  #noteLink(): void {
    this.#parts.log.write('info', 'audit.noted', { code: this.#parts.journal.auditHead() });
  }
}

function no(reason: string): DeskAnswer {
  return { ok: false, reason };
}

function unreadable(fault: string): string {
  return `the journal cannot be read (${fault})`;
}

function notOnTheList({ seq, state }: FoundTransaction): DeskAnswer {
  return no(`transaction ${seq} is ${state} and not on the staff list`);
}

function failureWords(failure: JournalFailure): string {
  return failure.kind === 'full'
    ? 'the disk is full; nothing was changed'
    : `the journal is broken (${failure.reason})`;
}

export function shortened({ patron }: ListedTransaction): string | undefined {
  return patron === undefined ? undefined : `…${patron.slice(-cardCharsShown)}`;
}
