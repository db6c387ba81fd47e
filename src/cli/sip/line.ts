import { err, ok, type Result } from '../../kernel/result.ts';
import type { MessageParts } from '../../sip2/encode.ts';
import { fieldSpec, planOfCode, type MessagePlan } from '../../sip2/lookup.ts';
import { messages } from '../../sip2/messages.ts';

/** What a request has where nothing else is said. */
export interface LineDefaults {
  /** Now, in SIP2’s form. */
  readonly now: string;
  readonly institutionId: string;
  readonly location: string;
  readonly terminalPassword: string | undefined;
}

export interface ReadLine extends MessageParts {
  readonly fields: readonly (readonly [id: string, value: string])[];
  /** Ids of secrets that are still to be asked for. */
  readonly secrets: readonly string[];
}

/** Names for the places of a 63’s summary. */
export const summaryNames = ['holds', 'overdue', 'charged', 'fines', 'recalls', 'unavailable'] as const;

const fixedDefaults: Readonly<Record<string, string>> = {
  language: '000',
  summary: ' '.repeat(10),
  statusCode: '0',
  maxPrintWidth: '040',
  protocolVersion: '2.00',
  uidAlgorithm: '0',
  pwdAlgorithm: '0',
  noBlock: 'N',
  scRenewalPolicy: 'N',
  thirdPartyAllowed: 'N',
  cardRetained: 'N',
  nbDueDate: ' '.repeat(18),
  returnDate: ' '.repeat(18),
  feeType: '01',
  paymentType: '00',
};

/** The codes that a station sends. */
export const requestCodes: readonly string[] = Object.entries(messages)
  .filter(([, spec]) => spec.direction === 'toAcs')
  .map(([code]) => code)
  .toSorted();

/** Reads `63 AA=123 AD summary=charged`: a code, then fields by id or by name. The error is a sentence. */
export function readLine(text: string, defaults: LineDefaults): Result<ReadLine, string> {
  const words = wordsOf(text);
  if (words === undefined) return err('A quotation mark is not closed.');
  const [code = '', ...rest] = words;
  const plan = planOfCode(code);
  if (plan === undefined || !requestCodes.includes(code)) {
    return err(`${code} is no request of SIP2; the requests are ${requestCodes.join(', ')}.`);
  }
  const given = new Map<string, string>();
  const fields: [string, string][] = [];
  const secrets: string[] = [];
  for (const word of rest) {
    const [name, value] = splitWord(word);
    const fixed = plan.fixed.some((place) => place.name === name);
    const id = fixed ? undefined : idOf(plan, name);
    if (!fixed && id === undefined) return err(`${code} has no ${name}; it has ${namesOf(plan).join(', ')}.`);
    if (id !== undefined && fieldSpec(id)?.audience === 'secret') {
      if (value !== undefined && value !== '') {
        return err(`${id} is a secret: write it without a value, and it is asked for unseen.`);
      }
      if (value === undefined) secrets.push(id);
      else fields.push([id, '']);
    } else if (value === undefined) {
      return err(`${name} needs a value: ${name}=…`);
    } else if (id === undefined) {
      given.set(name, name === 'summary' ? summaryOf(value) : value);
    } else {
      fields.push([id, value]);
    }
  }
  return complete(plan, given, fields, secrets, defaults);
}

function complete(
  plan: MessagePlan,
  given: ReadonlyMap<string, string>,
  fields: [string, string][],
  secrets: readonly string[],
  defaults: LineDefaults,
): Result<ReadLine, string> {
  const fixed: Record<string, string> = {};
  for (const { name } of plan.fixed) {
    const value = given.get(name) ?? (name === 'transactionDate' ? defaults.now : fixedDefaults[name]);
    if (value === undefined) return err(`${plan.code} needs ${name}=…`);
    fixed[name] = value;
  }
  const own: Readonly<Record<string, string | undefined>> = {
    AO: defaults.institutionId,
    AP: defaults.location,
    AC: defaults.terminalPassword ?? '',
  };
  for (const { id, required } of plan.fields) {
    if (!required || secrets.includes(id) || fields.some(([known]) => known === id)) continue;
    const value = own[id];
    if (value === undefined) return err(`${plan.code} needs ${id} (${fieldSpec(id)?.name ?? ''})=…`);
    fields.push([id, value]);
  }
  const order = plan.fields.map(({ id }) => id);
  fields.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return ok({ code: plan.code, fixed, fields, secrets });
}

