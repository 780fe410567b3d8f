// A line longer than any that was written to be read keeps its two ends: reading all of it would cost more than it
// tells. What stood at the cuts goes too, for half a secret has no shape by which it could be known.

import { newlines, placeholder, type Redaction } from './hits.ts';

const LONGEST_CHARS = 256_000;
const KEPT_CHARS = 64_000;
/** As far as a cut moves to find the end of a word; longer than any token. */
const LONGEST_WORD_CHARS = 8_000;
const LONGEST_KEY_CHARS = 32_000;

const ENDS_WORD = /[\s"'`<>,;(){}[\]]/;

export function withoutOverlongLines(text: string, at: string, removed: Redaction[]): string {
  if (text.length <= LONGEST_CHARS) return text;
  const parts: string[] = [];
  let done = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > LONGEST_CHARS) {
      const from = wordsStart(text, start + KEPT_CHARS);
      const to = wordsEnd(text, end - KEPT_CHARS);
      const line = start > 0 || newline >= 0 ? { line: newlines(text.slice(0, start)) + 1 } : {};
      removed.push({ what: 'long-line', at, ...line, characters: to - from });
      parts.push(text.slice(done, from), placeholder('long-line'));
      done = to;
    }
    start = end + 1;
  }
  return parts.join('') + text.slice(done);
}

function wordsStart(text: string, cut: number): number {
  let i = cut;
  while (cut - i < LONGEST_WORD_CHARS && !ENDS_WORD.test(text[i - 1]!)) i--;
  return i;
}

function wordsEnd(text: string, cut: number): number {
  const begins = text.slice(cut, cut + LONGEST_KEY_CHARS);
  const key = begins.search(/-----(?:BEGIN|END) /);
  const start = key >= 0 && begins.startsWith('-----END', key) ? cut + key : cut;
  let i = start;
  while (i - start < LONGEST_WORD_CHARS && !ENDS_WORD.test(text[i]!)) i++;
  return i;
}
