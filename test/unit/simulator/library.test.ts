import { describe, expect, test } from 'vitest';
import { patronBlocks } from '../../../src/ils/ils.ts';
import type { CheckinRequest, CheckoutRequest, RenewRequest } from '../../../src/simulator/acs/answers.ts';
import type { Library } from '../../../src/simulator/acs/library.ts';
import { dayMs, newLibrary, noon, noonStamp } from './fixture-library.ts';

function lends(library: Library, card: string, item: string, more: Partial<CheckoutRequest> = {}) {
  return library.checkout({
    card,
    item,
    at: noon,
    requestedAt: noonStamp,
    noBlock: false,
    scRenewalPolicy: false,
    feeAcknowledged: false,
    ...more,
  });
}

function renews(library: Library, card: string, item: string, more: Partial<RenewRequest> = {}) {
  return library.renew({
    card,
    item,
    at: noon,
    requestedAt: noonStamp,
    noBlock: false,
    feeAcknowledged: false,
    ...more,
  });
}

function takes(library: Library, item: string, more: Partial<CheckinRequest> = {}) {
  return library.checkin({ item, at: noon, requestedAt: noonStamp, noBlock: false, ...more });
}

function dueOf(answer: ReturnType<Library['checkout']>): string {
  return answer.ok ? new Date(answer.dueAt).toISOString() : `refused: ${answer.refusal}`;
}

describe('a checkout', () => {
  test.each([
    ['book', '2026-12-20T21:59:00.000Z'],
    ['quick', '2026-12-06T21:59:00.000Z'],
    ['magazine', '2026-11-29T21:59:00.000Z'],
    ['dvd', '2026-11-29T21:59:00.000Z'],
    ['tape', '2026-12-06T21:59:00.000Z'],
    ['reshelve', '2026-12-20T21:59:00.000Z'],
    ['reading', '2026-12-20T21:59:00.000Z'],
  ])('of %s is due %s, at 23:59 in the library’s zone', (item, due) => {
    expect(dueOf(lends(newLibrary(), 'ann', item))).toBe(due);
  });

  test.each([
    ['nobody', 'book', 'unknownPatron'],
    ['ann', 'nothing', 'unknownItem'],
    ['ann', 'taken', 'lentToAnother'],
    ['ann', 'shelved', 'reservedForAnother'],
    ['ann', 'queued', 'reservedForAnother'],
    ['ann', 'reference', 'referenceOnly'],
    ['kid', 'adult', 'adultsOnly'],
    ['ann', 'lost', 'itemLost'],
    ['ann', 'missing', 'itemMissing'],
    ['ann', 'claimed', 'itemMissing'],
    ['ann', 'transit', 'itemInTransit'],
    ['ann', 'ordered', 'itemNotReady'],
    ['ann', 'process', 'itemNotReady'],
    ['ann', 'costly', 'feeToAcknowledge'],
    ['late', 'book', 'tooManyItemsOverdue'],
    ['full', 'book', 'tooManyItemsCharged'],
    ['kidfull', 'book', 'tooManyItemsCharged'],
    ['fined', 'book', 'excessiveOutstandingFines'],
    ['owing', 'book', 'excessiveOutstandingFees'],
    ['expired', 'book', 'cardExpired'],
    ['has-chargePrivilegesDenied', 'book', 'chargePrivilegesDenied'],
    ['has-cardReportedLost', 'book', 'cardReportedLost'],
    ['has-tooManyItemsCharged', 'book', 'tooManyItemsCharged'],
    ['has-tooManyClaimsOfItemsReturned', 'book', 'tooManyClaimsOfItemsReturned'],
    ['has-tooManyItemsLost', 'book', 'tooManyItemsLost'],
    ['has-recallOverdue', 'book', 'recallOverdue'],
    ['has-tooManyItemsBilled', 'book', 'tooManyItemsBilled'],
  ])('by %s of %s is refused: %s, and leaves no trace', (card, item, refusal) => {
    const library = newLibrary();
    expect(lends(library, card, item)).toMatchObject({ ok: false, renewal: false, refusal });
    expect(library.ledger.count).toBe(0);
    expect(library.revision).toBe(0);
  });

  test.each([
    'justowing',
    'expires',
    'has-tooManyRenewals',
    'has-renewalPrivilegesDenied',
    'has-holdPrivilegesDenied',
  ])('by %s is made: that is no reason against lending', (card) => {
    expect(lends(newLibrary(), card, 'book').ok).toBe(true);
  });

  test('by a child of what has no age limit is made', () => {
    expect(lends(newLibrary(), 'kid', 'dvd').ok).toBe(true);
  });

  test('of what costs something is made when the fee is acknowledged, and the fee is owed', () => {
    const library = newLibrary();
    expect(lends(library, 'ann', 'costly')).toMatchObject({ fee: 200 });
    expect(lends(library, 'ann', 'costly', { feeAcknowledged: true }).ok).toBe(true);
    const ann = library.patron('ann', undefined, noon);
    expect(ann.known && ann.patron.fees).toMatchObject([{ cents: 200, feeType: '06' }]);
  });

  test('fulfils the hold of the patron, and frees no other', () => {
    const library = newLibrary();
    expect(lends(library, 'holder', 'shelved').ok).toBe(true);
    const holder = library.patron('holder', undefined, noon);
    expect(holder.known && [...holder.patron.holds].map(({ item }) => item.data.item)).toEqual([
      'queued',
      'travels',
    ]);
  });

  test('of the second copy fulfils a hold that was placed on the first', () => {
    const library = newLibrary();
    library.placeHold('ann', 'copy1', noon);
    expect(lends(library, 'ben', 'copy2')).toMatchObject({ refusal: 'reservedForAnother' });
    expect(lends(library, 'ann', 'copy2').ok).toBe(true);
    expect(lends(library, 'ben', 'copy1').ok).toBe(true);
  });

  test('a second time by the same patron becomes a renewal nobody asked for, as most library systems do', () => {
    const library = newLibrary();
    lends(library, 'ann', 'book');
    expect(lends(library, 'ann', 'book', { at: noon + 5000 })).toMatchObject({ ok: true, renewal: true });
    expect(library.ledger.entries).toMatchObject([
      { seq: 0, effect: 'checkout', item: 'book', card: 'ann', repeat: false, at: noon },
      { seq: 1, effect: 'renewal', item: 'book', card: 'ann', repeat: true, at: noon + 5000 },
    ]);
  });

  test('a second time is refused where the library system follows the policy', () => {
    const library = newLibrary({ renewalByCheckout: 'byPolicy' });
    lends(library, 'ann', 'book');
    expect(lends(library, 'ann', 'book')).toMatchObject({ ok: false, refusal: 'alreadyLent' });
    expect(lends(library, 'ann', 'book', { scRenewalPolicy: true })).toMatchObject({
      ok: true,
      renewal: true,
    });
  });

  test('with a wrong PIN is made, unless the library system looks', () => {
    expect(lends(newLibrary(), 'ann', 'book', { pin: '9999' }).ok).toBe(true);
    const strict = newLibrary({ checksPinOnLoans: true });
    expect(lends(strict, 'ann', 'book', { pin: '9999' })).toMatchObject({ refusal: 'wrongPin' });
    expect(lends(strict, 'ann', 'book', { pin: '1234' }).ok).toBe(true);
  });
});

