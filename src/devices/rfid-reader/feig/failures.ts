import type { TagFailure } from '../rfid-reader.ts';
import { hexByte } from '../uid.ts';
import { feigStatus } from './commands.ts';
import type { FeigReply } from './frame.ts';

/** True where the tag or reader understood and said no, so that asking in another way may help. */
export function isWordOfChip({ kind }: TagFailure): boolean {
  return kind === 'rejected' || kind === 'notSupported' || kind === 'locked';
}

/** A reader without such a filter has nothing to restore. Any other refusal says nothing about the filter. */
export function hasNoSuchConfig(failure: TagFailure): boolean {
  if (failure.kind === 'notSupported') return true;
  return failure.kind === 'rejected' && noSuchConfigCodes.has(failure.code);
}

/** No such address, a parameter out of range, a reserved block. */
const noSuchConfigCodes: ReadonlySet<string> = new Set(['04', '11', '15']);

/** What an answer with an error means. */
export function feigFailure({ status, data }: FeigReply): TagFailure {
  switch (status) {
    case feigStatus.noTag:
    case feigStatus.rfCommunication:
      return { kind: 'tagGone' };
    case feigStatus.tooManyTags:
      return { kind: 'tooManyTags' };
    case feigStatus.unknownCommand:
      return { kind: 'notSupported' };
    case feigStatus.isoError:
      return chipFailure(data[0]);
    default:
      return { kind: 'rejected', code: hexByte(status) };
  }
}

/** The error codes of ISO 15693-3, 7.4.2. */
export function chipFailure(code: number | undefined): TagFailure {
  if (code === 0x11 || code === 0x12) return { kind: 'locked' };
  if (code === 0x01 || code === 0x02 || code === 0x03) return { kind: 'notSupported' };
  return { kind: 'rejected', code: `chip ${hexByte(code ?? 0)}` };
}
