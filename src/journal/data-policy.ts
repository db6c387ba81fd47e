import { asideDaysMax } from './aside.ts';
import { defaultRetention, retentionMax } from './retention.ts';

/** How a value lies in the journal. `sealed`: only with its key; `hashed`: to be found by who knows the value and has the key. */
export type Form = 'clear' | 'sealed' | 'hashed';

export interface ColumnPolicy {
  /** Why it is stored at all. */
  readonly purpose: string;
  /** Whether it says by itself who somebody is, or what they read, owe or were told. Such a column may not be clear. */
  readonly personal: boolean;
  readonly form: Form;
}

export interface TablePolicy {
  readonly purpose: string;
  /** When its rows go. */
  readonly bound: string;
  readonly columns: Readonly<Record<string, ColumnPolicy>>;
}

export interface FilePolicy {
  readonly name: string;
  readonly purpose: string;
  readonly bound: string;
}

const open = (purpose: string): ColumnPolicy => ({ purpose, personal: false, form: 'clear' });
const sealed = (purpose: string): ColumnPolicy => ({ purpose, personal: true, form: 'sealed' });
const hashed = (purpose: string): ColumnPolicy => ({ purpose, personal: true, form: 'hashed' });

const days = (name: keyof typeof defaultRetention): string =>
  `${defaultRetention[name]} ${defaultRetention[name] === 1 ? 'day' : 'days'} by default, at most ${retentionMax[name]}`;

