import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { faultWords } from './faults.tsx';
import type { Happenings } from './happenings.ts';
import { Paper } from './paper.tsx';
import type { ExampleItem, ExamplePatron } from './server.ts';

const tabs = [
  ['wire', 'SIP2'],
  ['journal', 'Journal'],
  ['ledger', 'Ledger'],
  ['paper', 'Receipt'],
  ['frames', 'Frames'],
] as const;
type Tab = (typeof tabs)[number][0];

const explained: Readonly<Record<Tab, string>> = {
  wire: 'Between station and library system, masked: lengths stand for numbers, names and PINs.',
  journal: 'The station’s own record, newest first.',
  ledger: 'What really happened in the library system, newest first.',
  frames: 'Between page and station, by kind and revision, newest first.',
  paper: 'What came out of the printer.',
};

interface LiveProps {
  readonly happenings: Happenings;
  readonly items: readonly ExampleItem[];
  readonly patrons: readonly ExamplePatron[];
  readonly onTearOff: () => void;
}

/** What happens, as it happens. */
export function Live({ happenings, items, patrons, onTearOff }: LiveProps) {
  const [tab, setTab] = useState<Tab>('wire');
  return (
    <section className="dock-pane dock-live" aria-labelledby="live">
      <div className="dock-pane-head">
        <h2 id="live">What happens</h2>
        <div className="dock-tabs" role="tablist" aria-label="Which view">
          {tabs.map(([name, label]) => (
            <button
              key={name}
              type="button"
              className="dock-chip"
              data-testid={`dock-live-${name}`}
              role="tab"
              id={`dock-live-${name}`}
              aria-selected={tab === name}
              aria-controls="dock-lines"
              tabIndex={tab === name ? 0 : -1}
              onClick={() => setTab(name)}
              onKeyDown={turnByArrow}
            >
              {label}
            </button>
          ))}
        </div>
      </div>
      <p className="dock-explained">{explained[tab]}</p>
      <div
        className="dock-scroll dock-lines"
        tabIndex={0}
        role="tabpanel"
        id="dock-lines"
        aria-labelledby={`dock-live-${tab}`}
        data-testid="dock-lines"
        data-view={tab}
      >
        <Lines tab={tab} happenings={happenings} items={items} patrons={patrons} onTearOff={onTearOff} />
      </div>
    </section>
  );
}

/** One tab is in the tabbing order; the arrows go to its neighbours (ARIA Authoring Practices, tabs). */
function turnByArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const all = [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[role="tab"]') ?? [])];
  const at = all.indexOf(event.currentTarget);
  const next = all[(at + step + all.length) % all.length];
  next?.focus();
  next?.click();
}

function Lines({ tab, happenings, items, patrons, onTearOff }: LiveProps & { readonly tab: Tab }) {
  const titleOf = (number: string) => items.find(({ item }) => item === number)?.title ?? number;
  const nameOf = (number: string) => patrons.find(({ card }) => card === number)?.name ?? number;
  switch (tab) {
    case 'paper':
      return <Paper lines={happenings.state?.printer.lines ?? []} onTearOff={onTearOff} />;
    case 'wire':
      return (
        <List
          rows={happenings.wire.toReversed().map(({ seq, at, from, line, fault }) => (
            <li key={`${at}-${seq}`} className="dock-line" data-from={from}>
              <Time at={at} />
              <span className="dock-from">{from === 'station' ? 'station →' : '← system'}</span>
              <span className="dock-said">{line}</span>
              {fault === undefined ? null : <span className="dock-wrong">{faultWords[fault]}</span>}
            </li>
          ))}
        />
      );
    case 'journal':
      return (
        <List
          rows={happenings.journal.map(({ seq, movedAt, kind, state, item, patron, rule, attempts }) => (
            <li key={seq} className="dock-line" data-state={state}>
              <Time at={movedAt} />
              <span className="dock-from">{kind}</span>
              <span className="dock-said">
                {titleOf(item)}
                {patron === undefined ? '' : `, card ${patron}`}
                {attempts > 1 ? `, tried ${attempts} times` : ''}
              </span>
              <span className="dock-tag">{rule === undefined ? state : `${state}: ${rule}`}</span>
            </li>
          ))}
        />
      );
    case 'ledger':
      return (
        <List
          rows={happenings.ledger.toReversed().map(({ seq, at, effect, item, card, repeat, noBlock }) => (
            <li key={seq} className="dock-line" data-effect={effect}>
              <Time at={at} />
              <span className="dock-from">{effectWords[effect]}</span>
              <span className="dock-said">
                {titleOf(item)}
                {card === '' ? '' : `, ${nameOf(card)}`}
              </span>
              {repeat ? <span className="dock-wrong">a repeat</span> : null}
              {noBlock ? <span className="dock-tag">no block</span> : null}
            </li>
          ))}
        />
      );
    case 'frames':
      return (
        <List
          rows={happenings.frames.toReversed().map((frame, index) => (
            <li
              key={`${happenings.frames.length - index}-${frame.at}`}
              className="dock-line"
              data-from={frame.from}
            >
              <Time at={frame.at} />
              <span className="dock-from">{frame.from === 'page' ? 'page →' : '← station'}</span>
              <span className="dock-said">
                {frame.kind}
                {frame.what === undefined ? '' : ` ${frame.what}`}
                {frame.revision === undefined ? '' : `, revision ${frame.revision}`}
                {frame.epoch === undefined ? '' : `, epoch ${frame.epoch}`}
                {`, ${frame.bytes} B`}
              </span>
            </li>
          ))}
        />
      );
  }
}

const effectWords = {
  checkout: 'lent',
  renewal: 'renewed',
  checkin: 'returned',
  checkinNotCharged: 'seen, was not on loan',
  hold: 'hold placed',
  holdCancelled: 'hold cancelled',
  payment: 'fees paid',
} as const;

function List({ rows }: { readonly rows: readonly ReactNode[] }) {
  return rows.length === 0 ? <p className="dock-none">Nothing yet.</p> : <ul>{rows}</ul>;
}

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 2,
});

function Time({ at }: { readonly at: number }) {
  return <time className="dock-time">{clock.format(at)}</time>;
}
