/** How the service behaves. */
export type PcscdManners =
  | 'well'
  /** Answers nothing. */
  | 'mute'
  /** Its version is one that cannot be agreed on. */
  | 'newer'
  /** No client gets a context. */
  | 'refuses';

/** How the card behaves that lies on the reader. */
export type PcscCardManners =
  | 'well'
  /** It answers nothing, and holds up the service. */
  | 'mute'
  /** It is taken away while it is asked. */
  | 'leaves'
  /** It knows no “get data”. */
  | 'unknowing'
  /** It does not answer to a reset. */
  | 'dead';

const stateBytes = 184;
const slots = 16;
const codes = {
  noCard: 0x8010_000c,
  sharing: 0x8010_000b,
  stopped: 0x8010_001e,
  unknownReader: 0x8010_0009,
  unresponsive: 0x8010_0066,
  invalidHandle: 0x8010_0003,
} as const;

/** pcscd as its clients see it, with one reader and the card that lies on it; steered from outside. */
export class PcscdEmulator {
  manners: PcscdManners = 'well';
  cardManners: PcscCardManners = 'well';
  /** Whether the reader is plugged in. */
  plugged = true;
  /** Whether another program has the reader for itself. */
  taken = false;
  /** Cards that were connected to and not let go. */
  held = 0;
  /** The minor version that it speaks. */
  minor = 4;
  readonly #reader: string;
  #uid: Uint8Array | undefined;
  #changes = 0;
  #handle = 0x1000;
  #heard = Buffer.alloc(0);

  constructor(reader = 'Virtual Reader 00 00') {
    this.#reader = reader;
  }

  /** @param uid hexadecimal digits, first byte first */
  put(uid: string): void {
    this.#uid = Buffer.from(uid, 'hex');
    this.#changes += 1;
  }

  take(): void {
    if (this.#uid === undefined) return;
    this.#uid = undefined;
    this.#changes += 1;
  }

  /** The connection is another one. */
  powerCut(): void {
    this.#heard = Buffer.alloc(0);
    this.held = 0;
  }

  bytes(chunk: Uint8Array): Uint8Array {
    this.#heard = Buffer.concat([this.#heard, chunk]);
    const answers: Uint8Array[] = [];
    for (let whole = this.#whole(); whole > 0; whole = this.#whole()) {
      const request = this.#heard.subarray(0, whole);
      this.#heard = Buffer.from(this.#heard.subarray(whole));
      if (this.manners !== 'mute') answers.push(this.#answer(request));
    }
    return Buffer.concat(answers);
  }

  /** The bytes of the first request, or 0 while it is not whole. */
  #whole(): number {
    if (this.#heard.length < 8) return 0;
    const body = this.#heard.readUInt32LE(0);
    const isForCard = this.#heard.readUInt32LE(4) === 9;
    if (isForCard && this.#heard.length < 8 + body) return 0;
    const whole = 8 + body + (isForCard ? this.#heard.readUInt32LE(8 + 12) : 0);
    return this.#heard.length < whole ? 0 : whole;
  }

  #answer(request: Buffer): Buffer {
    const body = Buffer.from(request.subarray(8));
    switch (request.readUInt32LE(4)) {
      case 0x01:
        body.writeUInt32LE(this.manners === 'refuses' ? 0 : 0x2a, 4);
        return coded(body, this.manners === 'refuses' ? codes.stopped : 0);
      case 0x04:
        return this.#connect(body);
      case 0x06:
        this.held -= 1;
        return coded(body, 0);
      case 0x09:
        return this.#transmit(body);
      case 0x11:
        return this.#version(body);
      case 0x12:
        return this.#states();
      default:
        return Buffer.alloc(0);
    }
  }

  #version(body: Buffer): Buffer {
    const isSame = body.readUInt32LE(4) === this.minor;
    const major = this.manners === 'newer' ? 5 : 4;
    body.writeUInt32LE(major, 0);
    body.writeUInt32LE(this.minor, 4);
    return coded(body, isSame && major === 4 ? 0 : codes.stopped);
  }

  #connect(body: Buffer): Buffer {
    const name = body.toString('utf8', 4, 4 + 128).replace(/\0.*$/s, '');
    if (!this.plugged || name !== this.#reader) return coded(body, codes.unknownReader);
    if (this.taken) return coded(body, codes.sharing);
    if (this.#uid === undefined) return coded(body, codes.noCard);
    if (this.cardManners === 'dead') return coded(body, codes.unresponsive);
    this.#handle += 1;
    this.held += 1;
    body.writeUInt32LE(this.#handle, 140);
    body.writeUInt32LE(2, 144);
    return coded(body, 0);
  }

  #transmit(request: Buffer): Buffer {
    const body = Buffer.from(request.subarray(0, 32));
    if (body.readUInt32LE(0) !== this.#handle) return coded(body, codes.invalidHandle);
    if (this.cardManners === 'mute') return Buffer.alloc(0);
    if (this.cardManners === 'leaves') this.take();
    const answer = this.#cardAnswers(request.subarray(32));
    body.writeUInt32LE(1, 16);
    body.writeUInt32LE(answer.length, 24);
    return Buffer.concat([coded(body, 0), answer]);
  }

  #cardAnswers(apdu: Uint8Array): Buffer {
    if (this.#uid === undefined) return Buffer.alloc(0);
    const isKnown = this.cardManners !== 'unknowing' && Buffer.from(apdu).toString('hex') === 'ffca000000';
    return isKnown ? Buffer.concat([this.#uid, Buffer.of(0x90, 0x00)]) : Buffer.of(0x6d, 0x00);
  }

  #states(): Buffer {
    const states = Buffer.alloc(stateBytes * slots);
    if (!this.plugged) return states;
    states.write(this.#reader, 0, 'utf8');
    states.writeUInt32LE(this.#changes, 128);
    states.writeUInt32LE(this.#uid === undefined ? 0x02 : 0x34, 132);
    return states;
  }
}

/** The answer’s last word is how it went. */
function coded(body: Buffer, code: number): Buffer {
  body.writeUInt32LE(code, body.length - 4);
  return body;
}
