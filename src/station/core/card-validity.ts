import type { LocalDate } from '../../shared/values.ts';
import type { CardValidity } from '../../shared/view.ts';

/** So long before its end the patron is told. */
export const cardEndsSoonDays = 30;

const dayMs = 86_400_000;

/**
 * What there is to say about the end of a card: nothing while it is far, and where it is not known. The last day is a day
 * on which the card still works.
 */
export function cardValidityOf(expires: LocalDate | undefined, today: LocalDate): CardValidity | undefined {
  if (expires === undefined) return undefined;
  const days = (Date.parse(expires) - Date.parse(today)) / dayMs;
  if (Number.isNaN(days) || days > cardEndsSoonDays) return undefined;
  return { state: days < 0 ? 'ended' : 'endsSoon', date: expires };
}
