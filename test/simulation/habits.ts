import type { IntentAct } from '../../src/shared/intent.ts';

export interface Habits {
  readonly walksAway: number;
  readonly scansTwice: number;
  readonly wrongPin: number;
  readonly pressesAnything: number;
  /** Talks to somebody until the station asks whether anyone is there. */
  readonly dawdles: number;
  /** Holds something before the scanner that is not this library’s. */
  readonly bringsStrange: number;
  /** Ends the session that somebody left open. */
  readonly clearsUp: number;
}

/** An item that the ACS does not know, somebody’s card, an identity number, and a label of a shop. */
export const strange = ['3I999999', '2C000001', '131052-308T', '6411401015090'];

/** What somebody presses who does not look. */
export const anyActs: readonly IntentAct[] = [
  { do: 'chooseService', service: 'borrow' },
  { do: 'chooseService', service: 'return' },
  { do: 'chooseService', service: 'account' },
  { do: 'chooseLanguage', language: 'cs' },
  { do: 'pinKey', key: '7' },
  { do: 'pinEnter' },
  { do: 'pinErase' },
  { do: 'stay' },
  { do: 'dismiss' },
  { do: 'leave' },
  { do: 'pinClear' },
  { do: 'renewItem', item: 'nothing' },
  { do: 'renewAll' },
  { do: 'askCancelHold', item: 'nothing' },
  { do: 'answer', yes: true },
  { do: 'finish', receipt: false },
];
