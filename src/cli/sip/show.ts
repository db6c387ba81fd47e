import type { Decoded } from '../../sip2/decode.ts';
import { fieldSpec, planOfCode } from '../../sip2/lookup.ts';
import type { ReadLine } from './line.ts';
import { patronFlags } from '../../sip2/profiles/rules.ts';

const nameChars = 24;
const stars = '••••';

function row(name: string, value: string): string {
  return `    ${plain(name).padEnd(nameChars)} ${plain(value)}`;
}

/** Control characters of a value would steer the terminal. */
function plain(value: string): string {
  // eslint-disable-next-line no-control-regex
  return value.replace(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** A request as people read it; secrets as stars, however long they are. */
export function shownRequest({ code, fixed, fields, secrets }: ReadLine): string[] {
  const order = planOfCode(code)?.fields.map(({ id }) => id) ?? [];
  const all = [...fields, ...secrets.map((id) => [id, stars] as const)].toSorted(
    ([a], [b]) => order.indexOf(a) - order.indexOf(b),
  );
  return [
    `→ ${code} ${planOfCode(code)?.spec.name ?? ''}`,
    ...Object.entries(fixed).map(([name, value]) => row(name, value)),
    ...all.map(([id, value]) => fieldRow(id, value)),
  ];
}

function fieldRow(id: string, value: string): string {
  const spec = fieldSpec(id);
  const secret = spec?.audience === 'secret' && value !== '';
  return row(`${id} ${spec?.name ?? ''}`, secret ? stars : value);
}

/** An answer as people read it, with all that is odd about it. */
export function shownAnswer(message: Decoded, tookMs: number): string[] {
  if (message.code === undefined) {
    return [
      `← ${plain(message.rawCode)}: no message of SIP2`,
      row('', Buffer.from(message.body).toString('latin1')),
    ];
  }
  const detection =
    message.checksum === 'absent'
      ? 'no error detection'
      : `AY ${message.sequence ?? '-'}, checksum ${message.checksum}`;
  return [
    `← ${message.code} ${planOfCode(message.code)?.spec.name ?? ''} (${tookMs.toFixed(1)} ms, ${detection})`,
    ...Object.entries(message.fixed).map(([name, value]) => row(name, valueOf(name, String(value)))),
    ...message.fields.map(([id, value]) => fieldRow(id, value)),
    ...message.deviations.map(
      ({ kind, field }) => `  ! ${kind}${field === undefined ? '' : ` ${plain(field)}`}`,
    ),
  ];
}

function valueOf(name: string, value: string): string {
  if (name !== 'patronStatus') return value;
  const flags = patronFlags.filter((_flag, index) => value.charAt(index) === 'Y');
  return flags.length === 0 ? 'no condition' : flags.join(', ');
}
