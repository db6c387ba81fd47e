import { PaperReader, type PrintedLine } from './paper-reader.ts';

export interface PrinterCondition {
  readonly paper: 'full' | 'low' | 'out';
  readonly cover: 'closed' | 'open';
  readonly cutter: 'well' | 'jammed';
  /** Off: it takes everything and answers nothing. */
  readonly power: 'on' | 'off';
}

const allIsWell: PrinterCondition = { paper: 'full', cover: 'closed', cutter: 'well', power: 'on' };
/** Lines of paper that are kept to be looked at. */
const linesKeptMax = 2_000;

/** A receipt printer as it is seen from its cable: bytes in, status out, paper to look at. */
export class VirtualPrinter {
  readonly #reader = new PaperReader();
  readonly #onPaper: (lines: readonly PrintedLine[]) => void;
  readonly #paper: PrintedLine[] = [];
  #condition = allIsWell;

  /** @param onPaper told of each piece of paper that comes out */
  constructor(onPaper: (lines: readonly PrintedLine[]) => void = () => undefined) {
    this.#onPaper = onPaper;
  }

  get paper(): readonly PrintedLine[] {
    return this.#paper;
  }

  get condition(): PrinterCondition {
    return this.#condition;
  }

  become(change: Partial<PrinterCondition>): void {
    this.#condition = { ...this.#condition, ...change };
  }

  /** Tears off what came out. */
  tearOff(): void {
    this.#paper.length = 0;
  }

  /** Takes what the host sends, and gives the answers to its questions. */
  bytes(chunk: Uint8Array): Uint8Array {
    if (this.#condition.power === 'off') return new Uint8Array(0);
    const { lines, questions } = this.#reader.read(chunk);
    if (lines.length > 0 && this.#canPrint()) this.#print(lines);
    return Uint8Array.from(questions, (question) => this.#statusByte(question));
  }

  #print(lines: readonly PrintedLine[]): void {
    this.#paper.push(...lines);
    if (this.#paper.length > linesKeptMax) this.#paper.splice(0, this.#paper.length - linesKeptMax);
    this.#onPaper(lines);
  }

  #canPrint(): boolean {
    const { paper, cover, cutter } = this.#condition;
    return paper !== 'out' && cover === 'closed' && cutter === 'well';
  }

  /** ESC/POS real-time status: bits 1 and 4 always, the rest by the topic. */
  #statusByte(topic: number): number {
    const { paper, cover, cutter } = this.#condition;
    const bit = (isSet: boolean, value: number): number => (isSet ? value : 0);
    switch (topic) {
      case 1:
        return 0x12 | bit(!this.#canPrint(), 0x08);
      case 2:
        return (
          0x12 | bit(cover === 'open', 0x04) | bit(paper === 'out', 0x20) | bit(cutter === 'jammed', 0x40)
        );
      case 3:
        return 0x12 | bit(cutter === 'jammed', 0x08);
      default:
        return 0x12 | bit(paper !== 'full', 0x0c) | bit(paper === 'out', 0x60);
    }
  }
}
