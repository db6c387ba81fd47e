// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { exampleView, openAt, sentence } from '../support.tsx';

afterEach(cleanup);

test('each digit, clear and enter go to the station one by one', async () => {
  const { station, user } = openAt(exampleView('pin'));
  expect(sentence()).toBe('Type your PIN.');
  for (const digit of '4071') await user.click(screen.getByTestId(`pin-key-${digit}`));
  await user.click(screen.getByRole('button', { name: 'Erase the last character' }));
  await user.click(screen.getByTestId('pin-clear'));
  await user.click(screen.getByTestId('pin-enter'));
  expect(station.acts).toEqual([
    { do: 'pinKey', key: '4' },
    { do: 'pinKey', key: '0' },
    { do: 'pinKey', key: '7' },
    { do: 'pinKey', key: '1' },
    { do: 'pinErase' },
    { do: 'pinClear' },
    { do: 'pinEnter' },
  ]);
});

test('a real keyboard works as the pad does, also after a key was touched', async () => {
  const { station, user } = openAt(exampleView('pin'));
  await user.click(screen.getByTestId('pin-key-9'));
  await user.keyboard('1a{Backspace}{Enter}');
  expect(station.acts).toEqual([
    { do: 'pinKey', key: '9' },
    { do: 'pinKey', key: '1' },
    { do: 'pinErase' },
    { do: 'pinEnter' },
  ]);
});

test('Enter on a button reached with the tabulator presses that button alone', async () => {
  const { station, user } = openAt(exampleView('pin'));
  screen.getByTestId('pin-clear').focus();
  await user.keyboard('{Enter}');
  expect(station.acts).toEqual([{ do: 'pinClear' }]);
});

test('a password goes key by key: small and capital letters, accents, signs and space', async () => {
  const { station, user } = openAt(exampleView('pin-password'));
  const press = (name: string) => user.click(screen.getByRole('button', { name }));
  expect(sentence()).toBe('Type your password.');
  await press('a');
  await press('Capital letters');
  await press('B');
  await press('c');
  await press('Letters with accents');
  for (const key of 'åäöěščřžýáíéúůťďň') await press(key);
  await press('Letters');
  await press('Signs');
  for (const key of ['#', '@', '\\', '~']) await press(key);
  await press('Space');
  await press('Letters');
  await user.click(screen.getByTestId('pin-key-5'));
  await user.keyboard('Ž€7');
  const typed = station.acts.map((act) => (act.do === 'pinKey' ? act.key : act.do));
  expect(typed.join('')).toBe('aBcåäöěščřžýáíéúůťďň#@\\~ 5Ž€7');
});

test('keys with a command or without a character are left alone', async () => {
  const { station, user } = openAt(exampleView('pin-password'));
  await user.keyboard('{Control>}a{/Control}{Alt>}b{/Alt}{Meta>}c{/Meta}{ArrowLeft}{F5}{Escape}');
  expect(station.acts).toEqual([]);
});

test('the page knows how many characters there are and holds none of them', async () => {
  const { station, user, container } = openAt(exampleView('pin'));
  const before = container.innerHTML;
  await user.keyboard('8351');
  expect(container.innerHTML).toBe(before);
  expect(container.querySelectorAll('input, textarea, [contenteditable]')).toHaveLength(0);
  expect(container.querySelectorAll('.filled')).toHaveLength(2);
  expect(screen.getByText('2 characters typed').parentElement?.getAttribute('role')).toBe('status');
  const view = exampleView('pin', { revision: 42 });
  if (view.screen.name !== 'pin') throw new Error('impossible: another screen');
  station.show({ ...view, screen: { ...view.screen, entered: 3 } });
  expect(container.querySelectorAll('.filled')).toHaveLength(3);
  expect(screen.getByText('3 characters typed')).toBeTruthy();
});

test('the places do not tell the length of a long password', () => {
  const view = exampleView('pin-password');
  if (view.screen.name !== 'pin') throw new Error('impossible: another screen');
  const { container } = openAt({ ...view, screen: { ...view.screen, entered: 40 } });
  expect(container.querySelectorAll('.place')).toHaveLength(16);
});

test('nothing can be typed while the PIN is checked', async () => {
  const { station, user } = openAt(exampleView('pin-checking'));
  expect(sentence()).toBe('One moment, checking…');
  await user.keyboard('1{Enter}{Backspace}');
  await user.click(screen.getByTestId('pin-key-1'));
  await user.click(screen.getByTestId('pin-enter'));
  expect(station.acts).toEqual([]);
});

test('an empty PIN cannot be entered, and a wrong one says how often to try', () => {
  openAt(exampleView('pin-refused'));
  expect(screen.getByTestId<HTMLButtonElement>('pin-enter').disabled).toBe(true);
  const refusal = screen.getByTestId('refusal');
  expect(refusal.dataset['rule']).toBe('pin.wrong');
  expect(refusal.textContent?.replaceAll('\u00a0', ' ')).toContain('You can try 2 more times.');
});

test('after the screen the keyboard is nobody’s', async () => {
  const { station, user } = openAt(exampleView('pin'));
  station.show(exampleView('borrow-empty', { revision: 42 }));
  await user.keyboard('1234{Enter}');
  expect(station.acts).toEqual([]);
});
