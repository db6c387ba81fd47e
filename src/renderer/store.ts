import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LanguageCode } from '../shared/languages.ts';
import { contractVersion, type Theme, type View } from '../shared/view.ts';
import type { IntentAct } from '../shared/intent.ts';
import type { Browser } from './browser.ts';
import type { StationPort } from './port.ts';

/** A page that does not understand its station loads itself anew this often: the station may have got a newer one. */
const reloadAfterMs = 30_000;

/** All that the page knows. Nothing in it outlives the link to the station but the language it last spoke and the theme it wore. */
export interface PageState {
  /** `strange`: station and page are of different versions. */
  readonly link: 'away' | 'up' | 'strange';
  readonly view?: View;
  readonly language?: LanguageCode;
  readonly theme?: Theme;
}

export interface Page {
  readonly state: StoreApi<PageState>;
  /** Tells the station what the person did, in the session that is on the screen. */
  readonly send: (act: IntentAct) => void;
}

/** Joins the page's state to a station. */
export function createPage(port: StationPort, browser: Browser): Page {
  const state = createStore<PageState>(() => known('away', { theme: browser.recallTheme() }));
  const pageId = browser.pageId();
  let intents = 0;
  let waitsForReload = false;

  const strange = (): void => {
    state.setState((before) => known('strange', before), true);
    if (waitsForReload) return;
    waitsForReload = true;
    browser.after(reloadAfterMs, () => {
      waitsForReload = false;
      if (state.getState().link === 'strange') browser.reload();
    });
  };

  const show = (view: View): void => {
    const { language, theme } = view;
    if (theme !== state.getState().theme) browser.keepTheme(theme);
    state.setState({ link: 'up', view, language, theme });
  };

  port.onFrame((frame) => {
    if (frame.v !== contractVersion) return strange();
    switch (frame.kind) {
      case 'view':
        if (frame.view.contract !== contractVersion) return strange();
        return show(frame.view);
      case 'refused':
        // Before any view this is the answer to the page's first word, so the two do not understand each other.
        return state.getState().view === undefined ? strange() : undefined;
      case 'told':
        return undefined;
      default:
        return strange();
    }
  });
  port.onLink((up) => {
    if (up) port.send({ v: contractVersion, kind: 'watch' });
    else state.setState((before) => known(before.link === 'strange' ? before.link : 'away', before), true);
  });

  return {
    state,
    send: (act) => {
      const view = state.getState().view;
      if (view === undefined) return;
      intents += 1;
      port.send({
        v: contractVersion,
        kind: 'intent',
        intent: { id: `${pageId}-${intents}`, epoch: view.epoch, act },
      });
    },
  };
}

/** What is known without a view: nothing of a session. */
function known(
  link: PageState['link'],
  { language, theme }: { readonly language?: LanguageCode | undefined; readonly theme?: Theme | undefined },
): PageState {
  return {
    link,
    ...(language === undefined ? {} : { language }),
    ...(theme === undefined ? {} : { theme }),
  };
}
