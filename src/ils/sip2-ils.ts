import { ok, type Result } from '../kernel/result.ts';
import type { LanguageCode } from '../shared/languages.ts';
import { Sip2Client } from '../sip2/client.ts';
import type { Sip2ClientPorts, Sip2Outcome } from '../sip2/client-settings.ts';
import type { DecodedOf, KeepFields } from '../sip2/decode.ts';
import { dialectOf, type DialectError, type DialectSettings } from '../sip2/dialect.ts';
import type { AnswerCode, RequestCode } from '../sip2/messages.ts';
import type { SlashOrder } from './due-date.ts';
import type {
  AccountList,
  AccountPart,
  CheckinAnswer,
  CheckinRequest,
  CheckoutRequest,
  Customership,
  Ils,
  IlsStatus,
  ItemInformation,
  LoanAnswer,
  Outcome,
  RenewRequest,
  Reply,
  SecretBytes,
} from './ils.ts';
import { LibraryTime } from './library-time.ts';
import * as answers from './sip2-answers.ts';
import { sip2LanguageOf, summaryFor } from './sip2-codes.ts';

export interface Sip2IlsSettings extends DialectSettings {
  /** AO. */
  readonly institutionId: string;
  /** AC; where it is left out it goes empty in the messages that require it. */
  readonly terminalPassword?: string | undefined;
  /** 93; none where it is left out. `location` is CP. */
  readonly login?:
    { readonly user: string; readonly password: string | Uint8Array; readonly location?: string } | undefined;
  /** AP: where the station stands. */
  readonly location?: string | undefined;
  readonly errorDetection: boolean;
  /** IANA name of the library’s zone; an unknown one throws. */
  readonly timeZone: string;
  /** ISO 4217, for sums without one. */
  readonly currency: string;
  /** The language that the station rests in; SIP2’s "unknown" where it is left out. */
  readonly language?: LanguageCode | undefined;
  /** How the library system means dates such as 3/4/2026; without it they are shown as they are. */
  readonly slashOrder?: SlashOrder | undefined;
  readonly replyTimeoutMs?: number | undefined;
  readonly retriesMax?: number | undefined;
  readonly keepAliveMs?: number | undefined;
  readonly logMessages?: boolean | undefined;
}

const blankDate = ' '.repeat(18);

/** What the station reads of each answer. Names, addresses and whoever had a returned item are not among it. */
const keep: KeepFields = {
  '10': new Set(['AB', 'AJ', 'CL', 'AF', 'AG']),
  '12': new Set(['AA', 'AB', 'AJ', 'AH', 'BH', 'BV', 'AF', 'AG']),
  '18': new Set(['AB', 'AJ', 'AH', 'CF', 'AF', 'AG']),
  '30': new Set(['AA', 'AB', 'AJ', 'AH', 'BH', 'BV', 'AF', 'AG']),
  '36': new Set(['AA']),
  '64': new Set(['AA', 'AS', 'AU', 'AV', 'CD', 'BL', 'CQ', 'BH', 'BV', 'AF', 'AG']),
};

/** The library system over SIP2, in the generic dialect: of the 98 only onLineStatus is believed. */
export class Sip2Ils implements Ils {
  readonly #settings: Sip2IlsSettings;
  readonly #ports: Sip2ClientPorts;
  readonly #client: Sip2Client;
  readonly #time: LibraryTime;
  readonly #reading: answers.Reading;

  private constructor(settings: Sip2IlsSettings, ports: Sip2ClientPorts, client: Sip2Client) {
    this.#settings = settings;
    this.#ports = ports;
    this.#client = client;
    this.#time = new LibraryTime(settings.timeZone);
    this.#reading = { time: this.#time, currency: settings.currency, slashOrder: settings.slashOrder };
  }

  /** The error says that there is no such character set, or that the delimiter can’t be one. */
  static create(settings: Sip2IlsSettings, ports: Sip2ClientPorts): Result<Sip2Ils, DialectError> {
    const dialect = dialectOf(settings);
    if (!dialect.ok) return dialect;
    const { login, errorDetection, replyTimeoutMs, retriesMax, keepAliveMs, logMessages } = settings;
    const client = new Sip2Client(
      {
        dialect: dialect.value,
        errorDetection,
        login,
        keep,
        replyTimeoutMs,
        retriesMax,
        keepAliveMs,
        logMessages,
      },
      ports,
    );
    return ok(new Sip2Ils(settings, ports, client));
  }

  start(onStatus: (status: IlsStatus) => void): void {
    this.#client.start(onStatus);
  }

  stop(): void {
    this.#client.stop();
  }

