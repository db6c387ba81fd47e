// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { exampleView, openAt, plain, sentence } from '../support.tsx';

afterEach(cleanup);

const row = (item: string): HTMLElement => {
  const found = screen.getAllByTestId('item-row').find((candidate) => candidate.dataset['item'] === item);
  if (found === undefined) throw new Error(`no row of ${item}`);
  return found;
};

test('shows loans with their due dates, holds and fees', () => {
  openAt(exampleView('account'));
  expect(sentence()).toBe('Here is your account.');
  expect(plain(screen.getByRole('heading', { name: /^Loans/ }))).toBe('Loans5');
  expect(plain(row('48300033324'))).toContain('Due 1 December 2026');
  expect(plain(row('48300033317'))).toContain('Due 1 December 2026 at 18:00');
  expect(plain(row('48300033331'))).toContain('Overdue – was due 12 November 2026');
  expect(row('48300033331').dataset['state']).toBe('attention');
  expect(screen.getByText('Ready to pick up')).toBeTruthy();
  expect(screen.getByText('In the queue')).toBeTruthy();
  expect(screen.getByText('€2.40')).toBeTruthy();
  expect(screen.getByText('Myöhästymismaksu 2,40 EUR, Seitsemän veljestä').tagName).toBe('BLOCKQUOTE');
});

test('a loan that may be renewed has a button with its name', async () => {
  const { station, user } = openAt(exampleView('account'));
  await user.click(screen.getByRole('button', { name: 'Renew the loan: Seitsemän veljestä' }));
  expect(station.acts).toEqual([{ do: 'renewItem', item: '48300033331' }]);
});

test('what came of a renewal stands in its row, and the button is gone', () => {
  openAt(exampleView('account'));
  expect(plain(row('48300033300'))).toContain('Renewed until 20 December 2026.');
  expect(within(row('48300033300')).queryByRole('button')).toBeNull();
  const refused = row('48300033294');
  expect(within(refused).getByTestId('refusal').dataset['rule']).toBe('renew.onHold');
  expect(plain(refused)).toContain('Not renewed.Another customer is waiting for it.');
  expect(plain(row('48300033317'))).toContain('Cannot be renewed now');
});

test('while it loads nothing is said to be missing', () => {
  openAt(exampleView('account-loading'));
  expect(sentence()).toBe('Fetching your account…');
  expect(screen.queryByText('You have no loans.')).toBeNull();
});

test('an empty account says so, part by part', () => {
  const view = exampleView('account-loading');
  if (view.screen.name !== 'account') throw new Error('impossible: another screen');
  openAt({ ...view, screen: { ...view.screen, loading: false } });
  for (const text of ['You have no loans.', 'You have no holds.', 'You have no fees.'])
    expect(screen.getByText(text)).toBeTruthy();
});

test('what could not be fetched is not said to be none', () => {
  openAt(exampleView('account-blocked'));
  expect(screen.getByText(/^Not everything could be fetched/)).toBeTruthy();
  expect(screen.queryByText('You have no holds.')).toBeNull();
  expect(screen.getByTestId('refusal').dataset['rule']).toBe('patron.excessiveOutstandingFees');
});
