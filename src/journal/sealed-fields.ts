import type { FeePayment, HoldOrder } from './rows.ts';

/** The personal fields of a transaction, as they lie in its sealed blob. */
export interface SealedBegin {
  readonly item: string;
  readonly patron?: string;
  readonly dueBefore?: string;
  readonly hold?: HoldOrder;
  readonly fee?: FeePayment;
  readonly dueTold?: string;
}

/** What the library system said at a move, as it lies in the sealed blob of the move. */
export interface SealedMove {
  readonly words?: readonly string[];
  readonly due?: string;
  readonly found?: Readonly<Record<string, string>>;
}

/** To what the blob of a transaction is bound. */
export function boundToBegin(id: string): string {
  return id;
}

/** To what the blob of a step of its history is bound. */
export function boundToMove(id: string, step: number): string {
  return `${id}/${step}`;
}

/** What an unsealed value says, or undefined when it is not what we sealed. */
export function readBegin(value: unknown): SealedBegin | undefined {
  if (typeof value !== 'object' || value === null || !('item' in value)) return undefined;
  const { item } = value;
  if (typeof item !== 'string') return undefined;
  const patron = textOf(value, 'patron');
  const dueBefore = textOf(value, 'dueBefore');
  const hold = holdOf(partOf(value, 'hold'));
  const fee = feeOf(partOf(value, 'fee'));
  const dueTold = textOf(value, 'dueTold');
  return {
    item,
    ...(patron === undefined ? {} : { patron }),
    ...(dueBefore === undefined ? {} : { dueBefore }),
    ...(hold === undefined ? {} : { hold }),
    ...(fee === undefined ? {} : { fee }),
    ...(dueTold === undefined ? {} : { dueTold }),
  };
}

/** What an unsealed value says; nothing when it is not what we sealed. */
export function readMove(value: unknown): SealedMove {
  if (typeof value !== 'object' || value === null) return {};
  const due = textOf(value, 'due');
  const words = 'words' in value && Array.isArray(value.words) ? value.words : undefined;
  return {
    ...(words === undefined ? {} : { words: words.filter((word) => typeof word === 'string') }),
    ...(due === undefined ? {} : { due }),
    ...('found' in value ? { found: textsOf(value.found) } : {}),
  };
}

function holdOf(value: object | undefined): HoldOrder | undefined {
  if (value === undefined) return undefined;
  const mode = textOf(value, 'mode');
  if (mode !== 'place' && mode !== 'cancel') return undefined;
  const pickup = textOf(value, 'pickup');
  const countBefore = fieldOf(value, 'countBefore');
  return {
    mode,
    ...(pickup === undefined ? {} : { pickup }),
    ...(typeof countBefore === 'number' ? { countBefore } : {}),
  };
}

function feeOf(value: object | undefined): FeePayment | undefined {
  if (value === undefined) return undefined;
  const amount = textOf(value, 'amount');
  const currency = textOf(value, 'currency');
  const feeType = textOf(value, 'feeType');
  const paymentType = textOf(value, 'paymentType');
  if (amount === undefined || currency === undefined) return undefined;
  if (feeType === undefined || paymentType === undefined) return undefined;
  const owedBefore = textOf(value, 'owedBefore');
  return { amount, currency, feeType, paymentType, ...(owedBefore === undefined ? {} : { owedBefore }) };
}

function partOf(value: object, name: string): object | undefined {
  const found = fieldOf(value, name);
  return typeof found === 'object' && found !== null ? found : undefined;
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function textOf(value: object, name: string): string | undefined {
  const found = fieldOf(value, name);
  return typeof found === 'string' ? found : undefined;
}

function fieldOf(value: object, name: string): unknown {
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
