import { describe, test as base } from 'vitest';
import { Browsers } from '../support/chromium.ts';
import { books, films, people } from '../support/example-library.ts';
import { until } from '../support/until.ts';
import { DockPage } from './dock-page.ts';

/** The dock's switches in Chromium, against the demonstration as `npm start` runs it: what the station's page says of each. */
const test = base
  .extend('browsers', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browsers = new Browsers();
    onCleanup(() => browsers.close());
    return browsers;
  })
  .extend('dock', async ({ browsers }, { onCleanup }) => {
    const dock = await DockPage.open(await browsers.running());
    onCleanup(() => dock.close());
    return dock;
  });

const slow = { timeout: 180_000 } as const;
/** How long a scan may take to be seen before it is made again. */
const seenMsMax = 8_000;
/** A year, as the dock turns the clock on. */
const hoursOn = 8_760;
const { aino } = people;
const { brothers, cobblers, hare, kalevala } = books;

describe.concurrent('the dock', slow, () => {
  // The longest first, so that the others go on beside it.
  test(
    'a library system that is closed, or does not take the log-in, is said to be so',
    slow,
    async ({ dock }) => {
      await dock.turn('acsClosed', true);
      await dock.mode('offline');
      await dock.banner('closed at the moment');
      await dock.turn('acsClosed', false);
      await dock.mode('online');
      await dock.turn('acsRefusesLogin', true);
      await dock.mode('offline');
      await dock.banner('does not accept this station');
      await dock.turn('acsRefusesLogin', false);
      await dock.mode('online');
      await dock.offers('home-borrow');
    },
  );

  test(
    'the network cable: in an outage returns are taken and the rest rests; afterwards the library system hears of it',
    slow,
    async ({ dock, expect }) => {
      await dock.turn('acs', false);
      await dock.mode('offline');
      await dock.banner('The library system is away');
      await dock.offers('home-borrow', false);
      await dock.startReturning();
      await dock.book(cobblers.item);
      expect(await dock.rowWords(cobblers.item, 'offline')).toContain('Taken back');
      await dock.happened('journal', 'waiting');
      expect(await dock.ledger(0)).toEqual([]);
      await dock.turn('acs', true);
      await dock.mode('online');
      expect(await dock.ledger(1)).toEqual(['checkin']);
      await dock.happened('journal', 'accepted');
    },
  );

  test(
    'the scanner: unplugged, sending garbage, each label twice, and in pieces',
    slow,
    async ({ dock, expect }) => {
      await dock.turn('scanner', false);
      await dock.mode('degraded');
      await dock.banner('The scanner is not connected');
      await dock.turn('scanner', true);
      await dock.mode('online');

      await dock.startReturning();
      await dock.manner('garbage');
      await dock.passes('notices', 'could not be read', () => dock.book(cobblers.item));
      expect(await dock.station.getByTestId('item-row').count()).toBe(0);

      await dock.manner('twice');
      await dock.book(cobblers.item);
      await dock.row(cobblers.item, 'done').waitFor();

      await dock.manner('pieces');
      // Pieces that come too far apart, as on a machine that stood still in between, are no scan; then the label is held there again.
      await until('the pieces are one scan', async () => {
        await dock.book('31999000013785');
        return dock
          .row('31999000013785', 'done')
          .waitFor({ timeout: seenMsMax })
          .then(() => true);
      });
      expect(await dock.station.getByTestId('item-row').count()).toBe(2);
      expect(await dock.ledger(2)).toEqual(['checkin', 'checkin']);
    },
  );

  test(
    'a slow library system: the row waits and says so, then tells the truth',
    slow,
    async ({ dock, expect }) => {
      await dock.logIn('borrow', aino);
      await dock.turn('acsSlow', true);
      await dock.passes('rows', `${brothers.item} pending`, () => dock.book(brothers.item));
      expect(await dock.rowWords(brothers.item, 'done')).toContain('Lent to you');
      await dock.mode('online');
      expect(await dock.ledger(1)).toEqual(['checkout']);
      // What the person has now is on the dock's own shelf.
      await dock.page.getByTestId('dock-held').locator(`[data-item="${brothers.item}"]`).waitFor();
    },
  );

  test(
    'a library system that hangs: nothing is claimed until it answers, and the loan is made once',
    slow,
    async ({ dock, expect }) => {
      await dock.logIn('borrow', aino);
      await dock.turn('acsSilent', true);
      await dock.book(kalevala.item);
      await dock.row(kalevala.item, 'pending').waitFor();
      await dock.mode('offline');
      expect(await dock.row(kalevala.item, 'done').count()).toBe(0);
      await dock.turn('acsSilent', false);
      await dock.mode('online');
      expect(await dock.rowWords(kalevala.item, 'done')).toContain('Lent to you');
      expect(await dock.ledger(1)).toEqual(['checkout']);
    },
  );

  test.for([
    ['loseReply', 'not sent: lost'],
    ['loseRequest', 'lost on the way'],
    ['garbage', 'garbage sent instead'],
    ['closeInReply', 'half sent'],
  ] as const)(
    'one exchange that goes wrong (%s): the row finds out, and there is one loan',
    slow,
    async ([kind, words], { dock, expect }) => {
      await dock.logIn('borrow', aino);
      await dock.fault(kind);
      await dock.book(hare.item);
      await dock.happened('wire', words);
      expect(await dock.rowWords(hare.item, 'done')).toContain('Lent to you');
      expect(await dock.ledger(1)).toEqual(['checkout']);
      await dock.page.locator(`[data-testid="dock-fault-${kind}"][data-waiting="0"]`).waitFor();
    },
  );

  test('an answer about another item is no answer', slow, async ({ dock, expect }) => {
    await dock.logIn('borrow', aino);
    await dock.fault('anotherItem');
    await dock.book(hare.item);
    await dock.happened('wire', 'about another item');
    await dock.row(hare.item, 'done').waitFor();
    expect(await dock.station.getByTestId('item-row').count()).toBe(1);
    expect(await dock.ledger(1)).toEqual(['checkout']);
  });

  test(
    'the plate, the gate, the printer and the clock: lent is silent, not lent rings, and the receipt comes out',
    slow,
    async ({ dock, expect }) => {
      await dock.logIn('borrow', aino);
      await dock.onPlate(brothers.item);
      await dock.onPlate(hare.item);
      await dock.row(brothers.item, 'done').waitFor();
      await dock.row(hare.item, 'done').waitFor();
      await dock.page.locator('[data-testid="dock-plate"]:not(:has([data-secured="1"]))').waitFor();
      expect(await dock.walkOutWith(brothers.item, hare.item)).toBe(0);

      await dock.turnClock(hoursOn);
      const turnedYear = new Intl.DateTimeFormat('en', {
        year: 'numeric',
        timeZone: 'Europe/Helsinki',
      }).format(Date.now() + hoursOn * 3_600_000);
      await dock.tap('finish-receipt');
      await dock.press('dock-live-paper');
      const paper = dock.page.getByTestId('dock-paper');
      await paper.filter({ hasText: 'Borrowed: 2 items' }).waitFor();
      // It comes line by line.
      await paper.filter({ hasText: brothers.title }).waitFor();
      await paper.filter({ hasText: turnedYear }).waitFor();
      await dock.screen('home');
      await dock.turnClock(0);

      await dock.onPlate(cobblers.item);
      await dock.onPlate(kalevala.item);
      expect(await dock.walkOutWith(cobblers.item, kalevala.item)).toBe(1);

      // The station rests in Finnish again.
      await dock.turn('paper', false);
      await dock.startReturning();
      await dock.onPlate(brothers.item);
      await dock.row(brothers.item, 'done').waitFor();
      await dock.page
        .locator(`[data-testid="dock-plate"] [data-item="${brothers.item}"][data-secured="1"]`)
        .waitFor();
      await dock.tap('finish-receipt');
      await dock.station.getByTestId('receipt').filter({ hasText: 'paperi lopussa' }).waitFor();
      await dock.happened('ledger', brothers.title);
      expect(dock.complaints).toEqual([]);
    },
  );

  test(
    'a film that is lent by its barcode has to be laid on the plate; left locked it rings at the gate and is with staff',
    slow,
    async ({ dock, expect }) => {
      await dock.logIn('borrow', aino);
      await dock.book(films.clouds);
      expect(await dock.rowWords(films.clouds, 'attention')).toContain('now lay it on the reader');
      await dock.book(films.lights);
      await dock.row(films.lights, 'attention').waitFor();
      // The whole screen asks once, and goes on by itself when it lies there.
      await dock.tap('finish');
      const asked = dock.station.getByTestId('put-back');
      await asked.filter({ hasText: 'Lay it on the reader' }).waitFor();
      await dock.onPlate(films.clouds);
      await asked.locator(`[data-item="${films.clouds}"]`).waitFor({ state: 'detached' });
      expect(await asked.locator('li').count()).toBe(1);
      await dock.row(films.clouds, 'done').waitFor({ state: 'attached' });
      await dock.passes('screens', 'finished', () => dock.tap('put-back-cannot'));
      await dock.onPlate(films.lights);
      expect(await dock.walkOutWith(films.clouds, films.lights)).toBe(1);
      expect(dock.complaints).toEqual([]);
    },
  );

  test(
    'a set that comes back with a part missing is taken, and is whole when the part comes',
    slow,
    async ({ dock, expect }) => {
      // It lies there already, without its last disc, when "return" is pressed.
      await dock.onPlate(films.fanny);
      // While its plug is out: the reader never saw the whole set lie there when "return" is pressed.
      await dock.turn('plate', false);
      const taken = dock.page.waitForResponse((response) => response.url().endsWith('dock/plate'));
      await dock.press('dock-take-part');
      await taken;
      await dock.turn('plate', true);
      await dock.startReturning();
      expect(await dock.rowWords(films.fanny, 'attention')).toContain('only 2 of 3 parts are here');
      await dock.onPlate(films.fanny);
      expect(await dock.rowWords(films.fanny, 'done')).toContain('Returned');
      // It stood on the shelf and was on nobody's loan; it was told once all the same.
      expect(await dock.ledger(1)).toEqual(['checkinNotCharged']);
      expect(dock.complaints).toEqual([]);
    },
  );

  test('a fault that waits can be taken back', slow, async ({ dock, expect }) => {
    await dock.fault('loseReply');
    await dock.press('dock-fault-none');
    await dock.page.locator('[data-testid="dock-fault-loseReply"][data-waiting="0"]').waitFor();
    await dock.startReturning();
    await dock.book(cobblers.item);
    await dock.row(cobblers.item, 'done').waitFor();
    expect(await dock.ledger(1)).toEqual(['checkin']);
  });

  test(
    'the station is killed in the middle of a loan: one moment, then home, and the loan stands once',
    slow,
    async ({ dock, expect }) => {
      await dock.logIn('borrow', aino);
      await dock.turn('acsSlow', true);
      await dock.passes('rows', `${brothers.item} pending`, () => dock.book(brothers.item));
      await dock.press('dock-kill');
      await dock.page.getByTestId('dock-station').filter({ hasText: 'started 2 times' }).waitFor();
      await dock.screen('home');
      await dock.turn('acsSlow', false);
      await dock.happened('journal', 'accepted');
      expect(await dock.ledger(1)).toEqual(['checkout']);
      await dock.logIn('account', aino);
      await dock.station.getByText(brothers.title).waitFor();
    },
  );

  test(
    'a card that may not borrow says why, and everything can begin anew',
    slow,
    async ({ dock, expect }) => {
      await dock.startReturning();
      await dock.book(cobblers.item);
      await dock.row(cobblers.item, 'done').waitFor();
      expect(await dock.ledger(1)).toEqual(['checkin']);
      await dock.tap('finish');
      await dock.press('dock-reset');
      await dock.page.getByTestId('dock-reset').and(dock.page.locator(':enabled')).waitFor();
      expect(await dock.ledger(0)).toEqual([]);
      await dock.screen('home');
      await dock.mode('online');
      await dock.speakEnglish();
      await dock.logIn('borrow', people.maria);
      expect(await dock.refusal('patron.excessiveOutstandingFees')).not.toBe('');
      expect(dock.complaints).toEqual([]);
    },
  );

  test(
    'the wallet and the shelf are found in by typing, and the account of 60 loans comes whole',
    slow,
    async ({ dock, expect }) => {
      await dock.page.getByRole('searchbox', { name: 'Search the shelf' }).fill('cervena');
      await dock.page.getByText('Nothing like that.').waitFor();
      await dock.page.getByRole('searchbox', { name: 'Search the shelf' }).fill('svejka');
      await dock.page.getByTestId('dock-book').first().waitFor();
      expect(await dock.page.getByTestId('dock-book').count()).toBe(1);
      await dock.page.getByRole('searchbox', { name: 'Search the cards' }).fill('60 loans');
      await dock.logIn('account', { card: '21999000021756', pin: '3690' });
      await dock.station.getByTestId('item-row').nth(59).waitFor({ state: 'attached' });
      await dock.station.locator('[aria-busy="false"]').first().waitFor();
      expect(await dock.station.getByTestId('item-row').count()).toBe(60);
      await dock.press('dock-filter-held');
      await dock.page.getByRole('searchbox', { name: 'Search the shelf' }).fill('');
      await dock.page
        .getByTestId('dock-held')
        .getByTestId('dock-book')
        .nth(59)
        .waitFor({ state: 'attached' });
    },
  );
});