  checkCustomership(
    request: { readonly card: string; readonly pin?: SecretBytes },
    reply: Reply<Customership>,
  ): void {
    const { card, pin } = request;
    this.#patronInformation(
      card,
      'charged',
      pin,
      (answer) => answers.customershipOf(answer, card, pin !== undefined),
      reply,
    );
  }

  account(
    request: { readonly card: string; readonly list: AccountList; readonly pin?: SecretBytes },
    reply: Reply<AccountPart>,
  ): void {
    const { card, list, pin } = request;
    const read = (answer: DecodedOf<'64'>): Outcome<AccountPart> =>
      answers.accountPartOf(answer, card, list, this.#reading);
    this.#patronInformation(card, list, pin, read, reply);
  }

  #patronInformation<T>(
    card: string,
    list: AccountList,
    pin: SecretBytes | undefined,
    read: (answer: DecodedOf<'64'>) => Outcome<T>,
    reply: Reply<T>,
  ): void {
    const { institutionId, terminalPassword, language } = this.#settings;
    const fixed = {
      language: sip2LanguageOf(language),
      transactionDate: this.#now(),
      summary: summaryFor(list),
    };
    const fields = { AO: institutionId, AA: card, AC: terminalPassword, AD: pin };
    this.#client.request({ code: '63', fixed, fields }, (outcome) => reply(this.#read(outcome, read)));
  }

  item(request: { readonly item: string }, reply: Reply<ItemInformation>): void {
    const { institutionId, terminalPassword } = this.#settings;
    const { item } = request;
    const fixed = { transactionDate: this.#now() };
    const fields = { AO: institutionId, AB: item, AC: terminalPassword };
    this.#client.request({ code: '17', fixed, fields }, (outcome) =>
      reply(this.#read(outcome, (answer) => answers.itemInformationOf(answer, item, this.#reading))),
    );
  }

  checkout(request: CheckoutRequest, reply: Reply<LoanAnswer>): void {
    const { institutionId, terminalPassword = '' } = this.#settings;
    const { card, item, at, pin } = request;
    const transactionDate = this.#time.sip2(at);
    const fixed = { scRenewalPolicy: 'N', noBlock: 'N', transactionDate, nbDueDate: blankDate } as const;
    const fields = { AO: institutionId, AA: card, AB: item, AC: terminalPassword, AD: pin };
    this.#client.request({ code: '11', fixed, fields }, (outcome) =>
      reply(this.#read(outcome, (answer) => answers.loanAnswerOf(answer, card, item, this.#reading))),
    );
  }

  checkin(request: CheckinRequest, reply: Reply<CheckinAnswer>): void {
    const { institutionId, terminalPassword = '', location = '' } = this.#settings;
    const { item, at, offline } = request;
    const transactionDate = this.#time.sip2(at);
    const fixed = {
      noBlock: offline ? 'Y' : 'N',
      transactionDate,
      returnDate: offline ? transactionDate : blankDate,
    } as const;
    const fields = { AP: location, AO: institutionId, AB: item, AC: terminalPassword };
    this.#client.request({ code: '09', fixed, fields }, (outcome) =>
      reply(this.#read(outcome, (answer) => answers.checkinAnswerOf(answer, item))),
    );
  }

  renew(request: RenewRequest, reply: Reply<LoanAnswer>): void {
    const { institutionId, terminalPassword } = this.#settings;
    const { card, item, at, pin } = request;
    const transactionDate = this.#time.sip2(at);
    const fixed = { thirdPartyAllowed: 'N', noBlock: 'N', transactionDate, nbDueDate: blankDate } as const;
    const fields = { AO: institutionId, AA: card, AD: pin, AB: item, AC: terminalPassword };
    this.#client.request({ code: '29', fixed, fields }, (outcome) =>
      reply(this.#read(outcome, (answer) => answers.loanAnswerOf(answer, card, item, this.#reading))),
    );
  }

  endSession(request: { readonly card: string }, reply: Reply<undefined>): void {
    const { institutionId, terminalPassword } = this.#settings;
    const { card } = request;
    const fixed = { transactionDate: this.#now() };
    const fields = { AO: institutionId, AA: card, AC: terminalPassword };
    this.#client.request({ code: '35', fixed, fields }, (outcome) =>
      reply(this.#read(outcome, (answer) => answers.endedSession(answer, card))),
    );
  }

  /** An answer that does not fit its question is no answer; the log says so, for no patron will. */
  #read<C extends RequestCode, T>(
    outcome: Sip2Outcome<C>,
    read: (answer: DecodedOf<AnswerCode<C>>) => Outcome<T>,
  ): Outcome<T> {
    if (outcome.kind !== 'answered') return outcome;
    const told = read(outcome.value);
    if (told.kind !== 'answered') {
      this.#ports.log.write('warning', 'acs.mismatch', { code: outcome.value.code, reason: told.reason });
    }
    return told;
  }

  #now(): string {
    return this.#time.sip2(this.#ports.clock.now());
  }
}
