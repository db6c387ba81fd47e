import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import type { LanguageCode } from '../shared/languages.ts';
import type { Theme, View } from '../shared/view.ts';
import { Bar, StatusBanner } from './parts/bar.tsx';
import { Guard } from './parts/guard.tsx';
import { NoticeWord } from './parts/notice.tsx';
import { QuestionDialog } from './parts/question.tsx';
import { Account } from './screens/account.tsx';
import { Borrow } from './screens/borrow.tsx';
import { Card } from './screens/card.tsx';
import { Finished } from './screens/finished.tsx';
import { Home } from './screens/home.tsx';
import { OneMoment } from './screens/one-moment.tsx';
import { OutOfService, PageOutOfService } from './screens/out-of-service.tsx';
import { Pin } from './screens/pin.tsx';
import { PutBack } from './screens/put-back.tsx';
import { RefusalScreen } from './screens/refusal.tsx';
import { Return } from './screens/return.tsx';
import { TimeOut } from './screens/time-out.tsx';
import { sentenceOf } from './sentence.ts';
import { toneOf, type Tone } from './sounds.ts';
import { SurroundingsContext, useSpeech } from './speak.ts';
import type { Page } from './store.ts';

export interface AppProps {
  readonly page: Page;
  readonly playTone: (tone: Tone) => void;
}

export function App({ page, playTone }: AppProps) {
  const { link, view, language, theme } = useStore(page.state);
  useTones(view, playTone);
  useRootElement({
    screen: link === 'strange' ? 'outOfService' : (view?.screen.name ?? 'oneMoment'),
    revision: view?.revision ?? 0,
    language,
    theme,
  });

  const surroundings = useMemo(
    () => ({ language: language ?? 'fi', send: page.send }) as const,
    [language, page],
  );
  if (link === 'strange') return <PageOutOfService language={language} />;
  if (view === undefined) return <OneMoment language={language} />;
  return (
    <SurroundingsContext value={surroundings}>
      <Guard of={view} otherwise={<PageOutOfService language={language} />}>
        <Station view={view} />
      </Guard>
    </SurroundingsContext>
  );
}

/** A view: bar, sentence, work and hand zone, and over them the question whether someone is there. */
function Station({ view }: { readonly view: View }) {
  const asking = view.stillThere;
  const { question } = view;
  const lifted = asking === undefined ? view.putBack : undefined;
  const covered = asking !== undefined || lifted !== undefined || question !== undefined;
  return (
    <>
      <div className="page" data-of={view.screen.name} inert={covered}>
        <Bar view={view} />
        <main>
          <div className="top">
            <StatusBanner view={view} />
            <Sentence view={view} />
          </div>
          {/* Whatever a screen holds for itself ends with the session and with the screen. */}
          <ScreenOf key={`${view.epoch} ${view.screen.name}`} view={view} />
          <NoticeWord notice={view.notice} />
        </main>
      </div>
      {lifted === undefined ? null : <PutBack items={lifted} />}
      {question === undefined || asking !== undefined || lifted !== undefined ? null : (
        <QuestionDialog
          key={`${view.epoch} ${question.about} ${question.item}`}
          question={question}
          language={view.language}
        />
      )}
      {asking === undefined ? null : <TimeOut key={view.epoch} secondsLeft={asking.secondsLeft} />}
    </>
  );
}

function Sentence({ view }: { readonly view: View }) {
  const { say } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  // A new screen begins at its sentence, for those who hear it and for the tabulator.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [view.epoch, view.screen.name]);
  return (
    <div aria-live="polite">
      <h1 className="sentence" tabIndex={-1} ref={heading}>
        {say(sentenceOf(view))}
      </h1>
    </div>
  );
}

function ScreenOf({ view }: { readonly view: View }) {
  const { screen } = view;
  switch (screen.name) {
    case 'home':
      return <Home screen={screen} />;
    case 'card':
      return <Card screen={screen} />;
    case 'pin':
      return <Pin screen={screen} />;
    case 'borrow':
      return <Borrow screen={screen} view={view} />;
    case 'return':
      return <Return screen={screen} view={view} />;
    case 'account':
      return <Account screen={screen} view={view} />;
    case 'finished':
      return <Finished screen={screen} />;
    case 'refusal':
      return <RefusalScreen screen={screen} />;
    case 'outOfService':
      return <OutOfService screen={screen} />;
  }
}

function useTones(view: View | undefined, playTone: (tone: Tone) => void): void {
  const before = useRef<View>(undefined);
  useEffect(() => {
    const tone = view === undefined ? undefined : toneOf(before.current, view);
    before.current = view;
    if (tone !== undefined) playTone(tone);
  }, [view, playTone]);
}

interface RootState {
  readonly screen: string;
  readonly revision: number;
  readonly language: LanguageCode | undefined;
  readonly theme: Theme | undefined;
}

/** The handles and the look that belong to the whole page stand on its root element. */
function useRootElement({ screen, revision, language, theme }: RootState): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset['screen'] = screen;
    root.dataset['revision'] = String(revision);
    if (language !== undefined) root.lang = language;
    if (theme !== undefined) root.dataset['theme'] = theme;
  }, [screen, revision, language, theme]);
}
