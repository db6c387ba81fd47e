import { describe } from 'vitest';
import { books } from '../support/example-library.ts';
import { stageTest, test } from '../support/on-stage.ts';

/** Someone with two loans, a hold that is ready and one that waits, a fee, and a card that ends in some days. */
const reader = {
  card: '21999000029891',
  pin: '4711',
  name: 'Varaaja, Valma',
  language: '007',
  expiresInDays: 10,
  loans: [
    { item: books.kalevala.item, dueInDays: 9 },
    { item: books.hare.item, dueInDays: 2 },
  ],
  holds: [{ item: '31999000010351', ready: true }, { item: '31999000013157' }],
  fees: [{ amount: '1.20', text: 'Overdue: Emma' }],
};

const config = {
  services: { holds: { place: true, pickup: { code: 'Keskusta', name: { en: 'Main library' } } } },
};
const acs = { overrides: { renewAll: 'together', patronExpiry: { field: 'PA' } } };

describe('the account', stageTest, () => {
  test('renews everything at once, gives a hold up, tells fees and the card, and waits for a lent book', async ({
    stage,
    expect,
  }) => {
    const { rig, kiosk } = await stage.both({ morePatrons: [reader], config, acs });
    await kiosk.mode('online');
    await kiosk.speak('en');
    await kiosk.tap('home-account');
    await kiosk.typeCard(reader.card);
    await kiosk.typePin(reader.pin);
    await kiosk.screen('account');

    await kiosk.page.getByText('Your library card ends on').waitFor();
    const fee = kiosk.byTestId('fee-row');
    await fee.filter({ hasText: 'Overdue: Emma' }).filter({ hasText: '€1.20' }).waitFor();
    await kiosk.page.getByText('You can pay at the desk or in the web library.').waitFor();

    await kiosk.byTestId('renew-all').filter({ hasText: '2' }).waitFor();
    await kiosk.tap('renew-all');
    await kiosk.page.getByText('All loans are renewed.').waitFor();
    for (const { item } of [books.kalevala, books.hare])
      expect(await kiosk.rowWords(item, 'done')).toMatch(/Renewed until \d/);

    const hold = kiosk.page.locator('[data-testid="hold-row"][data-item="31999000013157"]');
    await hold.getByTestId('hold-cancel').tap();
    await kiosk.page.getByRole('alertdialog', { name: 'Cancel this hold?' }).waitFor();
    await kiosk.tap('question-yes');
    await hold.filter({ hasText: 'The hold is cancelled.' }).waitFor();

    await kiosk.tap('goto-borrow');
    await kiosk.screen('borrow');
    await rig.scan(books.cobblers.item);
    await kiosk.refusal('item.lentToAnother');
    await kiosk.tap('hold-place');
    await kiosk.page.getByRole('alertdialog').filter({ hasText: 'Pick up at: Main library' }).waitFor();
    await kiosk.tap('question-yes');
    await kiosk.row(books.cobblers.item).filter({ hasText: 'Your place in the queue: 1.' }).waitFor();

    expect((await rig.acs.ledger()).map(({ effect, item }) => `${effect} ${item}`)).toEqual([
      `renewal ${books.kalevala.item}`,
      `renewal ${books.hare.item}`,
      'holdCancelled 31999000013157',
      `hold ${books.cobblers.item}`,
    ]);
    expect(kiosk.complaints).toEqual([]);
  });
});
