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
  expect(plain(row('48300033324'))).toContain('The library needs this one back');
  expect(plain(screen.getByRole('region', { name: /^Loans/ }))).toContain('1 overdue1 called back');
});

const hold = (item: string): HTMLElement => {
  const found = screen.getAllByTestId('hold-row').find((candidate) => candidate.dataset['item'] === item);
  if (found === undefined) throw new Error(`no hold of ${item}`);
  return found;
};

test('a hold tells where it stands, until when, and what it is', () => {
  openAt(exampleView('account'));
  expect(plain(screen.getByRole('heading', { name: /^Holds/ }))).toBe('Holds5');
  expect(screen.getByText('1 ready')).toBeTruthy();
  expect(plain(hold('48300044447'))).toContain('Ready to pick up until 27 November 2026');
  expect(plain(hold('48300044447'))).toContain('Pick up at: Keskusta, hylly 4');
  expect(plain(hold('48300044430'))).toContain('Place 3 in the queue');
  expect(plain(hold('48300044430'))).toContain('The hold is kept until 31 January 2027');
  expect(plain(hold('48300044423'))).toContain('From another library');
});

test('a hold that may be cancelled has a button with its name; one that was has none', async () => {
  const { station, user } = openAt(exampleView('account'));
  expect(within(hold('48300044423')).queryByTestId('hold-cancel')).toBeNull();
  expect(plain(hold('48300044416'))).toBe('BabičkaThe hold is cancelled.');
  expect(within(hold('48300044409')).getByTestId('refusal').dataset['rule']).toBe('hold.notCancelled');
  expect(plain(hold('48300044409'))).toContain('Hold is already in transit.');
  await user.click(screen.getByRole('button', { name: 'Cancel the hold: Doktor Glas' }));
  expect(station.acts).toEqual([{ do: 'askCancelHold', item: '48300044430' }]);
});

test('fees stand with their reasons and sums, and where to pay', () => {
  openAt(exampleView('account'));
  const [first, second] = screen.getAllByTestId('fee-row');
  expect(first && plain(first)).toBe('Myöhästymismaksu: Seitsemän veljestä€2.40');
  expect(second && plain(second)).toBe('Varausmaksu, Doktor Glas');
  expect(plain(screen.getByRole('region', { name: /^Fees/ }))).toContain('Total to pay€3.40');
  expect(screen.getByText('You can pay at the desk or in the web library.')).toBeTruthy();
});

test('all loans can be renewed by one button, which then tells how far it is and what came of it', async () => {
  const { station, user } = openAt(exampleView('account'));
  await user.click(screen.getByTestId('renew-all'));
  expect(station.acts).toEqual([{ do: 'renewAll' }]);
  cleanup();
  openAt(exampleView('account-renewing'));
  expect(screen.queryByTestId('renew-all')).toBeNull();
  expect(screen.getByText('Renewing: 2 of 5 done…').getAttribute('role')).toBe('status');
  cleanup();
  openAt(exampleView('account-renewed'));
  expect(screen.getByText('Renewed: 4. Not renewed: 1. The reason is shown with each loan.')).toBeTruthy();
});

test('a card that ends soon, or ended, says so and what to do', () => {
  openAt(exampleView('account-renewing'));
  expect(screen.getByText('Your library card ends on 5 December 2026.')).toBeTruthy();
  expect(screen.getByText(/^Renew it at the desk in good time/)).toBeTruthy();
  cleanup();
  openAt(exampleView('account-renewed'));
  expect(screen.getByText('Your library card ended on 1 November 2026.')).toBeTruthy();
});

test('the numbers are there before the lists', () => {
  openAt(exampleView('account-loading'));
  expect(plain(screen.getByRole('heading', { name: /^Loans/ }))).toBe('Loans60');
  expect(plain(screen.getByRole('heading', { name: /^Holds/ }))).toBe('Holds3');
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

test('an account that cannot be fetched is not called one', () => {
  openAt(exampleView('account-away'));
  expect(sentence()).toBe('Your account cannot be shown right now.');
  expect(screen.getByText('Your account cannot be fetched while the library system is away.')).toBeTruthy();
  cleanup();
  openAt(exampleView('account-empty'));
  expect(sentence()).toBe('Here is your account.');
});
