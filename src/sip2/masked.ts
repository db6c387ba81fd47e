import { standardDialect, type Dialect } from './dialect.ts';
import { hasForm, type Kind } from './kinds.ts';
import { fieldSpec, kindNamed, planByPair, type MessagePlan } from './lookup.ts';

/** Longest masked form; a log line needs no more. */
const maskedCharsMax = 2000;
/** Longest value that is shown; those of a form are shorter. */
const shownCharsMax = 40;

/**
 * A message as a log may show it: its code, values of open fields that have the form of their kind, and of all others
 * the id and the length in bytes, `AA[14]`. Text is never shown, not even open text: with a wrong delimiter it would
 * run on into what follows. A field that repeats is told once with its number, `AU×5`. Made from the bytes, so that
 * no personal value becomes text on the way.
 */
export function masked(line: Uint8Array, dialect: Dialect = standardDialect): string {
  const bytes = trimmed(Buffer.from(line.buffer, line.byteOffset, line.byteLength));
  const plan = bytes.length < 2 ? undefined : planByPair((bytes.readUInt8(0) << 8) | bytes.readUInt8(1));
  if (plan === undefined) return `?? [${bytes.length}]`;
  const tail = tailText(bytes);
  const end = bytes.length - tail.length;
  const parts = [plan.code, ...fixedParts(bytes, plan, end), ...fieldParts(bytes, plan, end, dialect)];
  if (tail !== '') parts.push(tail);
  const text = parts.join(' ');
  return text.length > maskedCharsMax ? `${text.slice(0, maskedCharsMax)}…` : text;
}

function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0d || bytes[end - 1] === 0x0a)) end--;
  return bytes.subarray(0, end);
}

/** AY and AZ say nothing about anyone. */
function tailText(bytes: Buffer): string {
  const found = /(?:AY\d)?AZ[0-9A-Fa-f]{4}$/.exec(bytes.toString('latin1', Math.max(2, bytes.length - 9)));
  return found === null ? '' : found[0];
}

function fixedParts(bytes: Buffer, plan: MessagePlan, end: number): string[] {
  return plan.fixed.map((place) => {
    const from = Math.min(2 + place.from, end);
    const to = Math.min(2 + place.to, end);
    return shown(bytes, place.name, place.kind, !place.personal, from, to);
  });
}

function fieldParts(bytes: Buffer, plan: MessagePlan, end: number, dialect: Dialect): string[] {
  const counts = new Map<string, number>();
  const parts: { readonly id: string; readonly text: string }[] = [];
  for (let at = Math.min(2 + plan.fixedBytes, end); at < end;) {
    const found = bytes.indexOf(dialect.delimiter, at);
    const stop = found < 0 || found > end ? end : found;
    const raw = bytes.toString('latin1', at, Math.min(at + 2, stop));
    // An id that is no id may be a piece of a value that had the delimiter inside.
    const id = fieldSpec(raw) === undefined ? '?' : raw;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    if (count === 1) parts.push({ id, text: fieldText(bytes, id, Math.min(at + 2, stop), stop) });
    at = stop + 1;
  }
  return parts.map(({ id, text }) => {
    const count = counts.get(id) ?? 1;
    return count === 1 ? text : `${id}×${count}`;
  });
}

function fieldText(bytes: Buffer, id: string, from: number, to: number): string {
  const spec = fieldSpec(id);
  if (spec === undefined) return `${id}[${to - from}]`;
  return shown(bytes, id, kindNamed(spec.kind), spec.audience === 'open', from, to);
}

function shown(bytes: Buffer, name: string, kind: Kind, open: boolean, from: number, to: number): string {
  const hasPattern = kind.choices !== undefined || kind.pattern !== undefined;
  if (open && hasPattern && to - from <= shownCharsMax) {
    const value = bytes.toString('latin1', from, to);
    if (hasForm(kind, value)) return `${name}=${value}`;
  }
  return `${name}[${to - from}]`;
}
