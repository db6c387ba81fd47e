import type { fields, FieldId } from './fields.ts';
import type { kinds, KindName, KindValue } from './kinds.ts';

/** A field of a message: its id, with `!` where the standard requires it. */
type Slot = FieldId | `${FieldId}!`;

interface MessageSpec {
  readonly name: string;
  /** `toAcs`: sent by the station (SC); `toSc`: sent by the library system. */
  readonly direction: 'toAcs' | 'toSc';
  /** The code of the message that answers it. */
  readonly answer?: string;
  /**
   * Sent twice it does no more than sent once, because it only asks. The others change something, and are never
   * sent again because an answer did not come.
   */
  readonly asks?: true;
  /** False for 96 and 97, which carry a checksum but never a sequence number. */
  readonly sequence: boolean;
  /** The fixed part in the order on the wire. */
  readonly fixed: Readonly<Record<string, KindName>>;
  /** Fixed fields that say something about a patron; only their length is logged. */
  readonly personal?: readonly string[];
  /** Variable fields in the order of the standard, which is the order in which they are written. */
  readonly fields: readonly Slot[];
}

/**
 * SIP2 as a table, by message code: 3M SIP 2.00, document revision 2.12, "Messages". The encoder, the decoder,
 * the types, the masked log form and docs/sip2.md come from it.
 */
