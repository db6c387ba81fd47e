// @vitest-environment jsdom
import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { exampleView, openAt, plain, sentence } from '../support.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const rows = () => screen.getAllByTestId('item-row');
const row = (item: string): HTMLElement => {
  const found = rows().find((candidate) => candidate.dataset['item'] === item);
  if (found === undefined) throw new Error(`no row of ${item}`);
  return found;
};

test('an empty borrow screen says what to do and offers to leave', async () => {
  const { station, user } = openAt(exampleView('borrow-empty'));
  expect(sentence()).toBe('Hold the barcode of a book under the scanner.');
  expect(screen.queryAllByTestId('item-row')).toEqual([]);
  expect(screen.queryByTestId('finish')).toBeNull();
  await user.click(screen.getByTestId('leave'));
  await user.click(screen.getByTestId('goto-return'));
  expect(station.acts).toEqual([{ do: 'leave' }, { do: 'chooseService', service: 'return' }]);
});

test('rows stand newest first with identifier, title, state and verdict', () => {
  openAt(exampleView('borrow'));
  expect(rows().map((each) => each.dataset['state'])).toEqual([
    'reading',
    'pending',
    'refused',
    'done',
    'attention',
    'done',
  ]);
  const reading = row('48300012345');
  expect(plain(reading)).toContain('48300012345');
  expect(within(reading).getByRole('img', { name: 'Reading' })).toBeTruthy();
  const lent = row('48300012291');
  expect(plain(lent)).toContain('The Summer Book');
  expect(plain(lent)).toContain('48300012291');
  expect(plain(lent)).toContain('Lent to you until 20 December 2026.');
  expect(within(lent).getByRole('img', { name: 'Done' })).toBeTruthy();
});

test('a refused row gives cause, next step and the words of the library system as its own', () => {
  openAt(exampleView('borrow'));
  const refusal = within(row('48300012321')).getByTestId('refusal');
  expect(refusal.dataset['rule']).toBe('item.onHoldForAnother');
  expect(refusal.textContent).toContain('This one is waiting for another customer.');
  expect(refusal.textContent).toContain('Leave it on the shelf next to the station.');
  const quote = within(refusal).getByText('Item on hold for another patron.');
  expect(quote.tagName).toBe('BLOCKQUOTE');
  expect(quote.getAttribute('dir')).toBe('auto');
  expect(within(refusal).getByText('The library system says:')).toBeTruthy();
});

test('words of the library system are text and never markup', () => {
  const view = exampleView('borrow-refused');
  if (view.screen.name !== 'borrow' || view.screen.refusal === undefined)
    throw new Error('impossible: another screen');
  const acs = '<img src=x onerror=alert(1)> {{count}} $t(row.reading)';
  const { container } = openAt({
    ...view,
    screen: { ...view.screen, refusal: { ...view.screen.refusal, acsText: [{ acs }] } },
  });
  expect(screen.getByText(acs)).toBeTruthy();
  expect(container.querySelector('img')).toBeNull();
});

test('words of the ACS stand apart in their own direction and language; those that the station says itself do not stand there', () => {
  const view = exampleView('borrow-refused');
  if (view.screen.name !== 'borrow' || view.screen.refusal === undefined) throw new Error('no refusal');
  const acsText = [
    { acs: 'אין השאלה' },
    { acs: 'Patron Blocked', meaning: 'patron.blocked' },
    { acs: 'Thank you!', meaning: 'nothing' },
  ] as const;
  openAt({ ...view, screen: { ...view.screen, refusal: { ...view.screen.refusal, acsText } } });
  const words = screen.getByText('אין השאלה');
  expect(words.tagName).toBe('BLOCKQUOTE');
  expect(words.getAttribute('dir')).toBe('auto');
  expect(words.getAttribute('lang')).toBe('');
  expect(screen.queryByText('Patron Blocked')).toBeNull();
  expect(screen.queryByText('Thank you!')).toBeNull();
});

test('counts and the finish button stand below the list', async () => {
  const { station, user, container } = openAt(exampleView('borrow'));
  expect(sentence()).toBe('Scan the next one, or press Finish.');
  const tally = container.querySelector('.tally');
  expect(tally && plain(tally)).toBe('2 lent2 waiting1 not lent');
  await user.click(screen.getByTestId('finish'));
  expect(station.acts).toEqual([{ do: 'finish', receipt: false }]);
});

