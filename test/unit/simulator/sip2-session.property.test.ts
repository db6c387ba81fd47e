import fc from 'fast-check';
import { expect, test } from 'vitest';
import { usualBehaviour } from '../../../src/simulator/acs/behaviour.ts';
import { Sip2Session } from '../../../src/simulator/acs/sip2-session.ts';
import { charsetNamed, type Dialect } from '../../../src/sip2/dialect.ts';
import { newLibrary, noon } from './fixture-library.ts';

const charset = (name: string) => charsetNamed(name) ?? expect.fail(`${name} is known`);

const dialects: readonly Dialect[] = [
  { charset: charset('utf-8'), delimiter: 0x7c, terminator: 'CR' },
  { charset: charset('iso-8859-1'), delimiter: 0x5e, terminator: 'CRLF' },
  { charset: charset('cp850'), delimiter: 0x7c, terminator: 'CR' },
];

/** Requests that begin well and go on anyhow. */
const request = fc
  .tuple(
    fc.constantFrom('93', '99', '23', '63', '17', '11', '09', '29', '35', '97', '01', '37', 'xx', ''),
    fc.uint8Array({ maxLength: 60 }),
    fc.array(
      fc.tuple(
        fc.constantFrom('AO', 'AA', 'AB', 'AC', 'AD', 'AJ', 'BO', 'BP', 'BQ', 'CN', 'CO', 'ZZ'),
        fc.oneof(
          fc.constantFrom('ann', 'ben', 'book', 'taken', 'Taken', 'queued', '1'),
          fc.string({ unit: 'binary', maxLength: 300 }),
        ),
      ),
      { maxLength: 8 },
    ),
    fc.constantFrom('', 'AY1AZ0000', 'AZFFFF', 'AY'),
  )
  .map(([code, fixed, fields, tail]) =>
    Buffer.concat([
      Buffer.from(code),
      fixed,
      Buffer.from(`${fields.map(([id, value]) => `${id}${value}|`).join('')}${tail}\r`),
    ]),
  );

test('whatever comes, it answers whole messages or nothing, and never breaks', () => {
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 12 }),
      fc.nat(2),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (requests, which, sizes) => {
        const dialect = dialects[which] ?? expect.fail('there are three');
        const session = new Sip2Session(newLibrary(), { ...usualBehaviour(), dialect });
        let rest = Buffer.concat(requests);
        for (const size of sizes) {
          for (const answer of session.receive(rest.subarray(0, size), noon)) {
            const text = Buffer.from(answer).toString('latin1');
            expect(text).toMatch(/^(94|98|24|64|18|12|10|16|30|36|38|66|96)/);
            expect(text.indexOf('\r')).toBe(text.trimEnd().length);
          }
          rest = rest.subarray(size);
          if (rest.length === 0) {
            break;
          }
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('the ledger tells the loans: at every moment exactly those are lent that it says', () => {
  const card = fc.constantFrom('ann', 'ben', 'kid', 'holder', 'full');
  const item = fc.constantFrom('book', 'book2', 'copy1', 'copy2', 'queued', 'taken', 'full1', 'tape');
  const step = fc.record({
    kind: fc.constantFrom('checkout', 'checkin', 'renew', 'hold'),
    card,
    item,
    noBlock: fc.boolean(),
    later: fc.integer({ min: 0, max: 3 * 24 * 3_600_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const library = newLibrary();
      const lent = new Map<string, string>();
      for (const { data, loan } of library.state.items.values()) {
        if (loan !== undefined) {
          lent.set(data.item, loan.patron.data.card);
        }
      }
      library.ledger.onEntry = (entry) => {
        switch (entry.effect) {
          case 'checkout':
            expect(lent.has(entry.item)).toBe(false);
            lent.set(entry.item, entry.card);
            return;
          case 'renewal':
            expect(lent.get(entry.item)).toBe(entry.card);
            return;
          case 'checkin':
            expect(lent.get(entry.item)).toBe(entry.card);
            lent.delete(entry.item);
            return;
          case 'checkinNotCharged':
            expect(lent.has(entry.item)).toBe(false);
            return;
          case 'hold':
          case 'holdCancelled':
          case 'payment':
            throw new Error('no step asks for this');
        }
      };
      let at = noon;
      for (const { kind, later, ...what } of steps) {
        at += later;
        const request = { ...what, at, requestedAt: library.time.stamp(at), feeAcknowledged: true };
        if (kind === 'checkout') library.checkout({ ...request, scRenewalPolicy: true });
        else if (kind === 'checkin') library.checkin(request);
        else if (kind === 'renew') library.renew(request);
        else library.placeHold(what.card, what.item, at);
        for (const { data, loan, shelvedFor } of library.state.items.values()) {
          expect(loan?.patron.data.card).toBe(lent.get(data.item));
          expect(loan !== undefined && shelvedFor !== undefined).toBe(false);
        }
      }
    }),
    { numRuns: 300 },
  );
});
