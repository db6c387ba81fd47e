import { PassThrough } from 'node:stream';

/** Longest secret that is read. */
const secretBytesMax = 256;
const keys = {
  enter: 0x0d,
  lineFeed: 0x0a,
  interrupt: 0x03,
  end: 0x04,
  backspace: 0x08,
  erase: 0x7f,
} as const;

type Done = { readonly done: false } | { readonly done: true; readonly secret: Buffer | undefined };

/** A secret while it is typed: one star for each byte, and nothing of it anywhere but here. */
class Typing {
  readonly #typed = Buffer.alloc(secretBytesMax);
  readonly #echo: (text: string) => void;
  #length = 0;

  constructor(echo: (text: string) => void) {
    this.#echo = echo;
  }

  /** Takes what was pressed; the chunk is overwritten. */
  take(chunk: Buffer): Done {
    for (const byte of chunk) {
      if (byte === keys.enter || byte === keys.lineFeed)
        return this.#end(Buffer.from(this.#typed.subarray(0, this.#length)));
      if (byte === keys.interrupt || byte === keys.end) return this.#end(undefined);
      if (byte === keys.backspace || byte === keys.erase) this.#erase();
      else if (byte >= 0x20 && this.#length < secretBytesMax) {
        this.#typed[this.#length++] = byte;
        this.#echo('*');
      }
    }
    chunk.fill(0);
    return { done: false };
  }

  #erase(): void {
    if (this.#length === 0) return;
    this.#length -= 1;
    this.#typed[this.#length] = 0;
    this.#echo('\b \b');
  }

  #end(secret: Buffer | undefined): Done {
    this.#typed.fill(0);
    this.#echo('\n');
    return { done: true, secret };
  }
}

/** The keyboard of a terminal: its keys go to `lines`, and while a secret is asked for to that alone. */
export class Keyboard {
  /** What is not a secret; for `readline`. */
  readonly lines = new PassThrough();
  readonly #input: NodeJS.ReadableStream & { setRawMode?: (on: boolean) => unknown };
  readonly #echo: (text: string) => void;
  #typing: { readonly typing: Typing; readonly resolve: (secret: Buffer | undefined) => void } | undefined;
  readonly #onData = (chunk: Buffer): void => this.#pressed(chunk);
  readonly #onEnd = (): void => {
    this.#typing?.resolve(undefined);
    this.lines.end();
  };

  constructor(input: NodeJS.ReadableStream, echo: (text: string) => void) {
    this.#input = input;
    this.#echo = echo;
    this.#input.setRawMode?.(true);
    input.on('data', this.#onData);
    input.on('end', this.#onEnd);
  }

  /** Asks for a secret. Undefined: it was broken off. The bytes belong to the caller, who overwrites them. */
  secret(question: string): Promise<Buffer | undefined> {
    this.#echo(question);
    return new Promise((resolve) => {
      this.#typing = { typing: new Typing(this.#echo), resolve };
    });
  }

  close(): void {
    this.#input.off('data', this.#onData);
    this.#input.off('end', this.#onEnd);
    this.#input.setRawMode?.(false);
    this.#input.pause();
    this.lines.end();
  }

  #pressed(chunk: Buffer): void {
    const asked = this.#typing;
    if (asked === undefined) {
      this.lines.write(Buffer.from(chunk));
      return;
    }
    const told = asked.typing.take(chunk);
    if (!told.done) return;
    this.#typing = undefined;
    asked.resolve(told.secret);
  }
}

/** Asks for one secret on a terminal. Undefined: there is no terminal, or the person broke off. */
export async function askSecret(question: string): Promise<Buffer | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const keyboard = new Keyboard(process.stdin, (text) => void process.stderr.write(text));
  const secret = await keyboard.secret(question);
  keyboard.close();
  return secret;
}
