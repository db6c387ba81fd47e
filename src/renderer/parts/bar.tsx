import type { View } from '../../shared/view.ts';
import { localized } from '../localized.ts';
import { Sign } from '../pictures/icons.tsx';
import { languageNames, useSend, useSpeech } from '../speak.ts';

/** The slim bar on top of every screen: whose station it is and which languages it speaks. */
export function Bar({ view }: { readonly view: View }) {
  const { words } = useSpeech();
  const send = useSend();
  const name = localized(view.library.name, view.language);
  return (
    <header className="bar">
      <p className="library">
        <bdi>{name}</bdi>
      </p>
      <nav className="languages" aria-label={words('bar.language')}>
        {view.library.languages.map((language) => (
          <button
            key={language}
            type="button"
            lang={language}
            className="language"
            data-testid={`language-${language}`}
            aria-pressed={language === view.language}
            onClick={() => send({ do: 'chooseLanguage', language })}
          >
            {languageNames[language]}
          </button>
        ))}
      </nav>
    </header>
  );
}

/** How the station is, in words when it is not well and the screen does not say so itself. */
export function StatusBanner({ view: { screen, status } }: { readonly view: View }) {
  const { say, words } = useSpeech();
  const well = (status.mode === 'online' || screen.name === 'outOfService') && status.message === undefined;
  return (
    <p
      className={well ? 'status out-of-sight' : 'status'}
      data-testid="status-banner"
      data-mode={status.mode}
      role="status"
    >
      {well ? null : <Sign state="attention" />}
      <span>{status.message === undefined ? words(`status.${status.mode}`) : say(status.message)}</span>
    </p>
  );
}
