// Asks one text for many words: which triples of letters it has is noted once, and most words are ruled out by two of theirs
// before the text is searched.

export interface Word {
  text: string;
  /** Places of its first and last triple in the notes; -1 for a word shorter than that. */
  first: number;
  last: number;
}

/** A text in lower case, with a bit for each triple of letters that it has. */
export interface ReadText {
  lower: string;
  triples: Uint32Array;
}

const BITS = 4_096;

/** `text` in lower case. */
export function wordOf(text: string): Word {
  const end = text.length - 3;
  return { text, first: end < 0 ? -1 : placeOf(text, 0), last: end < 0 ? -1 : placeOf(text, end) };
}

export function readForWords(text: string): ReadText {
  const lower = text.toLowerCase();
  const triples = new Uint32Array(BITS / 32);
  for (let i = 0; i + 3 <= lower.length; i++) {
    const place = placeOf(lower, i);
    triples[place >> 5]! |= 1 << (place & 31);
  }
  return { lower, triples };
}

export function holdsAny(text: ReadText, words: readonly Word[]): boolean {
  for (const { text: word, first, last } of words)
    if (has(text, first) && has(text, last) && text.lower.includes(word)) return true;
  return false;
}

function has({ triples }: ReadText, place: number): boolean {
  return place < 0 || (triples[place >> 5]! & (1 << (place & 31))) !== 0;
}

function placeOf(text: string, at: number): number {
  return (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) % BITS;
}