export const messages = {
  '01': {
    name: 'Block Patron',
    direction: 'toAcs',
    answer: '24',
    sequence: true,
    fixed: { cardRetained: 'yesNo', transactionDate: 'date' },
    fields: ['AO!', 'AL!', 'AA!', 'AC!'],
  },
  '09': {
    name: 'Checkin',
    direction: 'toAcs',
    answer: '10',
    sequence: true,
    fixed: { noBlock: 'yesNo', transactionDate: 'date', returnDate: 'dateOrBlank' },
    fields: ['AP!', 'AO!', 'AB!', 'AC!', 'CH', 'BI'],
  },
  '10': {
    name: 'Checkin Response',
    direction: 'toSc',
    sequence: true,
    fixed: {
      ok: 'zeroOne',
      resensitize: 'yesNo',
      magneticMedia: 'yesNoUnknown',
      alert: 'yesNo',
      transactionDate: 'date',
    },
    fields: ['AO!', 'AB!', 'AQ!', 'AJ', 'CL', 'AA', 'CK', 'CH', 'AF', 'AG'],
  },
  '11': {
    name: 'Checkout',
    direction: 'toAcs',
    answer: '12',
    sequence: true,
    fixed: { scRenewalPolicy: 'yesNo', noBlock: 'yesNo', transactionDate: 'date', nbDueDate: 'dateOrBlank' },
    fields: ['AO!', 'AA!', 'AB!', 'AC!', 'CH', 'AD', 'BO', 'BI'],
  },
  '12': {
    name: 'Checkout Response',
    direction: 'toSc',
    sequence: true,
    fixed: {
      ok: 'zeroOne',
      renewalOk: 'yesNo',
      magneticMedia: 'yesNoUnknown',
      desensitize: 'yesNoUnknown',
      transactionDate: 'date',
    },
    fields: ['AO!', 'AA!', 'AB!', 'AJ!', 'AH!', 'BT', 'CI', 'BH', 'BV', 'CK', 'CH', 'BK', 'AF', 'AG'],
  },
  '15': {
    name: 'Hold',
    direction: 'toAcs',
    answer: '16',
    sequence: true,
    fixed: { holdMode: 'holdMode', transactionDate: 'date' },
    fields: ['BW', 'BS', 'BY', 'AO!', 'AA!', 'AD', 'AB', 'AJ', 'AC', 'BO'],
  },
  '16': {
    name: 'Hold Response',
    direction: 'toSc',
    sequence: true,
    fixed: { ok: 'zeroOne', available: 'yesNo', transactionDate: 'date' },
    fields: ['BW', 'BR', 'BS', 'AO!', 'AA!', 'AB', 'AJ', 'AF', 'AG'],
  },
  '17': {
    name: 'Item Information',
    direction: 'toAcs',
    answer: '18',
    asks: true,
    sequence: true,
    fixed: { transactionDate: 'date' },
    fields: ['AO!', 'AB!', 'AC'],
  },
  '18': {
    name: 'Item Information Response',
    direction: 'toSc',
    sequence: true,
    fixed: {
      circulationStatus: 'code2',
      securityMarker: 'code2',
      feeType: 'feeType',
      transactionDate: 'date',
    },
    fields: ['CF', 'AH', 'CJ', 'CM', 'AB!', 'AJ!', 'BG', 'BH', 'BV', 'CK', 'AQ', 'AP', 'CH', 'AF', 'AG'],
  },
  '19': {
    name: 'Item Status Update',
    direction: 'toAcs',
    answer: '20',
    sequence: true,
    fixed: { transactionDate: 'date' },
    fields: ['AO!', 'AB!', 'AC', 'CH!'],
  },
  '20': {
    name: 'Item Status Update Response',
    direction: 'toSc',
    sequence: true,
    fixed: { itemPropertiesOk: 'zeroOne', transactionDate: 'date' },
    fields: ['AB!', 'AJ', 'CH', 'AF', 'AG'],
  },
  '23': {
    name: 'Patron Status Request',
    direction: 'toAcs',
    answer: '24',
    asks: true,
    sequence: true,
    fixed: { language: 'language', transactionDate: 'date' },
    fields: ['AO!', 'AA!', 'AC!', 'AD!'],
  },
  '24': {
    name: 'Patron Status Response',
    direction: 'toSc',
    sequence: true,
    fixed: { patronStatus: 'patronStatus', language: 'language', transactionDate: 'date' },
    personal: ['patronStatus'],
    fields: ['AO!', 'AA!', 'AE!', 'BL', 'CQ', 'BH', 'BV', 'AF', 'AG'],
  },
  '25': {
    name: 'Patron Enable',
    direction: 'toAcs',
    answer: '26',
    sequence: true,
    fixed: { transactionDate: 'date' },
    fields: ['AO!', 'AA!', 'AC', 'AD'],
  },
  '26': {
    name: 'Patron Enable Response',
    direction: 'toSc',
    sequence: true,
    fixed: { patronStatus: 'patronStatus', language: 'language', transactionDate: 'date' },
    personal: ['patronStatus'],
    fields: ['AO!', 'AA!', 'AE!', 'BL', 'CQ', 'AF', 'AG'],
  },
  '29': {
    name: 'Renew',
    direction: 'toAcs',
    answer: '30',
    sequence: true,
    fixed: {
      thirdPartyAllowed: 'yesNo',
      noBlock: 'yesNo',
      transactionDate: 'date',
      nbDueDate: 'dateOrBlank',
    },
    fields: ['AO!', 'AA!', 'AD', 'AB', 'AJ', 'AC', 'CH', 'BO'],
  },
  '30': {
    name: 'Renew Response',
    direction: 'toSc',
    sequence: true,
    fixed: {
      ok: 'zeroOne',
      renewalOk: 'yesNo',
      magneticMedia: 'yesNoUnknown',
      desensitize: 'yesNoUnknown',
      transactionDate: 'date',
    },
    fields: ['AO!', 'AA!', 'AB!', 'AJ!', 'AH!', 'BT', 'CI', 'BH', 'BV', 'CK', 'CH', 'BK', 'AF', 'AG'],
  },
  '35': {
    name: 'End Patron Session',
    direction: 'toAcs',
    answer: '36',
    sequence: true,
    fixed: { transactionDate: 'date' },
    fields: ['AO!', 'AA!', 'AC', 'AD'],
  },
  '36': {
    name: 'End Session Response',
    direction: 'toSc',
    sequence: true,
    fixed: { endSession: 'yesNo', transactionDate: 'date' },
    fields: ['AO!', 'AA!', 'AF', 'AG'],
  },
  '37': {
    name: 'Fee Paid',
    direction: 'toAcs',
    answer: '38',
    sequence: true,
    fixed: { transactionDate: 'date', feeType: 'feeType', paymentType: 'code2', currencyType: 'currency' },
    fields: ['BV!', 'AO!', 'AA!', 'AC', 'AD', 'CG', 'BK'],
  },
  '38': {
    name: 'Fee Paid Response',
    direction: 'toSc',
    sequence: true,
    fixed: { paymentAccepted: 'yesNo', transactionDate: 'date' },
    fields: ['AO!', 'AA!', 'BK', 'AF', 'AG'],
  },
  '63': {
    name: 'Patron Information',
    direction: 'toAcs',
    answer: '64',
    asks: true,
    sequence: true,
    fixed: { language: 'language', transactionDate: 'date', summary: 'summary' },
    fields: ['AO!', 'AA!', 'AC', 'AD', 'BP', 'BQ'],
  },
  '64': {
    name: 'Patron Information Response',
    direction: 'toSc',
    sequence: true,
    fixed: {
      patronStatus: 'patronStatus',
      language: 'language',
      transactionDate: 'date',
      holdItemsCount: 'count',
      overdueItemsCount: 'count',
      chargedItemsCount: 'count',
      fineItemsCount: 'count',
      recallItemsCount: 'count',
      unavailableHoldsCount: 'count',
    },
    personal: [
      'patronStatus',
      'holdItemsCount',
      'overdueItemsCount',
      'chargedItemsCount',
      'fineItemsCount',
      'recallItemsCount',
      'unavailableHoldsCount',
    ],
    fields: [
      ...(['AO!', 'AA!', 'AE!', 'BZ', 'CA', 'CB', 'BL', 'CQ', 'BH', 'BV', 'CC'] as const),
      ...(['AS', 'AT', 'AU', 'AV', 'BU', 'CD', 'BD', 'BE', 'BF', 'AF', 'AG'] as const),
    ],
  },
  '65': {
    name: 'Renew All',
    direction: 'toAcs',
    answer: '66',
    sequence: true,
    fixed: { transactionDate: 'date' },
    fields: ['AO!', 'AA!', 'AD', 'AC', 'BO'],
  },
  '66': {
    name: 'Renew All Response',
    direction: 'toSc',
    sequence: true,
    fixed: { ok: 'zeroOne', renewedCount: 'count', unrenewedCount: 'count', transactionDate: 'date' },
    fields: ['AO!', 'BM', 'BN', 'AF', 'AG'],
  },
  '93': {
    name: 'Login',
    direction: 'toAcs',
    answer: '94',
    sequence: true,
    fixed: { uidAlgorithm: 'algorithm', pwdAlgorithm: 'algorithm' },
    fields: ['CN!', 'CO!', 'CP'],
  },
  '94': { name: 'Login Response', direction: 'toSc', sequence: true, fixed: { ok: 'zeroOne' }, fields: [] },
  '96': { name: 'Request SC Resend', direction: 'toSc', sequence: false, fixed: {}, fields: [] },
  '97': {
    name: 'Request ACS Resend',
    direction: 'toAcs',
    asks: true,
    sequence: false,
    fixed: {},
    fields: [],
  },
  '98': {
    name: 'ACS Status',
    direction: 'toSc',
    sequence: true,
    fixed: {
      onLineStatus: 'yesNo',
      checkinOk: 'yesNo',
      checkoutOk: 'yesNo',
      acsRenewalPolicy: 'yesNo',
      statusUpdateOk: 'yesNo',
      offLineOk: 'yesNo',
      timeoutPeriod: 'number3',
      retriesAllowed: 'number3',
      dateTimeSync: 'dateOrZeros',
      protocolVersion: 'version',
    },
    fields: ['AO!', 'AM', 'BX!', 'AN', 'AF', 'AG'],
  },
  '99': {
    name: 'SC Status',
    direction: 'toAcs',
    answer: '98',
    asks: true,
    sequence: true,
    fixed: { statusCode: 'statusCode', maxPrintWidth: 'number3', protocolVersion: 'version' },
    fields: [],
  },
} as const satisfies Readonly<Record<string, MessageSpec>>;