describe('a no-block checkout', () => {
  const offline = { noBlock: true, requestedAt: '20261120    093000', nbDueDate: '20261224    235900' };

  test.each(['late', 'full', 'fined', 'expired', 'has-cardReportedLost'])(
    'by %s is made all the same',
    (card) => {
      expect(dueOf(lends(newLibrary(), card, 'book', offline))).toBe('2026-12-24T21:59:00.000Z');
    },
  );

  test.each(['taken', 'shelved', 'queued', 'reference', 'lost', 'costly'])(
    'of %s is made all the same',
    (item) => {
      expect(lends(newLibrary(), 'ann', item, offline).ok).toBe(true);
    },
  );

  test('counts from the day when it happened where no due date was told', () => {
    const answer = lends(newLibrary(), 'ann', 'magazine', { ...offline, nbDueDate: ' '.repeat(18) });
    expect(dueOf(answer)).toBe('2026-11-27T21:59:00.000Z');
  });

  test('ends the loan that the item had, and the ledger says so', () => {
    const library = newLibrary();
    lends(library, 'ann', 'taken', offline);
    expect(library.ledger.entries).toMatchObject([
      { effect: 'checkin', card: 'ben', noBlock: true },
      { effect: 'checkout', card: 'ann', noBlock: true },
    ]);
  });

  test('of an item from the hold shelf puts the one who waited back into the queue', () => {
    const library = newLibrary();
    lends(library, 'ann', 'shelved', offline);
    expect(takes(library, 'shelved')).toMatchObject({ ok: true, alert: '01' });
    expect(lends(library, 'holder', 'shelved').ok).toBe(true);
  });

  test('is an ordinary one where the library system ignores the flag', () => {
    const library = newLibrary({ noBlock: 'ignored' });
    expect(lends(library, 'fined', 'book', offline)).toMatchObject({ refusal: 'excessiveOutstandingFines' });
    expect(dueOf(lends(library, 'ann', 'book', offline))).toBe('2026-12-20T21:59:00.000Z');
  });

  test.each([
    ['nobody', 'book'],
    ['ann', 'nothing'],
  ])('by %s of %s is refused even so', (card, item) => {
    expect(lends(newLibrary(), card, item, offline).ok).toBe(false);
  });
});

