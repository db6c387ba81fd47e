import type { FieldSpec } from './fields.ts';

export interface ExtensionSpec extends FieldSpec {
  /** The messages in which it was met. */
  readonly messages: readonly string[];
  /** Where it comes from, and what it means where systems differ. */
  readonly origin: string;
}

const sorters = '3M’s extension for sorting machines, 1.20 (2005)';
const polaris = 'Polaris';

/**
 * Fields outside the standard that library systems send, by what they mostly mean. They are read as any unknown field is, in
 * their order; the table gives them a name, says who may read them in a log, and lets the encoder write them.
 */
export const extensions = {
  CR: { name: 'collectionCode', kind: 'text', audience: 'open', messages: ['10'], origin: sorters },
  CS: { name: 'callNumber', kind: 'text', audience: 'personal', messages: ['10', '18'], origin: sorters },
  CT: {
    name: 'destinationLocation',
    kind: 'text',
    audience: 'open',
    messages: ['10', '18'],
    origin: sorters,
  },
  CV: {
    name: 'alertType',
    kind: 'code2',
    audience: 'open',
    messages: ['10'],
    origin: `${sorters}: 00 none, 01 hold here, 02 hold at another branch, 03 interlibrary loan, 04 send to another branch, 99 other`,
  },
  CY: { name: 'holdPatronId', kind: 'text', audience: 'personal', messages: ['10'], origin: sorters },
  DA: { name: 'holdPatronName', kind: 'text', audience: 'personal', messages: ['10'], origin: sorters },
  DB: {
    name: 'holdPatronName',
    kind: 'text',
    audience: 'personal',
    messages: ['10'],
    origin: 'Aleph, for DA',
  },
  PA: {
    name: 'patronExpiry',
    kind: 'text',
    audience: 'personal',
    messages: ['64'],
    origin: 'Envisionware, Evergreen: the day on which the card ends; Koha: a block; others: other things',
  },
  PB: {
    name: 'birthDate',
    kind: 'text',
    audience: 'personal',
    messages: ['64'],
    origin: 'Envisionware; Atriuum: rubbish',
  },
  PC: { name: 'patronClass', kind: 'text', audience: 'personal', messages: ['64'], origin: 'Envisionware' },
  PD: { name: 'birthDate', kind: 'text', audience: 'personal', messages: ['64'], origin: 'Atriuum, for PB' },
  PI: {
    name: 'internetPrivileges',
    kind: 'text',
    audience: 'personal',
    messages: ['64'],
    origin: 'Envisionware',
  },
  XI: { name: 'internalPatronId', kind: 'text', audience: 'personal', messages: ['64'], origin: 'Evergreen' },
  OR: {
    name: 'envisionwareOR',
    kind: 'text',
    audience: 'personal',
    messages: ['64'],
    origin: 'Envisionware; undocumented',
  },
  RN: {
    name: 'envisionwareRN',
    kind: 'text',
    audience: 'personal',
    messages: ['64'],
    origin: 'Envisionware; undocumented',
  },
  BC: { name: 'birthDate', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  PE: { name: 'patronCode', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  PS: { name: 'statisticalClass', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  PX: { name: 'patronExpiry', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  PY: { name: 'juvenileFlag', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  PZ: { name: 'postcode', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  U1: { name: 'userField1', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  U2: { name: 'userField2', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  U3: { name: 'userField3', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  U4: { name: 'userField4', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  U5: { name: 'userField5', kind: 'text', audience: 'personal', messages: ['64'], origin: polaris },
  FA: {
    name: 'patronExtra',
    kind: 'text',
    audience: 'personal',
    messages: ['64'],
    origin: `${polaris}; Wise: a part of a dialog`,
  },
  FB: {
    name: 'dialogPart',
    kind: 'text',
    audience: 'personal',
    messages: [],
    origin: 'OCLC Wise, SIP2+ dialogs',
  },
  FC: {
    name: 'dialogPart',
    kind: 'text',
    audience: 'personal',
    messages: [],
    origin: 'OCLC Wise, SIP2+ dialogs',
  },
  YZ: {
    name: 'dialogPart',
    kind: 'text',
    audience: 'personal',
    messages: [],
    origin: 'OCLC Wise, SIP2+ dialogs',
  },
  GG: {
    name: 'dialogPart',
    kind: 'text',
    audience: 'personal',
    messages: [],
    origin: 'OCLC Wise, SIP2+ dialogs',
  },
  EA: {
    name: 'fsip2EA',
    kind: 'text',
    audience: 'personal',
    messages: [],
    origin: 'fsip2 (FOLIO); undocumented',
  },
  DE: {
    name: 'fsip2DE',
    kind: 'text',
    audience: 'personal',
    messages: [],
    origin: 'fsip2 (FOLIO); undocumented',
  },
  IN: {
    name: 'fsip2IN',
    kind: 'text',
    audience: 'personal',
    messages: [],
    origin: 'fsip2 (FOLIO); undocumented',
  },
  MA: { name: 'bibliographicId', kind: 'text', audience: 'personal', messages: ['15'], origin: 'jsip2' },
} as const satisfies Readonly<Record<string, ExtensionSpec>>;

export type ExtensionId = keyof typeof extensions;
