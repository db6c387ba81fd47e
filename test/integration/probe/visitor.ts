import type { ByteStream } from '../../../src/kernel/bytes.ts';
import { LineReader } from '../../../src/kernel/lines.ts';
import type { FrameFromStation } from '../../../src/shared/frames.ts';
import type { IntentAct } from '../../../src/shared/intent.ts';
import { contractVersion, type Screen, type View } from '../../../src/shared/view.ts';
import { openLocalSocket } from '../../../src/station/socket-connect.ts';
import { eventually } from '../../support/wait.ts';

const frameBytesMax = 4 * 1024 * 1024;
/** The machine is shared: what takes a second may take half a minute. */
const waitMsMax = 60_000;

/** A patron at a station, over its socket and nothing else. */
export class Visitor {
  readonly #stream: ByteStream;
  #view: View | undefined;
  #ids = 0;

  constructor(socket: string) {
    const lines = new LineReader(frameBytesMax);
    this.#stream = openLocalSocket(socket)({
      opened: () => this.#send({ v: contractVersion, kind: 'watch' }),
      bytes: (chunk) => {
        for (const line of lines.push(chunk)) {
          if (line === 'tooLong') throw new Error('a view too long');
          const frame = JSON.parse(line.toString('utf8')) as FrameFromStation;
          if (frame.kind === 'view') this.#view = frame.view;
        }
      },
      closed: () => undefined,
    });
  }

  leave(): void {
    this.#stream.close();
  }

  get view(): View {
    if (this.#view === undefined) throw new Error('no view has come');
    return this.#view;
  }

  /** Waits until the screen is so. */
  async see<N extends Screen['name']>(
    name: N,
    is: (screen: Extract<Screen, { name: N }>, view: View) => boolean = () => true,
  ): Promise<Extract<Screen, { name: N }>> {
    const seen = await eventually(
      `the screen ${name}`,
      () => {
        const screen = this.#view?.screen;
        if (screen?.name !== name || this.#view === undefined) return undefined;
        const right = screen as Extract<Screen, { name: N }>;
        return is(right, this.#view) ? right : undefined;
      },
      waitMsMax,
    ).catch((error: unknown) => {
      throw new Error(
        `${String(error)}: ${JSON.stringify(this.#view?.screen)} ${JSON.stringify(this.#view?.status)}`,
      );
    });
    return seen;
  }

  act(act: IntentAct): void {
    this.#send({
      v: contractVersion,
      kind: 'intent',
      intent: { id: `v${++this.#ids}`, epoch: this.view.epoch, act },
    });
  }

  scan(text: string): void {
    this.act({ do: 'wedge', text, ended: true });
  }

  /** Signs in with card and PIN, from the first screen. */
  async signIn(service: 'borrow' | 'account', card: string, pin: string): Promise<void> {
    await this.see('home', ({ services }) =>
      services.some((one) => one.service === service && one.available),
    );
    this.act({ do: 'chooseService', service });
    await this.see('card');
    this.act({ do: 'submitCardNumber', number: card });
    await this.see('pin', ({ entered }) => entered === 0);
    for (const [index, key] of [...pin].entries()) {
      this.act({ do: 'pinKey', key });
      await this.see('pin', ({ entered }) => entered === index + 1);
    }
    this.act({ do: 'pinEnter' });
  }

  /** Ends the session and waits for the first screen. */
  async finish(): Promise<void> {
    this.act({ do: 'finish', receipt: false });
    await eventually(
      'the end of the session',
      () => this.#view?.screen.name === 'finished' || undefined,
      waitMsMax,
    );
    this.act({ do: 'leave' });
    await this.see('home');
  }

  #send(frame: unknown): void {
    this.#stream.write(Buffer.from(`${JSON.stringify(frame)}\n`));
  }
}
