// Tokens that no issuer marks and no name announces: long runs of capitals, small letters and digits in such disorder that
// only a generator makes them. What identifies something (a digest, a request, a public key) is evidence and stays.

import type { Hit } from './hits.ts';

export const SHORTEST_DRAWN = 32;
/** Base64 and base62, also with the letters for URLs; what stands before may not belong to it. */
const CANDIDATE = /(?<![\w/+@%~.-])[A-Za-z0-9+][\w+/-]{31,4000}={0,2}(?![\w@~])/g;

const IDENTIFIES =
  /(?:id|ids|digest|sha\d{0,3}|h\d|md5|crc\w{0,4}|commit|revision|hash|checksum|sum|integrity|fingerprint|trace|span|request|container|image|layer|version|serial|thumbprint|etag|cluster|snapshot|node|instance|public|ssh-[a-z\d]{2,10}|ecdsa-sha2-\w{3,12}|upload|cursor|continue)[\w.-]{0,12}["']?[\s:=("'[-]{0,4}$/i;
const PUBLIC_KEY = /^AAAA[A-Z][23]Nz|^AAAAE2VjZ|^_Z/;
const LONG_WORD = /[a-z]{9}|[A-Z]{9}|\d{12}/;
const BEFORE_CHARS = 40;

export function drawnTokens(text: string, from: number, to: number, hits: Hit[]): void {
  const start = Math.max(0, from - BEFORE_CHARS);
  const near = text.slice(start, to);
  for (const match of near.matchAll(CANDIDATE)) {
    const [token] = match;
    if (
      start + match.index < from ||
      !isDrawn(token) ||
      IDENTIFIES.test(near.slice(Math.max(0, match.index - BEFORE_CHARS), match.index))
    )
      continue;
    hits.push({ start: start + match.index, end: start + match.index + token.length, what: 'token' });
  }
}

/** In a word of forty drawn letters and digits some twenty-five neighbours are of different kinds; in words far fewer. */
export function isDrawn(token: string, turning = 0.45): boolean {
  if (PUBLIC_KEY.test(token) || LONG_WORD.test(token.slice(0, 48))) return false;
  const counts = [0, 0, 0, 0];
  let turns = 0;
  let last = -1;
  const looked = token.slice(0, 200);
  for (const c of looked) {
    const kind = c >= '0' && c <= '9' ? 0 : c >= 'a' && c <= 'z' ? 1 : c >= 'A' && c <= 'Z' ? 2 : 3;
    counts[kind]!++;
    if (kind !== last) turns++;
    last = kind;
  }
  const [digits, small, capitals, others] = counts as [number, number, number, number];
  const share = looked.length;
  return (
    digits * 20 >= share &&
    small * 6 >= share &&
    capitals * 6 >= share &&
    others * 8 <= share &&
    turns >= share * turning
  );
}
