// Passwords and tokens in URLs. Scheme, user, host and path stay: they are evidence.

import type { Hit } from './hits.ts';
import { isNoSecret, looksRandom } from './values.ts';

const AUTHORITY_END = /[\s"'`<>|]/;
const HOST_AHEAD = /^(?:[\w.%$(){}-]+|\[[0-9a-fA-F:.]+\]|\/|$)/;

/** `postgres://user:PASSWORD@host`, `https://TOKEN@host`, also with escaped slashes. */
export function urlCredentials(text: string): Hit[] {
  if (!text.includes('@')) return [];
  const hits = [...urlsWith(text, '://'), ...(text.includes(':\\/\\/') ? urlsWith(text, ':\\/\\/') : [])];
  return hits.sort((a, b) => a.start - b.start);
}

function urlsWith(text: string, mark: string): Hit[] {
  const hits: Hit[] = [];
  for (let at = text.indexOf(mark); at >= 0; ) {
    const start = at + mark.length;
    const end = authorityEnd(text, start, mark);
    const lastAt = userinfoEnd(text, start, end);
    if (lastAt > start) {
      const hit = inUserinfo(text.slice(start, lastAt), start, lastAt);
      if (hit) hits.push(hit);
    }
    at = text.indexOf(mark, end);
  }
  return hits;
}

// "redis://:pass word@redis:6379"
const BLANK_INSIDE = /[^\s"'/@]{0,64}:[^\s"'/@]{1,64}(?: [^\s"'/@]{1,64}){1,4}@/y;

function authorityEnd(text: string, start: number, mark: string): number {
  BLANK_INSIDE.lastIndex = start;
  let end = start + (BLANK_INSIDE.exec(text)?.[0].length ?? 0);
  while (end < text.length && end - start < 2_000 && !AUTHORITY_END.test(text[end]!)) {
    if (text[end] === ':' && text.startsWith(mark, end)) break;
    end++;
  }
  return end;
}

/** The last `@` that a host follows; a password may itself hold one. */
function userinfoEnd(text: string, start: number, end: number): number {
  let at = text.lastIndexOf('@', end - 1);
  for (let tries = 0; at > start && tries < 8; tries++) {
    if (HOST_AHEAD.test(text.slice(at + 1, Math.min(end, at + 60)))) return at;
    at = text.lastIndexOf('@', at - 1);
  }
  return -1;
}

function inUserinfo(user: string, start: number, end: number): Hit | undefined {
  const colon = user.indexOf(':');
  if (colon < 0) return !user.includes('/') && looksRandom(user) ? { start, end, what: 'url-token' } : undefined;
  const secret = user.slice(colon + 1);
  // host:8080/path@version is no password, and neither is a path before the first colon.
  if (/^\d{1,5}\//.test(secret) || /[/?#]/.test(user.slice(0, colon)) || isNoSecret(secret)) return undefined;
  return { start: start + colon + 1, end, what: 'url-password' };
}
