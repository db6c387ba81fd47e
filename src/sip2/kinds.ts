/**
 * What a value in a SIP2 message may look like. Sections: 3M SIP 2.00, document revision 2.12, "Fixed length
 * fields" and "Variable length fields".
 */
export interface Kind {
  /** Exact number of characters; none where the length is free. */
  readonly width?: number;
  /** The only values there are, where they can be counted. */
  readonly choices?: readonly string[];
  /** The form of the value, where it is not free text. */
  readonly pattern?: RegExp;
  /** For the documentation: what the value means. */
  readonly about: string;
}

/** `YYYYMMDDZZZZHHMMSS`: ZZZZ is four blanks for local time, or three blanks and a zone letter. */
const dateForm = String.raw`\d{8}(?: {4}| {3}[A-Z])\d{6}`;

export const kinds = {
  yesNo: { width: 1, choices: ['Y', 'N'], about: '`Y` or `N`' },
  zeroOne: { width: 1, choices: ['0', '1'], about: '`0` or `1`' },
  yesNoUnknown: { width: 1, choices: ['Y', 'N', 'U'], about: '`Y`, `N` or `U` (not supported)' },
  holdMode: { width: 1, choices: ['+', '-', '*'], about: '`+` add, `-` delete, `*` change' },
  statusCode: {
    width: 1,
    choices: ['0', '1', '2'],
    about: '`0` in order, `1` printer out of paper, `2` about to shut down',
  },
  algorithm: { width: 1, pattern: /^\d$/, about: '`0` for plain text' },
  date: { width: 18, pattern: new RegExp(`^${dateForm}$`), about: '`YYYYMMDDZZZZHHMMSS`' },
  dateOrBlank: {
    width: 18,
    pattern: new RegExp(`^(?:${dateForm}| {18})$`),
    about: '`YYYYMMDDZZZZHHMMSS`, or 18 blanks when unused',
  },
  dateOrZeros: {
    width: 18,
    pattern: new RegExp(`^(?:${dateForm}|0{18})$`),
    about: '`YYYYMMDDZZZZHHMMSS`, or 18 zeros when not supported',
  },
  language: { width: 3, pattern: /^\d{3}$/, about: 'three digits, `000` unknown' },
  summary: { width: 10, pattern: /^[Y ]{10}$/, about: 'ten places, at most one of them `Y`' },
  patronStatus: { width: 14, pattern: /^[Y ]{14}$/, about: 'fourteen places, `Y` where the condition holds' },
  count: { width: 4, pattern: /^(?:\d{4}| {4})$/, about: 'four digits, or blanks when not known' },
  number3: { width: 3, pattern: /^ *\d+$/, about: 'three digits' },
  code2: { width: 2, pattern: /^\d{2}$/, about: 'two digits' },
  feeType: { width: 2, pattern: /^(?!00)\d{2}$/, about: '`01` to `99`' },
  currency: { width: 3, pattern: /^[A-Z]{3}$/, about: 'ISO 4217 code' },
  mediaType: { width: 3, pattern: /^\d{3}$/, about: 'three digits' },
  holdType: { width: 1, pattern: /^[1-9]$/, about: '`1` to `9`' },
  version: { width: 4, pattern: /^\d\.\d\d$/, about: '`d.dd`' },
  supported: { pattern: /^[YN]*$/, about: 'one `Y` or `N` for each message of the standard’s list' },
  text: { about: 'text of up to 255 characters' },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;

/** The type of a value of the kind: its choices, or text. */
export type KindValue<K extends KindName> = (typeof kinds)[K] extends {
  readonly choices: infer C extends readonly string[];
}
  ? C[number]
  : string;

/** Longest value of a variable field, in characters (2.12, "Variable length fields"). */
export const fieldCharsMax = 255;

/** Whether a value has the form of its kind. */
export function hasForm(kind: Kind, value: string): boolean {
  if (kind.width !== undefined && value.length !== kind.width) return false;
  if (kind.choices !== undefined) return kind.choices.includes(value);
  return kind.pattern === undefined || kind.pattern.test(value);
}
