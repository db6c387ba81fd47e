import type { ByteStream, OpenByteStream } from '../kernel/bytes.ts';
import type { CancelTimer, Clock } from '../kernel/clock.ts';
import type { Terminator } from './dialect.ts';
import { TelnetFilter } from './telnet-filter.ts';

/** What may stand before the log-in prompt and between the prompts. */
export const promptBytesMax = 4_096;
/** An ACS that says nothing about the password for so long has taken it. */
export const telnetQuietMs = 1_000;

export interface TelnetSettings {
  readonly user: string;
  readonly password: string | Uint8Array;
  /** What the question for the user ends with, small or capital letters alike. */
  readonly userPrompt: string;
  readonly passwordPrompt: string;
  readonly lineEnd: Terminator;
}

const refusal = /invalid|incorrect|denied|fail|refused|not authori[sz]ed/i;
const lineEnds = { CR: '\r', CRLF: '\r\n', LF: '\n' } as const;

type Stage = 'user' | 'password' | 'verdict' | 'open';

/**
 * A stream before which a telnet server asks for user and password (Koha’s and Evergreen’s "telnet" transport). It is
 * open when the log-in is done; what the server negotiates is declined.
 */
export function openTelnet(open: OpenByteStream, settings: TelnetSettings, clock: Clock): OpenByteStream {
  return (events) => {
    const filter = new TelnetFilter();
    let stage: Stage = 'user';
    let heard = '';
    let over = false;
    let cancelQuiet: CancelTimer = () => undefined;

    const end = (reason: string, refused: boolean): void => {
      over = true;
      cancelQuiet();
      stream.close();
      events.closed(reason, refused ? { refused: 'login' } : {});
    };
    const say = (text: string | Uint8Array): void => {
      heard = '';
      const line = Buffer.concat([
        typeof text === 'string' ? Buffer.from(text, 'utf8') : text,
        Buffer.from(lineEnds[settings.lineEnd]),
      ]);
      stream.write(line);
    };
    const ready = (rest: string): void => {
      stage = 'open';
      heard = '';
      cancelQuiet();
      events.opened();
      if (rest !== '' && !over) events.bytes(Buffer.from(rest, 'latin1'));
    };
    /** After the password comes a line that greets or refuses; or the prompt once more; or nothing at all. */
    const judge = (line: string, rest: string): void => {
      const refused = refusal.test(line) || endsWith(line, settings.userPrompt);
      if (refused) end('the ACS refused the telnet log-in', true);
      else ready(rest);
    };
    const waitForVerdict = (): void => {
      const line = /^[\r\n\0 ]*[^\r\n]*[^\r\n\0 ][^\r\n]*[\r\n]/.exec(heard)?.[0];
      cancelQuiet();
      if (line !== undefined) return judge(line, heard.slice(line.length));
      cancelQuiet = clock.after(telnetQuietMs, () => judge(heard, ''));
    };
    const advance = (): void => {
      if (stage === 'user' && endsWith(heard, settings.userPrompt)) {
        stage = 'password';
        return say(settings.user);
      }
      if (stage === 'password' && endsWith(heard, settings.passwordPrompt)) {
        stage = 'verdict';
        say(settings.password);
        return waitForVerdict();
      }
      if (stage === 'verdict') waitForVerdict();
    };

    const stream: ByteStream = open({
      opened: () => undefined,
      bytes(chunk) {
        if (over) return;
        if (stage === 'open') return events.bytes(chunk);
        const { text, answer } = filter.push(chunk);
        if (answer.length > 0) stream.write(answer);
        heard += text;
        if (heard.length > promptBytesMax) return end('no log-in prompt', false);
        advance();
      },
      closed(reason, why) {
        if (over) return;
        over = true;
        cancelQuiet();
        events.closed(reason, why);
      },
    });
    return {
      write: (bytes) => stage === 'open' && !over && stream.write(bytes),
      close() {
        over = true;
        cancelQuiet();
        stream.close();
      },
    };
  };
}

function endsWith(heard: string, prompt: string): boolean {
  return heard.trimEnd().toLowerCase().endsWith(prompt.trim().toLowerCase());
}
