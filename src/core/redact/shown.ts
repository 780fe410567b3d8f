// Secrets that messages show in so many words: what was expected and what came, codes for people to type, the words of a
// wallet's seed, license keys, credentials without names for their parts.

import type { Spoken } from './sentences.ts';

/** A line with any of these is worth a look. */
export const SHOWN_WORDS =
  /expected|got|received|given|provided|entered|tried|invalid|bad|wrong|unknown|expired|revoked|rejected|PIN|OTP|code|one-time|phrase|mnemonic|seed|licen|credential|tokens|authenticat|khẩu|κωδικ|كلمة|de passe|sandi|mfa|2fa|secret.?id|access key|--value|--secret-string| put | set /i;

export const shown: readonly Spoken[] = [
  // `password mismatch: expected x, got y`, `Invalid token 'x'`
  {
    pattern: /\b(?:expected|got|received|given|provided|entered|tried) (?<s>(?![a-z]+\d{1,3}\b)[^\s"',;]{6,200})/dgi,
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
      /\b(?:PIN|OTP|(?:verification|pairing|one-time|security|2FA|login|access) code|one-time password)(?: for \S{1,60})?(?: is)?(?:[:=] ?| )(?<s>\d{4,10})\b(?![.:\d])/dg,
  },
  // Names of two words, in languages that have them
  {
    pattern:
      /(?:mật khẩu|κωδικός(?: πρόσβασης)?|كلمة المرور|mot de passe|kata sandi) ?[:=：] ?["']?(?<s>[^\s"']{3,200})/dgi,
  },
  // The words of a wallet's seed
  {
    pattern:
      /\b(?:phrase|mnemonic|seed words?)(?: is| was)?["']? ?[:=]? ?["']?(?<s>[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23})(?![a-z])/dgi,
  },
  // Seeds of one-time passwords, also in groups of four
  {
    pattern:
      /(?:[aA]uthenticat|[tT]?[oO][tT][pP]|MFA|mfa|2FA|2fa)[^\n]{0,80}[ :="'](?<s>(?=[A-Z]{0,60}[2-7])[A-Z2-7]{16,64})(?![A-Za-z0-9])/dg,
  },
  {
    pattern:
      /(?:[aA]uthenticat|[tT]?[oO][tT][pP]|MFA|mfa|2FA|2fa|[sS]ecret|[sS]etup)[^\n]{0,40}[:=] ?(?<s>[A-Z2-7]{4}(?: [A-Z2-7]{4}){3,12})(?![A-Za-z0-9])/dg,
  },
  { pattern: /\bsecret id[ \t]{0,8}[:=] ?["']?(?<s>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/dgi },
  // `kv put app/db/password x`, `--name db-password --value x`
  {
    pattern: /\b(?:put|set|write|create) (?<name>[\w./-]{1,200}) ["']?(?<s>[^\s"']{4,500})/dg,
    chosen: true,
  },
  { pattern: /(?:--name|--key|-n)[ =](?<name>\S{1,200}) [^\n]{0,200}?--(?:value|data)[ =]["']?(?<s>[^\s"']{3,500})/dg },
  { pattern: /--secret-string[ =](?:'(?<s>[^'\n]{3,2000})|"(?<t>[^"\n]{3,2000})|(?<u>[^\s"']{3,500}))/dg },
  { pattern: /(?<![\w-])(?<s>(?=[A-Z-]{0,20}\d)[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){2,7})(?![\w-])/dg },
  // Credentials without names for their parts: `credentials {user x host}`, `BasicCredentials(user,x)`
  { pattern: /credentials?:? ?[{([]{1,2}["']?[\w@.-]{1,64}["']?,? ?["']?(?<s>[^\s"',)}\]]{4,200})/dgi, chosen: true },
  {
    pattern: /\btokens["']? ?[:=] ?\[(?<s>["'][\w.~+/=-]{8,500}["'](?:, ?["'][\w.~+/=-]{8,500}["']){0,50})/dgi,
    chosen: true,
  },
];
