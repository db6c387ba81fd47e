// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { realBrowser } from '../../../src/renderer/browser.ts';

afterEach(() => {
  vi.restoreAllMocks();
  window.localStorage.clear();
});

test('the theme that was kept is recalled, and is all that is kept', () => {
  expect(realBrowser.recallTheme()).toBeUndefined();
  realBrowser.keepTheme('contrast');
  expect(realBrowser.recallTheme()).toBe('contrast');
  realBrowser.keepTheme('dark');
  expect(realBrowser.recallTheme()).toBe('dark');
  expect(window.localStorage.length).toBe(1);
});

test('what is no theme is not recalled', () => {
  realBrowser.keepTheme('dark');
  const key = window.localStorage.key(0) ?? '';
  window.localStorage.setItem(key, '<script>');
  expect(realBrowser.recallTheme()).toBeUndefined();
});

test('a browser that keeps nothing is no obstacle', () => {
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
    throw new Error('denied');
  });
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new Error('denied');
  });
  realBrowser.keepTheme('dark');
  expect(realBrowser.recallTheme()).toBeUndefined();
});
