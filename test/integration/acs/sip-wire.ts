import { connect, type Socket } from 'node:net';

const answerMsMax = 30_000;

/** A bare terminal: writes text, reads up to a CR. It knows nothing of our codec. */
export class SipWire {
  readonly #socket: Socket;
  #heard = '';
  #ended = false;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#heard += chunk.toString('utf8');
      this.#wake?.();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#ended = true;
      this.#wake?.();
    });
  }

  static connect(port: number, host = '127.0.0.1'): Promise<SipWire> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host }, () => {
        socket.off('error', reject);
        resolve(new SipWire(socket));
      });
      socket.once('error', reject);
    });
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  /** The next message without its CR; undefined when the connection ended before one was whole. */
  async read(msMax = answerMsMax): Promise<string | undefined> {
    const end = performance.now() + msMax;
    for (;;) {
      const cr = this.#heard.indexOf('\r');
      if (cr >= 0) {
        const message = this.#heard.slice(0, cr);
        this.#heard = this.#heard.slice(cr + 1);
        return message;
      }
      if (this.#ended) {
        return undefined;
      }
      const left = end - performance.now();
      if (left <= 0) {
        throw new Error(`no answer within ${msMax} ms`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async ask(text: string): Promise<string | undefined> {
    this.write(`${text}\r`);
    return this.read();
  }

  /** What came without a CR. */
  get rest(): string {
    return this.#heard;
  }

  close(): void {
    this.#socket.destroy();
  }
}
