// Tells from a value whether it can be a secret at all: an empty string, a variable reference, a mask, a path or
// a sentence ("must not be empty") is evidence and stays.

import { CLOSE, OPEN } from './hits.ts';

// What programs say about a secret instead of showing it.
const MESSAGE =
  /^(?:a|an|and|are|as|at|authentication|bad|be|been|but|by|can|can't|cannot|changed|check|contains?|could|couldn't|denied|deprecated|did|does|doesn't|do|empty|error|exceeds?|expected|expired|failed|failure|field|flag|for|forbidden|format|found|from|had|has|hash|have|header|if|illegal|in|incorrect|insufficient|invalid|is|isn't|it|key|length|malformed|may|mismatch|missing|must|name|no|none|not|nothing|null|of|ok|on|only|option|or|parameter|parse|permission|please|property|provided|received|refused|rejected|required|requires|revoked|set|should|string|supplied|that|the|this|to|too|type|unable|unauthorized|undefined|unexpected|unknown|unset|unsupported|use|used|using|validation|value|variable|verification|was|wasn't|were|when|will|with|without|wrong|you|your)$/i;

const NOTHING =
  /^(?:null|nil|none|undefined|true|false|yes|no|empty|edit|unset|missing|required|optional|redacted|hidden|masked|string|nan|n\/a|<[^<>]*>|\([^()]*\)|\[(?!\S{1,3}(?:, ?\S{1,3}){3}|(?=[^\s\]]*\d)[^\s\]]{6,}\])[^[\]]*\]|\{\}|\*{1,40}|\w{0,8}[*•]{4,80}\w{0,4}|[*•x.#-]{3,}|[|>][+-]?|<<[-~]?["']?\w+["']?)$/i;

const REFERENCE =
  /^(?:\$\{[\w.:-]+\}?|\$(?:[A-Za-z_]\w*(?:\.\w+)*|\d{1,3})|\$\([\w.-]+\)|\{\{[^{}]*\}\}|#\{[^{}]*\}|%[a-z]|%\(\w+\)s|@\w+@|env[.:]\w+|process\.env\.\w+|<set to [^<>]{1,300}>\s{1,8}Optional: {1,4}(?:true|false)|(?:os\.environ(?:\.get)?|os\.getenv|ENV(?:\.fetch)?|process\.env|(?:System\.)?getenv|(?:std::)?env::var)[[(]["']?\w+["']?[\])])$/;

const PATH = /^(?:file:\/\/)?(?:\.{0,2}|~)\/[\w.@-]+\/[\w.@/-]*$/;

const PLAIN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/i;

// Words of a complaint. "it is what it is" begins like one, and is a passphrase.
const COMPLAINT =
  /(?:^|\s)(?:cannot|can't|could|couldn't|decode|denied|does|doesn't|empty|error|exceeds?|expected|expired|fail(?:ed|ure|s)?|forbidden|format|found|illegal|incorrect|insufficient|invalid|isn't|least|longer|malformed|match|mismatch|missing|must|not|null|parse|provided|refused|rejected|required?s?|revoked|set|should|shorter|specified|supplied|unable|unauthorized|undefined|unexpected|unknown|unset|unsupported|valid|validation|verification|verify|wasn't|wrong)(?=$|[\s.,:;!?)])/i;

/** A sentence about the secret, told by its first word and by the complaint it makes. */
export function isMessage(value: string): boolean {
  const word = /^[A-Za-z']+/.exec(value)?.[0] ?? '';
  if (word === '' || !MESSAGE.test(word)) return false;
  const next = value[word.length];
  if (next === undefined) return true;
  return /[\s.,:;!?)]/.test(next) && (!/\s\S/.test(value) || COMPLAINT.test(value.slice(0, 300)));
}

/** Whether somebody chose or drew this word as a secret: no word of a sentence, no address, no code of an error. */
export function looksChosen(value: string): boolean {
  if (value.length < 4 || isNoSecret(value) || isMessage(value)) return false;
  if (NO_PASSWORD.test(value) || ALGORITHM.test(value)) return false;
  return /\d/.test(value) ? /\D/.test(value) || value.length >= 6 : /[!#$%^&*?~+=@]|[a-z][A-Z]/.test(value);
}

const NO_PASSWORD =
  /^(?:[\w.-]{1,200}:\d{1,5}|\d{1,3}(?:\.\d{1,3}){3}|\d[\d.:TZ+-]{3,40}|\d{1,6}[a-z]{1,4}|(?:SQLSTATE|ORA-|ERR|HTTP|E\d{2,6}$|0x[0-9a-f]{1,16}$).{0,40}|[\w./-]{1,200}\(.{0,80}|[\w.-]{1,80}=(?!=?$).{0,200})$/;
/** `sha256`, `SCRAM-SHA-512`, `oauth2`, `v1beta1`: a way to do things. */
const ALGORITHM =
  /^(?:scram-)?(?:sha|md|hs|rs|es|ps|aes|utf|ipv|https?|oauth|argon|tls|bcrypt|kerberos|x|v)[-_]?\d{1,4}(?:[-_]?(?:alpha|beta|rc|sum|hash|hex|gcm|cbc|ctr|mac|password|with[a-z]{2,8}|rsa|ecdsa|[a-z])\d{0,3}){0,2}$/i;

// An earlier pass left this: a placeholder alone, or a URL of which only the password was taken.
const DONE = new RegExp(
  `^(?:${OPEN}hidden [^${OPEN}${CLOSE}]{1,40}${CLOSE}|[a-z][a-z0-9+.:-]{1,40}:\\/\\/[^\\s${OPEN}${CLOSE}]*${OPEN}hidden (?:[^\\s${OPEN}]|${OPEN}hidden )*)$`,
  'i',
);

// `--password PASSWORD` of a usage.
const METAVARIABLE = /^(?:[A-Z]{1,20}_){0,3}(?:PASSWORD|PASSWD|PASSPHRASE|PASS|SECRET|TOKEN|KEY)$/;

/** True when showing the value gives nothing away, whatever its name. */
export function isNoSecret(value: string): boolean {
  if (value === '') return true;
  if (value.length > 300) return false;
  if (METAVARIABLE.test(value)) return true;
  if (DONE.test(value)) return true;
  if (NOTHING.test(value) || REFERENCE.test(value)) return true;
  return (PATH.test(value) || PLAIN_URL.test(value)) && !looksRandom(value);
}

const HEX_KEY = /^[0-9a-f]{32,128}$/i;

/** Digits and letters in such disorder as only keys and hashes show; names of pods, images and uids do not count. */
export function looksRandom(value: string, atLeast = 16): boolean {
  for (const part of value.split(/[^A-Za-z0-9+]+/, 200)) {
    if (part.length < atLeast) continue;
    let turns = 0;
    let kind = '';
    let digits = 0;
    for (const c of part.slice(0, 200)) {
      const now = c >= '0' && c <= '9' ? '0' : c >= 'a' && c <= 'z' ? 'a' : 'A';
      if (now === '0') digits++;
      // A capital before small letters is how words in camelCase begin.
      if (now !== kind && !(kind === 'A' && now === 'a')) turns++;
      kind = now;
    }
    const length = Math.min(part.length, 200);
    if (digits > 0 && digits < length && (turns * 4 >= length || HEX_KEY.test(part))) return true;
  }
  return false;
}

/** "Authorization: header is missing", "bearer authentication": words, not credentials. */
export function isAuthorizationTalk(value: string): boolean {
  if (isNoSecret(value) || isMessage(value)) return true;
  const start = value.slice(0, 200);
  return !/\d|[=+/]/.test(start) && !(/[a-z][A-Z]/.test(start) && start.length >= 16);
}

/** `user:password` in base64, as container registries keep it. */
export function isBasicAuth(value: string): boolean {
  if (value.length > 400 || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]{8,}={0,2}$/.test(value)) return false;
  return /^[\x20-\x39\x3b-\x7e]+:[\x20-\x7e]+$/.test(Buffer.from(value, 'base64').toString('latin1'));
}