export type AnyMessageSpec = MessageSpec;

export type MessageCode = keyof typeof messages;
/** Codes that the station sends and that have an answer. */
export type RequestCode = {
  [C in MessageCode]: (typeof messages)[C] extends { readonly answer: string } ? C : never;
}[MessageCode];
/** The code that answers a request. */
export type AnswerCode<C extends RequestCode> = (typeof messages)[C]['answer'];

type SlotOf<C extends MessageCode> = (typeof messages)[C]['fields'][number];
type RequiredId<C extends MessageCode> =
  SlotOf<C> extends infer S ? (S extends `${infer I extends FieldId}!` ? I : never) : never;
type OptionalId<C extends MessageCode> = Extract<SlotOf<C>, FieldId>;

/** The fixed part to write: a value of the right kind for each name. */
export type FixedInput<C extends MessageCode> = {
  readonly [
    N in keyof (typeof messages)[C]['fixed']
  ]: (typeof messages)[C]['fixed'][N] extends infer K extends KindName ? KindValue<K> : never;
};

/** The fixed part as it was read: text of any form. */
export type FixedRead<C extends MessageCode> = {
  readonly [N in keyof (typeof messages)[C]['fixed']]: string;
};

/** What may be written into a field: text, a list where it may repeat, bytes of UTF-8 where it is a secret. */
export type FieldInput<I extends FieldId> = (typeof fields)[I] extends { readonly repeatable: true }
  ? readonly string[]
  : (typeof fields)[I] extends { readonly audience: 'secret' }
    ? string | Uint8Array
    : KindValue<(typeof fields)[I]['kind'] & keyof typeof kinds>;

/** The variable part to write. */
export type FieldsInput<C extends MessageCode> = { readonly [I in RequiredId<C>]: FieldInput<I> } & {
  readonly [I in OptionalId<C>]?: FieldInput<I> | undefined;
};

/** A message to write. */
export interface MessageInput<C extends MessageCode = MessageCode> {
  readonly code: C;
  readonly fixed: FixedInput<C>;
  readonly fields: FieldsInput<C>;
  /** Fields outside the table (extensions), written after the others. */
  readonly extra?: readonly (readonly [id: string, value: string])[];
}