describe('a renewal', () => {
  test('moves the due date on from today', () => {
    const library = newLibrary();
    lends(library, 'ann', 'book');
    expect(dueOf(renews(library, 'ann', 'book', { at: noon + 5 * dayMs }))).toBe('2026-12-25T21:59:00.000Z');
  });

  test('never brings the due date nearer', () => {
    const library = newLibrary();
    lends(library, 'ann', 'book', { noBlock: true, nbDueDate: '20270131    235900' });
    expect(dueOf(renews(library, 'ann', 'book'))).toBe('2027-01-31T21:59:00.000Z');
  });

  test('is refused past the limit of its type', () => {
    const library = newLibrary();
    lends(library, 'ann', 'magazine');
    expect(renews(library, 'ann', 'magazine').ok).toBe(true);
    expect(renews(library, 'ann', 'magazine').ok).toBe(true);
    expect(renews(library, 'ann', 'magazine')).toMatchObject({ ok: false, refusal: 'renewalLimit' });
    lends(library, 'ann', 'quick');
    expect(renews(library, 'ann', 'quick')).toMatchObject({ refusal: 'renewalLimit' });
  });

  test('is refused when someone waits', () => {
    const library = newLibrary();
    library.placeHold('ann', 'taken', noon);
    expect(renews(library, 'ben', 'taken')).toMatchObject({ refusal: 'renewalReserved' });
  });

  test.each([
    ['nobody', 'taken', 'unknownPatron'],
    ['ann', 'nothing', 'unknownItem'],
    ['ann', 'taken', 'notLentToPatron'],
    ['ann', 'book', 'notLentToPatron'],
    ['late', 'late1', 'tooManyItemsOverdue'],
  ])('by %s of %s is refused: %s', (card, item, refusal) => {
    const library = newLibrary();
    expect(renews(library, card, item)).toMatchObject({ ok: false, refusal });
    expect(library.ledger.count).toBe(0);
  });

  test('is still made for a patron who has as many loans as allowed', () => {
    expect(renews(newLibrary(), 'full', 'full1').ok).toBe(true);
  });

  test.each(['tooManyRenewals', 'renewalPrivilegesDenied'])('is refused with %s', (block) => {
    const library = newLibrary();
    lends(library, `has-${block}`, 'book');
    expect(renews(library, `has-${block}`, 'book')).toMatchObject({ refusal: block });
  });
});

describe('a checkin', () => {
  test('ends the loan', () => {
    const library = newLibrary();
    const answer = takes(library, 'taken');
    expect(answer).toMatchObject({ ok: true, alert: undefined, destination: undefined });
    expect(answer.ok && answer.patron.data.card).toBe('ben');
    expect(lends(library, 'ann', 'taken').ok).toBe(true);
  });

  test('a second time says that it was not charged, and is in the ledger as that', () => {
    const library = newLibrary();
    takes(library, 'taken');
    expect(takes(library, 'taken')).toMatchObject({ ok: false, refusal: 'notCharged' });
    expect(library.ledger.entries).toMatchObject([
      { effect: 'checkin', card: 'ben', repeat: false },
      { effect: 'checkinNotCharged', card: '', repeat: true },
    ]);
  });

  test('of an unknown item is refused', () => {
    expect(takes(newLibrary(), 'nothing')).toMatchObject({ ok: false, refusal: 'unknownItem', alert: '99' });
  });

  test('of an item that someone waits for puts it on the hold shelf', () => {
    const library = newLibrary();
    library.placeHold('ann', 'taken', noon);
    expect(takes(library, 'taken')).toMatchObject({ ok: true, alert: '01', destination: 'Main' });
    expect(library.ledger.entries).toMatchObject([{ effect: 'checkin', capturedFor: 'ann' }]);
    expect(lends(library, 'ben', 'taken')).toMatchObject({ refusal: 'reservedForAnother' });
    expect(lends(library, 'ann', 'taken').ok).toBe(true);
  });

  test('of an item that nobody had captures a hold all the same: a checkin is never without effect', () => {
    const library = newLibrary();
    expect(takes(library, 'queued')).toMatchObject({ ok: false, refusal: 'notCharged', alert: '01' });
    expect(library.ledger.entries).toMatchObject([{ effect: 'checkinNotCharged', capturedFor: 'holder' }]);
  });

  test('that calls itself a cancel is a checkin like any other', () => {
    const library = newLibrary();
    lends(library, 'ann', 'book');
    library.placeHold('ben', 'book', noon);
    expect(takes(library, 'book', { cancel: true })).toMatchObject({ ok: true, alert: '01' });
    expect(library.ledger.entries.at(-1)).toMatchObject({
      effect: 'checkin',
      cancel: true,
      capturedFor: 'ben',
    });
  });

  test('of what is awaited elsewhere sends it there', () => {
    const library = newLibrary();
    expect(takes(library, 'travels')).toMatchObject({ alert: '02', destination: 'Branch' });
    expect(lends(library, 'ann', 'travels')).toMatchObject({ refusal: 'reservedForAnother' });
  });

  test('of what belongs elsewhere sends it home', () => {
    const library = newLibrary();
    lends(library, 'ann', 'away');
    expect(takes(library, 'away')).toMatchObject({ ok: true, alert: '04', destination: 'Branch' });
    expect(lends(library, 'ann', 'away')).toMatchObject({ refusal: 'itemInTransit' });
  });

  test.each([
    ['on its last day', '2026-11-25T21:00:00Z', 0],
    ['one day late', '2026-11-25T22:30:00Z', 20],
    ['ten days late', '2026-12-05T10:00:00Z', 200],
    ['far too late', '2027-06-01T10:00:00Z', 600],
  ])('%s costs what the rules say', (_, at, fine) => {
    const library = newLibrary();
    takes(library, 'taken', { at: Date.parse(at) });
    const ben = library.patron('ben', undefined, noon);
    expect(ben.known && ben.patron.fees.reduce((sum, fee) => sum + fee.cents, 0)).toBe(fine);
  });

  test('while the ACS was away costs as of the day when it came back', () => {
    const library = newLibrary();
    takes(library, 'taken', {
      at: Date.parse('2026-12-05T10:00:00Z'),
      noBlock: true,
      returnDate: '20261125    200000',
    });
    const ben = library.patron('ben', undefined, noon);
    expect(ben.known && ben.patron.fees).toEqual([]);
  });

  test('of a lost item makes it available, and staff should see it', () => {
    const library = newLibrary();
    expect(takes(library, 'lost')).toMatchObject({ alert: '99' });
    expect(lends(library, 'ann', 'lost').ok).toBe(true);
  });
});

