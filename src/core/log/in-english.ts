// Gives the English words of what libc, shells and PostgreSQL print in other languages, so that every vocabulary reads
// one wording. Only the meaning is replaced, in place: names, paths and numbers around it stay, and so does the raw line.

import { PLACES, SENTENCES, WORDS } from './foreign-words.ts';

const ENGLISH = [...PLACES, ...WORDS, ...SENTENCES].flatMap(([english, foreign]) =>
  foreign.map((f) => ({ english, pattern: new RegExp(f) })),
);
const ANY = new RegExp(ENGLISH.map(({ pattern }) => pattern.source.replaceAll('?<name>', '?:')).join('|'));

/** The text with foreign words of an error as the English ones; the same text where there are none. */
export function inEnglish(text: string): string {
  if (!ANY.test(text)) return text;
  return ENGLISH.reduce((said, { english, pattern }) => said.replace(pattern, english), text);
}
