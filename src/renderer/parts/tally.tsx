import type { ItemCounts } from '../../shared/view.ts';
import { useSpeech } from '../speak.ts';

/** How many were done, are waiting and were refused; nothing is said of what there is none of. */
export function Tally({ counts, of }: { readonly counts: ItemCounts; readonly of: 'borrow' | 'return' }) {
  const { words } = useSpeech();
  return (
    <div role="status">
      <ul className="tally">
        {counts.done > 0 ? <li data-state="done">{words(`${of}.done`, { count: counts.done })}</li> : null}
        {counts.pending > 0 ? (
          <li data-state="pending">{words('counts.pending', { count: counts.pending })}</li>
        ) : null}
        {counts.refused > 0 ? (
          <li data-state="refused">{words(`${of}.refused`, { count: counts.refused })}</li>
        ) : null}
      </ul>
    </div>
  );
}
