// Text that came as a value of JSON, as a page's source or with a chat's bold type: its line ends, signs and plain words
// are given back before it is cut into lines.

import { isDescribeLine } from './describe-lines.ts';
import { describedEvent, listedEvent } from './rows.ts';

const NAMED: { [name: string]: string } = { lt: '<', gt: '>', quot: '"', amp: '&', apos: "'", nbsp: ' ' };
const ENTITY = /&(?:(lt|gt|quot|amp|apos|nbsp)|#(\d{2,3})|#x([0-9a-f]{2}));/gi;

/** Fewer breaks may be the body of an answer that a program printed. */
const FEWEST_BREAKS = 3;
const BREAK = /<br ?\/?>\n?/gi;
const TAG_AT_EDGE = /^<\/?(?:pre|code|p|div)(?: [^<>\n]{1,200})?>|<\/?(?:pre|code|p|div)(?: [^<>\n]{1,200})?>$/gim;

/** "**Last State:** Terminated", "*Reason*: Error" */
const BOLD_KEY = /^([\s>|-]{0,12})\*{1,2}([A-Z][A-Za-z -]{1,30}:?)\*{1,2}(?=:?(?:\s|$))/gm;

export function unmarked(pasted: string): string {
  let text = fromLiteral(pasted);
  if (text.includes('<') && isBroken(text))
    text = text.replace(BREAK, '\n').replace(TAG_AT_EDGE, '').replace(TAG_AT_EDGE, '');
  if (text.includes('&')) text = text.replace(ENTITY, signOf);
  return text.includes('*') ? text.replace(BOLD_KEY, '$1$2') : text;
}

function isBroken(text: string): boolean {
  const breaks = text.match(BREAK)?.length ?? 0;
  return breaks >= FEWEST_BREAKS || (breaks > 1 && breaks >= text.trim().split('\n').length);
}

function signOf(entity: string, name?: string, decimal?: string, hexadecimal?: string): string {
  if (name) return NAMED[name.toLowerCase()] ?? entity;
  const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? '', 16);
  if (code === 160) return ' ';
  return code >= 32 && code < 127 ? String.fromCharCode(code) : entity;
}

const LITERAL_MAX = 1_000_000;
const MOST_LINES = 4;
/** There it belongs to one line of a log. */
const STRUCTURED = /^[{[](?!\s{0,9}\\n)|\w="[^"]{0,2000}\\n/;

/** A string as JSON and programs write it: every line end is a backslash and an n. */
function fromLiteral(pasted: string): string {
  if (pasted.length > LITERAL_MAX || !pasted.includes('\\n')) return pasted;
  const text = pasted.trim();
  if (text.startsWith('"') && text.endsWith('"')) {
    const value = stringIn(text);
    if (value?.includes('\n')) return value;
  }
  if (text.split('\n', MOST_LINES + 1).length > MOST_LINES || STRUCTURED.test(text)) return pasted;
  const lines = text
    .replace(/^"|"$/g, '')
    .replace(/(?:\\r)?\\n/g, '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\"', '"');
  const isAll = !text.includes('\n') && lines.split('\n').length > FEWEST_BREAKS;
  return isAll || lines.split('\n').filter(isKubectls).length >= FEWEST_BREAKS ? lines : pasted;
}

function stringIn(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function isKubectls(line: string): boolean {
  return isDescribeLine(line) || describedEvent(line) !== undefined || listedEvent(line) !== undefined;
}
