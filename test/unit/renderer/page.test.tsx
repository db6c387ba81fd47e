// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { examples } from '../../../src/renderer/gallery/views.ts';
import { toneOf } from '../../../src/renderer/sounds.ts';
import { exampleView, openAt, openPage, sentence } from './support.tsx';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const root = document.documentElement;

test('the root element carries screen, revision, theme and language', () => {
  openAt(exampleView('borrow', { revision: 99, theme: 'contrast', language: 'sv' }));
  expect(root.dataset['screen']).toBe('borrow');
  expect(root.dataset['revision']).toBe('99');
  expect(root.dataset['theme']).toBe('contrast');
  expect(root.lang).toBe('sv');
});

test('the theme stays when the station goes, and a page loaded anew begins in it', () => {
  const { station, browser } = openAt(exampleView('home', { theme: 'dark' }));
  expect(browser.theme).toBe('dark');
  station.show(exampleView('home', { theme: 'contrast', revision: 42 }));
  station.link(false);
  expect(root.dataset['screen']).toBe('oneMoment');
  expect(root.dataset['theme']).toBe('contrast');
  cleanup();
  root.dataset['theme'] = 'light';
  openPage(browser);
  expect(root.dataset['screen']).toBe('oneMoment');
  expect(root.dataset['theme']).toBe('contrast');
});

test('the page asks to watch whenever the link comes up', () => {
  const { station } = openPage();
  station.link(false);
  station.link(true);
  expect(station.sent).toEqual([
    { v: 1, kind: 'watch' },
    { v: 1, kind: 'watch' },
  ]);
});

test('intents carry the epoch of the view and an id of their own', async () => {
  const { station, user } = openAt(exampleView('home', { epoch: 3 }));
  await user.click(screen.getByTestId('home-return'));
  station.show(exampleView('home', { epoch: 4, revision: 42 }));
  await user.click(screen.getByTestId('home-return'));
  const act = { do: 'chooseService', service: 'return' };
  expect(station.sent.slice(1)).toEqual([
    { v: 1, kind: 'intent', intent: { id: 'page-1', epoch: 3, act } },
    { v: 1, kind: 'intent', intent: { id: 'page-2', epoch: 4, act } },
  ]);
});

test.each(examples.filter(({ view }) => typeof view !== 'string').map(({ name }) => name))(
  'nothing of %s is left after the session',
  (name) => {
    const { station, container } = openAt(exampleView('home', { epoch: 7 }));
    const clean = container.innerHTML;
    station.show(exampleView(name, { epoch: 8, revision: 42 }));
    station.show(exampleView('home', { epoch: 9, revision: 43 }));
    expect(container.innerHTML).toBe(clean);
  },
);

test('a lost station takes the whole view off the page', () => {
  const { station, container } = openAt(exampleView('account'));
  station.link(false);
  expect(container.textContent).not.toMatch(/Seitsemän|48300033331|2[.,]40/);
  expect(root.dataset['screen']).toBe('oneMoment');
});

test.each([
  ['a frame', { v: 2, kind: 'view', view: exampleView('home') }],
  ['a view', { v: 1, kind: 'view', view: { ...exampleView('home'), contract: 2 } }],
  ['a kind of frame', { v: 1, kind: 'news' }],
  ['a refusal of the first word', { v: 1, kind: 'refused', reason: 'version' }],
])('%s of another version puts the page out of service, and it reloads itself once', (_what, frame) => {
  const { station, browser } = openPage();
  station.say(frame);
  station.say(frame);
  expect(sentence()).toBe('Automaatti ei ole käytössä.');
  expect(root.dataset['screen']).toBe('outOfService');
  station.link(false);
  expect(root.dataset['screen']).toBe('outOfService');
  browser.advance(29_999);
  expect(browser.reloads).toBe(0);
  browser.advance(1);
  expect(browser.reloads).toBe(1);
});

test('a station that is understood again is shown, and the page does not reload', () => {
  const { station, browser } = openPage();
  station.say({ v: 2, kind: 'view' });
  station.show(exampleView('home'));
  expect(root.dataset['screen']).toBe('home');
  browser.advance(60_000);
  expect(browser.reloads).toBe(0);
});

test('answers that are not for the page and refused intents change nothing', () => {
  const { station } = openAt(exampleView('home'));
  station.say({ v: 1, kind: 'told', id: 'x', answer: {} });
  station.say({ v: 1, kind: 'refused', reason: 'old epoch' });
  expect(root.dataset['screen']).toBe('home');
});

test('a view that cannot be shown is not a blank page, and the next one is', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { station } = openAt(exampleView('home'));
  station.say({ v: 1, kind: 'view', view: { ...exampleView('home', { revision: 42 }), library: undefined } });
  expect(sentence()).toBe('This station is out of service.');
  station.show(exampleView('home', { revision: 43 }));
  expect(sentence()).toBe('Hello! What would you like to do?');
});

test('a new screen begins at its sentence; a new revision of it does not move the focus', () => {
  const { station } = openAt(exampleView('home'));
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }));
  screen.getByTestId('home-return').focus();
  station.show(exampleView('home', { revision: 42 }));
  expect(document.activeElement).toBe(screen.getByTestId('home-return'));
  station.show(exampleView('return-empty', { revision: 43 }));
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }));
});

test('a tone is played for a new notice and for new verdicts, once', () => {
  const { station, tones } = openAt(exampleView('borrow-notice'));
  expect(tones).toEqual([]);
  station.show(exampleView('borrow-notice', { revision: 42 }));
  expect(tones).toEqual([]);
  station.show(exampleView('borrow', { revision: 43 }));
  expect(tones).toEqual(['no']);
});

test('the tone of a view is that of its gravest news, and a page that has just loaded repeats nothing', () => {
  const empty = exampleView('return-empty');
  const full = exampleView('return');
  expect(toneOf(undefined, full)).toBeUndefined();
  expect(toneOf(empty, full)).toBe('yes');
  expect(toneOf(full, full)).toBeUndefined();
  expect(toneOf(exampleView('borrow-empty'), exampleView('time-out'))).toBe('attention');
  const notice = { id: 5, tone: 'yes', message: { key: 'row.checkin.done' } } as const;
  expect(toneOf(empty, { ...empty, notice })).toBe('yes');
  expect(toneOf({ ...empty, notice }, { ...empty, notice })).toBeUndefined();
});
