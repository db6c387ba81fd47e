import { LineReader } from '../../src/kernel/lines.ts';
import type { IntentAct } from '../../src/shared/intent.ts';
import { contractVersion, type Screen, type View } from '../../src/shared/view.ts';
import { openLocalSocket } from '../../src/station/socket-connect.ts';
import { eventually } from '../support/wait.ts';

const frameBytesMax = 4 * 1024 * 1024;
/** How long a screen may take on a busy machine. */
const screenMsMax = 60_000;

/** The station went away while it was waited for. */
export class StationGone extends Error {}

/** A page without a screen, on the station's own socket: what a patron does, and all that they are shown. */
export class SocketPage {
  readonly views: View[] = [];
  gone = false;
  readonly #stream: ReturnType<ReturnType<typeof openLocalSocket>>;
  #intents = 0;
  readonly #name: string;

  constructor(path: string, name: string) {
    this.#name = name;
    const lines = new LineReader(frameBytesMax);
    this.#stream = openLocalSocket(path)({
      opened: () => this.#send({ v: contractVersion, kind: 'watch' }),
      bytes: (chunk) => {
        for (const line of lines.push(chunk)) if (line !== 'tooLong') this.#frame(line);
      },
      closed: () => {
        this.gone = true;
      },
    });
  }

  get view(): View | undefined {
    return this.views.at(-1);
  }

  do(act: IntentAct): void {
    this.#intents += 1;
    const intent = { id: `${this.#name}-${this.#intents}`, epoch: this.view?.epoch ?? 0, act };
    this.#send({ v: contractVersion, kind: 'intent', intent });
  }

  /** Waits until the view is as wanted. Fails with `StationGone` as soon as the station is. */
  async sees(what: string, wanted: (view: View) => boolean, msMax = screenMsMax): Promise<View> {
    const seen = await eventually(
      what,
      () => (this.view !== undefined && wanted(this.view) ? this.view : this.gone ? 'gone' : undefined),
      msMax,
    ).catch((cause: unknown) => {
      throw new Error(`${what}: instead there is ${JSON.stringify(this.view?.screen)}`, { cause });
    });
    if (seen === 'gone') throw new StationGone();
    return seen;
  }

  screen(name: Screen['name']): Promise<View> {
    return this.sees(`the screen ${name}`, ({ screen }) => screen.name === name);
  }

  close(): void {
    this.gone = true;
    this.#stream.close();
  }

  #frame(line: Buffer): void {
    const frame = JSON.parse(line.toString('utf8')) as { kind: string; view?: View };
    if (frame.kind === 'view' && frame.view !== undefined) this.views.push(frame.view);
  }

  #send(frame: unknown): void {
    this.#stream.write(Buffer.from(`${JSON.stringify(frame)}\n`));
  }
}
