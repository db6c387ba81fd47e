import { ok, type Result } from '../kernel/result.ts';
import type { LanguageCode } from '../shared/languages.ts';
import { Sip2Client } from '../sip2/client.ts';
import type { Sip2ClientPorts, Sip2Outcome } from '../sip2/client-settings.ts';
import type { DecodedOf, KeepFields } from '../sip2/decode.ts';
import { dialectOf, type DialectError, type DialectSettings } from '../sip2/dialect.ts';
import type { AnswerCode, MessageInput, RequestCode } from '../sip2/messages.ts';
import { genericProfile } from '../sip2/profiles/built-in.ts';
import type { Profile } from '../sip2/profiles/profile.ts';
import type { ProfileRules } from '../sip2/profiles/rules.ts';
import { AcsWords } from './acs-words.ts';
import type {
  AccountList,
  AccountPart,
  CheckinAnswer,
  CheckinRequest,
  CheckoutRequest,
  Customership,
  FeePaidAnswer,
  FeePaidRequest,
  HoldAnswer,
  HoldRequest,
  Ils,
  IlsStatus,
  ItemInformation,
  LoanAnswer,
  Outcome,
  RenewAllAnswer,
  RenewAllRequest,
  RenewRequest,
  Reply,
  SecretBytes,
} from './ils.ts';
import type { LocalDate } from '../shared/values.ts';
import { downUntil, type DownTime } from './down-times.ts';
import { LibraryTime } from './library-time.ts';
import { keptFields } from './profile-reading.ts';
import { abilitiesOf } from './sip2-abilities.ts';
import * as answers from './sip2-answers.ts';
import { listPlaces, sip2LanguageOf, summaryFor } from './sip2-codes.ts';

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
  readonly errorDetection?: boolean | undefined;
  /** IANA name of the library’s zone; an unknown one throws. */
  readonly timeZone: string;
  /** ISO 4217, for sums without one. */
  readonly currency: string;
  /** The language that the station rests in; SIP2’s "unknown" where it is left out. */
  readonly language?: LanguageCode | undefined;
  /** The library system’s dialect; the generic one where it is left out. Settings of the connection go before it. */
  readonly profile?: Profile | undefined;
  readonly replyTimeoutMs?: number | undefined;
  readonly retriesMax?: number | undefined;
  readonly keepAliveMs?: number | undefined;
  readonly refusedRetryMs?: number | undefined;
  readonly slowReplyMs?: number | undefined;
  /** The planned rests of the library system. */
  readonly downTimes?: readonly DownTime[] | undefined;
  readonly logMessages?: boolean | undefined;
}

const blankDate = ' '.repeat(18);

/** A loan runs to the end of its last day. */
function endOfDay(date: LocalDate): string {
  return `${date.replaceAll('-', '')}    235900`;
}

/** What the station reads of each answer. Names, addresses and whoever had a returned item are not among it. */
const keep: KeepFields = {
  '10': new Set(['AB', 'AJ', 'CL', 'AF', 'AG']),
  '12': new Set(['AA', 'AB', 'AJ', 'AH', 'BH', 'BV', 'AF', 'AG']),
  '16': new Set(['AA', 'AB', 'AJ', 'BR', 'BS', 'AF', 'AG']),
  '18': new Set(['AB', 'AJ', 'AH', 'AP', 'CF', 'CM', 'AF', 'AG']),
  '30': new Set(['AA', 'AB', 'AJ', 'AH', 'BH', 'BV', 'AF', 'AG']),
  '36': new Set(['AA']),
  '24': new Set(['AA', 'BL', 'CQ', 'AF', 'AG']),
  '38': new Set(['AA', 'BK', 'AF', 'AG']),
  '64': new Set(['AA', 'AS', 'AT', 'AU', 'AV', 'BU', 'CD', 'BL', 'CQ', 'BH', 'BV', 'AF', 'AG']),
  '66': new Set(['BM', 'BN', 'AF', 'AG']),
  '98': new Set(['AO', 'AN', 'BX']),
};

