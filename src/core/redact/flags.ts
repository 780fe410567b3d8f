// Secrets of command lines: `--password x`, ["--password", "x"], and the short flags of clients, `mysql -pSECRET`.
// A flag with `=` is an ordinary pair and is read there.

import { clientOf, namesClient } from './clients.ts';
import type { Hit } from './hits.ts';
import { kindOf, secrecyOf } from './names.ts';
import { quotedValue, tokenEnd, type Value } from './value-at.ts';
import { isMessage, isNoSecret, looksRandom } from './values.ts';

/** As far before a flag as its program is looked for. */
const COMMAND_CHARS = 400;

const BEFORE = new Uint8Array(65_536);
for (const c of ' \t"\'`[,(=\n') BEFORE[c.charCodeAt(0)] = 1;
const FLAG = /--?[A-Za-z][\w.-]{0,63}/y;
// Also one element a line, and a command that a backslash joins to the next line.
const NEXT_ELEMENT = /\\{0,3}["']\s?,\s{0,80}(\\{0,3}["'])/y;
const NEXT_WORD = /[ \t]{1,8}(?:\\\r?\n[ \t]{0,80})?(?![ \t])/y;
/** Elements of YAML without quotes: `[--password, x]`, and `- -a` above `- x`. */
const NEXT_IN_FLOW = /, {0,8}(?<s>[^\s,[\]"'-][^\s,[\]"']{0,200})(?=, |\])/dy;
const NEXT_ITEM = /["']?[ \t]{0,8}\r?\n[ \t]{0,80}- ["']?(?<s>[^\s"'-][^\n\r"']{0,300})/dy;
const ITEM_BEFORE = /^[ \t]{0,80}- ["']?$/;

/** The secret behind the flag of a telling name that begins at this dash. */
export function flagValue(text: string, dash: number): Hit | undefined {
  if (dash > 0 && BEFORE[text.charCodeAt(dash - 1)] !== 1) return undefined;
  FLAG.lastIndex = dash;
  const flag = FLAG.exec(text)?.[0];
  const secrecy = flag && secrecyOf(flag);
  if (!flag || (secrecy !== 'strong' && secrecy !== 'weak')) return undefined;
  const found = argument(text, dash, dash + flag.length);
  if (!found) return undefined;
  const value = text.slice(found.start, found.end);
  if (secrecy === 'weak' && !looksRandom(value)) return undefined;
  if (isNoSecret(value) || (!found.quoted && isMessage(value))) return undefined;
  return { start: found.start, end: found.end, what: kindOf(flag) };
}

/** What follows a flag as its own word or its own list element. */
function argument(text: string, dash: number, end: number): Value | undefined {
  NEXT_ELEMENT.lastIndex = end;
  const opening = NEXT_ELEMENT.exec(text);
  if (opening) return quotedValue(text, end + opening[0].length, opening[1]!);
  const element = elementBehind(text, dash, end);
  if (element) return element;
  NEXT_WORD.lastIndex = end;
  const blanks = NEXT_WORD.exec(text)?.[0];
  if (!blanks) return undefined;
  const at = end + blanks.length;
  const c = text[at];
  if (c === undefined || '-‹\n\r'.includes(c) || text.startsWith('(ConvertTo-', at)) return undefined;
  if (c === '"' || c === "'") return quotedValue(text, at + 1, c);
  return { start: at, end: tokenEnd(text, at), quoted: false };
}

/** The element behind a flag that is one itself, in YAML without quotes. */
function elementBehind(text: string, dash: number, end: number): Value | undefined {
  if (!',\r\n"\' '.includes(text[end] ?? '-')) return undefined;
  const near = text.slice(Math.max(0, dash - COMMAND_CHARS), dash);
  const line = near.slice(near.lastIndexOf('\n') + 1);
  const isInFlow = line.lastIndexOf('[') > line.lastIndexOf(']');
  const pattern = isInFlow ? NEXT_IN_FLOW : ITEM_BEFORE.test(line) ? NEXT_ITEM : undefined;
  if (!pattern) return undefined;
  pattern.lastIndex = end;
  const [start, stop] = pattern.exec(text)?.indices?.groups?.s ?? [0, 0];
  return stop > 0 ? { start, end: stop, quoted: false } : undefined;
}

const SHORT_FLAG = /(?<![^ \t"'`[,(=\n])-(?:[pauwkPUAXNc][\w.-]{0,62}|-(?:user|proxy-user|auth)(?![\w.-]))/g;

/** The secrets behind short flags, where the text names a client that reads one there. */
export function clientSecrets(text: string): Hit[] {
  const hits: Hit[] = [];
  SHORT_FLAG.lastIndex = 0;
  if (!SHORT_FLAG.test(text) || !namesClient(text)) return hits;
  SHORT_FLAG.lastIndex = 0;
  for (let flag = SHORT_FLAG.exec(text); flag; flag = SHORT_FLAG.exec(text)) {
    const hit = clientValue(text, flag.index, flag[0]);
    if (!hit) continue;
    hits.push(hit);
    SHORT_FLAG.lastIndex = Math.max(SHORT_FLAG.lastIndex, hit.end);
  }
  return hits;
}

/** `-pSECRET`, `-p'two words'`, `-u user:x`, behind the program on the same line. */
function clientValue(text: string, dash: number, written: string): Hit | undefined {
  const near = text.slice(Math.max(0, dash - COMMAND_CHARS), dash);
  const known = clientOf(commandIn(near), written);
  if (!known) return undefined;
  const { client, flag } = known;
  // `-p=x` of Go's programs; mysql reads the sign as a part of the password.
  const isAssigned = written === flag && client.value !== 'glued' && text[dash + flag.length] === '=';
  const at = dash + flag.length + Number(isAssigned);
  const quote = /["']/.exec(text[at] ?? '')?.[0];
  const isGlued = written !== flag || (quote !== undefined && !/["'`]/.test(text[dash - 1] ?? ''));
  if (!isAssigned && client.value === (isGlued ? 'next' : 'glued')) return undefined;
  const found = isGlued || isAssigned ? gluedValue(text, at, quote) : argument(text, dash, at);
  if (!found) return undefined;
  const mark = client.after ? text.slice(found.start, found.end).indexOf(client.after) : -1;
  if (client.after && mark < 0) return undefined;
  const start = found.start + mark + 1;
  return isNoSecret(text.slice(start, found.end)) ? undefined : { start, end: found.end, what: 'password' };
}

/** The last line, and those before it that it goes on from: with a backslash, a comma, or as items of one list. */
function commandIn(near: string): string {
  const lines = near.split('\n');
  let first = lines.length - 1;
  while (first > 0 && goesOn(lines[first - 1]!, lines[first]!)) first--;
  return lines.slice(first).join(' ');
}

function goesOn(line: string, next: string): boolean {
  return /[\\,[]\r?$/.test(line) || (/^[ \t]{0,80}- /.test(line) && /^[ \t]{0,80}- /.test(next));
}

function gluedValue(text: string, at: number, quote: string | undefined): Value {
  if (quote !== undefined) return quotedValue(text, at + 1, quote);
  return { start: at, end: tokenEnd(text, at), quoted: false };
}
