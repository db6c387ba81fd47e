/** The personal fields of a transaction, as they lie in its sealed blob. */
export interface SealedBegin {
  readonly item: string;
  readonly patron?: string;
  readonly dueBefore?: string;
}

/** What the library system said at a move, as it lies in the sealed blob of the move. */
export interface SealedMove {
  readonly words?: readonly string[];
  readonly due?: string;
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
  return {
    item,
    ...(patron === undefined ? {} : { patron }),
    ...(dueBefore === undefined ? {} : { dueBefore }),
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
  };
}

function textOf(value: object, name: string): string | undefined {
  const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}
