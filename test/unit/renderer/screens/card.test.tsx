// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { exampleView, openAt, sentence } from '../support.tsx';

afterEach(cleanup);

const entry = (): HTMLInputElement => screen.getByTestId('card-number-entry');

test('asks for the card and takes a typed number', async () => {
  const { station, user } = openAt(exampleView('card'));
  expect(sentence()).toBe('Hold your library card under the scanner.');
  await user.type(entry(), ' 2210-AB 7 ');
  await user.click(screen.getByTestId('card-number-submit'));
  expect(station.acts).toEqual([{ do: 'submitCardNumber', number: '2210-AB 7' }]);
  expect(entry().value).toBe('');
});

test('Enter submits too, and an empty number is not sent', async () => {
  const { station, user } = openAt(exampleView('card'));
  await user.type(entry(), '{Enter}');
  expect(station.acts).toEqual([]);
  await user.type(entry(), '123{Enter}');
  expect(station.acts).toEqual([{ do: 'submitCardNumber', number: '123' }]);
});

test('the keys on the screen write digits and letters, and erase', async () => {
  const { station, user } = openAt(exampleView('card'));
  for (const key of ['4', '2', '2']) await user.click(screen.getByRole('button', { name: key }));
  await user.click(screen.getByRole('button', { name: 'Erase the last character' }));
  await user.click(screen.getByRole('button', { name: 'Letters' }));
  for (const key of ['K', 'B', '7']) await user.click(screen.getByRole('button', { name: key }));
  expect(entry().value).toBe('42KB7');
  await user.click(screen.getByTestId('card-number-submit'));
  expect(station.acts).toEqual([{ do: 'submitCardNumber', number: '42KB7' }]);
});

test('a number can be no longer than the station takes', async () => {
  const { user } = openAt(exampleView('card'));
  await user.type(entry(), '9'.repeat(70));
  await user.click(screen.getByRole('button', { name: '1' }));
  expect(entry().value).toBe('9'.repeat(64));
});

test('the number outlives neither the session nor the screen, but a view of the same screen', async () => {
  const { station, user } = openAt(exampleView('card'));
  await user.type(entry(), '2210');
  station.show(exampleView('card', { revision: 42, language: 'sv' }));
  expect(entry().value).toBe('2210');
  station.show(exampleView('card', { revision: 43, epoch: 8 }));
  expect(entry().value).toBe('');
  await user.type(entry(), '3310');
  station.show(exampleView('home', { revision: 44, epoch: 8 }));
  station.show(exampleView('card', { revision: 45, epoch: 8 }));
  expect(entry().value).toBe('');
});

test('a refused card gives the cause and the next step under its rule', () => {
  openAt(exampleView('card-refused'));
  const refusal = screen.getByTestId('refusal');
  expect(refusal.dataset['rule']).toBe('card.unknown');
  expect(refusal.textContent).toContain('The library system does not know this card.');
  expect(refusal.textContent).toContain('Check the number, or ask the staff.');
});

test('the way out leads to the start', async () => {
  const { station, user } = openAt(exampleView('card'));
  await user.click(screen.getByTestId('leave'));
  expect(station.acts).toEqual([{ do: 'leave' }]);
});
