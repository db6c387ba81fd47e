import file from '../../fixtures/sip2.json' with { type: 'json' };

/** One message of test/fixtures/sip2.json: what it is and how independent parsers read it. */
export interface Vector {
  readonly id: string;
  readonly raw: string;
  readonly hexUtf8: string;
  readonly delimiter: string;
  readonly direction: string | null;
  readonly tags: readonly string[];
  readonly checksum: {
    readonly present: boolean;
    readonly seq: number | null;
    readonly value: string | null;
    readonly valid?: boolean;
  };
  readonly expected: {
    readonly code: string;
    readonly fixed: Readonly<Record<string, string>>;
    readonly fields: readonly (readonly [string, string])[];
    readonly patronStatusFlags?: readonly string[];
  } | null;
  readonly deviations: readonly string[];
  readonly conformant: boolean;
  readonly roundTrips?: boolean;
}

export const vectors = file.vectors as unknown as readonly Vector[];

/** The message as it was on the wire, its line end included. */
export function wire(vector: Vector): Buffer {
  return Buffer.from(vector.hexUtf8, 'hex');
}

/** The message without its line end. */
export function body(vector: Vector): Buffer {
  return wire(vector).subarray(0, -(/[\r\n]+$/.exec(vector.raw)?.[0].length ?? 0));
}