test('a receipt is offered beside finishing, with titles as the patron likes', async () => {
  const { station, user } = openAt(exampleView('borrow'));
  await user.click(screen.getByTestId('finish-receipt'));
  await user.click(screen.getByTestId('finish-receipt-short'));
  expect(station.acts).toEqual([
    { do: 'finish', receipt: true, titles: true },
    { do: 'finish', receipt: true, titles: false },
  ]);
});

test('no receipt is offered where the station gives none', () => {
  openAt(exampleView('return'));
  expect(screen.getByTestId('finish')).toBeDefined();
  expect(screen.queryByTestId('finish-receipt')).toBeNull();
});

test('while borrowing is refused the cause stands on the screen and the rest goes on', () => {
  openAt(exampleView('borrow-refused'));
  expect(sentence()).toBe('You cannot borrow at the moment.');
  const refusal = screen.getByTestId('refusal');
  expect(refusal.dataset['rule']).toBe('patron.excessiveOutstandingFees');
  expect(refusal.textContent).toContain('Your unpaid fees are over the library’s limit.');
  expect(refusal.textContent).toContain('You can still return items and see your account.');
  expect(refusal.textContent).toContain('The library system decided this.');
  expect(screen.getByTestId('goto-account')).toBeTruthy();
});

test('returns need no card and tell where each goes', () => {
  openAt(exampleView('return'));
  expect(rows().map((each) => each.dataset['state'])).toEqual(['offline', 'done', 'done']);
  expect(plain(row('48300022214'))).toContain('Returned. Put it into box 2.');
  expect(plain(row('48300022221'))).toContain('Taken back.');
  expect(screen.getByTestId('status-banner').dataset['mode']).toBe('degraded');
});

test('the list is a live region from the start, so that the first row is read out', () => {
  const { container, station } = openAt(exampleView('return-empty'));
  const list = container.querySelector('ol');
  expect(list?.getAttribute('aria-live')).toBe('polite');
  station.show(exampleView('return', { revision: 42 }));
  expect(container.querySelector('ol')).toBe(list);
});

test('a title that two lines cut can be read on', async () => {
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockReturnValue(120);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(80);
  const { user } = openAt(exampleView('borrow-notice'));
  const button = within(row('48300012314')).getByRole('button', { name: /^Show the whole title: Välimeren/ });
  await user.click(button);
  expect(button.getAttribute('aria-expanded')).toBe('true');
  expect(row('48300012314').querySelector('.clamped')).toBeNull();
  await user.click(button);
  expect(row('48300012314').querySelector('.clamped')).not.toBeNull();
});

test('a title that fits has no button', () => {
  openAt(exampleView('borrow-notice'));
  expect(within(row('48300012314')).queryByRole('button')).toBeNull();
});

test('a notice is said, and the same word again is said again', () => {
  const view = exampleView('borrow-notice');
  const { station } = openAt(view);
  const first = screen.getByTestId('notice');
  expect(first.dataset['tone']).toBe('attention');
  expect(first.textContent).toBe('That is a library card. Hold the barcode of a book under the scanner.');
  if (view.notice === undefined) throw new Error('impossible: no notice');
  station.show({ ...view, revision: 42, notice: { ...view.notice, id: 4 } });
  expect(screen.getByTestId('notice')).not.toBe(first);
});

test('a long list lasts: rows keep their place in the page while verdicts come', () => {
  const view = exampleView('borrow');
  const { station } = openAt(view);
  const pending = row('48300012338');
  if (view.screen.name !== 'borrow') throw new Error('impossible: another screen');
  const items = view.screen.items.map((item) =>
    item.id === 'r5'
      ? ({ ...item, state: 'done', message: { key: 'row.checkout.doneNoDue' } } as const)
      : item,
  );
  act(() => station.show({ ...view, revision: 42, screen: { ...view.screen, items } as typeof view.screen }));
  expect(row('48300012338')).toBe(pending);
  expect(pending.dataset['state']).toBe('done');
});
