import { useDeferredValue, useState } from 'react';
import { Choice } from './choice.tsx';
import { SearchField } from './search-field.tsx';
import { finds } from './search.ts';
import type { ExamplePatron, PatronGroup } from './server.ts';

const groups: readonly (readonly [PatronGroup, string])[] = [
  ['everyday', 'Ordinary'],
  ['account', 'With loans, holds or fees'],
  ['special', 'Unusual cards and PINs'],
  ['blocked', 'May not borrow'],
];

interface WalletProps {
  readonly patrons: readonly ExamplePatron[];
  /** The card that was shown last. */
  readonly chosen: string | undefined;
  readonly onCard: (card: string) => void;
  /** Cards that are pressed are laid on the card reader. */
  readonly toReader: boolean;
  readonly onToReader: (toReader: boolean) => void;
  /** The card that lies on the card reader. */
  readonly lies: string | undefined;
  readonly onTake: () => void;
}

/** Cards to show to the station's scanner, or to lay on its card reader. */
export function Wallet({ patrons, chosen, onCard, toReader, onToReader, lies, onTake }: WalletProps) {
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search);
  const found = patrons.filter(({ card, name, sort }) => finds(wanted, card, name, sort));
  return (
    <section className="dock-pane dock-wallet" aria-labelledby="wallet">
      <div className="dock-pane-head">
        <h2 id="wallet">Cards</h2>
        <SearchField label="Search the cards" value={search} onChange={setSearch} />
      </div>
      <Choice
        label="A pressed card goes …"
        usual={{ label: 'to the scanner', testId: 'dock-card-to-scanner' }}
        other={{ label: 'on the card reader', testId: 'dock-card-to-reader' }}
        isOther={toReader}
        onChoose={onToReader}
      >
        {lies === undefined ? null : (
          <button
            type="button"
            className="dock-chip"
            data-testid="dock-card-take"
            data-card={lies}
            onClick={onTake}
          >
            take …{lies.slice(-4)}
          </button>
        )}
      </Choice>
      <div className="dock-scroll">
        {groups.map(([group, heading]) => (
          <Group key={group} heading={heading} count={found.filter((one) => one.group === group).length}>
            {found
              .filter((one) => one.group === group)
              .map((patron) => (
                <Card key={patron.card} patron={patron} chosen={patron.card === chosen} onCard={onCard} />
              ))}
          </Group>
        ))}
        {patrons.length > 0 && found.length === 0 ? <p className="dock-none">No such card.</p> : null}
      </div>
    </section>
  );
}

interface GroupProps {
  readonly heading: string;
  readonly count: number;
  readonly children: React.ReactNode;
}

export function Group({ heading, count, children }: GroupProps) {
  if (count === 0) return null;
  return (
    <section className="dock-group">
      <h3>
        {heading} <span className="dock-count">{count}</span>
      </h3>
      <ul>{children}</ul>
    </section>
  );
}

function Card({
  patron,
  chosen,
  onCard,
}: {
  readonly patron: ExamplePatron;
  readonly chosen: boolean;
  readonly onCard: (card: string) => void;
}) {
  const { card, pin, name, sort } = patron;
  return (
    <li>
      <button
        type="button"
        className="dock-card"
        data-testid="dock-card"
        data-card={card}
        aria-current={chosen ? 'true' : undefined}
        onClick={() => onCard(card)}
      >
        <span className="dock-name" dir="auto">
          {name}
        </span>
        <span className="dock-pin">{pin === undefined ? 'no PIN' : `PIN ${pin}`}</span>
        <span className="dock-label">{sort}</span>
        <span className="dock-number">{card}</span>
      </button>
    </li>
  );
}