/** Every column that the journal stores. `scripts/data-policy.ts --check` holds it to the real schema. */
export const dataPolicy: Readonly<Record<string, TablePolicy>> = {
  journal: {
    purpose: 'What this journal is',
    bound: 'as long as the journal',
    columns: {
      id: open('there is one row'),
      epoch: open('names the journal, so that the order of transactions is known after it was replaced'),
      created: open('when it was made, for the technician'),
    },
  },
  transactions: {
    purpose:
      'Loans, returns, renewals, holds and payments that the station began, so that none is lost or done twice',
    bound: `settled ones ${days('settledDays')}, counted from when they were settled; unsettled ones until they are settled`,
    columns: {
      seq: open('the order in which they happened'),
      id: open('names the transaction; random'),
      kind: open('what is to be done: checkout, checkin, renew, hold or fee'),
      state: open('how far it came'),
      item_hash: hashed('finds the transactions on one item'),
      patron_hash: hashed(
        'finds the transactions of one card: for their order, and for access and erasure on request',
      ),
      sealed: sealed(
        'item, card number, the due date before a renewal, the one that the patron was told in an outage, what a hold asks for, the sum of a payment: what is needed to ask the library system and to send it',
      ),
      key_id: open('names the key of the sealed value'),
      at: open('when it happened; a return counts from this moment'),
      zone: open('the time zone in which it happened, for the local time that the library system is told'),
      moved_at: open('when its state last changed; retention counts from it'),
      attempts: open('whether and how often it may have been sent'),
      steps: open('numbers its history'),
      replaces: open('the random id of the transaction whose place it took'),
    },
  },
  transitions: {
    purpose: 'What became of each transaction, step by step, to settle what is in doubt',
    bound: 'goes with its transaction',
    columns: {
      transaction_seq: open('whose history it is'),
      step: open('the order of its steps'),
      what: open('the new state, or that it was about to be sent'),
      at: open('when'),
      rule: open('the rule that decided'),
      source: open('who decided: the library system or the station'),
      sealed: sealed(
        'what the library system said, the due date that it gave, and how the item and the patron’s card stood, blocks included, for the staff list and disputes',
      ),
      key_id: open('names the key of the sealed value'),
    },
  },
  tag_work: {
    purpose:
      'Tags whose security has to follow a loan or a return: what is lent and locked, what came back and is not secured',
    bound: `settled ones ${days('settledDays')}, counted from when they were settled; unsettled ones until they are settled`,
    columns: {
      seq: open('the order in which they happened'),
      id: open('the random id of the transaction that it belongs to'),
      aim: open('what is to be done: lift the security, or secure'),
      state: open('how far it came'),
      rule: open('why it ended so'),
      sealed: sealed(
        'item and tags, for staff who have to look for them, and for going on when they come back',
      ),
      key_id: open('names the key of the sealed value'),
      at: open('when it began'),
      moved_at: open('when its state last changed; retention counts from it'),
    },
  },
  refusals: {
    purpose: 'Which rules refuse how often; says nothing about whom',
    bound: days('refusalDays'),
    columns: {
      seq: open('the order in which they happened'),
      rule: open('the rule that refused'),
      source: open('who refused: the library system or the station'),
      at: open('when'),
    },
  },
  pin_verifiers: {
    purpose:
      'PINs are checked while the library system is away, for lending only, where the library has turned it on',
    bound: `${days('verifierDays')}, counted from when the library system confirmed the PIN; at once when it does not let the card borrow`,
    columns: {
      card_hash: hashed('whose PIN it is'),
      made_at: open('when the library system confirmed it'),
      sealed: sealed(
        'a salted, memory-hard derivation of the PIN, sealed under a key that is not on this disk',
      ),
    },
  },
  acs: {
    purpose: 'For which library system the open transactions are',
    bound: 'as long as the journal',
    columns: {
      id: open('there is one row'),
      identity: open('address and institution of the library system; changing to another one is noticed'),
    },
  },
  outage: {
    purpose: 'The limits of lending in an outage count from its beginning, a restart in between or not',
    bound: 'until the library system is back for good and was told everything',
    columns: {
      id: open('there is at most one row'),
      began_at: open('when it began, for the technician'),
      after_seq: open('which transactions are of it'),
      doubted: open('whether the library system accepted something of it without doing it'),
    },
  },
  deaths: {
    purpose: 'A transaction that ends the station again and again is set aside',
    bound: 'goes with its transaction',
    columns: {
      transaction_seq: open('which transaction it was'),
      count: open('how often'),
    },
  },
  pin_tries: {
    purpose: 'Wrong PINs of a card are limited, a restart in between or not',
    bound: `${days('pinTryDays')}; at once when the PIN was right`,
    columns: {
      seq: open('the order in which they happened'),
      card_hash: hashed('whose tries are counted'),
      at: open('when; a try counts for a time only'),
    },
  },
  audit: {
    purpose: 'What technicians and librarians looked at and changed by hand, in the journal and on tags',
    bound: days('auditDays'),
    columns: {
      seq: open('the order of the acts'),
      at: open('when'),
      act: open('what was done'),
      subject: open('the random id of the transaction that it was done to'),
      detail: open('the key of a note, the name of a format or a number; no word about anybody'),
      sealed: sealed('the operating system’s name of the account that did it, for who must answer for it'),
      key_id: open('names the key of the sealed value'),
      link: open('a keyed hash over the act and the one before it, so that a change is noticed'),
    },
  },
  audit_ends: {
    purpose: 'Between which acts the audit log lies, so that none can be cut off',
    bound: 'as long as the journal',
    columns: {
      id: open('there is one row'),
      base_seq: open('the last act that was purged'),
      base_link: open('its link'),
      head_seq: open('the newest act'),
      head_link: open('its link'),
      mac: open('a keyed hash over these'),
    },
  },
};

