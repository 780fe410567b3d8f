// Where a value begins and ends, given the place behind its separator: quoted (also with escaped quotes), a whole
// line of YAML or properties, or a token up to a blank, a quote or the next pair.

import { CLOSE, OPEN } from './hits.ts';

export interface Value {
  start: number;
  end: number;
  quoted: boolean;
}

const MAX_VALUE = 8_000;

export function blanksFrom(text: string, from: number, most: number): number {
  let i = from;
  while (i - from < most && (text[i] === ' ' || text[i] === '\t')) i++;
  return i;
}

/** Steps back over a terminal colour that ends here: coloured logs put one between name and separator. */
export function colourEnd(text: string, end: number): number {
  if (text[end - 1] !== 'm') return end;
  const from = text.slice(Math.max(0, end - 12), end).lastIndexOf('\u001b[');
  return from < 0 ? end : Math.max(0, end - 12) + from;
}

// Characters that end an unquoted value (1) or may end it (2), and characters that end a header (4).
const ENDS = new Uint8Array(65_536);
for (const c of ' \t\n\r\u000b\f\u00a0"\'`<>\\') ENDS[c.charCodeAt(0)] = 1;
for (const c of ',;&') ENDS[c.charCodeAt(0)] = 2;
ENDS[OPEN.charCodeAt(0)] = 2;
const ENDS_HEADER = new Uint8Array(65_536);
for (const c of '"\'\\\n\r]}') ENDS_HEADER[c.charCodeAt(0)] = 1;

// PGPASSWORD=… psql -h db: an assignment before a command.
const COMMAND = /^\S+ .*(?: -\w|[|&;>])/;

const OPENING = /[[({]?[bu@]?(\\{0,3}["'`])/y;

/** `most` bounds the look; a caller that takes the value asks again without it. */
export function valueAt(text: string, at: number, nameStart: number, most = MAX_VALUE): Value | undefined {
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  if (opening) return quotedValue(text, at + opening[0].length, opening[1]!, most);
  if (at >= text.length || /[\s,;)}\]]/.test(text[at]!)) return undefined;
  // A line of its own (YAML, properties, a dump of the environment): the value goes to the line's end.
  if (!startsLine(text, nameStart)) return { start: at, end: tokenEnd(text, at, most), quoted: false };
  const end = lineEnd(text, at);
  const isCommand = text[at - 1] === '=' && COMMAND.test(text.slice(at, Math.min(end, at + 400)));
  return { start: at, end: isCommand ? tokenEnd(text, at, most) : end, quoted: false };
}

/** From behind the opening quote to before the closing one, at most to the line's end. */
export function quotedValue(text: string, start: number, quote: string, most = MAX_VALUE): Value {
  const limit = Math.min(text.length, start + most);
  const first = quote.charCodeAt(0);
  let end = start;
  for (; end < limit; end++) {
    const c = text.charCodeAt(end);
    if (c === 10) break;
    if (c === 92 && quote.length === 1) end++;
    else if (c === first && (quote.length === 1 || text.startsWith(quote, end))) break;
  }
  return { start, end: Math.min(end, limit), quoted: true };
}

const SCHEME = /(?:basic|bearer|digest|negotiate|token|apikey|aws4-hmac-sha256)[ \t]{1,2}/iy;

/** A header's value without its scheme, up to a quote or the line's end. */
export function valueOfHeader(text: string, at: number, most = MAX_VALUE): { start: number; end: number } {
  let start = at;
  while (start - at < 4 && /[["'\\]/.test(text[start] ?? '')) start++;
  SCHEME.lastIndex = start;
  start += SCHEME.exec(text)?.[0].length ?? 0;
  let end = start;
  while (end < text.length && end - start < most && ENDS_HEADER[text.charCodeAt(end)] === 0) end++;
  return { start, end };
}

/** True when only blanks, quotes, a dash or `export` stand before this place on its line. */
export function startsLine(text: string, at: number): boolean {
  const near = text.slice(Math.max(0, at - 40), at);
  const newline = near.lastIndexOf('\n');
  if (newline < 0 && at > 40) return false;
  return /^(?:[\s"'-]*|export )$/.test(near.slice(newline + 1));
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  const limit = end < 0 ? text.length : end;
  return limit > from && text[limit - 1] === '\r' ? limit - 1 : limit;
}

const NEXT_PAIR = /[,;&] ?(?:[\w.%-]{1,64}["']?[=:]|$|\s)/my;

/** End of an unquoted value: a blank, a quote, or a delimiter that is followed by the next pair. */
export function tokenEnd(text: string, start: number, most = MAX_VALUE): number {
  let i = start;
  for (; i < text.length && i - start < most; i++) {
    const kind = ENDS[text.charCodeAt(i)];
    if (kind === 0) continue;
    if (kind === 1) break;
    if (text[i] === OPEN) {
      i = endOfPlaceholder(text, i);
      continue;
    }
    NEXT_PAIR.lastIndex = i;
    if (NEXT_PAIR.test(text)) break;
  }
  while (i > start + 1 && /[)}\].,;:]/.test(text[i - 1]!)) i--;
  return i;
}

function endOfPlaceholder(text: string, at: number): number {
  const close = text.slice(at, at + 60).indexOf(CLOSE);
  return close < 0 ? at : at + close;
}
