import type { ByteStream, OpenByteStream, StreamEnd } from '../../src/kernel/bytes.ts';
import { eventually } from './wait.ts';

/** Opens a stream and keeps what happens on it. */
export class StreamRecord {
  opened = false;
  text = '';
  closed: { readonly reason: string; readonly end: StreamEnd | undefined } | undefined;
  readonly stream: ByteStream;

  constructor(open: OpenByteStream) {
    this.stream = open({
      opened: () => (this.opened = true),
      bytes: (chunk) => (this.text += Buffer.from(chunk).toString('utf8')),
      closed: (reason, end) => (this.closed = { reason, end }),
    });
  }

  untilOpen(): Promise<unknown> {
    return eventually('the stream is open', () => this.opened, 60_000);
  }

  untilClosed(): Promise<{ readonly reason: string; readonly end: StreamEnd | undefined }> {
    return eventually('the stream is closed', () => this.closed, 60_000);
  }

  untilText(text: string): Promise<unknown> {
    return eventually(`${text} comes`, () => this.text.includes(text), 60_000);
  }

  write(text: string): boolean {
    return this.stream.write(Buffer.from(text));
  }
}
