import type { OpenByteStream } from '../../kernel/bytes.ts';
import type { Clock, UtcMillis } from '../../kernel/clock.ts';
import { LineReader } from '../../kernel/lines.ts';

/** A frame between page and station by its kind; nothing of what it says about anyone. */
export interface SeenFrame {
  readonly at: UtcMillis;
  readonly from: 'page' | 'station';
  readonly kind: string;
  /** What an intent does, and the screen that a view shows. */
  readonly what?: string;
  readonly revision?: number;
  readonly epoch?: number;
  readonly bytes: number;
}

/** As the shell's own relay allows. */
const lineBytesMax = 4_194_304;
/** Longest word of the contract. */
const wordBytesMax = 40;

/** Looks on while frames pass. The bytes go on as they are. */
export function tapFrames(
  open: OpenByteStream,
  clock: Clock,
  onFrame: (frame: SeenFrame) => void,
): OpenByteStream {
  return (events) => {
    const fromStation = new LineReader(lineBytesMax);
    const fromPage = new LineReader(lineBytesMax);
    const see = (from: SeenFrame['from'], reader: LineReader, chunk: Uint8Array): void => {
      for (const line of reader.push(chunk)) {
        if (line === 'tooLong') continue;
        onFrame({ at: clock.now(), from, ...about(line) });
        line.fill(0);
      }
    };
    const stream = open({
      opened: () => events.opened(),
      bytes: (chunk) => {
        see('station', fromStation, chunk);
        events.bytes(chunk);
      },
      closed: (reason) => events.closed(reason),
    });
    return {
      write: (bytes) => {
        see('page', fromPage, bytes);
        return stream.write(bytes);
      },
      close: () => stream.close(),
    };
  };
}

/** Found in the bytes, so that no PIN key becomes text on the way. A quoted key can't stand inside a JSON string. */
function about(line: Buffer): Pick<SeenFrame, 'kind' | 'what' | 'revision' | 'epoch' | 'bytes'> {
  const kind = wordAfter(line, '"kind":"') ?? '?';
  const what = wordAfter(line, kind === 'view' ? '"screen":{"name":"' : '"do":"');
  const revision = numberAfter(line, '"revision":');
  const epoch = numberAfter(line, '"epoch":');
  return {
    kind,
    bytes: line.length,
    ...(what === undefined ? {} : { what }),
    ...(revision === undefined ? {} : { revision }),
    ...(epoch === undefined ? {} : { epoch }),
  };
}

function wordAfter(line: Buffer, mark: string): string | undefined {
  return after(line, mark, /^[A-Za-z]+/);
}

function numberAfter(line: Buffer, mark: string): number | undefined {
  const digits = after(line, mark, /^\d+/);
  return digits === undefined ? undefined : Number(digits);
}

function after(line: Buffer, mark: string, form: RegExp): string | undefined {
  const at = line.indexOf(mark);
  if (at === -1) return undefined;
  const from = at + mark.length;
  return form.exec(line.toString('latin1', from, from + wordBytesMax))?.[0];
}
