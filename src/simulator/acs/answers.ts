import type { UtcMillis } from '../../kernel/clock.ts';
import type { Hold, Item, Patron } from './state.ts';
import type { PatronDenial, Standing } from './standing.ts';

/** Why the library system said no. Each has its words in texts.ts. */
export type Refusal =
  | PatronDenial
  | 'unknownPatron'
  | 'unknownItem'
  | 'wrongPin'
  | 'lentToAnother'
  | 'alreadyLent'
  | 'reservedForAnother'
  | 'referenceOnly'
  | 'adultsOnly'
  | 'itemLost'
  | 'itemMissing'
  | 'itemInTransit'
  | 'itemNotReady'
  | 'feeToAcknowledge'
  | 'renewalLimit'
  | 'renewalReserved'
  | 'notLentToPatron'
  | 'notCharged'
  | 'alreadyOnHold'
  | 'tooManyHolds'
  | 'noSuchHold'
  | 'noSuchFee'
  | 'outOfOrder';

interface CirculationRequest {
  readonly item: string;
  /** The library system's own time. */
  readonly at: UtcMillis;
  /** The transaction date of the request, as it came. */
  readonly requestedAt: string;
  /** It happened while the library system was away: refuse nothing. */
  readonly noBlock: boolean;
  /** BI Y. */
  readonly cancel?: boolean;
}

export interface CheckoutRequest extends CirculationRequest {
  readonly card: string;
  /** Undefined: not sent. */
  readonly pin?: string | undefined;
  /** Of a no-block loan: the due date that the station told. */
  readonly nbDueDate?: string;
  /** The station lets a second checkout be a renewal. */
  readonly scRenewalPolicy: boolean;
  readonly feeAcknowledged: boolean;
}

export type RenewRequest = Omit<CheckoutRequest, 'scRenewalPolicy'>;

export interface CheckinRequest extends CirculationRequest {
  readonly returnDate?: string;
}

export type LoanAnswer =
  | {
      readonly ok: true;
      readonly renewal: boolean;
      readonly item: Item;
      readonly patron: Patron;
      readonly dueAt: UtcMillis;
    }
  | {
      readonly ok: false;
      readonly renewal: boolean;
      readonly refusal: Refusal;
      /** Undefined: the library does not have it. */
      readonly item: Item | undefined;
      /** In whole cents, with `feeToAcknowledge`. */
      readonly fee?: number;
    };

/** The alert types of the extension for sorters (CV). */
export type AlertType = '01' | '02' | '04' | '99';

export type CheckinAnswer =
  | {
      readonly ok: true;
      readonly item: Item;
      /** Who had it. */
      readonly patron: Patron;
      readonly alert: AlertType | undefined;
      /** Where it must go from here (CT). */
      readonly destination: string | undefined;
      readonly hold: Hold | undefined;
    }
  | {
      readonly ok: false;
      readonly refusal: 'unknownItem' | 'notCharged' | 'outOfOrder';
      readonly item: Item | undefined;
      readonly alert: AlertType | undefined;
      readonly destination: string | undefined;
      readonly hold: Hold | undefined;
    };

export type PatronAnswer =
  | { readonly known: false }
  | {
      readonly known: true;
      readonly patron: Patron;
      readonly standing: Standing;
      /** Undefined: the request had no PIN field. */
      readonly pinRight: boolean | undefined;
    };
