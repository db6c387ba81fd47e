import type { UtcMillis } from '../../kernel/clock.ts';
import type { Refusal } from './answers.ts';
import type { Library } from './library.ts';
import { feeCents } from './standing.ts';
import type { Fee, Patron } from './state.ts';

export interface PaymentRequest {
  readonly card: string;
  /** BV in whole cents; undefined: no sum that can be read. */
  readonly cents: number | undefined;
  /** CG: the fee that is paid; undefined: the oldest ones. */
  readonly fee: string | undefined;
  readonly at: UtcMillis;
  readonly requestedAt: string;
}

export type PaymentAnswer = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal };

/** Takes a payment for fees. Like real ones it knows no payment again: told twice it counts twice. */
export function payFees(library: Library, request: PaymentRequest): PaymentAnswer {
  const patron = library.state.patrons.get(request.card);
  if (patron === undefined) {
    return { ok: false, refusal: 'unknownPatron' };
  }
  const { cents, fee } = request;
  const owed = fee === undefined ? feeCents(patron, 'all') : (feeOf(patron, fee)?.cents ?? 0);
  if (cents === undefined || cents <= 0 || cents > owed) {
    return { ok: false, refusal: 'noSuchFee' };
  }
  patron.fees = reduced(patron.fees, cents, fee);
  library.revision += 1;
  library.ledger.append({
    effect: 'payment',
    at: request.at,
    requestedAt: request.requestedAt,
    item: fee ?? '',
    card: request.card,
    dueAt: 0,
    repeat: false,
    noBlock: false,
    cancel: false,
    capturedFor: undefined,
  });
  return { ok: true };
}

function feeOf(patron: Patron, id: string): Fee | undefined {
  return patron.fees.find((fee) => fee.id === id);
}

/** What is left to pay, the oldest fees first. */
function reduced(fees: readonly Fee[], cents: number, only: string | undefined): Fee[] {
  let left = cents;
  return fees.flatMap((fee) => {
    if (only !== undefined && fee.id !== only) {
      return [fee];
    }
    const paid = Math.min(left, fee.cents);
    left -= paid;
    return paid === fee.cents ? [] : [{ ...fee, cents: fee.cents - paid }];
  });
}
