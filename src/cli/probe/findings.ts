import type { AcsMeaning } from '../../shared/acs-meanings.ts';
import type { RuleName } from '../../sip2/profiles/rules.ts';

/** What went wrong with exchanges, by how it looked. */
export const troubles = {
  silence: 'gave no answer in time',
  closed: 'closed the connection instead of answering',
  brokenOff: 'closed the connection in the middle of an answer',
  garbage: 'answered what is no message',
  wrongChecksum: 'answered with a wrong checksum',
  wrongSequence: 'answered with the sequence number of another request',
  twice: 'answered twice',
  inPieces: 'sent an answer in several pieces',
  anotherItem: 'answered about another item',
  late: 'took more than a second',
} as const;
export type Trouble = keyof typeof troubles;

export interface Finding {
  /** One sentence for people. */
  readonly sentence: string;
  /** Whether it departs from the standard or from what a station may expect. */
  readonly deviation: boolean;
}

export interface FoundText {
  readonly text: string;
  readonly means: AcsMeaning;
}

/** All that a probe found out. Nothing in it names a patron. */
export class Findings {
  readonly list: Finding[] = [];
  readonly rules = new Map<RuleName, unknown>();
  readonly troubles = new Map<Trouble, number>();
  readonly tookMs: number[] = [];
  readonly texts: FoundText[] = [];
  /** Texts whose meaning nobody told; the operator may. */
  readonly unknownTexts = new Set<string>();
  /** What could not be tested, and why. */
  readonly open: string[] = [];
  exchanges = 0;

  note(sentence: string): void {
    this.list.push({ sentence, deviation: false });
  }

  deviates(sentence: string): void {
    if (!this.list.some((one) => one.sentence === sentence)) this.list.push({ sentence, deviation: true });
  }

  rule(name: RuleName, value: unknown): void {
    this.rules.set(name, value);
  }

  trouble(kind: Trouble): void {
    this.troubles.set(kind, (this.troubles.get(kind) ?? 0) + 1);
  }

  /** Texts that came where their meaning is plain. */
  means(texts: readonly string[], means: AcsMeaning): void {
    for (const text of texts) {
      this.unknownTexts.delete(text);
      if (!this.texts.some((one) => one.text === text)) this.texts.push({ text, means });
    }
  }

  seen(texts: readonly string[]): void {
    for (const text of texts) {
      if (!this.texts.some((one) => one.text === text)) this.unknownTexts.add(text);
    }
  }

  /** Every deviation, the troubles among them. */
  get deviations(): string[] {
    const often = [...this.troubles].map(
      ([kind, count]) => `${count} of ${this.exchanges} times the ACS ${troubles[kind]}.`,
    );
    return [...this.list.filter(({ deviation }) => deviation).map(({ sentence }) => sentence), ...often];
  }
}
