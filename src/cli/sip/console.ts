import type { Interface } from 'node:readline';
import type { OpenByteStream } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';
import { LibraryTime } from '../../ils/library-time.ts';
import { decode } from '../../sip2/decode.ts';
import type { Dialect } from '../../sip2/dialect.ts';
import { encodeParts, type FieldToWrite } from '../../sip2/encode.ts';
import { ProbeLink } from '../probe/link.ts';
import { helpOn, readLine, type LineDefaults, type ReadLine } from './line.ts';
import { shownAnswer, shownRequest } from './show.ts';

export interface ConsoleOptions {
  readonly open: OpenByteStream;
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly errorDetection: boolean;
  readonly institutionId: string;
  readonly location: string;
  readonly terminalPassword: string | undefined;
  readonly login: { readonly user: string; readonly password: Uint8Array } | undefined;
  readonly timeZone: string;
  readonly timeoutMs: number;
  readonly out: (line: string) => void;
  /** Asks for a secret unseen; undefined: it was broken off, or there is nobody to ask. */
  readonly secret: (id: string) => Promise<Uint8Array | undefined>;
}

/** A conversation with an ACS by hand: a line in, both sides of the exchange out. */
export class SipConsole {
  readonly #options: ConsoleOptions;
  readonly #link: ProbeLink;
  readonly #time: LibraryTime;
  #sequence = 0;

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.#link = new ProbeLink(options.open, options.clock);
    this.#time = new LibraryTime(options.timeZone);
  }

  /** Connects, and logs in where that is wanted. False: it could not be reached. */
  async connect(): Promise<boolean> {
    const failed = await this.#link.connect();
    if (failed !== undefined) {
      this.#options.out(`Not connected: ${failed}.`);
      return false;
    }
    const { login, location } = this.#options;
    if (login === undefined) return true;
    const request: ReadLine = {
      code: '93',
      fixed: { uidAlgorithm: '0', pwdAlgorithm: '0' },
      fields: [
        ['CN', login.user],
        ['CP', location],
      ],
      secrets: ['CO'],
    };
    await this.#exchange(request, new Map([['CO', login.password]]));
    return true;
  }

  /** Carries out one line. False: the person wants to end. */
  async line(text: string): Promise<boolean> {
    const line = text.trim();
    const { out } = this.#options;
    if (line === '') return true;
    if (line === 'quit' || line === 'exit') return false;
    if (line === 'help' || line.startsWith('help ')) {
      for (const one of helpOn(line.slice(5).trim() || undefined)) out(one);
      return true;
    }
    const request = readLine(line, this.#defaults());
    if (!request.ok) {
      out(request.error);
      return true;
    }
    const secrets = new Map<string, Uint8Array>();
    for (const id of request.value.secrets) {
      const secret = await this.#options.secret(id);
      if (secret === undefined) {
        out('Not sent.');
        return true;
      }
      secrets.set(id, secret);
    }
    await this.#exchange(request.value, secrets);
    for (const secret of secrets.values()) secret.fill(0);
    return true;
  }

  close(): void {
    this.#link.close();
  }

  #defaults(): LineDefaults {
    const { institutionId, location, terminalPassword, clock } = this.#options;
    return { now: this.#time.sip2(clock.now()), institutionId, location, terminalPassword };
  }

  async #exchange(request: ReadLine, secrets: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const { dialect, errorDetection, out, timeoutMs } = this.#options;
    for (const line of shownRequest(request)) out(line);
    const fields: FieldToWrite[] = [...request.fields, ...secrets];
    const sequence = errorDetection ? this.#sequence : undefined;
    const encoded = encodeParts({ ...request, fields }, { dialect, sequence });
    if (!encoded.ok) {
      out(`It cannot be written: ${encoded.error.kind} ${encoded.error.field}.`);
      return;
    }
    this.#sequence = (this.#sequence + 1) % 10;
    if (!this.#link.isOpen && !(await this.connect())) return;
    const raw = await this.#link.exchange(encoded.value, timeoutMs);
    encoded.value.fill(0);
    switch (raw.kind) {
      case 'silence':
        out(`No answer within ${timeoutMs / 1_000} s.`);
        // A late answer is not to be taken for the next one.
        this.#link.close();
        return;
      case 'closed':
        out(
          `The ACS closed the connection${raw.partial ? ' in the middle of an answer' : ''} (${raw.reason}).`,
        );
        this.#link.close();
        return;
      case 'answer':
        for (const line of raw.lines) {
          for (const shown of shownAnswer(decode(line, { dialect }), raw.tookMs)) out(shown);
        }
    }
  }
}

/** Reads lines until the end, one after the other. */
export async function converse(console: SipConsole, lines: Interface): Promise<void> {
  let ended = false;
  lines.once('close', () => {
    ended = true;
  });
  lines.setPrompt('sip2> ');
  lines.prompt();
  for await (const text of lines) {
    if (!(await console.line(text))) break;
    // What was piped in may be at its end while its lines are still being carried out.
    if (!ended) lines.prompt();
  }
  lines.close();
  console.close();
}
