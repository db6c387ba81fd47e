import { firstField, type DecodedOf } from '../../sip2/decode.ts';
import type { MessageInput } from '../../sip2/messages.ts';
import { payFees } from './fee-desk.ts';
import { requestHold } from './hold-desk.ts';
import { cents } from './money.ts';
import { digits, printable, wordsOf, yesNo, type Setting } from './sip2-answers.ts';

/** Answers 15. */
export function hold(setting: Setting, request: DecodedOf<'15'>): MessageInput<'16'> {
  const { library, behaviour, at } = setting;
  const card = firstField(request, 'AA') ?? '';
  const item = firstField(request, 'AB') ?? '';
  const { holdMode, transactionDate } = request.fixed;
  const answer =
    behaviour.onLine && holdMode !== '*'
      ? requestHold(library, {
          card,
          item,
          mode: holdMode === '+' ? 'place' : 'cancel',
          pickup: firstField(request, 'BS'),
          at,
          requestedAt: transactionDate,
        })
      : ({ ok: false, refusal: 'outOfOrder', item: library.item(item) } as const);
  const placed = answer.ok && holdMode === '+' ? answer : undefined;
  return {
    code: '16',
    fixed: {
      ok: answer.ok ? '1' : '0',
      available: yesNo(placed !== undefined && placed.position === 1 && placed.item.loan === undefined),
      transactionDate: library.time.stamp(at),
    },
    fields: {
      BR: placed === undefined ? undefined : String(placed.position),
      BS: placed === undefined ? undefined : printable(placed.hold.pickup),
      AO: library.data.institutionId,
      AA: printable(card),
      AB: printable(item),
      AJ: printable(answer.item?.data.title ?? ''),
      AF: answer.ok ? undefined : [wordsOf(setting)[answer.refusal]],
    },
  };
}

/** Answers 65: each loan is renewed or not by the rules of 29. */
export function renewAll(setting: Setting, request: DecodedOf<'65'>): MessageInput<'66'> {
  const { library, behaviour, at } = setting;
  const card = firstField(request, 'AA') ?? '';
  const patron = library.state.patrons.get(card);
  const renewed: string[] = [];
  const unrenewed: string[] = [];
  const words = new Set<string>();
  if (patron === undefined || !behaviour.onLine) {
    words.add(wordsOf(setting)[patron === undefined ? 'unknownPatron' : 'outOfOrder']);
  }
  for (const item of behaviour.onLine ? [...(patron?.loans.keys() ?? [])] : []) {
    const answer = library.renew({
      card,
      item,
      at,
      pin: firstField(request, 'AD'),
      requestedAt: request.fixed.transactionDate,
      noBlock: false,
      feeAcknowledged: firstField(request, 'BO') === 'Y',
    });
    (answer.ok ? renewed : unrenewed).push(printable(item));
    if (!answer.ok) {
      words.add(wordsOf(setting)[answer.refusal]);
    }
  }
  return {
    code: '66',
    fixed: {
      ok: patron === undefined || !behaviour.onLine ? '0' : '1',
      renewedCount: digits(renewed.length, 4),
      unrenewedCount: digits(unrenewed.length, 4),
      transactionDate: library.time.stamp(at),
    },
    fields: {
      AO: library.data.institutionId,
      BM: renewed,
      BN: unrenewed,
      AF: words.size === 0 ? undefined : [...words],
    },
  };
}

/** Answers 37. */
export function feePaid(setting: Setting, request: DecodedOf<'37'>): MessageInput<'38'> {
  const { library, behaviour, at } = setting;
  const card = firstField(request, 'AA') ?? '';
  const named = firstField(request, 'CG')?.trim() ?? '';
  const answer = behaviour.onLine
    ? payFees(library, {
        card,
        cents: sumOf(firstField(request, 'BV')),
        fee: named === '' ? undefined : named,
        at,
        requestedAt: request.fixed.transactionDate,
      })
    : ({ ok: false, refusal: 'outOfOrder' } as const);
  return {
    code: '38',
    fixed: { paymentAccepted: yesNo(answer.ok), transactionDate: library.time.stamp(at) },
    fields: {
      AO: library.data.institutionId,
      AA: printable(card),
      BK: firstField(request, 'BK'),
      AF: answer.ok ? undefined : [wordsOf(setting)[answer.refusal]],
    },
  };
}

function sumOf(amount: string | undefined): number | undefined {
  const plain = amount?.trim() ?? '';
  return /^\d{1,7}\.\d{2}$/.test(plain) ? cents(plain) : undefined;
}
