import { describe, expect } from 'vitest';
import { books, people } from '../support/example-library.ts';
import type { Kiosk } from '../support/kiosk.ts';
import { stageTest, test, type Stage } from '../support/on-stage.ts';
import type { StationRig } from '../support/station-rig.ts';
import { eventually } from '../support/wait.ts';

/** Someone with a loan, holds and a fee, so that each part of the account has something to show. */
const reader = {
  card: '21999000029990',
  pin: '4711',
  name: 'Lukutoukka, Liisa',
  language: '007',
  loans: [{ item: books.kalevala.item, dueInDays: 9 }],
  holds: [{ item: '31999000010351', ready: true }, { item: '31999000013157' }],
  fees: [{ amount: '1.20', text: 'Overdue: Emma' }],
};

async function ready(stage: Stage): Promise<{ rig: StationRig; kiosk: Kiosk }> {
  const opened = await stage.both({ morePatrons: [reader] });
  await opened.kiosk.mode('online');
  return opened;
}

/** The day, as a Briton writes it in full, on which the ACS wants the item back. */
async function dueDay(rig: StationRig, item: string): Promise<string> {
  const loan = (await rig.acs.loans()).find((one) => one.item === item);
  if (loan === undefined) throw new Error(`${item} is not on loan`);
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/Helsinki' }).format(
    loan.dueAt,
  );
}

async function finish(kiosk: Kiosk): Promise<void> {
  await kiosk.passes('finished', () => kiosk.tap('finish'));
  await kiosk.screen('home');
}

