import { describe, expect, it } from 'vitest';
import { acsMeanings, type AcsMeaning } from '../../../src/shared/acs-meanings.ts';
import type { AcsText } from '../../../src/shared/values.ts';
import { refusalByWords, ruleOfPatronWords } from '../../../src/station/core/refusal-words.ts';
import { about, answered, customer, Driver, item, lent, notLent } from './driver.ts';

const said = (meaning: AcsMeaning): readonly AcsText[] => [{ acs: 'Words of its own', meaning }];

describe('a refused loan whose words are known', () => {
  const refusedWith = (acsText: readonly AcsText[]): Driver =>
    Driver.online()
      .signIn()
      .scan(item)
      .reply({ kind: 'checkout', outcome: answered({ ...notLent, acsText }) });

  it('is refused with their cause, and the item is not asked about', () => {
    const driver = refusedWith(said('item.notForLoan'));
    expect(driver.items[0]).toMatchObject({
      state: 'refused',
      refusal: { rule: 'item.notForLoan', source: 'acs', cause: { key: 'cause.item.notForLoan' } },
    });
    expect(driver.call).toBeUndefined();
  });

  it('keeps the words for staff', () => {
    const driver = refusedWith(said('patron.fees'));
    expect(driver.rows.at(-1)).toMatchObject({
      to: 'refused',
      rule: 'patron.excessiveOutstandingFees',
      words: ['Words of its own'],
    });
  });

  it('goes by the first words that tell a cause', () => {
    const words = [{ acs: 'Hello' }, ...said('nothing'), ...said('item.ageLimit')];
    expect(refusedWith(words).items[0]?.refusal?.rule).toBe('item.ageLimit');
  });

  it('is asked about where nobody knows its words', () => {
    const driver = refusedWith([{ acs: 'No, and no.' }]);
    expect(driver.call).toEqual({ kind: 'item', item });
    driver.reply({ kind: 'item', outcome: answered(about('inTransit')) });
    expect(driver.items[0]?.refusal).toMatchObject({
      rule: 'item.inTransit',
      acsText: [{ acs: 'No, and no.' }],
    });
  });

  it('costs a fee where the answer names one, whatever the words', () => {
    const fee = { amount: '1.00', currency: 'EUR' };
    const driver = Driver.online()
      .signIn()
      .scan(item)
      .reply({ kind: 'checkout', outcome: answered({ ...notLent, fee, acsText: said('item.notForLoan') }) });
    expect(driver.items[0]?.refusal?.rule).toBe('item.feeRequired');
  });

  it('that is a loan all the same is none refused', () => {
    const driver = Driver.online()
      .signIn()
      .scan(item)
      .reply({ kind: 'checkout', outcome: answered({ ...lent, acsText: said('item.shorterLoan') }) });
    expect(driver.items[0]?.state).toBe('done');
  });
});

describe('a card that may not borrow', () => {
  const blocked = (
    acsText: readonly AcsText[],
    ...more: readonly 'tooManyItemsLost'[]
  ): string | undefined => {
    const who = { ...customer, blocks: ['chargePrivilegesDenied' as const, ...more], acsText };
    const { screen } = Driver.online().signIn('borrow', who);
    return screen.name === 'borrow' ? screen.refusal?.rule : screen.name;
  };

  it('has the reason that the words tell, where no flag does', () => {
    expect(blocked(said('patron.expired'))).toBe('patron.expired');
    expect(blocked([{ acs: 'Something else' }])).toBe('patron.chargePrivilegesDenied');
  });

  it('has the reason of its flag first', () => {
    expect(blocked(said('patron.expired'), 'tooManyItemsLost')).toBe('patron.tooManyItemsLost');
  });
});

describe('every meaning', () => {
  // Greetings, notes on a loan that was made, and what the sum of a fee says better.
  const noCause = [
    'nothing',
    'pin.wrong',
    'item.fee',
    'item.shorterLoan',
    'checkin.holdHere',
    'checkin.otherBranch',
  ];

  it.each(acsMeanings.filter((meaning) => !noCause.includes(meaning)))('%s can be said', (meaning) => {
    const kinds = ['checkout', 'renew', 'checkin'] as const;
    expect(kinds.filter((kind) => refusalByWords(kind, said(meaning)) !== undefined)).not.toEqual([]);
  });

  it('of an item says nothing about a card', () => {
    expect(ruleOfPatronWords(said('item.lost'))).toBeUndefined();
    expect(ruleOfPatronWords(said('patron.tooYoung'))).toBeUndefined();
  });
});