/** `charged` or `2` as ten places; ten places as they are. */
function summaryOf(value: string): string {
  const named = summaryNames.findIndex((name) => name === value);
  const place = named >= 0 ? named : /^\d$/.test(value) ? Number(value) : -1;
  return place < 0 ? value : `${' '.repeat(place)}Y`.padEnd(10);
}

function idOf(plan: MessagePlan, name: string): string | undefined {
  const found = plan.fields.find(({ id, spec }) => id === name.toUpperCase() || spec.name === name);
  if (found !== undefined) return found.id;
  // An extension of some library system.
  return /^[A-Z][A-Z0-9]$/.test(name) && fieldSpec(name) === undefined ? name : undefined;
}

function namesOf(plan: MessagePlan): string[] {
  return [
    ...plan.fixed.map(({ name }) => name),
    ...plan.fields.map(({ id, spec }) => `${id} (${spec.name})`),
  ];
}

/** Words between blanks; a value with blanks stands in quotation marks. Undefined: one is not closed. */
function wordsOf(text: string): string[] | undefined {
  const words: string[] = [];
  let word = '';
  let quoted = false;
  let begun = false;
  for (const character of text) {
    if (character === '"') {
      quoted = !quoted;
      begun = true;
    } else if (character === ' ' && !quoted) {
      if (begun) words.push(word);
      word = '';
      begun = false;
    } else {
      word += character;
      begun = true;
    }
  }
  if (begun) words.push(word);
  return quoted ? undefined : words;
}

function splitWord(word: string): [string, string?] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

const commands = ['help', 'quit'] as const;

/** What may follow, for the Tab key: the candidates, and the part of the line that they complete. */
export function completions(line: string): [string[], string] {
  const words = line.split(' ');
  const last = words.at(-1) ?? '';
  if (words.length === 1 || (words.length === 2 && words[0] === 'help')) {
    return [
      [...requestCodes, ...(words.length === 1 ? commands : [])].filter((one) => one.startsWith(last)),
      last,
    ];
  }
  const plan = planOfCode(words[0] ?? '');
  if (plan === undefined) return [[], last];
  if (last.startsWith('summary=')) {
    return [summaryNames.map((name) => `summary=${name} `).filter((one) => one.startsWith(last)), last];
  }
  const names = [
    ...plan.fixed.map(({ name }) => `${name}=`),
    ...plan.fields.flatMap(({ id, spec }) =>
      spec.audience === 'secret' ? [`${id} `, `${spec.name} `] : [`${id}=`, `${spec.name}=`],
    ),
  ];
  return [names.filter((name) => name.toLowerCase().startsWith(last.toLowerCase())), last];
}

/** Help on a message, or on the console. */
export function helpOn(code: string | undefined): string[] {
  const plan = code === undefined ? undefined : planOfCode(code);
  if (plan === undefined) {
    return [
      'CODE NAME=VALUE …   sends a request: 63 AA=123 AD summary=charged',
      '                    a field goes by its id or its name; a value with blanks stands in "…"',
      '                    a secret (AD, AC, CO) is written without a value and asked for unseen',
      'help CODE           what a request has',
      'quit                ends (so does Ctrl-D)',
      'Tab completes codes and names; the arrow keys bring earlier lines back.',
      '',
      ...requestCodes.map((one) => `${one}  ${planOfCode(one)?.spec.name ?? ''}`),
    ];
  }
  return [
    `${plan.code} ${plan.spec.name}`,
    ...plan.fixed.map(({ name, kind }) => `    ${name}: ${kind.about}`),
    ...plan.fields.map(
      ({ id, spec, required, kind }) =>
        `    ${id} ${spec.name}${required ? ', required' : ''}: ${kind.about}`,
    ),
  ];
}
