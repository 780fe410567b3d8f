// Private keys and certificates in PEM form: whole blocks, blocks whose end was cut off, and blocks on one line
// with escaped newlines. The BEGIN and END lines stay, they tell the reader what was there.

import { type Hit, isHidden, OPEN } from './hits.ts';

const BEGIN = /-----BEGIN ([A-Z0-9 ]{3,40})-----/g;
const MAX_BLOCK = 32_000;
// Only the line's end is looked at: before it may stand a time stamp or a pod's name.
const ENDS_IN_BASE64 = /[A-Za-z0-9+/=]{16}\s*$/;
const FOLLOWS = new RegExp(`-----|${OPEN}`);
const PURE_BASE64 = /^\s*[A-Za-z0-9+/=]{40,}\s*$/;

export function pemBlocks(text: string): Hit[] {
  if (!text.includes('-----')) return [];
  const hits: Hit[] = [];
  let done = 0;
  for (const match of text.matchAll(BEGIN)) {
    const start = match.index + match[0].length;
    if (start < done) continue;
    const label = match[1] ?? '';
    const what = label.includes('KEY') && !label.includes('PUBLIC') ? 'private-key' : 'certificate';
    const end = endOfBlock(text, start, label);
    done = end;
    const body = text.slice(start, end);
    if (body.trim() !== '' && !isHidden(body)) hits.push({ ...trimmed(text, start, end), what });
  }
  return [...hits, ...beheaded(text, hits)].sort((a, b) => a.start - b.start);
}

/** The placeholder stands on the first line of the body, where the first line of the key stood. */
function trimmed(text: string, start: number, end: number): { start: number; end: number } {
  let from = start;
  while (from < end && /\s/.test(text[from]!)) from++;
  let to = end;
  while (to > from && /\s/.test(text[to - 1]!)) to--;
  return { start: from, end: to };
}

function endOfBlock(text: string, start: number, label: string): number {
  // No key holds five dashes, so the next ones are its end, or it has none.
  const end = text.slice(start, start + MAX_BLOCK).indexOf('-----');
  if (end >= 0 && text.startsWith(`-----END ${label}-----`, start + end)) return start + end;
  // Cut off on a line that goes on: up to what follows there.
  const next = text.slice(start, start + MAX_BLOCK).search(FOLLOWS);
  if (next > 0 && !text.slice(start, start + next).includes('\n')) return start + next;
  // Cut off: as far as the lines go on looking like a key.
  let at = start;
  for (;;) {
    const lineEnd = text.indexOf('\n', at);
    const line = text.slice(at, lineEnd < 0 ? text.length : lineEnd);
    if (at !== start && !ENDS_IN_BASE64.test(line.slice(-100))) return at;
    if (lineEnd < 0 || lineEnd - start > MAX_BLOCK) return lineEnd < 0 ? text.length : lineEnd;
    at = lineEnd + 1;
  }
}

/** A text that begins inside a key: the lines before an END that has no BEGIN. */
function beheaded(text: string, known: Hit[]): Hit[] {
  const end = text.indexOf('-----END ');
  if (end < 0 || known.some((h) => h.end <= end && h.start < end)) return [];
  const begin = text.indexOf('-----BEGIN ');
  if (begin >= 0 && begin < end) return [];
  let start = text.lastIndexOf('\n', end - 1) + 1;
  while (start > 0) {
    const previous = start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
    if (!PURE_BASE64.test(text.slice(previous, start - 1))) break;
    start = previous;
  }
  const body = trimmed(text, start, end);
  return body.end > body.start && /[A-Za-z0-9+/=]{16}/.test(text.slice(body.start, body.end))
    ? [{ ...body, what: 'private-key' }]
    : [];
}