/** What changes something may be sent twice only where the ACS knows a repeated message by AY and AZ. */
const resentIfRecognised = {
  '09': true,
  '11': true,
  '15': true,
  '29': true,
  '37': true,
  '65': true,
} as const;

/** Parts of one list that are asked for at most. */
const listPagesMax = 20;

interface PagedRequest<T> {
  readonly fixed: MessageInput<'63'>['fixed'];
  readonly fields: MessageInput<'63'>['fields'];
  readonly list: AccountList;
  readonly read: (answer: DecodedOf<'64'>) => Outcome<T>;
  readonly reply: Reply<T>;
}

/** Where no verdict on the PIN counts as a good one, words that call it wrong go before that. */
function pinByWords(outcome: Outcome<Customership>): Outcome<Customership> {
  if (outcome.kind !== 'answered' || outcome.value.pin !== 'right') return outcome;
  const wrong = outcome.value.acsText.some(({ meaning }) => meaning === 'pin.wrong');
  return wrong ? { kind: 'answered', value: { ...outcome.value, pin: 'wrong' } } : outcome;
}

/** The library system over SIP2, in the dialect of its profile. */
export class Sip2Ils implements Ils {
  readonly #settings: Sip2IlsSettings;
  readonly #ports: Sip2ClientPorts;
  readonly #client: Sip2Client;
  readonly #time: LibraryTime;
  readonly #profile: Profile;
  readonly #rules: ProfileRules;
  readonly #words: AcsWords;
  readonly #reading: answers.Reading;

  private constructor(
    settings: Sip2IlsSettings,
    ports: Sip2ClientPorts,
    client: Sip2Client,
    profile: Profile,
  ) {
    this.#settings = settings;
    this.#ports = ports;
    this.#client = client;
    this.#time = new LibraryTime(settings.timeZone);
    this.#profile = profile;
    this.#rules = profile.rules;
    this.#words = new AcsWords(profile, ports.log);
    this.#reading = { time: this.#time, currency: settings.currency, rules: profile.rules };
  }

  /** The error says that there is no such character set, or that the delimiter can’t be one. */
  static create(settings: Sip2IlsSettings, ports: Sip2ClientPorts): Result<Sip2Ils, DialectError> {
    const profile = settings.profile ?? genericProfile();
    const { rules } = profile;
    const dialect = dialectOf({
      charset: settings.charset ?? rules.charset,
      terminator: settings.terminator ?? rules.terminator,
      delimiter: settings.delimiter ?? rules.delimiter,
      delimiterAfterFixed: rules.delimiterAfterFixed,
    });
    if (!dialect.ok) return dialect;
    const { login, retriesMax, refusedRetryMs, slowReplyMs, downTimes = [], logMessages } = settings;
    const time = new LibraryTime(settings.timeZone);
    const client = new Sip2Client(
      {
        dialect: dialect.value,
        errorDetection: settings.errorDetection ?? rules.errorDetection,
        login,
        keep: keptFields(keep, rules),
        believesOnLine: rules.believedStatusFlags.includes('onLineStatus'),
        replyTimeoutMs: settings.replyTimeoutMs ?? rules.replyTimeoutSeconds * 1_000,
        retriesMax,
        ...(rules.repeats === 'recognised' ? { resend: resentIfRecognised } : {}),
        refusedRetryMs,
        slowReplyMs,
        restUntil: downTimes.length === 0 ? undefined : (now) => downUntil(downTimes, time, now),
        keepAliveMs: settings.keepAliveMs ?? rules.keepAliveSeconds * 1_000,
        logMessages,
      },
      ports,
    );
    return ok(new Sip2Ils(settings, ports, client, profile));
  }

