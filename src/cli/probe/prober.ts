import { LibraryTime } from '../../ils/library-time.ts';
import type { Clock } from '../../kernel/clock.ts';
import { allFields, decode, firstField, type Decoded, type DecodedOf } from '../../sip2/decode.ts';
import { dialectOf, type Dialect } from '../../sip2/dialect.ts';
import { encode } from '../../sip2/encode.ts';
import type { AnswerCode, MessageInput, RequestCode } from '../../sip2/messages.ts';
import { messages } from '../../sip2/messages.ts';
import type { Findings } from './findings.ts';
import type { Ending, ProbeLink, Raw } from './link.ts';

/** Tries of a question that fails. */
const triesMax = 4;
/** An answer that takes longer is late. */
export const lateMs = 1_000;

export interface ProbeSettings {
  readonly institutionId: string;
  readonly location: string;
  readonly terminalPassword: string | undefined;
  readonly login: { readonly user: string; readonly password: Uint8Array } | undefined;
  readonly card: string;
  /** UTF-8; whoever gave it overwrites it. */
  readonly pin: Uint8Array | undefined;
  readonly items: readonly string[];
  /** Lends, renews and returns the items. */
  readonly borrow: boolean;
  /** Checks a wrong PIN once; some systems count it. */
  readonly wrongPin: boolean;
  readonly timeZone: string;
  readonly timeoutMs: number;
}

/** How requests are written, as far as it is known by now. */
export interface Writing {
  charset: string;
  terminator: 'CR' | 'CRLF';
  errorDetection: boolean;
  delimiterAfterFixed: boolean;
  institutionId: string;
  location: string;
  /** The PIN goes with each request for a patron. */
  pinAlways: boolean;
}

export interface Answer {
  readonly message: Decoded;
  readonly line: Buffer;
  readonly ending: Ending;
}

/** Asks an ACS, tries again where that changes nothing, and notes all that is odd. */
export class Prober {
  readonly settings: ProbeSettings;
  readonly findings: Findings;
  readonly writing: Writing;
  readonly #link: ProbeLink;
  readonly #clock: Clock;
  readonly #time: LibraryTime;
  #sequence = 0;
  /** The item that the last request was about. */
  #lastItem: string | undefined;
  /** Bytes of the last request, where it may be sent again. */
  #lastBytes: Buffer | undefined;

  constructor(settings: ProbeSettings, findings: Findings, link: ProbeLink, clock: Clock) {
    this.settings = settings;
    this.findings = findings;
    this.#link = link;
    this.#clock = clock;
    this.#time = new LibraryTime(settings.timeZone);
    this.writing = {
      charset: 'utf-8',
      terminator: 'CR',
      errorDetection: true,
      delimiterAfterFixed: false,
      institutionId: settings.institutionId,
      location: settings.location,
      pinAlways: false,
    };
  }

  get now(): string {
    return this.#time.sip2(this.#clock.now());
  }

  /** A local time some days from now, in SIP2’s form. */
  inDays(days: number): string {
    return this.#time.sip2(this.#clock.now() + days * 86_400_000);
  }

  get today(): string {
    return this.now.slice(0, 8);
  }

  /** The PIN for a request that may need it. */
  get pinField(): { readonly AD?: Uint8Array } {
    const { pin } = this.settings;
    return this.writing.pinAlways && pin !== undefined ? { AD: pin } : {};
  }

  /** Fields that each request about something carries. */
  get common(): { readonly AO: string; readonly AC: string } {
    return { AO: this.writing.institutionId, AC: this.settings.terminalPassword ?? '' };
  }

  /** Connects and logs in. The reason, where it can’t. */
  async connect(): Promise<string | undefined> {
    const failed = await this.#link.connect();
    if (failed !== undefined) return failed;
    const { login } = this.settings;
    if (login === undefined) return undefined;
    const fields = { CN: login.user, CO: login.password, CP: this.settings.location };
    const fixed = { uidAlgorithm: '0', pwdAlgorithm: '0' } as const;
    const answer = await this.once({ code: '93', fixed, fields });
    if (answer?.message.code !== '94') return 'no answer to the log-in';
    return answer.message.fixed.ok === '1' ? undefined : 'the ACS refused the log-in';
  }

  close(): void {
    this.#link.close();
  }

