// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { exampleView, openAt, openPage, plain, sentence } from '../support.tsx';

afterEach(cleanup);

test('the end says what was done and what is not settled', () => {
  const { station } = openAt(exampleView('finished'));
  expect(sentence()).toBe('All done! Remember to take your things.');
  expect(plain(screen.getByRole('list', { name: 'What you did' }))).toBe('3 loans1 return2 renewals');
  station.show(exampleView('finished-unsettled', { revision: 42 }));
  expect(plain(screen.getByRole('list', { name: 'What you did' }))).toBe(
    '1 loanOne is not settled yet. The staff will look into it.',
  );
  station.show(exampleView('finished-nothing', { revision: 43 }));
  expect(screen.getByText('Nothing was borrowed or returned this time.')).toBeTruthy();
});

test('a refusal that fills the screen has its cause as the sentence, and what is still open', async () => {
  const { station, user } = openAt(exampleView('refusal'));
  expect(sentence()).toBe('The PIN of this card was wrong too many times.');
  const refusal = screen.getByTestId('refusal');
  expect(refusal.dataset['rule']).toBe('pin.lockedCard');
  expect(plain(refusal)).toBe(
    'Try again in 5 minutes, or ask the staff.You can still return items.This station decided this.',
  );
  await user.click(screen.getByTestId('goto-return'));
  await user.click(screen.getByTestId('dismiss'));
  expect(station.acts).toEqual([{ do: 'chooseService', service: 'return' }, { do: 'dismiss' }]);
});

test('the question whether someone is there stands over everything and takes the focus', async () => {
  const { station, user, container } = openAt(exampleView('time-out'));
  const dialog = screen.getByRole('alertdialog', { name: 'Are you still there?' });
  expect(plain(dialog)).toContain('We close in 18 seconds');
  expect(document.activeElement).toBe(screen.getByTestId('timeout-stay'));
  expect(container.querySelector('.page')?.hasAttribute('inert')).toBe(true);
  await user.click(screen.getByTestId('timeout-stay'));
  await user.click(screen.getByTestId('timeout-leave'));
  expect(station.acts).toEqual([{ do: 'stay' }, { do: 'leave' }]);
});

test('the question goes with its session and never stands over the next', () => {
  const { station, container } = openAt(exampleView('time-out'));
  station.show(exampleView('home', { revision: 42, epoch: 8 }));
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(container.querySelector('[inert]')).toBeNull();
  expect(container.textContent).not.toContain('The Summer Book');
});

test('out of service says why and what to do, and offers what still works', () => {
  const view = exampleView('out-of-service');
  const { station } = openAt(view);
  expect(sentence()).toBe('This station is out of service.');
  expect(
    screen.getByText('This station cannot record what you do, so it does not lend or return.'),
  ).toBeTruthy();
  expect(screen.getByText('Please use another station, or ask the staff.')).toBeTruthy();
  if (view.screen.name !== 'outOfService') throw new Error('impossible: another screen');
  const services = [{ service: 'return', available: true }] as const;
  station.show({ ...view, revision: 42, screen: { ...view.screen, services } });
  expect(screen.getByTestId('home-return')).toBeTruthy();
});

test('without a station it is one moment, in every language until one is known', () => {
  const { station } = openPage();
  expect(sentence()).toBe('Hetkinen…');
  for (const words of ['Ett ögonblick…', 'Okamžik…', 'One moment…'])
    expect(screen.getByText(words)).toBeTruthy();
  expect(document.documentElement.dataset['screen']).toBe('oneMoment');
  station.show(exampleView('home'));
  station.link(false);
  expect(sentence()).toBe('One moment…');
  expect(screen.queryByText('Hetkinen…')).toBeNull();
});
