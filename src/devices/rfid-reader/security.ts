import type { Secured } from './rfid-reader.ts';

/** How a library marks what may leave the house; each library has its own values (ISO 28560-1 names 07 and C2). */
export interface SecurityScheme {
  /** The application family identifier, the chip's EAS bit, both of them, or nothing. */
  readonly mode: 'afi' | 'eas' | 'both' | 'none';
  /** AFI that is written to an item in stock: the gate sounds. */
  readonly inStock: number;
  /** AFI that is written to an item on loan: the gate is silent. */
  readonly onLoan: number;
  /** AFI values that are taken for secured when read, besides `inStock`. */
  readonly alsoInStock: readonly number[];
  /** AFI values that are taken for not secured when read, besides `onLoan`. */
  readonly alsoOnLoan: readonly number[];
}

/** ISO 28560-1's values. */
export const afiScheme: SecurityScheme = {
  mode: 'afi',
  inStock: 0x07,
  onLoan: 0xc2,
  alsoInStock: [],
  alsoOnLoan: [],
};

/** What a tag tells of its security; undefined where it does not. */
export interface SecurityMarks {
  readonly afi: number | undefined;
  readonly eas: boolean | undefined;
}

/** Whether the gate would sound. With both marks, an item is only free when both are off and only secured when both are on. */
export function securedBy(scheme: SecurityScheme, { afi, eas }: SecurityMarks): Secured {
  const byEas = eas === undefined ? 'unknown' : eas ? 'yes' : 'no';
  switch (scheme.mode) {
    case 'none':
      return 'unknown';
    case 'afi':
      return securedByAfi(scheme, afi);
    case 'eas':
      return byEas;
    case 'both':
      return securedByAfi(scheme, afi) === byEas ? byEas : 'unknown';
  }
}

function securedByAfi(scheme: SecurityScheme, afi: number | undefined): Secured {
  if (afi === undefined) return 'unknown';
  if (afi === scheme.inStock || scheme.alsoInStock.includes(afi)) return 'yes';
  if (afi === scheme.onLoan || scheme.alsoOnLoan.includes(afi)) return 'no';
  return 'unknown';
}
