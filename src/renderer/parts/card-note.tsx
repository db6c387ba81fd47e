import type { CardValidity } from '../../shared/view.ts';
import { Sign } from '../pictures/icons.tsx';
import { useSpeech } from '../speak.ts';

/** That the library card ends soon, or ended, and what to do about it. */
export function CardNote({ card }: { readonly card: CardValidity }) {
  const { words } = useSpeech();
  const date = { date: { date: card.date } };
  const ended = card.state === 'ended';
  return (
    <div className="problem card-note" role="status" data-state={card.state}>
      <Sign state="attention" />
      <div>
        <p className="cause">{words(ended ? 'account.cardEnded' : 'account.cardEndsSoon', date)}</p>
        <p>{words(ended ? 'account.cardEndedNext' : 'account.cardEndsSoonNext')}</p>
      </div>
    </div>
  );
}
