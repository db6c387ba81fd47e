import type { LanguageCode, LocalizedText } from '../shared/languages.ts';

/** A text of the library in this language, or else in the first that it has. */
export function localized(text: LocalizedText, language: LanguageCode): string {
  return text[language] ?? Object.values(text)[0] ?? '';
}