  start(onStatus: (status: IlsStatus) => void): void {
    this.#client.start(({ until, ...status }) => {
      const online = status.state === 'online' || status.state === 'slow';
      onStatus({
        ...status,
        ...(until === undefined ? {} : { until: this.#time.hourMinute(until) }),
        ...(online ? { abilities: abilitiesOf(this.#profile, this.#client.acs.supported) } : {}),
      });
    });
  }

  stop(): void {
    this.#client.stop();
  }

  checkCustomership(
    request: { readonly card: string; readonly pin?: SecretBytes },
    tell: Reply<Customership>,
  ): void {
    const { card, pin } = request;
    const reply: Reply<Customership> = (outcome) => tell(pinByWords(outcome));
    const read = (answer: DecodedOf<'64'> | DecodedOf<'24'>): Outcome<Customership> =>
      answers.customershipOf(answer, card, pin !== undefined, this.#reading);
    if (this.#rules.pinCheck === 'patronInformation') {
      return this.#patronInformation(card, 'charged', pin, read, reply);
    }
    const fixed = { language: this.#language(), transactionDate: this.#now() };
    const fields = {
      AO: this.#institution(),
      AA: card,
      AC: this.#settings.terminalPassword ?? '',
      AD: pin ?? '',
    };
    this.#request({ code: '23', fixed, fields }, read, reply);
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
    const fixed = {
      language: this.#language(),
      transactionDate: this.#now(),
      summary: summaryFor(list, this.#rules),
    };
    const fields = { AO: this.#institution(), AA: card, AC: this.#settings.terminalPassword };
    const { listRange } = this.#rules;
    if (listRange === 0)
      return this.#request({ code: '63', fixed, fields: { ...fields, AD: pin } }, read, reply);
    // The station’s buffer may hold the next patron’s PIN before the last part is asked for.
    const own = pin === undefined ? undefined : Uint8Array.from(pin);
    const over: Reply<T> = (outcome) => {
      own?.fill(0);
      reply(outcome);
    };
    this.#pages({ fixed, fields: { ...fields, AD: own }, list, read, reply: over }, 1, undefined);
  }

  /** Asks for a list part by part, and reads the parts as the one answer that they would have been. */
  #pages<T>(ask: PagedRequest<T>, page: number, before: DecodedOf<'64'> | undefined): void {
    const { listRange } = this.#rules;
    const range = { BP: String((page - 1) * listRange + 1), BQ: String(page * listRange) };
    const fields = { ...ask.fields, ...range };
    this.#client.request({ code: '63', fixed: ask.fixed, fields }, (outcome) => {
      // A part that did not come leaves fewer entries than the count says, and who reads it sees that.
      if (outcome.kind !== 'answered' && before !== undefined) {
        return ask.reply(this.#read<'63', T>({ kind: 'answered', value: before }, ask.read));
      }
      if (outcome.kind !== 'answered') return ask.reply(outcome);
      const { field } = listPlaces[ask.list];
      const came = outcome.value.fields.filter(([id]) => id === field);
      const whole = before === undefined ? outcome.value : { ...before, fields: [...before.fields, ...came] };
      if (came.length < listRange || page >= listPagesMax) {
        return ask.reply(this.#read<'63', T>({ kind: 'answered', value: whole }, ask.read));
      }
      this.#pages(ask, page + 1, whole);
    });
  }

  item(request: { readonly item: string }, reply: Reply<ItemInformation>): void {
    const { item } = request;
    const fixed = { transactionDate: this.#now() };
    const fields = { AO: this.#institution(), AB: item, AC: this.#settings.terminalPassword };
    const read = (answer: DecodedOf<'18'>): Outcome<ItemInformation> =>
      answers.itemInformationOf(answer, item, this.#reading);
    this.#request({ code: '17', fixed, fields }, read, reply);
  }

  checkout(request: CheckoutRequest, reply: Reply<LoanAnswer>): void {
    if (this.#saysNo('checkoutOk', reply, false)) return;
    this.#lend(request, this.#rules.scRenewalPolicy, reply, request.offlineDue);
  }

  #lend(
    request: CheckoutRequest | RenewRequest,
    scRenewalPolicy: 'Y' | 'N',
    reply: Reply<LoanAnswer>,
    offlineDue?: LocalDate,
  ): void {
    const { card, item, at } = request;
    const transactionDate = this.#time.sip2(at);
    const told = this.#rules.noBlock.checkout ? offlineDue : undefined;
    const fixed = {
      scRenewalPolicy,
      noBlock: told === undefined ? 'N' : 'Y',
      transactionDate,
      nbDueDate: told === undefined ? blankDate : endOfDay(told),
    } as const;
    const fields = {
      AO: this.#institution(),
      AA: card,
      AB: item,
      AC: this.#settings.terminalPassword ?? '',
      AD: this.#pinFor(request),
    };
    const read = (answer: DecodedOf<'12'>): Outcome<LoanAnswer> =>
      answers.loanAnswerOf(answer, card, item, this.#reading);
    this.#request({ code: '11', fixed, fields }, read, reply);
  }

  checkin(request: CheckinRequest, reply: Reply<CheckinAnswer>): void {
    const { item, at, offline } = request;
    const { noBlock, returnDate, checkinLocation } = this.#rules;
    const transactionDate = this.#time.sip2(at);
    const named = returnDate === 'always' || (returnDate === 'whenOffline' && offline);
    const fixed = {
      noBlock: offline && noBlock.checkin ? 'Y' : 'N',
      transactionDate,
      returnDate: named ? transactionDate : blankDate,
    } as const;
    const { location = '', terminalPassword = '' } = this.#settings;
    const fromStatus = checkinLocation === 'fromStatus' ? this.#client.acs.terminalLocation : undefined;
    const fields = { AP: fromStatus ?? location, AO: this.#institution(), AB: item, AC: terminalPassword };
    const read = (answer: DecodedOf<'10'>): Outcome<CheckinAnswer> =>
      answers.checkinAnswerOf(answer, item, this.#reading);
    this.#request({ code: '09', fixed, fields }, read, (outcome) => reply(this.#takenAllTheSame(outcome)));
  }

  /** What is not on loan stands on its shelf, and a refusal for that reason is none. */
  #takenAllTheSame(outcome: Outcome<CheckinAnswer>): Outcome<CheckinAnswer> {
    if (outcome.kind !== 'answered' || outcome.value.result === 'taken' || !this.#rules.notChargedIsTaken) {
      return outcome;
    }
    const notCharged = outcome.value.acsText.some(({ meaning }) => meaning === 'item.notCharged');
    return notCharged ? { kind: 'answered', value: { ...outcome.value, result: 'taken' } } : outcome;
  }

  renew(request: RenewRequest, reply: Reply<LoanAnswer>): void {
    if (this.#saysNo('renewalOk', reply, true)) return;
    if (this.#rules.renewBy === 'checkout') return this.#lend(request, 'Y', reply);
    const { card, item, at } = request;
    const transactionDate = this.#time.sip2(at);
    const fixed = { thirdPartyAllowed: 'N', noBlock: 'N', transactionDate, nbDueDate: blankDate } as const;
    const fields = {
      AO: this.#institution(),
      AA: card,
      AD: this.#pinFor(request),
      AB: item,
      AC: this.#settings.terminalPassword,
    };
    const read = (answer: DecodedOf<'30'>): Outcome<LoanAnswer> =>
      answers.loanAnswerOf(answer, card, item, this.#reading);
    this.#request({ code: '29', fixed, fields }, read, reply);
  }

  renewAll(request: RenewAllRequest, reply: Reply<RenewAllAnswer>): void {
    const { card, at } = request;
    const fixed = { transactionDate: this.#time.sip2(at) };
    const fields = {
      AO: this.#institution(),
      AA: card,
      AD: this.#pinFor(request),
      AC: this.#settings.terminalPassword,
    };
    this.#request({ code: '65', fixed, fields }, answers.renewAllAnswerOf, reply);
  }

  hold(request: HoldRequest, reply: Reply<HoldAnswer>): void {
    const { card, item, mode, pickup, at } = request;
    const fixed = { holdMode: mode === 'place' ? '+' : '-', transactionDate: this.#time.sip2(at) } as const;
    const fields = {
      BS: pickup,
      AO: this.#institution(),
      AA: card,
      AD: this.#pinFor(request),
      AB: item,
      AC: this.#settings.terminalPassword,
    };
    const read = (answer: DecodedOf<'16'>): Outcome<HoldAnswer> =>
      answers.holdAnswerOf(answer, card, item, this.#reading);
    this.#request({ code: '15', fixed, fields }, read, reply);
  }

  feePaid(request: FeePaidRequest, reply: Reply<FeePaidAnswer>): void {
    const { card, amount, feeType, paymentType, fee, transaction, at } = request;
    const transactionDate = this.#time.sip2(at);
    const fixed = { transactionDate, feeType, paymentType, currencyType: amount.currency };
    const fields = {
      BV: amount.amount,
      AO: this.#institution(),
      AA: card,
      AC: this.#settings.terminalPassword,
      AD: this.#pinFor(request),
      CG: fee,
      BK: transaction,
    };
    const read = (answer: DecodedOf<'38'>): Outcome<FeePaidAnswer> =>
      answers.feePaidAnswerOf(answer, card, transaction, this.#reading);
    this.#request({ code: '37', fixed, fields }, read, reply);
  }

  endSession(request: { readonly card: string; readonly pin?: SecretBytes }, reply: Reply<undefined>): void {
    if (!this.#rules.endSession) return this.#later(() => reply({ kind: 'answered', value: undefined }));
    const { card } = request;
    const fixed = { transactionDate: this.#now() };
    const fields = {
      AO: this.#institution(),
      AA: card,
      AC: this.#settings.terminalPassword,
      AD: this.#pinFor(request),
    };
    const read = (answer: DecodedOf<'36'>): Outcome<undefined> =>
      answers.endedSession(answer, card, this.#reading);
    this.#request({ code: '35', fixed, fields }, read, reply);
  }

  /** Whether a flag of the 98 that the profile believes forbids it; then it is refused without asking. */
  #saysNo(flag: 'checkoutOk' | 'renewalOk', reply: Reply<LoanAnswer>, renewal: boolean): boolean {
    const name = flag === 'renewalOk' ? 'acsRenewalPolicy' : flag;
    if (!this.#rules.believedStatusFlags.includes(name) || this.#client.acs[flag]) return false;
    const acsText = [{ acs: `98: ${name} N`, meaning: 'system.down' }] as const;
    const value: LoanAnswer = { result: 'refused', title: undefined, fee: undefined, renewal, acsText };
    this.#later(() => reply({ kind: 'answered', value }));
    return true;
  }

  #later(act: () => void): void {
    this.#ports.clock.after(0, act);
  }

  #institution(): string {
    const fromStatus =
      this.#rules.institutionId === 'fromStatus' ? this.#client.acs.institutionId : undefined;
    return fromStatus ?? this.#settings.institutionId;
  }

  #language(): string {
    return sip2LanguageOf(this.#settings.language, this.#rules);
  }

  /** The PIN goes with other requests than its check only where the profile says that it must. */
  #pinFor({ pin }: { readonly pin?: SecretBytes }): SecretBytes | undefined {
    return this.#rules.pinWithEachRequest ? pin : undefined;
  }

  #request<C extends RequestCode, T>(
    message: MessageInput<C>,
    read: (answer: DecodedOf<AnswerCode<C>>) => Outcome<T>,
    reply: Reply<T>,
  ): void {
    this.#client.request(message, (outcome) => reply(this.#read(outcome, read)));
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
      return told;
    }
    return { kind: 'answered', value: this.#words.explain(outcome.value.code, told.value) };
  }

  #now(): string {
    return this.#time.sip2(this.#ports.clock.now());
  }
}
