import type { KindName } from './kinds.ts';

/**
 * Who may read a value in a log: `open` to anyone; `personal` tells of a patron, a loan or words of the ACS about
 * them; `secret` is a PIN or password. Of the last two only the length is ever logged.
 */
export type Audience = 'open' | 'personal' | 'secret';

export interface FieldSpec {
  readonly name: string;
  readonly kind: KindName;
  readonly audience: Audience;
  /** May come any number of times in one message. */
  readonly repeatable?: true;
}

/** Every field with an id, SIP 2.00 document revision 2.12. */
export const fields = {
  AA: { name: 'patronIdentifier', kind: 'text', audience: 'personal' },
  AB: { name: 'itemIdentifier', kind: 'text', audience: 'personal' },
  AC: { name: 'terminalPassword', kind: 'text', audience: 'secret' },
  AD: { name: 'patronPassword', kind: 'text', audience: 'secret' },
  AE: { name: 'personalName', kind: 'text', audience: 'personal' },
  AF: { name: 'screenMessage', kind: 'text', audience: 'personal', repeatable: true },
  AG: { name: 'printLine', kind: 'text', audience: 'personal', repeatable: true },
  AH: { name: 'dueDate', kind: 'text', audience: 'personal' },
  AJ: { name: 'titleIdentifier', kind: 'text', audience: 'personal' },
  AL: { name: 'blockedCardMessage', kind: 'text', audience: 'personal' },
  AM: { name: 'libraryName', kind: 'text', audience: 'open' },
  AN: { name: 'terminalLocation', kind: 'text', audience: 'open' },
  AO: { name: 'institutionId', kind: 'text', audience: 'open' },
  AP: { name: 'currentLocation', kind: 'text', audience: 'open' },
  AQ: { name: 'permanentLocation', kind: 'text', audience: 'personal' },
  AS: { name: 'holdItems', kind: 'text', audience: 'personal', repeatable: true },
  AT: { name: 'overdueItems', kind: 'text', audience: 'personal', repeatable: true },
  AU: { name: 'chargedItems', kind: 'text', audience: 'personal', repeatable: true },
  AV: { name: 'fineItems', kind: 'text', audience: 'personal', repeatable: true },
  BD: { name: 'homeAddress', kind: 'text', audience: 'personal' },
  BE: { name: 'emailAddress', kind: 'text', audience: 'personal' },
  BF: { name: 'homePhoneNumber', kind: 'text', audience: 'personal' },
  BG: { name: 'owner', kind: 'text', audience: 'open' },
  BH: { name: 'currencyType', kind: 'currency', audience: 'open' },
  BI: { name: 'cancel', kind: 'yesNo', audience: 'open' },
  BK: { name: 'transactionId', kind: 'text', audience: 'personal' },
  BL: { name: 'validPatron', kind: 'yesNo', audience: 'open' },
  BM: { name: 'renewedItems', kind: 'text', audience: 'personal', repeatable: true },
  BN: { name: 'unrenewedItems', kind: 'text', audience: 'personal', repeatable: true },
  BO: { name: 'feeAcknowledged', kind: 'yesNo', audience: 'open' },
  BP: { name: 'startItem', kind: 'text', audience: 'open' },
  BQ: { name: 'endItem', kind: 'text', audience: 'open' },
  BR: { name: 'queuePosition', kind: 'text', audience: 'personal' },
  BS: { name: 'pickupLocation', kind: 'text', audience: 'personal' },
  BT: { name: 'feeType', kind: 'feeType', audience: 'open' },
  BU: { name: 'recallItems', kind: 'text', audience: 'personal', repeatable: true },
  BV: { name: 'feeAmount', kind: 'text', audience: 'personal' },
  BW: { name: 'expirationDate', kind: 'date', audience: 'personal' },
  BX: { name: 'supportedMessages', kind: 'supported', audience: 'open' },
  BY: { name: 'holdType', kind: 'holdType', audience: 'open' },
  BZ: { name: 'holdItemsLimit', kind: 'count', audience: 'open' },
  CA: { name: 'overdueItemsLimit', kind: 'count', audience: 'open' },
  CB: { name: 'chargedItemsLimit', kind: 'count', audience: 'open' },
  CC: { name: 'feeLimit', kind: 'text', audience: 'open' },
  CD: { name: 'unavailableHoldItems', kind: 'text', audience: 'personal', repeatable: true },
  CF: { name: 'holdQueueLength', kind: 'text', audience: 'open' },
  CG: { name: 'feeIdentifier', kind: 'text', audience: 'personal' },
  CH: { name: 'itemProperties', kind: 'text', audience: 'personal' },
  CI: { name: 'securityInhibit', kind: 'yesNo', audience: 'open' },
  CJ: { name: 'recallDate', kind: 'date', audience: 'personal' },
  CK: { name: 'mediaType', kind: 'mediaType', audience: 'open' },
  CL: { name: 'sortBin', kind: 'text', audience: 'open' },
  CM: { name: 'holdPickupDate', kind: 'date', audience: 'personal' },
  CN: { name: 'loginUserId', kind: 'text', audience: 'personal' },
  CO: { name: 'loginPassword', kind: 'text', audience: 'secret' },
  CP: { name: 'locationCode', kind: 'text', audience: 'open' },
  CQ: { name: 'validPatronPassword', kind: 'yesNo', audience: 'open' },
} as const satisfies Readonly<Record<string, FieldSpec>>;

export type FieldId = keyof typeof fields;
