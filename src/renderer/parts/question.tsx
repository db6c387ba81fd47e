import { useEffect, useRef } from 'react';
import type { LanguageCode } from '../../shared/languages.ts';
import type { Question } from '../../shared/view.ts';
import { localized } from '../localized.ts';
import { useSend, useSpeech } from '../speak.ts';
import { Button } from './buttons.tsx';

const wordsOf = {
  placeHold: {
    sentence: 'question.placeHold',
    hint: 'question.placeHoldHint',
    yes: 'question.placeHoldYes',
  },
  cancelHold: {
    sentence: 'question.cancelHold',
    hint: 'question.cancelHoldHint',
    yes: 'question.cancelHoldYes',
  },
} as const;

export interface QuestionProps {
  readonly question: Question;
  readonly language: LanguageCode;
}

/** What the patron must say yes to, over the screen. It goes with its answer, and when the station says so. */
export function QuestionDialog({ question, language }: QuestionProps) {
  const { words } = useSpeech();
  const send = useSend();
  const no = useRef<HTMLButtonElement>(null);
  const { sentence, hint, yes } = wordsOf[question.about];
  // Who presses without reading changes nothing.
  useEffect(() => no.current?.focus(), []);
  useEffect(() => {
    const escape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') send({ do: 'answer', yes: false });
    };
    window.addEventListener('keydown', escape);
    return () => window.removeEventListener('keydown', escape);
  }, [send]);
  return (
    <div
      className="over-all"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="question"
      aria-describedby="question-about"
    >
      <div className="dialog question">
        <h2 id="question">{words(sentence)}</h2>
        <div id="question-about" className="question-about">
          <p className="title-text">
            <bdi>{question.title ?? question.item}</bdi>
          </p>
          <p>{words(hint)}</p>
          {question.pickup === undefined ? null : (
            <p>{words('question.pickup', { place: localized(question.pickup, language) })}</p>
          )}
        </div>
        <Button kind="main" testId="question-yes" onPress={() => send({ do: 'answer', yes: true })}>
          {words(yes)}
        </Button>
        <Button
          kind="plain"
          testId="question-no"
          focusRef={no}
          onPress={() => send({ do: 'answer', yes: false })}
        >
          {words('question.no')}
        </Button>
      </div>
    </div>
  );
}
