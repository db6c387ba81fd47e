import { createContext, useContext } from 'react';
import type { LanguageCode } from '../shared/languages.ts';
import type { Message, MessageParam } from '../shared/message.ts';
import type { IntentAct } from '../shared/intent.ts';
import type { Money } from '../shared/values.ts';
import { createFormatter, formatMoney, type Formatter } from '../strings/format.ts';
import type { MessageKey } from '../strings/keys.ts';

/** Each language by its own name, so that who cannot read the present one finds theirs. */
export const languageNames: Readonly<Record<LanguageCode, string>> = {
  fi: 'Suomi',
  sv: 'Svenska',
  cs: 'Čeština',
  en: 'English',
};

const formatters = new Map<LanguageCode, Formatter>();

export function formatterOf(language: LanguageCode): Formatter {
  const known = formatters.get(language);
  if (known !== undefined) return known;
  const made = createFormatter(language);
  formatters.set(language, made);
  return made;
}

/** What every part of a screen shares: the language it speaks and the way back to the station. */
export interface Surroundings {
  readonly language: LanguageCode;
  readonly send: (act: IntentAct) => void;
}

export const SurroundingsContext = createContext<Surroundings>({ language: 'fi', send: () => {} });

export interface Speech {
  /** A message of the view in words. */
  readonly say: (message: Message) => string;
  /** A message of the page's own. */
  readonly words: (key: MessageKey, params?: Readonly<Record<string, MessageParam>>) => string;
  readonly money: (sum: Money) => string;
}

export function useSpeech(): Speech {
  const { language } = useContext(SurroundingsContext);
  const say = formatterOf(language);
  return {
    say,
    words: (key, params = {}) => say({ key, params }),
    money: (sum) => formatMoney(language, sum),
  };
}

export function useSend(): Surroundings['send'] {
  return useContext(SurroundingsContext).send;
}
