// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { exampleView, openAt, sentence } from '../support.tsx';

afterEach(cleanup);

test('asks what to do, and each service says so to the station', async () => {
  const { station, user } = openAt(exampleView('home'));
  expect(sentence()).toBe('Hello! What would you like to do?');
  for (const service of ['borrow', 'return', 'account'])
    await user.click(screen.getByTestId(`home-${service}`));
  expect(station.acts).toEqual([
    { do: 'chooseService', service: 'borrow' },
    { do: 'chooseService', service: 'return' },
    { do: 'chooseService', service: 'account' },
  ]);
});

test('a resting service stays in its place, says why, and cannot be pressed', async () => {
  const { station, user } = openAt(exampleView('home-offline'));
  const borrow = screen.getByTestId<HTMLButtonElement>('home-borrow');
  expect(borrow.textContent).toContain('Not available while the library system is away');
  expect(borrow.disabled).toBe(true);
  await user.click(borrow);
  expect(station.acts).toEqual([]);
});

test('the banner tells the mode always and speaks only when the station is not well', () => {
  const { station } = openAt(exampleView('home-offline'));
  const banner = screen.getByTestId('status-banner');
  expect(banner.dataset['mode']).toBe('offline');
  expect(banner.textContent).toBe('The library system is away. You can return items as usual.');
  station.show(exampleView('home', { revision: 42 }));
  expect(screen.getByTestId('status-banner').dataset['mode']).toBe('online');
  expect(screen.getByTestId('status-banner').className).toContain('out-of-sight');
});

test('a station out of service says so once, on its screen and not in the banner too', () => {
  openAt(exampleView('out-of-service'));
  expect(screen.getByTestId('status-banner').dataset['mode']).toBe('degraded');
  expect(screen.getByTestId('status-banner').className).toContain('out-of-sight');
  expect(
    screen.getByText('This station cannot record what you do, so it does not lend or return.'),
  ).toBeTruthy();
});

test('languages are offered by their own names, and the chosen one goes to the station', async () => {
  const { station, user } = openAt(exampleView('home'));
  expect(screen.getByTestId('language-fi').textContent).toBe('Suomi');
  expect(screen.getByTestId('language-en').getAttribute('aria-pressed')).toBe('true');
  await user.click(screen.getByTestId('language-cs'));
  expect(station.acts).toEqual([{ do: 'chooseLanguage', language: 'cs' }]);
  station.show(exampleView('home', { language: 'cs' }));
  expect(sentence()).toBe('Dobrý den. Co chcete udělat?');
  expect(document.documentElement.lang).toBe('cs');
});

test('only the languages of the library are offered', () => {
  openAt(exampleView('home', { library: { name: { fi: 'Pieni kirjasto' }, languages: ['fi', 'en'] } }));
  expect(screen.queryByTestId('language-sv')).toBeNull();
  expect(screen.getByText('Pieni kirjasto')).toBeTruthy();
});
