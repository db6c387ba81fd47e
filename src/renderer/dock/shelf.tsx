import { useDeferredValue, useMemo, useState } from 'react';
import { Choice } from './choice.tsx';
import { SearchField } from './search-field.tsx';
import { finds } from './search.ts';
import type { ExampleItem, ExamplePatron, ItemGroup, Loan } from './server.ts';
import { Group } from './wallet.tsx';

const groups: readonly (readonly [ItemGroup, string, string])[] = [
  ['free', 'Books', 'Books to lend'],
  ['media', 'Films, games …', 'Films, music, games, magazines, equipment'],
  ['onLoan', 'On loan', 'On loan at the start: return or renew'],
  ['awaited', 'Awaited', 'On hold, or others wait for it'],
  ['notLent', 'Not lent', 'Not lent: for reference, age limit, lost, missing'],
  ['away', 'Elsewhere', 'Of other branches, or on the way'],
  ['unusual', 'Unusual', 'Several parts, long titles, other scripts, with a fee'],
];

type Filter = ItemGroup | 'all' | 'held';

interface ShelfProps {
  readonly items: readonly ExampleItem[];
  readonly patrons: readonly ExamplePatron[];
  /** Loans as the library system has them now. */
  readonly loans: readonly Loan[];
  /** Whose card was shown last. */
  readonly holder: ExamplePatron | undefined;
  readonly onItem: (item: string) => void;
  /** Books that are pressed go on the plate. */
  readonly toPlate: boolean;
  readonly onToPlate: (toPlate: boolean) => void;
}

/** Things to hold under the station's scanner, or to put on its plate. */
export function Shelf({ items, patrons, loans, holder, onItem, toPlate, onToPlate }: ShelfProps) {
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const wanted = useDeferredValue(search);
  const found = useMemo(
    () => items.filter((one) => finds(wanted, one.title, one.author, one.label, one.item)),
    [items, wanted],
  );
  const names = useMemo(() => new Map(patrons.map(({ card, name }) => [card, name])), [patrons]);
  const lentTo = useMemo(() => new Map(loans.map(({ item, card }) => [item, card])), [loans]);
  const held = holder === undefined ? [] : found.filter(({ item }) => lentTo.get(item) === holder.card);
  const shown: Filter = filter === 'held' && holder === undefined ? 'all' : filter;
  const rowOf = (one: ExampleItem) => {
    const card = lentTo.get(one.item);
    const who = card === undefined ? undefined : (names.get(card) ?? card);
    return <Row key={one.item} one={one} who={who} loansKnown={loans.length > 0} onItem={onItem} />;
  };
  return (
    <section className="dock-pane dock-shelf" aria-labelledby="shelf">
      <div className="dock-pane-head">
        <h2 id="shelf">Books</h2>
        <Choice
          label="A pressed book goes …"
          usual={{ label: 'to the scanner', testId: 'dock-to-scanner' }}
          other={{ label: 'on the plate', testId: 'dock-to-plate' }}
          isOther={toPlate}
          onChoose={onToPlate}
        />
        <SearchField label="Search the shelf" value={search} onChange={setSearch} />
      </div>
      <div className="dock-chips" role="group" aria-label="Which of them">
        <Chip name="all" label="All" count={found.length} shown={shown} onChoose={setFilter} />
        {holder === undefined ? null : (
          <Chip
            name="held"
            label={`With ${holder.name}`}
            count={held.length}
            shown={shown}
            onChoose={setFilter}
          />
        )}
        {groups.map(([name, label]) => (
          <Chip
            key={name}
            name={name}
            label={label}
            count={found.filter(({ group }) => group === name).length}
            shown={shown}
            onChoose={setFilter}
          />
        ))}
      </div>
      <div className="dock-scroll">
        {holder !== undefined && (shown === 'all' || shown === 'held') ? (
          <section className="dock-group dock-held" data-testid="dock-held">
            <h3>
              What {holder.name} has now <span className="dock-count">{held.length}</span>
            </h3>
            {held.length === 0 ? <p className="dock-none">Nothing.</p> : <ul>{held.map(rowOf)}</ul>}
          </section>
        ) : null}
        {groups
          .filter(([name]) => shown === 'all' || shown === name)
          .map(([name, , heading]) => {
            const rows = found.filter(({ group }) => group === name);
            return (
              <Group key={name} heading={heading} count={rows.length}>
                {rows.map(rowOf)}
              </Group>
            );
          })}
        {items.length > 0 && found.length === 0 ? <p className="dock-none">Nothing like that.</p> : null}
      </div>
    </section>
  );
}

interface ChipProps {
  readonly name: Filter;
  readonly label: string;
  readonly count: number;
  readonly shown: Filter;
  readonly onChoose: (filter: Filter) => void;
}

function Chip({ name, label, count, shown, onChoose }: ChipProps) {
  return (
    <button
      type="button"
      className="dock-chip"
      data-testid={`dock-filter-${name}`}
      aria-pressed={shown === name}
      onClick={() => onChoose(name)}
    >
      {label} <span className="dock-count">{count}</span>
    </button>
  );
}

interface RowProps {
  readonly one: ExampleItem;
  /** Who has it now. */
  readonly who: string | undefined;
  readonly loansKnown: boolean;
  readonly onItem: (item: string) => void;
}

/** What is said of it at the start, unless it has moved since. */
function wordsNow(label: string, group: ItemGroup, who: string | undefined, loansKnown: boolean): string {
  if (who !== undefined) return group === 'free' || group === 'media' ? '' : label;
  return group === 'onLoan' && loansKnown ? 'Has been returned' : label;
}

function Row({ one, who, loansKnown, onItem }: RowProps) {
  const { item, title, author, label, group } = one;
  const now = wordsNow(label, group, who, loansKnown);
  return (
    <li>
      <button
        type="button"
        className="dock-book"
        data-testid="dock-book"
        data-item={item}
        data-group={group}
        onClick={() => onItem(item)}
      >
        <span className="dock-name" dir="auto">
          {title}
        </span>
        <span className="dock-label">
          {author === undefined ? null : <bdi>{author}</bdi>}
          {author === undefined || now === '' ? '' : ' · '}
          {now}
        </span>
        <span className="dock-number">{item}</span>
        {who === undefined ? null : <span className="dock-who">with {who}</span>}
      </button>
    </li>
  );
}
