import { assert, unreachable } from '../../kernel/assert.ts';
import type { UtcMillis } from '../../kernel/clock.ts';
import { byteSum, checksumOf, writeHex4 } from '../../sip2/checksum.ts';
import { decode, firstField, type Decoded, type DecodedOf } from '../../sip2/decode.ts';
import { encode, type EncodeOptions } from '../../sip2/encode.ts';
import { LineReader } from '../../sip2/framing.ts';
import type { Refusal } from './answers.ts';
import type { AcsBehaviour } from './behaviour.ts';
import type { FaultKind } from './faults.ts';
import type { Item } from './state.ts';
import type { Library } from './library.ts';
import { answersFrom } from './make-believe.ts';
import { ignored, mannered, type AnyAnswer } from './mannered.ts';
import {
  acsStatus,
  checkin,
  endSession,
  itemInformation,
  loan,
  loginAnswer,
  type Setting,
} from './sip2-answers.ts';
import { feePaid, hold, renewAll } from './sip2-more.ts';
import { patronInformation, patronStatus } from './sip2-patron.ts';

/** Longest request that is read; beyond it the connection is of no use. */
const requestBytesMax = 65_536;

/**
 * Called with each line that comes and each answer as it was meant to go, before it is sent, and with what goes wrong
 * with it. The bytes are read in the call.
 */
export type OnLine = (from: 'station' | 'acs', line: Uint8Array, fault: FaultKind | undefined) => void;

/**
 * One connection to the simulated ACS, as bytes in and bytes out: no socket, no clock. What a request does to the
 * library has happened when `receive` returns.
 */
export class Sip2Session {
  /** While a request is answered, the library that it is answered from. */
  #library: Library;
  readonly #behaviour: AcsBehaviour;
  readonly #reader: LineReader;
  readonly #onRequest: ((code: string) => void) | undefined;
  readonly #onLine: OnLine | undefined;
  #answers: Uint8Array[] = [];
  #at: UtcMillis = 0;
  #loggedIn = false;
  #language = '000';
  /** AY and AZ of the last request, to know it again. */
  #lastTail = '';
  #lastAnswer: Uint8Array | undefined;
  #fault: FaultKind | undefined;
  #sawLineFeed = false;
  /** How the answers of the last `receive` go out: held back, and with a pause between one piece and the next. */
  pacing = atOnce;
  /** The ACS hung up: a request before the log-in, or an endless one. Nothing more is answered. */
  ended = false;

