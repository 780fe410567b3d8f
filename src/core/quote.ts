// What of a log line is quoted: all of it when it fits a screen, else the part around the words that decide. Always
// verbatim, so that it is found again where the citation says.

const MOST_CHARS = 500;
/** A terminal shows two or three lines of it, a phone half a screen. */
const SCREEN_CHARS = 240;
const BEFORE_CHARS = 80;

/** At most 500 characters. `words` were read in the line; in a structured log they may be escaped there. */
export function quote(raw: string, words = ''): string {
  const line = raw.trim();
  const at = line.length > SCREEN_CHARS ? placeOf(words, line) : 0;
  if (at <= SCREEN_CHARS / 2 || at + words.length <= SCREEN_CHARS) return line.slice(0, MOST_CHARS);
  const before = line.slice(Math.max(0, at - BEFORE_CHARS), at);
  const fields = BEGINNINGS.flatMap((begin) => [...before.matchAll(begin)].map((m) => m.index + m[0].length));
  const begin = fields.length > 0 ? Math.max(...fields) : before.search(/(?<=\s)\S/);
  const start = begin < 0 ? at : at - before.length + begin;
  return line.slice(start, start + MOST_CHARS);
}

/** Where one may begin to read: at a field of JSON or logfmt, or at a line of a message; else at a word. */
const BEGINNINGS = [/[{,]\s?(?="[\w.@-]{1,40}"\s?:)/g, /\s(?=[\w.-]{1,40}=(?:"[^"]{0,80})?$)/g, /\\n/g];

function placeOf(words: string, line: string): number {
  const escaped = JSON.stringify(words).slice(1, -1);
  const begin = words.slice(0, 40);
  return Math.max(0, [line.indexOf(words), line.indexOf(escaped), line.indexOf(begin)].find((n) => n >= 0) ?? 0);
}
