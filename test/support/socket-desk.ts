import { connect, type Socket } from 'node:net';
import { LineReader } from '../../src/kernel/lines.ts';
import type { FrameFromStation, FrameToStation } from '../../src/shared/frames.ts';
import type { IntentAct } from '../../src/shared/intent.ts';
import { contractVersion, type View } from '../../src/shared/view.ts';

const frameBytesMax = 4_194_304;
const waitMsMax = 60_000;

interface Wait {
  readonly accept: (view: View) => boolean;
  readonly done: () => void;
}

/** In the place of a page, on the station’s own socket: for a test with hundreds of patrons. */
export class SocketDesk {
  readonly #socket: Socket;
  #latest: View | undefined;
  #waits: Wait[] = [];
  #intents = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new LineReader(frameBytesMax);
    socket.on('data', (chunk: Buffer) => {
      for (const line of reader.push(chunk)) if (line !== 'tooLong') this.#line(line);
    });
    socket.on('error', () => undefined);
    this.#send({ v: contractVersion, kind: 'watch' });
  }

  static async at(path: string): Promise<SocketDesk> {
    const socket = await new Promise<Socket>((resolve, reject) => {
      const made = connect({ path }, () => resolve(made));
      made.once('error', reject);
    });
    const desk = new SocketDesk(socket);
    // What is done before the first view belongs to no session.
    await desk.until('a view', () => true);
    return desk;
  }

  act(act: IntentAct): void {
    this.#intents += 1;
    const epoch = this.#latest?.epoch ?? 0;
    this.#send({ v: contractVersion, kind: 'intent', intent: { id: `desk-${this.#intents}`, epoch, act } });
  }

  /** Waits until the screen is as it must be. */
  until(what: string, accept: (view: View) => boolean): Promise<void> {
    if (this.#latest !== undefined && accept(this.#latest)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${what} did not come; there is ${JSON.stringify(this.#latest?.screen)}`));
      }, waitMsMax);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#waits.push({ accept, done });
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(frame: FrameToStation): void {
    this.#socket.write(`${JSON.stringify(frame)}\n`);
  }

  #line(line: Buffer): void {
    const frame = JSON.parse(line.toString('utf8')) as FrameFromStation;
    if (frame.kind !== 'view') return;
    const { view } = frame;
    this.#latest = view;
    const waits = this.#waits;
    this.#waits = waits.filter(({ accept }) => !accept(view));
    for (const wait of waits) if (wait.accept(view)) wait.done();
  }
}
