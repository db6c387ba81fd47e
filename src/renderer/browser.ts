import { themes, type Theme } from '../shared/view.ts';

/** What the page needs of the browser around it, so that tests can put something else in its place. */
export interface Browser {
  /** Runs `act` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, act: () => void): () => void;
  /** A number from 0 up to 1, for spreading retries. */
  chance(): number;
  /** A text that no other page of this station has, for the ids of intents. */
  pageId(): string;
  openSocket(path: string): WebSocket;
  reload(): void;
  /** The theme that this page wore last, also before it was loaded anew; none where nothing can be kept. */
  recallTheme(): Theme | undefined;
  keepTheme(theme: Theme): void;
}

/** In the storage of the page, where nothing of a session may ever stand. */
const themeKey = 'omatoimi.theme';

export const realBrowser: Browser = {
  after: (delayMs, act) => {
    const timer = window.setTimeout(act, delayMs);
    return () => window.clearTimeout(timer);
  },
  chance: () => randomWord() / 2 ** 32,
  pageId: () => randomWord().toString(36) + randomWord().toString(36),
  openSocket: (path) => new WebSocket(new URL(path, window.location.href.replace(/^http/, 'ws'))),
  reload: () => window.location.reload(),
  recallTheme: () => {
    try {
      const kept = window.localStorage.getItem(themeKey);
      return themes.find((theme) => theme === kept);
    } catch {
      // A browser may be set to keep nothing; the page then begins in its first theme.
      return undefined;
    }
  },
  keepTheme: (theme) => {
    try {
      window.localStorage.setItem(themeKey, theme);
    } catch {
      // As above.
    }
  },
};

// Not `randomUUID`: it exists in secure contexts only, and a small board may be looked at over plain HTTP.
function randomWord(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