describe.concurrent('the main job, by the stable test ids', stageTest, () => {
  test('a patron borrows, looks at the account, renews, and returns without log-in', async ({
    stage,
    expect,
  }) => {
    const { rig, kiosk } = await ready(stage);
    expect(await rig.acs.ledger()).toEqual([]);

    // Borrowing: a typed card number, the PIN pad, two books on the tty.
    await kiosk.speak('en');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await kiosk.typeCard(reader.card);
    await kiosk.typePin(reader.pin);
    await kiosk.screen('borrow');
    await rig.scan(books.brothers.item);
    const first = await kiosk.rowWords(books.brothers.item, 'done');
    expect(first).toContain(books.brothers.title);
    expect(first).toContain(`Lent to you until ${await dueDay(rig, books.brothers.item)}.`);
    await rig.scan(books.sinuhe.item);
    const second = await kiosk.rowWords(books.sinuhe.item, 'done');
    expect(second).toContain(books.sinuhe.title);
    expect(second).toContain(`Lent to you until ${await dueDay(rig, books.sinuhe.item)}.`);
    await finish(kiosk);

    // The next one comes to a station in its own language, and shows the card to the scanner.
    await kiosk.page.locator('html[lang="fi"]').waitFor({ state: 'attached' });
    await kiosk.speak('en');
    await kiosk.tap('home-account');
    await kiosk.screen('card');
    await rig.scan(reader.card);
    await kiosk.typePin(reader.pin);
    await kiosk.screen('account');
    const dueBefore = await dueDay(rig, books.kalevala.item);
    for (const { item, title } of [books.kalevala, books.brothers, books.sinuhe]) {
      await kiosk.row(item).filter({ hasText: title }).waitFor();
      expect(await kiosk.rowWords(item, 'done')).toContain(`Due ${await dueDay(rig, item)}`);
    }
    await kiosk.page.getByText('Hytti nro 6').waitFor();
    await kiosk.page.getByText('Jane Eyre').waitFor();
    await kiosk.byTestId('fee-row').filter({ hasText: '€1.20' }).waitFor();
    // Titles come one by one, and the last of them is no longer waited for.
    await kiosk.page.locator('[aria-busy="false"]').waitFor();
    const account = await kiosk.words();
    expect(account).toMatch(/Loans\s+3/);
    expect(account).toMatch(/Holds\s+2/);
    expect(account).toMatch(/Hytti nro 6\s+Ready to pick up/);
    expect(account).toMatch(/Jane Eyre\s+In the queue/);
    expect(account).toContain('Overdue: Emma');

    // Renewing one of them.
    await kiosk
      .row(books.kalevala.item)
      .getByRole('button', { name: `Renew the loan: ${books.kalevala.title}` })
      .tap();
    await kiosk.row(books.kalevala.item).filter({ hasText: 'Renewed until' }).waitFor();
    const dueAfter = await dueDay(rig, books.kalevala.item);
    expect(dueAfter).not.toBe(dueBefore);
    expect(await kiosk.rowWords(books.kalevala.item, 'done')).toContain(`Renewed until ${dueAfter}.`);
    await finish(kiosk);

    // Returning, without saying who.
    await kiosk.tap('home-return');
    await kiosk.screen('return');
    await rig.scan(books.brothers.item);
    expect(await kiosk.rowWords(books.brothers.item, 'done')).toContain(books.brothers.title);
    await finish(kiosk);

    // The library system has seen exactly that, and the journal knows it so.
    const { card } = reader;
    const ledger = await rig.acs.ledger();
    expect(ledger.map(({ effect, item, card: whose }) => ({ effect, item, card: whose }))).toEqual([
      { effect: 'checkout', item: books.brothers.item, card },
      { effect: 'checkout', item: books.sinuhe.item, card },
      { effect: 'renewal', item: books.kalevala.item, card },
      { effect: 'checkin', item: books.brothers.item, card },
    ]);
    expect(ledger.filter(({ repeat, cancel, noBlock }) => repeat || cancel || noBlock)).toEqual([]);
    const journal = await rig.journal();
    expect(journal.map(({ kind, item, state }) => ({ kind, item, state })).toReversed()).toEqual([
      { kind: 'checkout', item: books.brothers.item, state: 'accepted' },
      { kind: 'checkout', item: books.sinuhe.item, state: 'accepted' },
      { kind: 'renew', item: books.kalevala.item, state: 'accepted' },
      { kind: 'checkin', item: books.brothers.item, state: 'accepted' },
    ]);
    expect(kiosk.complaints).toEqual([]);
  });

  test('a book that the patron has already is renewed in hand', async ({ stage }) => {
    const { rig, kiosk } = await ready(stage);
    const before = await dueDay(rig, books.kalevala.item);
    await kiosk.speak('en');
    await kiosk.tap('home-borrow');
    await rig.scan(reader.card);
    await kiosk.typePin(reader.pin);
    await kiosk.screen('borrow');
    await rig.scan(books.kalevala.item);
    const words = await kiosk.rowWords(books.kalevala.item, 'done');
    const after = await dueDay(rig, books.kalevala.item);
    expect(after).not.toBe(before);
    expect(words).toContain(`Renewed until ${after}.`);
    expect((await rig.acs.ledger()).map(({ effect }) => effect)).toEqual(['renewal']);
  });

  test('what is not lent says why, who said so and what to do', async ({ stage }) => {
    const { rig, kiosk } = await ready(stage);
    await kiosk.speak('en');
    await kiosk.tap('home-borrow');
    await rig.scan(reader.card);
    await kiosk.typePin(reader.pin);
    await kiosk.screen('borrow');
    await rig.scan(books.reserved.item);
    await kiosk.row(books.reserved.item, 'refused').waitFor();
    const words = await kiosk.refusal('item.onHoldForAnother');
    expect(words).toContain('waiting for another customer');
    expect(words).toContain('Leave it on the shelf');
    expect(words).toContain('Item is on hold for another patron.');
    const { state, rule } = await rig.settled(books.reserved.item, 'refused');
    expect({ state, rule }).toEqual({ state: 'refused', rule: 'item.refused' });
    expect(await rig.acs.ledger()).toEqual([]);
  });

  test('a patron who may not borrow is told why, and sees the account all the same', async ({
    stage,
    expect,
  }) => {
    const { rig, kiosk } = await ready(stage);
    await kiosk.tap('home-borrow');
    await rig.scan(people.maria.card);
    await kiosk.typePin(people.maria.pin);
    await kiosk.screen('borrow');
    await kiosk.refusal('patron.excessiveOutstandingFees');
    await kiosk.notice('maks', () => rig.scan(books.hare.item));
    expect(await kiosk.byTestId('item-row').count()).toBe(0);
    await kiosk.tap('goto-account');
    await kiosk.screen('account');
    await kiosk.page.getByText('Replacement: Moby-Dick').waitFor();
    expect(await rig.acs.ledger()).toEqual([]);
  });
});

