import { z } from 'zod';
import { LineReader } from '../../kernel/lines.ts';
import { acsCommandSchema, type AcsControl } from './control.ts';

const commandBytesMax = 65_536;

const requestSchema = z.strictObject({ id: z.int().min(0), do: acsCommandSchema });

export type ControlReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number | null; readonly ok: false; readonly error: string };

/** Reads commands a line each, in any chunks, and writes one reply line for each. */
export class ControlLines {
  readonly #control: AcsControl;
  readonly #write: (line: string) => void;
  readonly #lines = new LineReader(commandBytesMax);

  constructor(control: AcsControl, write: (line: string) => void) {
    this.#control = control;
    this.#write = write;
  }

  push(chunk: Uint8Array): void {
    for (const line of this.#lines.push(chunk)) {
      if (line === 'tooLong') {
        this.#reply({ id: null, ok: false, error: `a command has at most ${commandBytesMax} bytes` });
      } else {
        this.#line(line.toString('utf8'));
      }
    }
  }

  #line(text: string): void {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      this.#reply({ id: null, ok: false, error: 'a command is one JSON object on one line' });
      return;
    }
    const request = requestSchema.safeParse(json);
    if (!request.success) {
      const [issue] = request.error.issues;
      this.#reply({ id: null, ok: false, error: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` });
      return;
    }
    const { id, do: command } = request.data;
    this.#control.handle(command).then(
      (value) => this.#reply({ id, ok: true, value }),
      (error: unknown) =>
        this.#reply({ id, ok: false, error: error instanceof Error ? error.message : String(error) }),
    );
  }

  #reply(reply: ControlReply): void {
    this.#write(`${JSON.stringify(reply)}\n`);
  }
}
