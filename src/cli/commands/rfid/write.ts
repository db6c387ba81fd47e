import { parseArgs } from 'node:util';
import { isUid } from '../../../devices/rfid-reader/uid.ts';
import type { TagModel, TagPart } from '../../../rfid/tag.ts';
import { tagModels, tagUsages } from '../../../shared/tag-orders.ts';
import type { Programmed } from '../../../station/tag-desk.ts';
import { programmedWords } from '../../../station/tag-words.ts';
import { exits, UsageError, type Command } from '../command.ts';
import { chosenReader, readerOptions, readerWhere } from './reader-options.ts';
import { onTags } from './session.ts';
import { throughStation } from './through-station.ts';

export const rfidWrite: Command = {
  name: 'device rfid write',
  synopsis: `device rfid write ${readerWhere} --item BARCODE [--model ${tagModels.join('|')}] [--part N/M] [--owner ISIL] [--usage USAGE] [--uid UID] [--over]`,
  summary:
    'writes a barcode to the tag before the reader in the chosen model and reads it back; a tag that is not blank is written over only with --over',
  async run(args, terminal) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...readerOptions,
        item: { type: 'string' },
        model: { type: 'string', default: 'iso28560-3' },
        part: { type: 'string' },
        owner: { type: 'string' },
        usage: { type: 'string' },
        uid: { type: 'string' },
        over: { type: 'boolean', default: false },
      },
    });
    const { item, model, part, owner, usage, over } = values;
    if (item === undefined) throw new UsageError('device rfid write needs --item, the barcode');
    const chosenModel = oneOf(tagModels, model, '--model');
    const content = {
      primaryItemIdentifier: item,
      ...(part === undefined ? {} : { part: partOf(part) }),
      ...(owner === undefined ? {} : { owner }),
      ...(usage === undefined ? usualUsage(chosenModel) : { usage: oneOf(tagUsages, usage, '--usage') }),
    };
    const order = { ...uidOption(values.uid), model: chosenModel, content, over };
    const byStation = await throughStation(values, { do: 'write', ...order }, terminal);
    if (byStation !== undefined) return byStation;
    const chosen = chosenReader(values, terminal);
    if (chosen === undefined) return exits.failed;
    return onTags<Programmed>(
      chosen,
      terminal,
      undefined,
      (desk, reply) => desk.program(order, reply),
      programmedWords,
    );
  },
};

/** What is written is to be lent; RFID501 has no place to say so. */
function usualUsage(model: TagModel): { readonly usage?: 'circulating' } {
  return model === 'rfid501' ? {} : { usage: 'circulating' };
}

/** A UID as a person types it. */
export function uidOption(text: string | undefined): { readonly uid?: string } {
  if (text === undefined) return {};
  const uid = text.replaceAll(/[\s:.-]/g, '').toUpperCase();
  if (!isUid(uid)) throw new UsageError('--uid has 16 hexadecimal digits');
  return { uid };
}

function partOf(text: string): TagPart {
  const [, number, of] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  if (number === undefined || of === undefined)
    throw new UsageError('--part is a part and how many there are, such as 2/3');
  return { number: Number(number), of: Number(of) };
}

function oneOf<T extends string>(known: readonly T[], text: string, option: string): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw new UsageError(`${option} is one of ${known.join(', ')}`);
  return found;
}
