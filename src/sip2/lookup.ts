import { extensions, type ExtensionSpec } from './extensions.ts';
import { fields, type FieldSpec } from './fields.ts';
import { kinds, type Kind, type KindName } from './kinds.ts';
import { messages, type AnyMessageSpec } from './messages.ts';

/** A fixed field with its place after the message code. */
export interface FixedPlace {
  readonly name: string;
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  readonly personal: boolean;
}

/** A variable field of one message. */
export interface FieldPlace {
  readonly id: string;
  readonly spec: FieldSpec;
  readonly kind: Kind;
  readonly required: boolean;
  /** One bit of 32, to remember cheaply which fields a message had. */
  readonly bit: number;
}

/** One message of the table, prepared for reading and writing. */
export interface MessagePlan {
  readonly code: string;
  readonly spec: AnyMessageSpec;
  readonly fixed: readonly FixedPlace[];
  /** Length of the fixed part without the code. */
  readonly fixedBytes: number;
  readonly fields: readonly FieldPlace[];
  readonly fieldByKey: ReadonlyMap<number, FieldPlace>;
}

/** Two characters as one number: how codes and field ids are looked up without making text of them. */
export function pairKey(text: string): number {
  return (text.charCodeAt(0) << 8) | text.charCodeAt(1);
}

const fieldById: ReadonlyMap<string, FieldSpec> = new Map(Object.entries(fields));
const kindByName: Readonly<Record<string, Kind>> = kinds;

export function kindNamed(name: KindName): Kind {
  return kindByName[name] ?? kinds.text;
}

const extensionById: ReadonlyMap<string, ExtensionSpec> = new Map(Object.entries(extensions));

/** The table’s entry for a field id, whatever message it stands in, of the standard or of an extension. */
export function fieldSpec(id: string): FieldSpec | undefined {
  return fieldById.get(id) ?? extensionById.get(id);
}

/** Ids of the tables by their pair key. */
export const knownIds: ReadonlyMap<number, string> = new Map(
  [...fieldById.keys(), ...extensionById.keys()].map((id) => [pairKey(id), id]),
);

function planOf(code: string, spec: AnyMessageSpec): MessagePlan {
  let from = 0;
  const fixed = Object.entries(spec.fixed).map(([name, kindName]) => {
    const kind = kindNamed(kindName);
    const place = {
      name,
      kind,
      from,
      to: from + (kind.width ?? 0),
      personal: spec.personal?.includes(name) ?? false,
    };
    from = place.to;
    return place;
  });
  const places = spec.fields.map((slot, index): FieldPlace => {
    const id = slot.slice(0, 2);
    const field = fieldById.get(id);
    if (field === undefined || index > 31) throw new Error(`impossible: the table of ${code} at ${slot}`);
    return { id, spec: field, kind: kindNamed(field.kind), required: slot.endsWith('!'), bit: 1 << index };
  });
  return {
    code,
    spec,
    fixed,
    fixedBytes: from,
    fields: places,
    fieldByKey: new Map(places.map((place) => [pairKey(place.id), place])),
  };
}

const plans: readonly MessagePlan[] = Object.entries(messages).map(([code, spec]) => planOf(code, spec));
const planByKey: ReadonlyMap<number, MessagePlan> = new Map(plans.map((plan) => [pairKey(plan.code), plan]));

/** The plan of a message by the pair key of its code. */
export function planByPair(key: number): MessagePlan | undefined {
  return planByKey.get(key);
}

export function planOfCode(code: string): MessagePlan | undefined {
  return code.length === 2 ? planByKey.get(pairKey(code)) : undefined;
}
