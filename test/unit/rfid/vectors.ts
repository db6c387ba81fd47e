import peripherals from '../../fixtures/rl866-and-peripherals.json' with { type: 'json' };
import tags from '../../fixtures/rfid-tags.json' with { type: 'json' };

/** One entry of test/fixtures/rfid-tags.json: bytes, and how an independent program reads them. */
export interface TagVector {
  readonly id: string;
  readonly model: string;
  readonly memory?: string;
  readonly dsfid?: string | null;
  readonly blockReversed?: boolean;
  readonly crcOk?: boolean;
  readonly expect?: Readonly<Record<string, unknown>>;
  readonly elements?: readonly {
    readonly at: number;
    readonly oid: number;
    readonly compaction: number;
    readonly offset: number;
    readonly pads: number;
    readonly len: number;
    readonly raw: string;
    readonly value: string;
  }[];
  readonly scheme?: string;
  readonly code?: number;
  readonly text?: string;
  readonly compacted?: string;
  readonly length?: number;
  readonly hex?: string;
  readonly input?: string;
  readonly input_hex?: string;
  readonly crc?: string;
}

export const tagVectors = tags as unknown as readonly TagVector[];

/** The tags of test/fixtures/rl866-and-peripherals.json. */
export interface FieldVector {
  readonly name: string;
  readonly hex?: string;
  readonly pii?: string;
  readonly isil?: string;
  readonly parts?: number;
  readonly ordinal?: number;
  readonly crc_ok?: boolean;
  readonly crc_computed_ok?: boolean;
  readonly dsfid?: string;
}

export const fieldVectors = peripherals.iso28560 as unknown as readonly FieldVector[];

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The vectors of one model; there are some, or a test of them would prove nothing. */
export function ofModel(model: string): readonly TagVector[] {
  const found = tagVectors.filter((vector) => vector.model === model);
  if (found.length === 0) throw new Error(`no vectors of ${model}`);
  return found;
}
