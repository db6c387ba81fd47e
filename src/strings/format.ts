import i18next, { type i18n } from 'i18next';
import type { LanguageCode } from '../shared/languages.ts';
import type { Message, MessageParam } from '../shared/message.ts';
import type { Due, LocalDate, Money } from '../shared/values.ts';
import cs from './catalogue/cs.json' with { type: 'json' };
import en from './catalogue/en.json' with { type: 'json' };
import fi from './catalogue/fi.json' with { type: 'json' };
import sv from './catalogue/sv.json' with { type: 'json' };
import { textWithNoBreaks } from './typography.ts';

export type Formatter = (message: Message) => string;

const texts: Readonly<Record<LanguageCode, Readonly<Record<string, string>>>> = { fi, sv, cs, en };

/** The regional form of each language; English is the British kind that Europe's libraries write. */
const locales: Readonly<Record<LanguageCode, string>> = {
  fi: 'fi-FI',
  sv: 'sv-SE',
  cs: 'cs-CZ',
  en: 'en-GB',
};

/** Makes messages into sentences of one language. Works alike in Node and in a page. */
export function createFormatter(language: LanguageCode): Formatter {
  const catalogue = loadCatalogue(language);
  const number = new Intl.NumberFormat(locales[language]);
  return ({ key, params = {} }) => {
    const shown: Record<string, string | number> = {};
    for (const [name, value] of Object.entries(params)) {
      // The plural is chosen by the number itself, so `count` must stay one.
      shown[name] =
        name === 'count' && typeof value === 'number' ? value : formatParam(language, number, value);
    }
    return catalogue.t(key, shown);
  };
}

/** A day in full, in the form that stands alone: "20. joulukuuta 2026". Text that is no day stays as it is. */
export function formatDate(language: LanguageCode, date: LocalDate): string {
  const at = dayAsUtc(date);
  if (at === undefined) return date;
  const format = new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' });
  return textWithNoBreaks(language, format.format(at));
}

/** A time of day, `HH:MM`, as the language writes it; text that is none stays as it is. */
export function formatTime(language: LanguageCode, time: string): string {
  const at = dayAsUtc('2000-01-01', time);
  if (at === undefined) return time;
  const format = new Intl.DateTimeFormat(locales[language], { timeStyle: 'short', timeZone: 'UTC' });
  return textWithNoBreaks(language, format.format(at));
}

/** When something is due; words of the library system that are no known date stay as they are. */
export function formatDue(language: LanguageCode, due: Due): string {
  if (due.kind === 'text') return due.text;
  if (due.kind === 'day') return formatDate(language, due.date);
  const at = dayAsUtc(due.date, due.time);
  if (at === undefined) return `${due.date} ${due.time}`;
  const format = new Intl.DateTimeFormat(locales[language], {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return textWithNoBreaks(language, format.format(at));
}

/** A sum with its currency. The amount is decimal text all the way, so no cent is lost in a float. */
export function formatMoney(language: LanguageCode, money: Money): string {
  if (!/^-?\d+(\.\d+)?$/.test(money.amount) || !/^[A-Z]{3}$/.test(money.currency)) {
    return `${money.amount}\u00a0${money.currency}`;
  }
  const format = new Intl.NumberFormat(locales[language], { style: 'currency', currency: money.currency });
  // Intl takes decimal text exactly; only the type of `format` asks for the literal form.
  return format.format(money.amount as `${number}`);
}

function formatParam(language: LanguageCode, number: Intl.NumberFormat, value: MessageParam): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return number.format(value);
  if ('date' in value) return formatDate(language, value.date);
  if ('time' in value) return formatTime(language, value.time);
  if ('due' in value) return formatDue(language, value.due);
  return formatMoney(language, value.money);
}

function loadCatalogue(language: LanguageCode): i18n {
  const catalogue = i18next.createInstance();
  const resource = Object.fromEntries(
    Object.entries(texts[language]).map(([key, text]) => [key, textWithNoBreaks(language, text)]),
  );
  void catalogue.init({
    lng: language,
    resources: { [language]: { translation: resource } },
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    // What is put in is shown as text by every user of the catalogue, so nothing is escaped for HTML.
    interpolation: { escapeValue: false },
  });
  return catalogue;
}

/** The instant at which UTC shows this day and time; days are formatted in UTC, so no time zone can shift them. */
function dayAsUtc(date: LocalDate, time = '00:00'): number | undefined {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  const clock = /^(\d{2}):(\d{2})$/.exec(time);
  if (day === null || clock === null) return undefined;
  const at = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]), Number(clock[1]), Number(clock[2]));
  return Number.isNaN(at) ? undefined : at;
}
