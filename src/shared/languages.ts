/** The languages of the catalogue, as ISO 639-1 codes. */
export const languageCodes = ['fi', 'sv', 'cs', 'en'] as const;
export type LanguageCode = (typeof languageCodes)[number];

/** A text of the library in some of the languages. */
export type LocalizedText = { readonly [code in LanguageCode]?: string | undefined };