/** Every file that the journal keeps in the data folder. `*` stands for anything. */
export const filePolicy: readonly FilePolicy[] = [
  { name: 'journal.db', purpose: 'the journal; its tables are below', bound: 'as its tables' },
  { name: 'journal.db-wal', purpose: 'the newest pages of the journal', bound: 'emptied by each purge' },
  { name: 'journal.db-shm', purpose: 'an index of these pages', bound: 'as long as the journal is open' },
  { name: 'journal.db-suspect', purpose: 'that the disk failed: empty', bound: 'until the next start' },
  {
    name: 'journal.db-traces',
    purpose: 'that deleted rows may still be readable in old pages: empty',
    bound: 'until a purge has written the file anew',
  },
  {
    name: 'journal.db-making',
    purpose: 'a new journal while a damaged one is replaced',
    bound: 'until the next start',
  },
  { name: 'journal.db-next', purpose: 'the same when it is complete', bound: 'until the next start' },
  {
    name: 'journal.newer-*',
    purpose: 'a journal of a newer program, kept for it',
    bound: `${asideDaysMax} days; staff may delete it earlier`,
  },
  {
    name: 'journal.damaged-*',
    purpose: 'a damaged journal and, sealed, what could be read of it, kept for staff and technician',
    bound: `${asideDaysMax} days; staff may delete it earlier`,
  },
  {
    name: 'journal.replaced-*',
    purpose: 'a journal, and its keys, that made way for a copy that was restored',
    bound: `${asideDaysMax} days; staff may delete it earlier`,
  },
  { name: 'journal.db-restoring', purpose: 'a copy while it is restored', bound: 'until the next restore' },
  {
    name: 'journal-copy.db (in the folder of data.copy)',
    purpose: 'a sealed copy of the journal with its keys, these encrypted for the library',
    bound: 'until the next copy: at most as many minutes as configured, and at once after a purge or erasure',
  },
  {
    name: 'keys.json',
    purpose:
      'the keys of seals and hashes; readable by the station’s account only, and wrapped by the device key where one is configured',
    bound: 'as long as the journal; without it the sealed values are gone for ever',
  },
  {
    name: 'handling',
    purpose: 'the random id of the transaction that is worked on, so that one that ends the station is found',
    bound: 'overwritten with the next one',
  },
  {
    name: 'device-key.*',
    purpose: 'the device key, sealed by the TPM or by Windows; says nothing on another machine',
    bound: 'as long as PINs are checked while the library system is away',
  },
  {
    name: 'lists/*',
    purpose:
      'which items and cards must not be lent (to) while the library system is away: keyed hashes only',
    bound: 'overwritten each time that the library’s list is fetched',
  },
  { name: 'reserve.bin', purpose: 'random bytes that keep space for returns', bound: 'for ever' },
  { name: 'lock.db', purpose: 'that one process at a time works here: empty', bound: 'for ever' },
  { name: 'lock.json', purpose: 'which process that is', bound: 'until the next start' },
];

/** Columns of a schema with their declared types, by table. */
export type SchemaColumns = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Everything in which the policy and a schema do not agree, one sentence each. */
export function policyProblems(
  schema: SchemaColumns,
  policy: Readonly<Record<string, TablePolicy>>,
): string[] {
  const problems: string[] = [];
  for (const [table, columns] of Object.entries(schema)) {
    for (const [column, type] of Object.entries(columns)) {
      const about = policy[table]?.columns[column];
      if (about === undefined) problems.push(`${table}.${column} is stored, but is not in the policy`);
      else problems.push(...columnProblems(`${table}.${column}`, type, about));
    }
  }
  for (const [table, { columns, purpose, bound }] of Object.entries(policy)) {
    if (purpose === '' || bound === '') problems.push(`${table} has no purpose or no bound`);
    for (const column of Object.keys(columns)) {
      if (schema[table]?.[column] === undefined)
        problems.push(`${table}.${column} is in the policy, but is not stored`);
    }
  }
  return problems;
}

function columnProblems(name: string, type: string, about: ColumnPolicy): string[] {
  const problems: string[] = [];
  if (about.purpose === '') problems.push(`${name} has no purpose`);
  if (about.personal && about.form === 'clear')
    problems.push(`${name} is personal and neither sealed nor hashed`);
  if (about.form === 'sealed' && type !== 'BLOB') problems.push(`${name} is sealed, but its type is ${type}`);
  if (about.form === 'hashed' && type !== 'TEXT') problems.push(`${name} is hashed, but its type is ${type}`);
  return problems;
}
