import type { MessageKey } from '../strings/keys.ts';
import type { Due, LocalDate, Money } from './values.ts';

/** What fills a place in a message. The page formats it in the patron’s language; a time is `HH:MM` on the library’s wall. */
export type MessageParam =
  | string
  | number
  | { readonly date: LocalDate }
  | { readonly time: string }
  | { readonly due: Due }
  | { readonly money: Money };

/** A sentence as its key in the catalogue; `count` among the parameters chooses the plural. */
export interface Message {
  readonly key: MessageKey;
  readonly params?: Readonly<Record<string, MessageParam>>;
}