  /** Asks once. Undefined: nothing that is an answer came, and the connection is made anew before the next. */
  async once<C extends RequestCode | '97'>(message: MessageInput<C>): Promise<Answer | undefined> {
    if (!this.#link.isOpen && message.code !== '93') {
      if ((await this.connect()) !== undefined) return undefined;
    }
    const dialect = this.#dialect();
    const sequence = this.writing.errorDetection ? this.#sequence : undefined;
    this.#sequence = (this.#sequence + 1) % 10;
    const encoded = encode(message, { dialect, sequence });
    if (!encoded.ok) {
      throw new Error(
        `the request ${message.code} can't be written: ${encoded.error.kind} ${encoded.error.field}`,
      );
    }
    this.#lastBytes?.fill(0);
    this.#lastBytes = encoded.value;
    const item: unknown = 'AB' in message.fields ? message.fields.AB : undefined;
    this.#lastItem = typeof item === 'string' ? item : undefined;
    return this.#send(message.code, encoded.value, dialect, sequence);
  }

  /** The last request once more, byte for byte. */
  async again(code: RequestCode): Promise<Answer | undefined> {
    const bytes = this.#lastBytes;
    if (bytes === undefined || !this.#link.isOpen) return undefined;
    const sequence = this.writing.errorDetection ? (this.#sequence + 9) % 10 : undefined;
    return this.#send(code, bytes, this.#dialect(), sequence);
  }

  /** Overwrites the last request, which may hold the PIN. */
  forget(): void {
    this.#lastBytes?.fill(0);
    this.#lastBytes = undefined;
  }

  async #send(
    code: string,
    bytes: Buffer,
    dialect: Dialect,
    sequence: number | undefined,
  ): Promise<Answer | undefined> {
    this.findings.exchanges += 1;
    const raw = await this.#link.exchange(bytes, this.settings.timeoutMs);
    const answer = this.#judge(raw, dialect, sequence);
    if (answer === undefined || answer.message.code !== answerCode(code)) {
      // Whatever may still be on its way is not to be taken for the next answer.
      this.#link.close();
      if (answer !== undefined && answer.message.code !== '96') this.findings.trouble('garbage');
      return undefined;
    }
    if (this.#lastItem !== undefined && firstField(answer.message, 'AB')?.trim() !== this.#lastItem) {
      this.findings.trouble('anotherItem');
      return undefined;
    }
    return answer;
  }

  #judge(raw: Raw, dialect: Dialect, sequence: number | undefined): Answer | undefined {
    if (raw.kind === 'silence') {
      this.findings.trouble('silence');
      return undefined;
    }
    if (raw.kind === 'closed') {
      this.findings.trouble(raw.partial ? 'brokenOff' : 'closed');
      return undefined;
    }
    const [line, ...more] = raw.lines;
    if (line === undefined) return undefined;
    const message = decode(line, { dialect });
    this.findings.tookMs.push(raw.tookMs);
    if (raw.tookMs >= lateMs) this.findings.trouble('late');
    if (raw.pieces > 2) this.findings.trouble('inPieces');
    if (more.some((other) => other.equals(line))) this.findings.trouble('twice');
    if (message.code === undefined) {
      this.findings.trouble('garbage');
      return undefined;
    }
    if (message.checksum === 'wrong') {
      this.findings.trouble('wrongChecksum');
      return undefined;
    }
    if (sequence !== undefined && message.sequence !== undefined && message.sequence !== sequence) {
      this.findings.trouble('wrongSequence');
      return undefined;
    }
    for (const { kind, field } of message.deviations) {
      if (kind === 'repeated')
        this.findings.deviates(`${field ?? 'A field'} comes twice in ${message.code}; the first one counts.`);
    }
    this.findings.seen(textsOf(message));
    return { message, line, ending: raw.ending };
  }

  #dialect(): Dialect {
    const { charset, terminator, delimiterAfterFixed } = this.writing;
    const dialect = dialectOf({ charset, terminator, delimiterAfterFixed });
    if (!dialect.ok) throw new Error(`impossible: no character set ${charset}`);
    return dialect.value;
  }

  /** Asks a question until it is answered, a few times. Only for what changes nothing. */
  async ask<C extends RequestCode>(
    message: () => MessageInput<C>,
    tries = triesMax,
  ): Promise<DecodedOf<AnswerCode<C>> | undefined> {
    return (await this.askRaw(message, tries))?.decoded;
  }

  async askRaw<C extends RequestCode>(
    message: () => MessageInput<C>,
    tries = triesMax,
  ): Promise<{ readonly decoded: DecodedOf<AnswerCode<C>>; readonly answer: Answer } | undefined> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const answer = await this.once(message());
      // `once` lets through only the code that answers this request.
      if (answer !== undefined) return { decoded: answer.message as DecodedOf<AnswerCode<C>>, answer };
    }
    return undefined;
  }
}

export function textsOf(message: Decoded): string[] {
  return [...new Set([...allFields(message, 'AF'), ...allFields(message, 'AG')])]
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function answerCode(code: string): string | undefined {
  const spec = Object.entries(messages).find(([known]) => known === code)?.[1];
  return spec !== undefined && 'answer' in spec ? spec.answer : undefined;
}
