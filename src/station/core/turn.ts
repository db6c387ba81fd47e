import type { Row } from '../../journal/rows.ts';
import type { MessageKey } from '../../strings/keys.ts';
import type { Notice } from '../../shared/view.ts';
import type { TransactionId } from '../../kernel/ids.ts';
import type { CoreSettings } from '../settings.ts';
import type { Effect, Event } from './events.ts';
import type { OpenSession, OpenTransaction, SessionRow, State } from './state.ts';

/** One step in the making: the state as it becomes, and what has been decided so far. */
export class Turn {
  state: State;
  readonly event: Event;
  readonly settings: CoreSettings;
  readonly rows: Row[] = [];
  readonly effects: Effect[] = [];

  constructor(state: State, event: Event, settings: CoreSettings) {
    this.state = state;
    this.event = event;
    this.settings = settings;
  }

  change(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
  }

  commit(row: Row): void {
    this.rows.push(row);
  }

  act(effect: Effect): void {
    this.effects.push(effect);
  }

  /** Says a passing word; the same word twice is two words. */
  notice(tone: Notice['tone'], key: MessageKey, params?: Notice['message']['params']): void {
    // No two views have the same revision, so this one is greater than that of any notice before.
    const id = this.state.revision + 1;
    this.change({ notice: { id, tone, message: params === undefined ? { key } : { key, params } } });
  }

  refuse(rule: string, source: 'acs' | 'station'): void {
    this.commit({ row: 'refusal', rule, source, at: this.event.at });
  }

  /** Writes an open transaction back, or takes it off the list when it is settled. */
  setTransaction(id: TransactionId, transaction: OpenTransaction | undefined): void {
    const { open } = this.state;
    this.change({
      open: transaction === undefined ? open.without(id) : open.with(transaction, this.event.mono),
    });
  }

  /** The session, if it is one with rows. */
  session(): OpenSession | undefined {
    return this.state.session.phase === 'open' ? this.state.session : undefined;
  }

  changeSession(change: Partial<OpenSession>): void {
    const session = this.session();
    if (session !== undefined) this.change({ session: { ...session, ...change } });
  }

  /** Changes the row that shows a transaction, if its session is still there. */
  changeRowOf(id: TransactionId, change: Partial<SessionRow>): void {
    this.changeRows((row) => (row.transaction === id ? { ...row, ...change } : row));
  }

  changeRow(rowId: string, change: Partial<SessionRow>): void {
    this.changeRows((row) => (row.id === rowId ? { ...row, ...change } : row));
  }

  private changeRows(change: (row: SessionRow) => SessionRow): void {
    const session = this.session();
    if (session !== undefined) this.changeSession({ rows: session.rows.map(change) });
  }
}
