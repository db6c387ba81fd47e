import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { decode, firstField, type Decoded } from '../../src/sip2/decode.ts';
import { encode } from '../../src/sip2/encode.ts';
import { LineReader } from '../../src/sip2/framing.ts';
import type { MessageCode, MessageInput } from '../../src/sip2/messages.ts';

const date = '20261120    100000';
const dueDate = '20261218    235900';

/** One checkout as it was seen on the wire, in milliseconds of `performance.now()`. */
export interface SeenCheckout {
  readonly item: string;
  /** The request was there. */
  readonly requestAt: number;
  /** The reply was about to be handed to the socket. */
  readonly repliedAt: number;
}

/** An ACS that says yes to everything at once and notes when it was asked. It has no rules and keeps nothing. */
export class RecordingAcs {
  onCheckout: (seen: SeenCheckout) => void = () => undefined;
  /** Something is lent or returned; its answer goes out after `latencyMs`. */
  onAct: () => void = () => undefined;
  /** A request is there, byte for byte and without its line end. The bytes are the listener’s. */
  onRequest: (bytes: Buffer) => void = () => undefined;
  latencyMs = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #lent = new Map<string, string>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static listen(): Promise<RecordingAcs> {
    const server = createServer({ noDelay: true });
    const acs = new RecordingAcs(server);
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(acs)));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let arrivedAt = 0;
    const reader = new LineReader({
      line: (bytes) => {
        this.onRequest(Buffer.from(bytes));
        this.#answer(socket, decode(bytes), arrivedAt);
      },
      overlong: () => socket.destroy(),
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      arrivedAt = performance.now();
      reader.push(chunk);
    });
  }

  #answer(socket: Socket, request: Decoded, requestAt: number): void {
    const answer = this.#answerTo(request);
    if (request.code === '11' || request.code === '09') this.onAct();
    if (this.latencyMs > 0) {
      setTimeout(() => socket.write(answer), this.latencyMs);
      return;
    }
    const repliedAt = performance.now();
    socket.write(answer);
    if (request.code === '11') {
      this.onCheckout({ item: firstField(request, 'AB') ?? '', requestAt, repliedAt });
    }
  }

  /** It lends to everybody and remembers to whom, for it is asked. */
  #answerTo(request: Decoded): Buffer {
    const card = firstField(request, 'AA') ?? '';
    const item = firstField(request, 'AB') ?? '';
    if (request.code === '11') this.#lent.set(item, card);
    if (request.code === '09') this.#lent.delete(item);
    const of = [...(request.code === '63' ? this.#lent : [])].flatMap(([one, who]) =>
      who === card ? [one] : [],
    );
    return answerTo(request, card, of, this.#lent.has(item));
  }
}

function answerTo(request: Decoded, card: string, loans: readonly string[], isLent: boolean): Buffer {
  const { sequence } = request;
  switch (request.code) {
    case '93':
      return written({ code: '94', fixed: { ok: '1' }, fields: {} }, sequence);
    case '99':
      return written(statusAnswer, sequence);
    case '63':
      return written(patronAnswer(card, loans, request.fixed.summary.charAt(2) === 'Y'), sequence);
    case '17':
      return written(itemAnswer(firstField(request, 'AB') ?? '', isLent), sequence);
    case '11':
      return written(checkoutAnswer(card, firstField(request, 'AB') ?? ''), sequence);
    case '09':
      return written(checkinAnswer(firstField(request, 'AB') ?? ''), sequence);
    case '35':
      return written(sessionEnded(card), sequence);
    default:
      throw new Error(`the bench has no answer to ${request.code ?? 'this'}`);
  }
}

function written<C extends MessageCode>(message: MessageInput<C>, sequence: number | undefined): Buffer {
  const encoded = encode(message, { sequence });
  if (!encoded.ok) throw new Error(`the bench cannot write ${message.code}: ${encoded.error.field}`);
  return encoded.value;
}

function checkinAnswer(item: string): MessageInput<'10'> {
  return {
    code: '10',
    fixed: { ok: '1', resensitize: 'Y', magneticMedia: 'N', alert: 'N', transactionDate: date },
    fields: { AO: 'BENCH', AB: item, AQ: 'BENCH', AJ: 'Title' },
  };
}

const statusAnswer: MessageInput<'98'> = {
  code: '98',
  fixed: {
    onLineStatus: 'Y',
    checkinOk: 'Y',
    checkoutOk: 'Y',
    acsRenewalPolicy: 'Y',
    statusUpdateOk: 'N',
    offLineOk: 'N',
    timeoutPeriod: '100',
    retriesAllowed: '003',
    dateTimeSync: date,
    protocolVersion: '2.00',
  },
  fields: { AO: 'BENCH', BX: 'YYYYYYYYYYYYYYYY' },
};

function itemAnswer(item: string, isLent: boolean): MessageInput<'18'> {
  return {
    code: '18',
    fixed: {
      circulationStatus: isLent ? '04' : '03',
      securityMarker: '00',
      feeType: '01',
      transactionDate: date,
    },
    fields: { AB: item, AJ: 'Täällä Pohjantähden alla', ...(isLent ? { AH: dueDate } : {}) },
  };
}

function patronAnswer(card: string, loans: readonly string[], asked: boolean): MessageInput<'64'> {
  const none = '0000';
  return {
    code: '64',
    fixed: {
      patronStatus: ' '.repeat(14),
      language: '001',
      transactionDate: date,
      holdItemsCount: none,
      overdueItemsCount: none,
      chargedItemsCount: String(loans.length).padStart(4, '0'),
      fineItemsCount: none,
      recallItemsCount: none,
      unavailableHoldsCount: none,
    },
    fields: { AO: 'BENCH', AA: card, AE: 'Virtanen, Väinö', AU: asked ? loans : [], BL: 'Y', CQ: 'Y' },
  };
}

function checkoutAnswer(card: string, item: string): MessageInput<'12'> {
  return {
    code: '12',
    fixed: { ok: '1', renewalOk: 'N', magneticMedia: 'N', desensitize: 'Y', transactionDate: date },
    fields: { AO: 'BENCH', AA: card, AB: item, AJ: 'Täällä Pohjantähden alla', AH: dueDate },
  };
}

function sessionEnded(card: string): MessageInput<'36'> {
  return {
    code: '36',
    fixed: { endSession: 'Y', transactionDate: date },
    fields: { AO: 'BENCH', AA: card },
  };
}
