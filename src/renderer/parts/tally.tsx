import type { ItemCounts } from '../../shared/view.ts';
import { useSpeech } from '../speak.ts';

const wordsOf = {
  borrow: { done: 'borrow.done', pending: 'counts.pending', refused: 'borrow.refused' },
  return: { done: 'return.done', pending: 'counts.pending', refused: 'return.refused' },
} as const;

/** How many were done, are waiting and were refused; nothing is said of what there is none of. */
export function Tally({ counts, of }: { readonly counts: ItemCounts; readonly of: keyof typeof wordsOf }) {
  const { words } = useSpeech();
  return (
    <div className="tally-place" role="status">
      <ul className="tally">
        {(['done', 'pending', 'refused'] as const)
          .filter((state) => counts[state] > 0)
          .map((state) => (
            <li key={state} data-state={state}>
              {words(wordsOf[of][state], { count: counts[state] })}
            </li>
          ))}
      </ul>
    </div>
  );
}
