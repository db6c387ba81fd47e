import { touched } from './session.ts';
import type { Turn } from './turn.ts';

/** A card was held before the card reader and could not be read. */
export function cardUnreadable(turn: Turn): void {
  touched(turn);
  turn.notice('attention', 'notice.cardUnreadable');
}

/** A card was put into the reader, or taken out of it. */
export function cardPresence(turn: Turn, present: boolean): void {
  if (present === turn.state.cardInReader) return;
  turn.change({ cardInReader: present });
  if (!present && turn.state.notice?.message.key === 'notice.takeCard') turn.change({ notice: undefined });
}
