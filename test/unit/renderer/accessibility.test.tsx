// @vitest-environment jsdom
import { cleanup } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { examples } from '../../../src/renderer/gallery/views.ts';
import { languageCodes } from '../../../src/shared/languages.ts';
import { violations } from './axe.ts';
import { exampleView, openAt, openPage } from './support.tsx';

afterEach(cleanup);

test.each(examples)('$name has no violation that axe finds', async ({ view }) => {
  document.title = 'Omatoimi';
  if (typeof view !== 'string') openAt({ ...view, language: 'en' });
  else if (view === 'strangeStation') openPage().station.say({ v: 2 });
  else if (view === 'lostStation') openAt(exampleView('home')).station.link(false);
  else openPage();
  expect(await violations()).toEqual([]);
});

test.each(languageCodes)('every example speaks %s without a hole in a sentence', (language) => {
  for (const { name, view } of examples) {
    if (typeof view === 'string') continue;
    const { container } = openAt({ ...view, language });
    expect(document.documentElement.lang).toBe(language);
    expect(container.textContent, name).not.toMatch(/\{\{|undefined|NaN|[a-z]+\.[a-z]+[A-Z][a-z]+/);
    cleanup();
  }
});

test('every button and field has a name', () => {
  for (const { name, view } of examples) {
    if (typeof view === 'string') continue;
    const { container } = openAt({ ...view, language: 'en' });
    for (const control of container.querySelectorAll('button, input')) {
      const spoken = control.getAttribute('aria-label') ?? control.textContent ?? '';
      expect(spoken.trim(), `${name}: ${control.outerHTML}`).not.toBe('');
    }
    cleanup();
  }
});
