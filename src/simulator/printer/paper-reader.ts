import iconv from 'iconv-lite';

/** One line that came out of the printer. */
export type PrintedLine =
  | {
      readonly is: 'text';
      readonly text: string;
      readonly bold: boolean;
      readonly big: boolean;
      readonly center: boolean;
    }
  | { readonly is: 'cut' };

/** What the numbers of code pages (`ESC t n`) mean, by iconv’s names. */
export type CodePageNumbers = Readonly<Record<number, string>>;

/** Epson’s, as far as a library’s receipts need them. */
const epsonCodePages: CodePageNumbers = {
  0: 'cp437',
  2: 'cp850',
  5: 'cp865',
  16: 'windows-1252',
  17: 'cp866',
  18: 'cp852',
  19: 'cp858',
  39: 'iso-8859-2',
  40: 'iso-8859-15',
  45: 'windows-1250',
  46: 'windows-1251',
  51: 'windows-1257',
};

const lineBytesMax = 4_096;
const esc = 0x1b;
const gs = 0x1d;
const fs = 0x1c;
const dle = 0x10;
const nul = 0x00;
const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;

/** How many bytes follow a command of two bytes. Those that it does not know are taken for commands of none. */
const argumentsOf: Readonly<Record<string, number>> = {
  '1b40': 0,
  '1b4d': 1,
  '1b45': 1,
  '1b74': 1,
  '1b61': 1,
  '1b2d': 1,
  '1b34': 1,
  '1b64': 1,
  '1b33': 1,
  '1b32': 0,
  '1d21': 1,
  '1d42': 1,
  '1d56': 1,
  '1d61': 1,
  '1c2e': 0,
};

const knownTopics: ReadonlySet<number> = new Set([1, 2, 3, 4]);

/** What comes out of the stream: questions about the status are answered at once, also in the middle of another command. */
class RealTimeCommands {
  #held: number[] = [];

  /** The questions among the bytes, and the bytes without them. */
  takeOut(chunk: Uint8Array): { readonly questions: readonly number[]; readonly others: readonly number[] } {
    const questions: number[] = [];
    const others: number[] = [];
    for (const byte of chunk) {
      this.#held.push(byte);
      const [first, second = 0x04, topic] = this.#held;
      if (first === dle && second === 0x04 && topic === undefined) continue;
      if (first === dle && second === 0x04 && topic !== undefined)
        questions.push(...(knownTopics.has(topic) ? [topic] : []));
      else others.push(...this.#held);
      this.#held = [];
    }
    return { questions, others };
  }
}

/** Reads ESC/POS as a printer does, as far as receipts use it, and gives the lines on the paper. Holds one unfinished command or line. */
export class PaperReader {
  readonly #realTime = new RealTimeCommands();
  #held: number[] = [];
  #line: { readonly page: string; readonly bytes: number[] }[] = [];
  #page = 'cp437';
  #bold = false;
  #big = false;
  #center = false;
  /** How the letters of the line so far were printed: a printer turns back before the line ends. */
  #lineBold = false;
  #lineBig = false;
  readonly #codePages: CodePageNumbers;

  constructor(codePages: CodePageNumbers = epsonCodePages) {
    this.#codePages = codePages;
  }

  /** Also answers: the questions about the printer’s status that were among the bytes. */
  read(chunk: Uint8Array): { readonly lines: readonly PrintedLine[]; readonly questions: readonly number[] } {
    const { questions, others } = this.#realTime.takeOut(chunk);
    const bytes = [...this.#held, ...others];
    this.#held = [];
    const lines: PrintedLine[] = [];
    let at = 0;
    while (at < bytes.length) {
      const used = this.#take(bytes, at, lines);
      if (used === undefined) {
        this.#held = bytes.slice(at);
        break;
      }
      at += used;
    }
    return { lines, questions };
  }

  /** How many bytes the next thing took; undefined: it is not whole yet. */
  #take(bytes: readonly number[], at: number, lines: PrintedLine[]): number | undefined {
    const byte = bytes[at] ?? 0;
    if (byte === esc || byte === gs || byte === fs) return this.#command(bytes, at, lines);
    if (byte === lf) lines.push(this.#lineDone());
    else if (byte !== cr && byte !== nul) this.#letter(byte);
    return 1;
  }

  #letter(byte: number): void {
    if (byte !== space) {
      this.#lineBold ||= this.#bold;
      this.#lineBig ||= this.#big;
    }
    const last = this.#line.at(-1);
    if (last?.page === this.#page) {
      if (last.bytes.length < lineBytesMax) last.bytes.push(byte);
    } else this.#line.push({ page: this.#page, bytes: [byte] });
  }

  #lineDone(): PrintedLine {
    const text = this.#line.map(({ page, bytes }) => iconv.decode(Buffer.from(bytes), page)).join('');
    const line = {
      is: 'text',
      text,
      bold: this.#lineBold,
      big: this.#lineBig,
      center: this.#center,
    } as const;
    this.#line = [];
    this.#lineBold = false;
    this.#lineBig = false;
    return line;
  }

  #command(bytes: readonly number[], at: number, lines: PrintedLine[]): number | undefined {
    const second = bytes[at + 1];
    if (second === undefined) return undefined;
    const name = Buffer.of(bytes[at] ?? 0, second).toString('hex');
    const count = argumentsOf[name] ?? 0;
    const end = at + 2 + count;
    if (bytes.length < end) return undefined;
    this.#obey(name, bytes[at + 2] ?? 0, lines);
    return end - at;
  }

  #obey(name: string, argument: number, lines: PrintedLine[]): void {
    if (name === '1b40') this.#reset();
    if (name === '1b74') this.#page = this.#codePages[argument] ?? 'cp437';
    if (name === '1b45') this.#bold = (argument & 1) === 1;
    if (name === '1b61') this.#center = argument === 1;
    if (name === '1d21') this.#big = argument !== 0;
    if (name === '1d56') lines.push({ is: 'cut' });
  }

  /** ESC @ also drops what was not printed yet. */
  #reset(): void {
    this.#line = [];
    this.#page = 'cp437';
    this.#bold = false;
    this.#big = false;
    this.#center = false;
  }
}