describe.concurrent('the page', stageTest, () => {
  test('speaks the four languages, and rests in the first', async ({ stage }) => {
    const { kiosk } = await ready(stage);
    const borrow = { sv: 'Låna', cs: 'Půjčit', en: 'Borrow', fi: 'Lainaa' } as const;
    for (const [language, word] of Object.entries(borrow) as [keyof typeof borrow, string][]) {
      await kiosk.speak(language);
      await kiosk.byTestId('home-borrow').filter({ hasText: word }).waitFor();
    }
  });

  test('shows the same again when it is loaded anew in the middle of a session', async ({ stage }) => {
    const { rig, kiosk } = await ready(stage);
    await kiosk.speak('cs');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await rig.scan(reader.card);
    await kiosk.typePin(reader.pin);
    await kiosk.screen('borrow');
    await rig.scan(books.brothers.item);
    const before = await kiosk.rowWords(books.brothers.item, 'done');
    await kiosk.page.reload();
    expect(await kiosk.rowWords(books.brothers.item, 'done')).toBe(before);
    expect(await kiosk.page.locator('html').getAttribute('lang')).toBe('cs');
    // What was heard before is not heard again.
    expect(await kiosk.sounds()).toEqual([]);
    await rig.scan(books.sinuhe.item);
    await kiosk.rowWords(books.sinuhe.item, 'done');
    expect((await rig.acs.ledger()).map(({ item }) => item)).toEqual([
      books.brothers.item,
      books.sinuhe.item,
    ]);
  });
});

describe.concurrent('after a session', stageTest, () => {
  test('nothing of it is left on the page, nor comes back in the next one', async ({ stage }) => {
    const { rig, kiosk } = await ready(stage);
    const steps = await kiosk.page.evaluate(() => history.length);
    await kiosk.speak('en');
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    await kiosk.typeCard(reader.card);
    await kiosk.typePin(reader.pin);
    await kiosk.screen('borrow');
    await rig.scan(books.brothers.item);
    const row = await kiosk.rowWords(books.brothers.item, 'done');
    await kiosk.tap('goto-account');
    await kiosk.page.getByText('Overdue: Emma').waitFor();
    // The titles come after the lists.
    for (const { item, title } of [books.brothers, books.kalevala])
      await kiosk.row(item).filter({ hasText: title }).waitFor();
    const due = await dueDay(rig, books.brothers.item);
    const personal = [
      reader.card,
      'Lukutoukka',
      books.brothers.item,
      books.brothers.title,
      books.kalevala.title,
      due,
      'Overdue: Emma',
      '1.20',
    ];
    // What is looked for was there, so that looking for it means something.
    const during = `${row} ${await kiosk.everything()}`;
    for (const trace of [books.brothers.title, books.kalevala.title, due, 'Overdue: Emma'])
      expect(during).toContain(trace);

    await kiosk.passes('finished', () => kiosk.tap('finish'));
    expect(traces(await kiosk.everything(), personal)).toEqual([]);
    const framesBefore = kiosk.frames.length;
    await kiosk.screen('home');
    expect(traces(await kiosk.everything(), personal)).toEqual([]);

    // The next patron, on every screen that the one before had.
    await kiosk.tap('home-borrow');
    await kiosk.screen('card');
    expect(await kiosk.byTestId('card-number-entry').inputValue()).toBe('');
    await rig.scan(people.aino.card);
    await kiosk.typePin(people.aino.pin);
    await kiosk.screen('borrow');
    expect(await kiosk.byTestId('item-row').count()).toBe(0);
    await kiosk.tap('goto-account');
    await kiosk.page.getByText('Jane Eyre').waitFor();
    await kiosk.page.locator('[aria-busy="false"]').waitFor();
    expect(traces(await kiosk.everything(), personal)).toEqual([]);
    const frames = (): readonly string[] => kiosk.frames.slice(framesBefore).map(({ text }) => text);
    await eventually('the next session was seen', () => frames().some((text) => text.includes('Jane Eyre')));
    expect(traces(frames().join('\n'), personal)).toEqual([]);

    // No way back through the browser either: the page has left no steps behind it.
    expect(await kiosk.page.evaluate(() => history.length)).toBe(steps);
  });
});

/** Which of these occur in the text. */
function traces(text: string, personal: readonly string[]): readonly string[] {
  return personal.filter((trace) => text.includes(trace));
}
