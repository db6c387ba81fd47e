import type { UtcMillis } from '../../kernel/clock.ts';
import { patronBlocks, type PatronBlock } from '../../ils/ils.ts';
import { defaultLimits, type LibraryLimits } from './library-data.ts';
import { cents } from './money.ts';
import type { Patron } from './state.ts';

/** Why a patron may not borrow. */
export type PatronDenial = PatronBlock | 'cardExpired';

/** What a patron may do now, and what stands against it. */
export interface Standing {
  /** SIP2 patron status: 14 characters, `Y` where the condition holds, else blank. */
  readonly status: string;
  /** The first reason against lending, the gravest first. */
  readonly lending: PatronDenial | undefined;
  readonly renewing: PatronDenial | undefined;
  readonly overdue: number;
}

export interface ResolvedLimits extends Omit<LibraryLimits, 'feeMax' | 'finePerDay' | 'finePerItemMax'> {
  readonly feeMaxCents: number;
  readonly finePerDayCents: number;
  readonly finePerItemMaxCents: number;
}

export function resolveLimits(given: Partial<LibraryLimits> | undefined): ResolvedLimits {
  const limits = { ...defaultLimits, ...given };
  return {
    ...limits,
    feeMaxCents: cents(limits.feeMax),
    finePerDayCents: cents(limits.finePerDay),
    finePerItemMaxCents: cents(limits.finePerItemMax),
  };
}

/** Reasons in the order in which one of them is told. */
const gravity: readonly PatronBlock[] = [
  'cardReportedLost',
  'excessiveOutstandingFines',
  'excessiveOutstandingFees',
  'tooManyItemsOverdue',
  'recallOverdue',
  'tooManyItemsBilled',
  'tooManyItemsLost',
  'tooManyClaimsOfItemsReturned',
  'tooManyRenewals',
  'tooManyItemsCharged',
  'chargePrivilegesDenied',
  'renewalPrivilegesDenied',
];
/** These stop new loans; the loans that are there may still be renewed. */
const stopsLendingOnly: readonly PatronBlock[] = ['tooManyItemsCharged', 'chargePrivilegesDenied'];
/** These stop renewals; new loans are still made. */
const stopsRenewingOnly: readonly PatronBlock[] = ['tooManyRenewals', 'renewalPrivilegesDenied'];

export function loansMaxOf(patron: Patron, limits: ResolvedLimits): number {
  return patron.data.loansMax ?? (patron.data.child === true ? limits.childLoansMax : limits.loansMax);
}

export function standingOf(patron: Patron, limits: ResolvedLimits, at: UtcMillis): Standing {
  const overdue = overdueCount(patron, at);
  const reasons = reasonsOf(patron, limits, overdue);
  const expired = patron.expiresAt !== undefined && patron.expiresAt < at;
  if (reasons.size === 0 && !expired) {
    return { status: allClear, lending: undefined, renewing: undefined, overdue };
  }
  const ordered = gravity.filter((reason) => reasons.has(reason));
  const lending = expired ? 'cardExpired' : ordered.find((reason) => !stopsRenewingOnly.includes(reason));
  const renewing = expired ? 'cardExpired' : ordered.find((reason) => !stopsLendingOnly.includes(reason));
  if (lending !== undefined) {
    reasons.add('chargePrivilegesDenied');
  }
  if (renewing !== undefined) {
    reasons.add('renewalPrivilegesDenied');
  }
  if (expired || reasons.has('cardReportedLost')) {
    reasons.add('recallPrivilegesDenied').add('holdPrivilegesDenied');
  }
  const status = patronBlocks.map((block) => (reasons.has(block) ? 'Y' : ' ')).join('');
  return { status, lending, renewing, overdue };
}

const allClear = ' '.repeat(patronBlocks.length);

function overdueCount(patron: Patron, at: UtcMillis): number {
  let count = 0;
  for (const loan of patron.loans.values()) {
    if (loan.dueAt < at) {
      count += 1;
    }
  }
  return count;
}

function reasonsOf(patron: Patron, limits: ResolvedLimits, overdue: number): Set<PatronBlock> {
  const reasons = new Set<PatronBlock>(patron.data.blocks);
  if (patron.loans.size >= loansMaxOf(patron, limits)) {
    reasons.add('tooManyItemsCharged');
  }
  if (overdue > limits.overduesMax) {
    reasons.add('tooManyItemsOverdue');
  }
  if (patron.fees.length > 0) {
    if (feeCents(patron, 'fines') > limits.feeMaxCents) {
      reasons.add('excessiveOutstandingFines');
    }
    if (feeCents(patron, 'fees') > limits.feeMaxCents) {
      reasons.add('excessiveOutstandingFees');
    }
  }
  return reasons;
}

/** What the patron owes: fines (fee type 04), fees (all others) or both. */
export function feeCents(patron: Patron, which: 'fines' | 'fees' | 'all'): number {
  let sum = 0;
  for (const fee of patron.fees) {
    if (which === 'all' || (fee.feeType === '04') === (which === 'fines')) {
      sum += fee.cents;
    }
  }
  return sum;
}
