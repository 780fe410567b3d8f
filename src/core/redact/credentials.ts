// Credentials that a syntax of their own marks: user and password in URLs and data source names, bare bearer
// tokens, SQL, redis.conf. User and host stay: they are evidence.

import { type Hit, inOrder, isHidden, OPEN } from './hits.ts';
import { isAuthorizationTalk, isNoSecret, looksRandom } from './values.ts';

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

function authorityEnd(text: string, start: number, mark: string): number {
  let end = start;
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

interface Pattern {
  what: string;
  /** One of these stands in every text that the pattern can match. */
  literals: string[];
  /** The secret is the group `s`; everything is bounded. */
  pattern: RegExp;
}

const patterns: readonly Pattern[] = [
  // user:PASSWORD@tcp(host:3306)/db, as Go's MySQL driver writes it
  {
    what: 'url-password',
    literals: ['@tcp(', '@unix('],
    pattern: /(?<![\w.%-])[\w.%-]{1,64}:(?<s>[^\s:@"'/]{1,128})@(?:tcp|unix)\(/dg,
  },
  {
    what: 'url-password',
    literals: ['jdbc:oracle:'],
    pattern: /jdbc:oracle:\w{1,10}:[^\s/:@"']{1,64}\/(?<s>[^\s@"']{1,128})@/dg,
  },
  { what: 'bearer-token', literals: ['Bearer ', 'bearer '], pattern: /\bbearer {1,2}(?<s>[\w.~+/=-]{8,4000})/dgi },
  {
    what: 'password',
    literals: ['IDENTIFIED', 'identified'],
    pattern: /identified\s{1,4}(?:with\s{1,4}\S{1,40}\s{1,4})?by\s{1,4}(?:password\s{1,4})?'(?<s>[^'\n]{1,200})'/dgi,
  },
  {
    what: 'password',
    literals: ["PASSWORD '", "password '"],
    pattern:
      /\b(?:with|encrypted|set|user|role|superuser|login)\s{1,4}(?:\S{1,60}\s{1,4})?password\s{1,4}'(?<s>[^'\n]{1,200})'/dgi,
  },
  {
    what: 'password',
    literals: ['requirepass ', 'masterauth '],
    pattern: /(?:requirepass|masterauth) {1,4}["']?(?<s>[^\s"']{1,500})/dg,
  },
];

export function markedCredentials(text: string): Hit[] {
  const hits: Hit[] = [];
  for (const { what, literals, pattern } of patterns) {
    if (!literals.some((literal) => text.includes(literal))) continue;
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.s ?? [0, 0];
      const secret = text.slice(start, end);
      if (secret.startsWith(OPEN) || isHidden(secret) || isNoSecret(secret)) continue;
      if (what === 'bearer-token' && isAuthorizationTalk(secret)) continue;
      hits.push({ start, end, what });
    }
  }
  return inOrder(hits);
}
