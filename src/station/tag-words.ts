import type { TagFailure, TagOutcome } from '../devices/rfid-reader/rfid-reader.ts';
import { unreachable } from '../kernel/assert.ts';
import type { TagItem, TagReading } from '../rfid/tag.ts';
import type { Programmed, SecuritySet, TagDeskFailure } from './tag-desk.ts';

export function readingWords(reading: TagReading): string {
  switch (reading.kind) {
    case 'item':
      return itemWords(reading.item);
    case 'blank':
      return 'blank';
    case 'foreign':
      return reading.damaged ? 'a damaged library tag' : 'a tag of another world';
    case 'unreadable':
      return `unreadable (${reading.why})`;
  }
}

/** A patron’s card is named as one and no more: its number belongs to a person. */
export function itemWords({ model, primaryItemIdentifier, part, owner, usage, deviations }: TagItem): string {
  if (usage === 'patronCard') return `a patron’s card, ${model}`;
  const words = [
    `item ${primaryItemIdentifier}`,
    part === undefined ? undefined : `part ${part.number}${part.of === undefined ? '' : ` of ${part.of}`}`,
    owner === undefined ? undefined : `of ${owner}`,
    usage === 'circulating' ? undefined : usage,
    model,
    ...deviations,
  ];
  return words.filter((word) => word !== undefined).join(', ');
}

export function failureWords(why: TagFailure): string {
  switch (why.kind) {
    case 'offline':
      return 'the reader is away';
    case 'noAnswer':
      return 'the reader did not answer';
    case 'badFrame':
      return `the reader’s answer was damaged (${why.why})`;
    case 'wrongAnswer':
      return 'the reader answered something else';
    case 'rejected':
      return `it was refused with ${why.code}`;
    case 'locked':
      return 'it is locked';
    case 'notSupported':
      return 'chip or reader cannot do it';
    case 'tagGone':
      return 'the tag did not answer';
    case 'mismatch':
      return 'what was read back is not what was written';
    case 'unverified':
      return 'it cannot be read back, so nobody knows';
    case 'tooManyTags':
      return 'too many tags lie there';
    case 'busy':
      return 'too many orders wait';
    default:
      return unreachable(why);
  }
}

function outcomeWords(outcome: Exclude<TagOutcome, { kind: 'done' }>): string {
  return outcome.kind === 'gone' ? 'the tag was taken away' : failureWords(outcome.why);
}

/** Why an order was not carried out, in a sentence. */
export function deskFailureWords(failure: TagDeskFailure): string {
  switch (failure.kind) {
    case 'noTag':
      return 'No such tag lies still before the reader.';
    case 'manyTags':
      return `Several tags lie there; name one by --uid: ${failure.uids.join(', ')}.`;
    case 'notBlank':
      return `The tag is not blank: ${readingWords(failure.reading)}. --over writes over it.`;
    case 'content':
      return `This does not go on the tag: ${contentProblemWords[failure.problem]}.`;
    case 'misread':
      return 'What would be written does not read as what was meant; nothing was written.';
    case 'noItem':
      return `The tag is no item to ask the library system about: ${readingWords(failure.reading)}.`;
    case 'acs':
      return `The library system could not be asked: ${failure.reason}.`;
    case 'unknownItem':
      return `The library system does not know the item ${failure.item}.`;
    case 'forbidden':
      return `The library system says that the item ${failure.item} is ${failure.status}.`;
    case 'tag': {
      const done = failure.done.length === 0 ? '' : ` Done: ${failure.done.join(', ')}.`;
      return `Tag ${failure.uid}: ${outcomeWords(failure.outcome)}.${done}`;
    }
    default:
      return unreachable(failure);
  }
}

const contentProblemWords = {
  chipTooSmall: 'the chip is too small',
  identifierTooLong: 'the identifier is too long for this model',
  identifierUnusable: 'the identifier has characters that this model cannot hold',
  ownerTooLong: 'the owner is too long',
  ownerUnusable: 'the owner is no ISIL that this model can hold',
  partsImpossible: 'there is no such part',
  notInModel: 'this model has no place for the owner or the type of usage',
} as const;

/** What was written, in a sentence. */
export function programmedWords({ uid, item, blocks, dsfid }: Programmed): string {
  const done = blocks === 0 ? 'had all of it already' : 'was written and read back';
  const wrong =
    dsfid === 'wrong'
      ? ' Its DSFID could not be set; programs that go by it alone may not know the model.'
      : '';
  return `${uid} ${done}: ${itemWords(item)}.${wrong}`;
}

/** Whose security was set or lifted, in a sentence. */
export function securitySetWords({ item, uids }: SecuritySet, secured: boolean): string {
  return `${item ?? 'The tag'} is ${secured ? 'secured' : 'not secured any more'}, read back: ${uids.join(', ')}.`;
}
