import type { ReadStream } from 'node:tty';

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

/**
 * Asks for a secret on a terminal, one star for each character. Undefined: there is no terminal, or the person broke
 * off. The bytes belong to the caller, who overwrites them.
 */
export function askSecret(
  question: string,
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<Buffer | undefined> {
  if (!input.isTTY) return Promise.resolve(undefined);
  const terminal = input as ReadStream;
  return new Promise((resolve) => {
    const typed = Buffer.alloc(secretBytesMax);
    let length = 0;
    const end = (secret: Buffer | undefined): void => {
      terminal.off('data', onData);
      terminal.setRawMode(false);
      terminal.pause();
      output.write('\n');
      const copy = secret === undefined ? undefined : Buffer.from(secret);
      typed.fill(0);
      resolve(copy);
    };
    const onData = (chunk: Buffer): void => {
      for (const byte of chunk) {
        if (byte === keys.enter || byte === keys.lineFeed) return end(typed.subarray(0, length));
        if (byte === keys.interrupt || byte === keys.end) return end(undefined);
        if (byte === keys.backspace || byte === keys.erase) {
          if (length === 0) continue;
          length -= 1;
          typed[length] = 0;
          output.write('\b \b');
        } else if (length < secretBytesMax && byte >= 0x20) {
          typed[length++] = byte;
          output.write('*');
        }
      }
      chunk.fill(0);
    };
    output.write(question);
    terminal.setRawMode(true);
    terminal.on('data', onData);
    terminal.resume();
  });
}
