/** The keys of the on-screen keyboard, at most ten to a row so that each is wide enough for a finger. */
export type Layer = 'letters' | 'accents' | 'signs';

const digits = [...'1234567890'];

export const layers: Readonly<Record<Layer, readonly (readonly string[])[]>> = {
  letters: [digits, [...'qwertyuiop'], [...'asdfghjkl'], [...'zxcvbnm']],
  accents: [digits, [...'åäöáéíóúýů'], [...'ěščřžďťň'], [...'ëüõæøßđ']],
  signs: [[...'!"#$%&/()='], [...'@€£§+-*?<>'], [...".,:;_'`^~|"], [...'[]{}\\°']],
};

/** The capital of a key. ß keeps its form: its capital is two letters in most alphabets. */
export function capital(key: string): string {
  return key === 'ß' ? key : key.toUpperCase();
}
