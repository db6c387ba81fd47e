import { standardDialect, type Dialect } from '../../sip2/dialect.ts';
import { Faults } from './faults.ts';
import type { DueFormName, Manners } from './manners.ts';

/** How the simulated ACS speaks. Everything may be changed while it runs; a session reads it anew for each request. */
export interface AcsBehaviour {
  dialect: Dialect;
  /** What 93 must bring before anything else is answered; undefined: no log-in needed. */
  login: { readonly user: string; readonly password: string } | undefined;
  /** Every log-in is refused. */
  loginRefused: boolean;
  /** 98 says so, and every loan, return and renewal is refused while it is false. */
  onLine: boolean;
  /**
   * Repeats the last answer to a request with the same AY and AZ, as the standard asks of an ACS. Koha and
   * Evergreen's Perl ACS do not: they carry it out again.
   */
  deduplicates: boolean;
  /** 98: time-out in tenths of a second, and retries. */
  timeoutTenths: number;
  retries: number;
  /** Form of the due date (AH). */
  dueForm: DueFormName;
  /** Language of the screen messages: English like most, or the one that the station last named. */
  texts: 'english' | 'ofRequest';
  /** Sends address, e-mail and telephone in 64, as real ones do unasked. */
  sendsContact: boolean;
  /** Who it plays. */
  personality: string;
  /** How it departs from the standard. */
  manners: Manners;
  /** What goes wrong next. */
  readonly faults: Faults;
}

export function usualBehaviour(): AcsBehaviour {
  return {
    dialect: standardDialect,
    login: undefined,
    loginRefused: false,
    onLine: true,
    deduplicates: false,
    timeoutTenths: 100,
    retries: 3,
    dueForm: 'sip2',
    texts: 'english',
    sendsContact: true,
    personality: 'standard',
    manners: {},
    faults: new Faults(),
  };
}
