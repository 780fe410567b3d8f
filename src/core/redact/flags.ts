// Secrets of command lines: `--password x`, ["--password", "x"], `mysql -pSECRET`, `curl -u user:x`,
// `redis-cli -a x`, `sshpass -p x`. A flag with `=` is an ordinary pair and is read there.

import type { Hit } from './hits.ts';
import { kindOf, secrecyOf } from './names.ts';
import { blanksFrom, colourEnd, quotedValue, tokenEnd, type Value } from './value-at.ts';
import { isMessage, isNoSecret } from './values.ts';

const BEFORE = new Uint8Array(65_536);
for (const c of ' \t"\'`[,(=\n') BEFORE[c.charCodeAt(0)] = 1;
const FLAG = /--?[A-Za-z][\w.-]{0,63}/y;
const NEXT_ELEMENT = /\\{0,3}["']\s?,\s?(\\{0,3}["'])/y;

/** The secret behind the flag that begins at this dash, if it is a flag and has one. */
export function flagValue(text: string, dash: number, clients: () => boolean): Hit | undefined {
  if (dash > 0 && BEFORE[text.charCodeAt(dash - 1)] !== 1 && colourEnd(text, dash) === dash) return undefined;
  FLAG.lastIndex = dash;
  const flag = FLAG.exec(text)?.[0];
  if (!flag) return undefined;
  const client = SHORT.test(flag) && clients() ? clientFlag(text, dash, flag) : undefined;
  if (client) return client;
  if (secrecyOf(flag) !== 'strong') return undefined;
  const found = argument(text, dash + flag.length);
  if (!found) return undefined;
  const value = text.slice(found.start, found.end);
  if (isNoSecret(value) || (!found.quoted && isMessage(value))) return undefined;
  return { start: found.start, end: found.end, what: kindOf(flag) };
}

/** What follows a flag as its own word or its own list element. */
function argument(text: string, end: number): Value | undefined {
  NEXT_ELEMENT.lastIndex = end;
  const opening = NEXT_ELEMENT.exec(text);
  if (opening) return quotedValue(text, end + opening[0].length, opening[1]!);
  if (text[end] !== ' ') return undefined;
  const at = blanksFrom(text, end, 8);
  const c = text[at];
  if (c === undefined || '-‹\n\r'.includes(c)) return undefined;
  if (c === '"' || c === "'") return quotedValue(text, at + 1, c);
  return { start: at, end: tokenEnd(text, at), quoted: false };
}

const SHORT = /^(?:-[pau]|--user$|--proxy-user$)/;

/** Asks only once, and only when a short flag comes up, whether a text names any of these programs. */
export function clientsIn(text: string): () => boolean {
  let known: boolean | undefined;
  return () => {
    known ??= ['mysql', 'MYSQL', 'mariadb', 'redis-cli', 'sshpass', 'curl', 'wget', 'login '].some((client) =>
      text.includes(client),
    );
    return known;
  };
}

/** Short flags mean a password only to certain programs; the program stands before them on the line. */
function clientFlag(text: string, dash: number, flag: string): Hit | undefined {
  const short = SHORT.exec(flag)?.[0];
  if (!short) return undefined;
  const near = text.slice(Math.max(0, dash - 200), dash);
  const line = near.slice(near.lastIndexOf('\n') + 1);
  const glued = flag.length > short.length;
  if (short === '-p' && glued && /mysql|mariadb/i.test(line)) {
    const value = { start: dash + 2, end: tokenEnd(text, dash + 2) };
    return /^-p(?:rotocol|ager|lugin|ort)/.test(flag) ? undefined : hit(text, value);
  }
  if (glued) return undefined;
  const found = argument(text, dash + flag.length);
  if (!found) return undefined;
  if (short === '-p' && /sshpass\s|\blogin\s/.test(line)) return hit(text, found);
  if (short === '-a' && /redis-cli\b/.test(line)) return hit(text, found);
  const colon = text.slice(found.start, found.end).indexOf(':');
  if (short.includes('u') && colon >= 0 && /curl\b|wget\b/.test(line))
    return hit(text, { start: found.start + colon + 1, end: found.end });
  return undefined;
}

function hit(text: string, { start, end }: { start: number; end: number }): Hit | undefined {
  return isNoSecret(text.slice(start, end)) ? undefined : { start, end, what: 'password' };
}
