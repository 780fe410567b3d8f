// Where a value begins and ends, given the place behind its separator: quoted (also with escaped quotes), a whole
// line of YAML or properties, or a token up to a blank, a quote or the next pair.

import { CLOSE, OPEN } from './hits.ts';
import { isNoSecret } from './values.ts';

export interface Value {
  start: number;
  end: number;
  quoted: boolean;
}

const MAX_VALUE = 8_000;
const MAX_LINES = 50;

export function blanksFrom(text: string, from: number, most: number): number {
  let i = from;
  while (i - from < most && (text[i] === ' ' || text[i] === '\t')) i++;
  return i;
}

// Characters that end an unquoted value (1) or may end it (2), and characters that end a header (4).
const ENDS = new Uint8Array(65_536);
for (const c of '\u0000 \t\n\r\u000b\f\u00a0"\'`<>\\') ENDS[c.charCodeAt(0)] = 1;
for (const c of ',;&') ENDS[c.charCodeAt(0)] = 2;
ENDS[OPEN.charCodeAt(0)] = 2;
const ENDS_HEADER = new Uint8Array(65_536);
for (const c of '"\'\\\n\r]}') ENDS_HEADER[c.charCodeAt(0)] = 1;

// PGPASSWORD=… psql -h db: an assignment before a command.
const COMMAND = /^\S+ .*(?: -\w|[|&;>])/;

// `"x"`, `b'x'`, `N'x'`, `~c"x"`, `Some("x")`, `<<"x">>`, `["x", "y"]`, and quotes that were written for HTML, URLs or JSON.
const OPENING =
  /(?:(?!\w*(?:env|get|fetch|lookup|read|file|config))[A-Za-z]\w{0,40}[([]|<<|[[({])?(?:[bunr@$]|~[a-z])?(\\{0,15}["'`]|\\{1,15}u002[27]|%2[27]|&quot;|&apos;|&#3[49];)/iy;
const CONSTRUCTED = /^[A-Za-z]/;
const IS_NAME = /^\\{0,8}["'] ?(?::|=>)/;
// Another element of a list, and the value that a plan of changes puts in the place of the first.
const GOES_ON = /\s{0,4}(?:,|->)\s{0,4}/y;
const MAX_ELEMENTS = 200;

/** `[h, u, n, t, e, r]`, `[104, 117, 110, 116]`: an array of characters or bytes. */
const CHARACTERS = /\[(?:(?:'[^'\n]'|-?\d{1,3}|0x[0-9a-f]{2}|[^\s,\]])(?:, ?| (?=\d)|(?=\]))){4,500}/iy;

/** `most` bounds the look; a caller that takes the value asks again without it. */
export function valueAt(text: string, at: number, nameStart: number, most = MAX_VALUE): Value | undefined {
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  if (opening && !(CONSTRUCTED.test(opening[0]) && isReference(text, at))) {
    const value = quotedValue(text, at + opening[0].length, opening[1]!, most);
    // {"credentials": {"username": …}}: what is quoted there is a name itself.
    if (opening[0].startsWith('{') && IS_NAME.test(text.slice(value.end, value.end + 12))) return undefined;
    return most === Number.POSITIVE_INFINITY ? withFollowers(text, value, opening[1]!, opening[0][0] === '[') : value;
  }
  if (at >= text.length || /[\s,;)}\]]/.test(text[at]!)) return undefined;
  CHARACTERS.lastIndex = at;
  const characters = CHARACTERS.exec(text)?.[0];
  if (characters) return { start: at + 1, end: at + characters.length, quoted: false };
  // A line of its own (YAML, properties, a dump of the environment): the value goes to the line's end.
  if (!startsLine(text, nameStart)) return { start: at, end: tokenEnd(text, at, most), quoted: false };
  const end = continued(text, lineEnd(text, at));
  const isCommand = text[at - 1] === '=' && COMMAND.test(text.slice(at, Math.min(end, at + 400)));
  return { start: at, end: isCommand ? tokenEnd(text, at, most) : end, quoted: false };
}

/** `password = os.environ["DB_PASSWORD"]` tells where the secret comes from. */
function isReference(text: string, at: number): boolean {
  return isNoSecret(/^[^\s,;)}]{1,200}\)?/.exec(text.slice(at, at + 200))?.[0] ?? '');
}

/** The value and what follows it as `, "next"` in a list or as `-> "next"` in a plan of changes. */
function withFollowers(text: string, first: Value, quote: string, isList: boolean): Value {
  let { end } = first;
  for (let n = 0; n < MAX_ELEMENTS && text.startsWith(quote, end); n++) {
    GOES_ON.lastIndex = end + quote.length;
    const between = GOES_ON.exec(text)?.[0] ?? '';
    const next = end + quote.length + between.length;
    if (between === '' || between.includes('\n') || between.includes('->') === isList) break;
    if (!text.startsWith(quote, next)) break;
    end = quotedValue(text, next + quote.length, quote).end;
  }
  return { ...first, end };
}

/**
 * From behind the opening quote to before the closing one, at most to the line's end. A quote that was escaped n times
 * opens with 2ⁿ-1 backslashes, and closes with as many; with more it is part of the value.
 */
export function quotedValue(text: string, start: number, quote: string, most = MAX_VALUE): Value {
  const limit = Math.min(text.length, start + most);
  const mark = quote.replace(/^\\+(?=["'`])/, '');
  const slashes = quote.length - mark.length;
  const first = mark.charCodeAt(0);
  let run = 0;
  let end = start;
  for (; end < limit; end++) {
    const c = text.charCodeAt(end);
    if (c === 10) break;
    if (c === first && run % (2 * slashes + 2) === slashes && text.startsWith(mark, end)) {
      // '' inside '…' is one quote, in SQL and in connection strings.
      if (quote !== "'" || text[end + 1] !== "'" || end === start) break;
      end++;
    }
    run = c === 92 ? run + 1 : 0;
  }
  return {
    start,
    end: Math.min(end >= limit || text.charCodeAt(end) === 10 ? end : end - slashes, limit),
    quoted: true,
  };
}

const SCHEME =
  /(?:basic|bearer|digest|negotiate|token|apikey|geniekey|ssws|aws4-hmac-sha256|[a-z][\w-]{1,20}(?=[ \t]{1,2}\w{1,40}="))[ \t]{1,2}/iy;

// Digest username="…", realm="…", response="…"
const DIRECTIVES = /(?:\w{1,40}="?[^",\n]{0,400}"?,\s{0,4}){1,20}\w{1,40}="[^"\n]{0,400}"?/y;

/** A header's value without its scheme, up to a quote or the line's end. */
export function valueOfHeader(text: string, at: number, most = MAX_VALUE): { start: number; end: number } {
  let start = at;
  while (start - at < 4 && /[["'\\]/.test(text[start] ?? '')) start++;
  SCHEME.lastIndex = start;
  start += SCHEME.exec(text)?.[0].length ?? 0;
  DIRECTIVES.lastIndex = start;
  let end = start + (DIRECTIVES.exec(text)?.[0].length ?? 0);
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

/** A line of properties or of a shell goes on below when it ends with a backslash. */
function continued(text: string, from: number): number {
  let end = from;
  for (let n = 0; n < MAX_LINES && text[end - 1] === '\\' && text[end - 2] !== '\\'; n++) {
    const newline = text.indexOf('\n', end);
    if (newline < 0) break;
    end = lineEnd(text, newline + 1);
  }
  return end;
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
