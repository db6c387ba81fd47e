import type english from './catalogue/en.json';

type PluralSuffix = '_zero' | '_one' | '_two' | '_few' | '_many' | '_other';

type WithoutPlural<Key> = Key extends `${infer Base}${PluralSuffix}` ? Base : Key;

/** The name of a message in the catalogue; a message with plural forms has one name. */
export type MessageKey = WithoutPlural<keyof typeof english>;
