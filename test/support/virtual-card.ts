import { connect, type Socket } from 'node:net';

const powerOff = 0x00;
const tellAtr = 0x04;
/** A contactless card with an NXP chip, as PC/SC part 3 has readers make it up. */
const atr = Buffer.from('3B8F8001804F0CA000000306030001000000006A', 'hex');

/** A card in the virtual reader of vsmartcard-vpcd: it comes by connecting, and goes by closing. */
export class VirtualCard {
  readonly #socket: Socket;
  readonly #uid: Uint8Array;
  /** Asked while it holds its answer back. */
  onAsked: (() => void) | undefined;
  #heard = Buffer.alloc(0);

  private constructor(socket: Socket, uid: Uint8Array) {
    this.#socket = socket;
    this.#uid = uid;
    socket.on('data', (chunk: Buffer) => this.#hear(chunk));
    socket.on('error', () => socket.destroy());
  }

  /** @param uid hexadecimal digits */
  static lay(port: number, uid: string): Promise<VirtualCard> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new VirtualCard(socket, Buffer.from(uid, 'hex')));
      });
    });
  }

  take(): void {
    this.#socket.destroy();
  }

  #hear(chunk: Buffer): void {
    this.#heard = Buffer.concat([this.#heard, chunk]);
    while (this.#heard.length >= 2 && this.#heard.length >= 2 + this.#heard.readUInt16BE(0)) {
      const end = 2 + this.#heard.readUInt16BE(0);
      const message = this.#heard.subarray(2, end);
      this.#heard = Buffer.from(this.#heard.subarray(end));
      this.#answer(message);
    }
  }

  /** One byte is about the card’s power; more are an APDU. */
  #answer(message: Buffer): void {
    if (message.length === 1) {
      const [what = powerOff] = message;
      if (what === tellAtr) this.#say(atr);
      return;
    }
    if (this.onAsked !== undefined) return this.onAsked();
    const isUid = message.toString('hex') === 'ffca000000';
    this.#say(isUid ? Buffer.concat([this.#uid, Buffer.of(0x90, 0x00)]) : Buffer.of(0x6d, 0x00));
  }

  #say(answer: Uint8Array): void {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(answer.length);
    this.#socket.write(Buffer.concat([length, answer]));
  }
}
