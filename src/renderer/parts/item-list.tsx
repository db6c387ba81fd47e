import type { ItemRow } from '../../shared/view.ts';
import { Sign } from '../pictures/icons.tsx';
import { useSpeech } from '../speak.ts';
import { ClampedText } from './clamped-text.tsx';
import { AcsWords, unexplained } from './acs-words.tsx';
import { PlaceHold } from './hold-act.tsx';

/** What was scanned so far, newest on top. New rows and new verdicts are read out as they come. */
export function ItemList({ items, label }: { readonly items: readonly ItemRow[]; readonly label: string }) {
  return (
    <ol className="rows" aria-label={label} aria-live="polite" aria-relevant="additions text">
      {items.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </ol>
  );
}

function Row({ row }: { readonly row: ItemRow }) {
  const { say } = useSpeech();
  return (
    <li
      className="row"
      data-testid="item-row"
      data-item={row.item}
      data-state={row.state}
      data-tint={row.state}
    >
      <Sign state={row.state} />
      <div className="row-words">
        <ClampedText text={row.title ?? row.item} />
        {row.title === undefined ? null : (
          <p className="identifier">
            <bdi>{row.item}</bdi>
          </p>
        )}
        <p className="verdict">{say(row.message)}</p>
        {row.refusal === undefined ? null : (
          <div className="row-refusal" data-testid="refusal" data-rule={row.refusal.rule}>
            <p className="cause">{say(row.refusal.cause)}</p>
            <p className="next">{say(row.refusal.next)}</p>
            <AcsWords texts={unexplained(row.refusal.acsText)} />
          </div>
        )}
        {row.hold === undefined ? null : <PlaceHold row={row} hold={row.hold} />}
      </div>
    </li>
  );
}