describe('the patron status', () => {
  function statusOf(library: Library, card: string): string {
    const answer = library.patron(card, undefined, noon);
    return answer.known ? answer.standing.status : 'unknown';
  }

  test.each([
    ['ann', '              '],
    ['late', 'YY    Y       '],
    ['full', 'Y    Y        '],
    ['fined', 'YY        Y   '],
    ['owing', 'YY         Y  '],
    ['expired', 'YYYY          '],
    ['has-cardReportedLost', 'YYYYY         '],
    ['has-tooManyRenewals', ' Y     Y      '],
    ['has-chargePrivilegesDenied', 'Y             '],
    ['has-recallPrivilegesDenied', '  Y           '],
  ])('of %s is %j', (card, status) => {
    expect(statusOf(newLibrary(), card)).toBe(status);
  });

  test.each(patronBlocks.map((block, place) => [block, place] as const))(
    'has %s in place %i',
    (block, place) => {
      expect(statusOf(newLibrary(), `has-${block}`)[place]).toBe('Y');
    },
  );

  test('of a full account clears with a return', () => {
    const library = newLibrary();
    takes(library, 'full1');
    expect(statusOf(library, 'full')).toBe('              ');
  });
});

describe('the PIN', () => {
  test.each([
    ['ann', '1234', true],
    ['ann', '1235', false],
    ['ann', '12345', false],
    ['ann', '', false],
    ['ann', undefined, undefined],
    ['ben', 'Long-Word!9', true],
    ['ben', 'long-word!9', false],
    ['nopin', '', false],
    ['nopin', '1234', false],
  ])('of %s: %j is %s', (card, pin, right) => {
    expect(newLibrary().patron(card, pin, noon)).toMatchObject({ known: true, pinRight: right });
  });

  test('of an unknown card is neither', () => {
    expect(newLibrary().patron('nobody', '1234', noon)).toEqual({ known: false });
  });
});

describe('the ledger', () => {
  test('knows a request that came again on another connection by its kind, patron and time', () => {
    const library = newLibrary();
    const seen: boolean[] = [];
    library.ledger.onEntry = (entry) => seen.push(entry.repeat);
    lends(library, 'ann', 'book');
    takes(library, 'book');
    lends(library, 'ann', 'book', { requestedAt: '20261122    120100' });
    renews(library, 'ann', 'book', { requestedAt: '20261122    120100' });
    renews(library, 'ann', 'book', { requestedAt: '20261122    120100' });
    expect(seen).toEqual([false, false, false, false, true]);
  });

  test('is the same for the same requests', () => {
    const run = () => {
      const library = newLibrary();
      lends(library, 'ann', 'book');
      lends(library, 'ben', 'dvd');
      takes(library, 'taken');
      renews(library, 'ben', 'dvd');
      return library.ledger.entries;
    };
    expect(run()).toEqual(run());
  });
});
