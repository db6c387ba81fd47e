// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { exampleView, openAt, plain } from '../support.tsx';

afterEach(cleanup);

test('a refused item that can be waited for offers a hold by its name', async () => {
  const { station, user } = openAt(exampleView('borrow-hold'));
  await user.click(screen.getByRole('button', { name: 'Place a hold: Kdo chytá v žitě' }));
  expect(station.acts).toEqual([{ do: 'askPlaceHold', item: '48300012321' }]);
});

test('what came of the hold stands with the item', () => {
  openAt(exampleView('borrow-hold'));
  const [offered, pending, done, refused] = screen.getAllByTestId('item-row');
  expect(offered && within(offered).getByTestId('hold-place')).toBeTruthy();
  expect(pending && plain(pending)).toContain('Placing the hold…');
  expect(pending && within(pending).queryByTestId('hold-place')).toBeNull();
  expect(done && plain(done)).toContain('Your place in the queue: 3.');
  expect(done && within(done).queryByTestId('hold-place')).toBeNull();
  expect(refused && plain(refused)).toContain('No hold was placed.You have a hold on this one already.');
});

test('the question names the item and the place, and "no" has the focus', () => {
  openAt(exampleView('borrow-question'));
  const dialog = screen.getByRole('alertdialog', { name: 'Place a hold on this one?' });
  expect(plain(dialog)).toContain('Kdo chytá v žitě');
  expect(plain(dialog)).toContain('Pick up at: Main library');
  expect(document.activeElement).toBe(screen.getByTestId('question-no'));
  expect(document.querySelector('.page')?.hasAttribute('inert')).toBe(true);
});

test('both answers are sent, and Escape is a "no"', async () => {
  const { station, user } = openAt(exampleView('account-question'));
  await user.click(screen.getByTestId('question-yes'));
  await user.click(screen.getByTestId('question-no'));
  await user.keyboard('{Escape}');
  expect(station.acts).toEqual([
    { do: 'answer', yes: true },
    { do: 'answer', yes: false },
    { do: 'answer', yes: false },
  ]);
});

test('"are you still there" goes before the question', () => {
  openAt({ ...exampleView('account-question'), stillThere: { secondsLeft: 12 } });
  expect(screen.getAllByRole('alertdialog')).toHaveLength(1);
  expect(screen.getByTestId('timeout-stay')).toBeTruthy();
});
