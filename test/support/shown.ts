import type { Frame, Page } from 'playwright-core';
import { until } from './until.ts';

/**
 * What a page showed and may show no longer: a good-bye of two seconds, a notice, a row that waits for a moment. A test on a busy machine looks
 * too late for these now and then, and must not take that for their not having been there.
 */
type Kind = 'screens' | 'notices' | 'rows';

/** Run in the page before its own scripts, or in one that is there already. */
export const rememberShown = `
  window.shown ??= (() => {
    const shown = { screens: [], notices: [], rows: [] };
    const last = { screen: undefined, notices: new Map(), rows: new Map() };
    const look = () => {
      const screen = document.documentElement?.dataset.screen;
      if (screen !== undefined && screen !== last.screen) shown.screens.push(screen);
      last.screen = screen;
      const notices = new Map();
      for (const notice of document.querySelectorAll('[data-testid="notice"]')) {
        const words = notice.textContent;
        notices.set(notice, words);
        if (last.notices.get(notice) !== words) shown.notices.push(words);
      }
      last.notices = notices;
      const rows = new Map();
      for (const row of document.querySelectorAll('[data-testid="item-row"]')) {
        const { item, state } = row.dataset;
        rows.set(item, state);
        if (last.rows.get(item) !== state) shown.rows.push(item + ' ' + state);
      }
      last.rows = rows;
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    return shown;
  })();
`;

/** Acts, and waits until the page has shown it since; whether it still does is all one. */
export async function showsAfter(
  page: Page | Frame,
  { act, kind, what, msMax }: { act: () => unknown; kind: Kind; what: string; msMax: number },
): Promise<void> {
  await page.evaluate((list) => Reflect.get(globalThis, 'shown')[list].splice(0), kind);
  await act();
  const look = (): Promise<boolean> =>
    page.evaluate(
      ([list, words]) => {
        const all: string[] = Reflect.get(globalThis, 'shown')[list];
        return all.some((one) => (list === 'notices' ? one.includes(words) : one === words));
      },
      [kind, what] as const,
    );
  await until(`${what} among the ${kind} that the page shows`, look, msMax);
}
