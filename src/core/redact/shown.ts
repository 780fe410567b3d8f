// Secrets that messages show in so many words: what was expected and what came, codes for people to type, the words of a
// wallet's seed, license keys, credentials without names for their parts.

import type { Spoken } from './sentences.ts';

/** A line with any of these is worth a look. */
export const SHOWN_WORDS =
  /expected|got|received|given|provided|entered|tried|invalid|bad|wrong|unknown|expired|revoked|rejected|PIN|OTP|code|one-time|phrase|mnemonic|seed|licen|credential|tokens/i;

export const shown: readonly Spoken[] = [
  // `password mismatch: expected x, got y`, `Invalid token 'x'`
  {
    pattern: /\b(?:expected|got|received|given|provided|entered|tried) (?<s>[^\s"',;]{6,200})/dgi,
    besideName: true,
    chosen: true,
  },
  {
    pattern:
      /\b(?:invalid|bad|wrong|unknown|expired|revoked|rejected) (?:token|(?:api|access) key|password|secret) ["'`](?<s>[^\s"'`]{8,300})["'`](?! (?:at|in|on) )/dgi,
    chosen: true,
  },
  // Codes and pins for people to type
  {
    pattern:
      /\b(?:PIN|OTP|(?:verification|pairing|one-time|security|2FA|login|access) code|one-time password)(?: (?:is|for \S{1,60}))?(?: is)?(?:[:=] ?| )(?<s>\d{4,10})\b(?![.:\d])/dg,
  },
  // The words of a wallet's seed
  {
    pattern:
      /\b(?:phrase|mnemonic|seed words?)(?: is| was)?["']? ?[:=]? ?["']?(?<s>[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23})(?![a-z])/dgi,
  },
  { pattern: /(?<![\w-])(?<s>(?=[A-Z-]{0,20}\d)[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){2,7})(?![\w-])/dg },
  // Credentials without names for their parts: `credentials {user x host}`, `BasicCredentials(user,x)`
  { pattern: /credentials?:? ?[{([]{1,2}["']?[\w@.-]{1,64}["']?,? ?["']?(?<s>[^\s"',)}\]]{4,200})/dgi, chosen: true },
  {
    pattern: /\btokens["']? ?[:=] ?\[(?<s>["'][\w.~+/=-]{8,500}["'](?:, ?["'][\w.~+/=-]{8,500}["']){0,50})/dgi,
    chosen: true,
  },
];
