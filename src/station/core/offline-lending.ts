import {
  cardRefusal,
  dayOf,
  dueToTell,
  itemRefusal,
  toldRefusal,
  type OfflineRules,
} from './offline-rules.ts';
import { addRow } from './rows.ts';
import { begin } from './transactions.ts';
import type { Turn } from './turn.ts';

/** Lends by the station’s own rules: the row waits, and the patron is told a provisional due date. */
export function lendByOwnRules(turn: Turn, rules: OfflineRules, card: string, item: string): void {
  const refused = itemRefusal(rules, turn, card, item);
  if (refused !== undefined) {
    const why = toldRefusal(refused);
    turn.refuse(why.rule, why.source);
    return void addRow(turn, { item, kind: 'checkout', stage: 'refused', refusal: why });
  }
  const dueTold = dueToTell(rules, turn.settings, turn.event.at);
  const transaction = begin(turn, { kind: 'checkout', item, patron: card, state: 'waiting', dueTold });
  addRow(turn, { item, kind: 'checkout', stage: 'offline', transaction, due: dayOf(dueTold) });
}

/** Opens the session of a card that only the station itself vouches for. */
export function openByOwnRules(turn: Turn, rules: OfflineRules, card: string): void {
  const refused = cardRefusal(rules, turn, card);
  if (refused !== undefined) {
    const why = toldRefusal(refused);
    turn.refuse(why.rule, why.source);
    return turn.change({ session: { phase: 'refused', refusal: why } });
  }
  turn.change({
    session: {
      phase: 'open',
      service: 'borrow',
      patron: { card, identifiedBy: 'station', blocks: [], charged: new Set(), acsText: [] },
      rows: [],
      account: undefined,
      borrowRefusal: undefined,
      finishing: false,
    },
  });
}
