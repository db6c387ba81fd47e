import { firstField, type DecodedOf } from '../../sip2/decode.ts';
import type { MessageInput } from '../../sip2/messages.ts';
import { textsOf, type Prober } from './prober.ts';

/** An item that no library has. */
const nothing = 'OMATOIMI-PROBE-1';

export interface ItemSeen {
  readonly item: string;
  readonly status: string;
  readonly line: Buffer;
}

export function itemRequest(prober: Prober, item: string): MessageInput<'17'> {
  return { code: '17', fixed: { transactionDate: prober.now }, fields: { ...prober.common, AB: item } };
}

/** Asks about an item. */
export async function askItem(
  prober: Prober,
  item: string,
): Promise<{ readonly information: DecodedOf<'18'>; readonly line: Buffer } | undefined> {
  const told = await prober.askRaw(() => itemRequest(prober, item));
  return told === undefined ? undefined : { information: told.decoded, line: told.answer.line };
}

/** What the ACS tells of the items that the operator named, and of one that there is not. */
export async function probeItems(prober: Prober): Promise<ItemSeen[]> {
  const { findings, settings } = prober;
  const seen: ItemSeen[] = [];
  for (const [index, item] of settings.items.entries()) {
    const told = await askItem(prober, item);
    const name = `Item ${index + 1}`;
    if (told === undefined) {
      findings.deviates(`${name} is not answered for (17).`);
      continue;
    }
    const { circulationStatus } = told.information.fixed;
    const known = (firstField(told.information, 'AJ') ?? '') !== '' || circulationStatus !== '01';
    if (!known) findings.deviates(`${name} is not known to the ACS.`);
    findings.note(`${name}: circulation status ${circulationStatus}.`);
    seen.push({ item, status: circulationStatus, line: told.line });
  }
  const none = await prober.ask(() => itemRequest(prober, nothing));
  if (none === undefined) findings.deviates('A question about an item that there is not is not answered.');
  else findings.means(textsOf(none), 'item.unknown');
  return seen;
}

/** 35; some systems have no end of a session. */
export async function probeEnd(prober: Prober): Promise<void> {
  const { findings, settings } = prober;
  const ended = await prober.ask(
    () => ({
      code: '35',
      fixed: { transactionDate: prober.now },
      fields: { ...prober.common, AA: settings.card, ...prober.pinField },
    }),
    2,
  );
  findings.rule('endSession', ended !== undefined);
  if (ended === undefined) findings.deviates('The end of a session (35) is not answered.');
  else findings.means(textsOf(ended), 'nothing');
}