  /** @param onRequest called with the code of each request that arrived, before it has any effect. */
  constructor(
    library: Library,
    behaviour: AcsBehaviour,
    onRequest?: (code: string) => void,
    onLine?: OnLine,
  ) {
    this.#onRequest = onRequest;
    this.#onLine = onLine;
    this.#library = library;
    this.#behaviour = behaviour;
    this.#reader = new LineReader(
      {
        line: (bytes) => this.#line(bytes),
        overlong: () => {
          this.ended = true;
        },
      },
      requestBytesMax,
    );
  }

  /** Takes bytes in any pieces, at the ACS's own time, and gives whole answers, each with its terminator. */
  receive(bytes: Uint8Array, at: UtcMillis): Uint8Array[] {
    this.#answers = [];
    this.pacing = atOnce;
    this.#at = at;
    this.#sawLineFeed = bytes.includes(0x0a);
    this.#reader.push(bytes);
    return this.#answers;
  }

  #line(bytes: Uint8Array): void {
    if (this.ended) {
      return;
    }
    const request = decode(bytes, { dialect: this.#behaviour.dialect });
    this.#fault = this.#behaviour.faults.take(request.code ?? request.rawCode);
    this.#onLine?.('station', bytes, this.#fault === 'loseRequest' ? this.#fault : undefined);
    if (this.#fault === 'loseRequest') {
      return;
    }
    this.#onRequest?.(request.code ?? 'unknown');
    const { manners, dialect } = this.#behaviour;
    if (ignored({ manners, request, line: bytes, delimiter: dialect.delimiter }, this.#sawLineFeed)) {
      return;
    }
    if (request.checksum === 'wrong') {
      this.#send({ code: '96', fixed: {}, fields: {} }, request);
    } else if (request.code === '97') {
      this.#resend(request);
    } else if (this.#behaviour.deduplicates && this.#isRepeat(bytes, request)) {
      this.#resend(request);
    } else {
      this.#answer(request);
    }
  }

  /** 2.12, "Request ACS Resend": the last answer once more, 96 where there was none. */
  #resend(request: Decoded): void {
    if (this.#lastAnswer === undefined) {
      this.#send({ code: '96', fixed: {}, fields: {} }, request);
    } else {
      this.#put(this.#lastAnswer);
    }
  }

  #isRepeat(bytes: Uint8Array, request: Decoded): boolean {
    if (request.sequence === undefined) {
      this.#lastTail = '';
      return false;
    }
    const tail = Buffer.from(bytes.subarray(-9)).toString('latin1');
    const same = tail === this.#lastTail;
    this.#lastTail = tail;
    return same;
  }

  #answer(request: Decoded): void {
    if (request.code === undefined) {
      return;
    }
    if (this.#behaviour.login !== undefined && !this.#loggedIn && request.code !== '93') {
      this.ended = true;
      return;
    }
    const real = this.#library;
    this.#library = answersFrom(real, this.#behaviour.manners, request.code);
    const answer = this.#answerTo(request);
    this.#library = real;
    if (answer !== undefined) {
      this.#send(this.#fault === 'anotherItem' ? this.#aboutAnotherItem(answer) : answer, request);
    }
  }

  #answerTo(request: Exclude<Decoded, { code: undefined }>): AnyAnswer | undefined {
    switch (request.code) {
      case '93':
        this.#loggedIn = this.#accepts(request);
        return loginAnswer(this.#loggedIn);
      case '99':
        return acsStatus(this.#setting());
      case '23':
        this.#language = request.fixed.language;
        return patronStatus(this.#setting(), request);
      case '63':
        this.#language = request.fixed.language;
        return patronInformation(this.#setting(), request);
      case '17':
        return itemInformation(this.#setting(), firstField(request, 'AB') ?? '');
      case '11':
        return this.#checkout(request);
      case '09':
        return this.#checkin(request);
      case '29':
        return this.#renew(request);
      case '15':
        return hold(this.#setting(), request);
      case '65':
        return renewAll(this.#setting(), request);
      case '37':
        return feePaid(this.#setting(), request);
      case '35':
        return endSession(this.#setting(), request);
      default:
        // The rest is not supported and BX says so; the standard lets an ACS ignore it.
        return undefined;
    }
  }

  #accepts(request: DecodedOf<'93'>): boolean {
    const { login, loginRefused } = this.#behaviour;
    if (loginRefused) {
      return false;
    }
    return (
      login === undefined ||
      (firstField(request, 'CN') === login.user && firstField(request, 'CO') === login.password)
    );
  }

  #checkout(request: DecodedOf<'11'>): AnyAnswer {
    const setting = this.#setting();
    const card = firstField(request, 'AA') ?? '';
    const item = firstField(request, 'AB') ?? '';
    if (!this.#behaviour.onLine) {
      return loan('12', setting, card, item, this.#outOfOrder(item));
    }
    if (this.#lacksPin(card, request))
      return loan('12', setting, card, item, this.#refused(item, 'wrongPin'));
    const answer = this.#library.checkout({
      card,
      item,
      at: this.#at,
      pin: firstField(request, 'AD'),
      requestedAt: request.fixed.transactionDate,
      nbDueDate: request.fixed.nbDueDate,
      noBlock: this.#honoursNoBlock() && request.fixed.noBlock === 'Y',
      scRenewalPolicy: request.fixed.scRenewalPolicy === 'Y',
      feeAcknowledged: firstField(request, 'BO') === 'Y',
      cancel: firstField(request, 'BI') === 'Y',
    });
    return loan('12', setting, card, item, answer);
  }

  #renew(request: DecodedOf<'29'>): AnyAnswer {
    const setting = this.#setting();
    const card = firstField(request, 'AA') ?? '';
    const item = firstField(request, 'AB') ?? this.#itemByTitle(card, firstField(request, 'AJ')) ?? '';
    if (!this.#behaviour.onLine) {
      return loan('30', setting, card, item, this.#outOfOrder(item));
    }
    if (this.#lacksPin(card, request))
      return loan('30', setting, card, item, this.#refused(item, 'wrongPin'));
    const answer = this.#library.renew({
      card,
      item,
      at: this.#at,
      pin: firstField(request, 'AD'),
      requestedAt: request.fixed.transactionDate,
      nbDueDate: request.fixed.nbDueDate,
      noBlock: this.#honoursNoBlock() && request.fixed.noBlock === 'Y',
      feeAcknowledged: firstField(request, 'BO') === 'Y',
    });
    return loan('30', setting, card, item, answer);
  }

  #checkin(request: DecodedOf<'09'>): AnyAnswer {
    const setting = this.#setting();
    const item = firstField(request, 'AB') ?? '';
    if (!this.#behaviour.onLine) {
      const nowhere = { alert: undefined, destination: undefined, hold: undefined };
      return checkin(setting, item, { ...this.#outOfOrder(item), ...nowhere });
    }
    const answer = this.#library.checkin({
      item,
      at: this.#at,
      requestedAt: request.fixed.transactionDate,
      returnDate: request.fixed.returnDate,
      noBlock: this.#honoursNoBlock() && request.fixed.noBlock === 'Y',
      cancel: firstField(request, 'BI') === 'Y',
    });
    return checkin(setting, item, answer);
  }

  /** 29 may name the title instead of the item. */
  #itemByTitle(card: string, title: string | undefined): string | undefined {
    const found = this.#library.patron(card, undefined, this.#at);
    if (!found.known || title === undefined) {
      return undefined;
    }
    return [...found.patron.loans.values()].find(({ item }) => item.data.title === title)?.item.data.item;
  }

  #honoursNoBlock(): boolean {
    return this.#behaviour.manners.noBlock !== 'ignored';
  }

  /** The ACS wants the PIN with each request, and it is not there or not right. */
  #lacksPin(card: string, request: DecodedOf<'11'> | DecodedOf<'29'>): boolean {
    if (this.#behaviour.manners.wantsPinWithEachRequest !== true) return false;
    const answer = this.#library.patron(card, firstField(request, 'AD'), this.#at);
    return answer.known && answer.pinRight !== true;
  }

  #refused<R extends Refusal>(
    item: string,
    refusal: R,
  ): { ok: false; renewal: false; refusal: R; item: Item | undefined } {
    return { ok: false, renewal: false, refusal, item: this.#library.item(item) };
  }

  #outOfOrder(item: string): { ok: false; renewal: false; refusal: 'outOfOrder'; item: Item | undefined } {
    return { ok: false, renewal: false, refusal: 'outOfOrder', item: this.#library.item(item) };
  }

  #aboutAnotherItem(answer: AnyAnswer): AnyAnswer {
    if (!('AB' in answer.fields)) {
      return answer;
    }
    const asked = answer.fields.AB;
    for (const other of this.#library.state.items.keys()) {
      if (other !== asked) {
        return { ...answer, fields: { ...answer.fields, AB: other } } as AnyAnswer;
      }
    }
    return answer;
  }

  #setting(): Setting {
    const language = this.#behaviour.texts === 'ofRequest' ? this.#language : '000';
    return { library: this.#library, behaviour: this.#behaviour, language, at: this.#at };
  }

  /** Error detection is on for an answer when it was for its request (2.12, "Error detection"). */
  #send(plain: AnyAnswer, request: Decoded): void {
    const answer = mannered(plain, request, this.#setting());
    const detected = request.checksum !== 'absent' && this.#behaviour.manners.noErrorDetection !== true;
    const options: EncodeOptions = {
      dialect: this.#behaviour.dialect,
      sequence: detected ? (request.sequence ?? 0) : undefined,
    };
    let encoded = encode(answer, options);
    if (!encoded.ok) {
      encoded = encode(writable(answer, String.fromCharCode(this.#behaviour.dialect.delimiter)), options);
    }
    assert(encoded.ok, `the simulated ACS can write its answer ${answer.code}`);
    const bytes =
      this.#behaviour.manners.lowerCaseChecksum === true ? withSmallHex(encoded.value) : encoded.value;
    this.#lastAnswer = bytes;
    this.#put(bytes);
  }

  /** Sends an answer, or what the fault makes of it. */
  #put(answer: Uint8Array): void {
    this.#onLine?.('acs', answer, this.#fault);
    switch (this.#fault) {
      case 'late':
        this.pacing = { holdMs: lateMs, pauseMs: 0 };
        this.#answers.push(answer);
        return;
      case 'twice':
        this.#answers.push(answer, answer);
        return;
      case 'inPieces':
        this.pacing = { holdMs: 0, pauseMs: pieceMs };
        this.#answers.push(...piecesOf(answer));
        return;
      case 'wrongSequence':
        this.#answers.push(withAnotherSequence(answer));
        return;
      case undefined:
      case 'anotherItem':
        this.#answers.push(answer);
        return;
      case 'loseRequest':
      case 'loseReply':
        return;
      case 'closeInsteadOfReply':
        this.ended = true;
        return;
      case 'closeInReply':
        this.#answers.push(answer.subarray(0, Math.floor(answer.length / 2)));
        this.ended = true;
        return;
      case 'garbage':
        this.#answers.push(garbage);
        return;
      case 'wrongChecksum':
        this.#answers.push(withWrongChecksum(answer));
        return;
      default:
        unreachable(this.#fault);
    }
  }
}

export interface Pacing {
  readonly holdMs: number;
  readonly pauseMs: number;
}

const atOnce: Pacing = { holdMs: 0, pauseMs: 0 };
/** How long a late answer takes, and the pause between the pieces of one. */
const lateMs = 1_200;
const pieceMs = 10;
const piecesMax = 4;

function piecesOf(answer: Uint8Array): Uint8Array[] {
  const size = Math.max(1, Math.ceil(answer.length / piecesMax));
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < answer.length; at += size) pieces.push(answer.subarray(at, at + size));
  return pieces;
}

/** AY becomes the next number, with the checksum that goes with it. Without error detection there is none. */
function withAnotherSequence(answer: Uint8Array): Uint8Array {
  const other = Buffer.from(answer);
  const end = other.lastIndexOf(0x0d);
  const place = end - 9;
  if (place < 0 || other.toString('latin1', place, place + 2) !== 'AY') return other;
  other[place + 2] = 0x30 + (((other[place + 2] ?? 0x30) - 0x30 + 1) % 10);
  writeHex4(other, end - 4, checksumOf(byteSum(other, 0, end - 4)));
  return other;
}

function withSmallHex(answer: Uint8Array): Uint8Array {
  const small = Buffer.from(answer);
  const end = small.lastIndexOf(0x0d);
  if (small.toString('latin1', end - 6, end - 4) === 'AZ') {
    small.write(small.toString('latin1', end - 4, end).toLowerCase(), end - 4, 'latin1');
  }
  return small;
}

/** Not a message of SIP2, nor text in any character set, but with a line end. */
const garbage = Buffer.from([0xff, 0xfe, 0x00, 0x41, 0x5a, 0x7c, 0x80, 0x1b, 0x5b, 0x32, 0x4a, 0x0d]);

/** The last hexadecimal digit of AZ becomes another one. Without error detection there is nothing to spoil. */
function withWrongChecksum(answer: Uint8Array): Uint8Array {
  const spoilt = Buffer.from(answer);
  const end = spoilt.lastIndexOf(0x0d);
  if (spoilt.toString('latin1', end - 6, end - 4) === 'AZ') {
    spoilt[end - 1] = spoilt[end - 1] === 0x30 ? 0x31 : 0x30;
  }
  return spoilt;
}

/** What an ACS makes of letters that its character set does not have, and of its delimiter inside a value: `?`. */
function writable(answer: AnyAnswer, delimiter: string): AnyAnswer {
  const plain = (text: string) => text.replaceAll(/[^\u0020-\u007e]/g, '?').replaceAll(delimiter, '?');
  const fields = Object.entries(answer.fields).map(([id, value]) => [
    id,
    typeof value === 'string' ? plain(value) : Array.isArray(value) ? value.map(plain) : value,
  ]);
  const extra = (answer.extra ?? []).map(([id, value]): [string, string] => [id, plain(value)]);
  return { ...answer, fields: Object.fromEntries(fields), extra } as AnyAnswer;
}
