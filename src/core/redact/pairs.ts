// Values beside secret-like names, in every syntax in which programs write a name and a value: password=…,
// "password": "…", \"password\":\"…\", password: …, ?password=…, Password=…;, --password ….
// One walk over the lines with such a name stops at separators and looks back at it, so that the work grows with the
// text and not faster.

import { flagValue } from './flags.ts';
import type { Hit } from './hits.ts';
import { HAS_NAME_WORD, type Lines } from './lines.ts';
import { kindOf, type Secrecy, secrecyOf } from './names.ts';
import { isOwnSetting, OBJECT_NAME } from './secret-objects.ts';
import { blanksFrom, quotedValue, startsLine, type Value, valueAt, valueOfHeader } from './value-at.ts';
import { isAuthorizationTalk, isBasicAuth, isMessage, isNoSecret, looksChosen, looksRandom } from './values.ts';

const EQUALS = 61;
const COLON = 58;
const PERCENT = 37;
const DASH = 45;
const WIDE_COLON = 0xff1a;
const WIDE_EQUALS = 0xff1d;
const MAX_NAME = 100;
/** Columns are aligned with blanks before the separator. */
const MAX_BLANKS = 64;
/** As much of a value as is looked at before it is known to be a secret. */
const LOOK = 80;
/** Shorter runs of letters and digits are never taken for a key. */
const SHORTEST_KEY = 12;

const IS_NAME = new Uint8Array(65_536);
for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-') IS_NAME[c.charCodeAt(0)] = 1;
// Letters beyond ASCII: Latin, Cyrillic, Kana, Han, Hangul.
for (const [from, to] of [
  [0xc0, 0x24f],
  [0x400, 0x4ff],
  [0x3040, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
] as const)
  IS_NAME.fill(1, from, to + 1);
const IS_MARK = new Uint8Array(65_536);
for (const c of [EQUALS, COLON, PERCENT, DASH, WIDE_COLON, WIDE_EQUALS]) IS_MARK[c] = 1;
const IS_CLOSER = new Uint8Array(128);
for (const c of '"\'\\`])*') IS_CLOSER[c.charCodeAt(0)] = 1;

export function pairedValues(text: string, { named }: Lines): Hit[] {
  const hits: Hit[] = [];
  let done = 0;
  for (const line of named()) {
    for (let i = Math.max(line.start, done); i < line.end; i++) {
      const c = text.charCodeAt(i);
      if (IS_MARK[c] !== 1) continue;
      const hit = c === DASH ? flagValue(text, i) : separatedValue(text, i, c);
      if (!hit) continue;
      hits.push(hit);
      i = Math.max(i, hit.end - 1);
      done = i + 1;
    }
  }
  return hits;
}

function separatedValue(text: string, separator: number, c: number): Hit | undefined {
  const after = afterSeparator(text, separator, c);
  if (after < 0) return undefined;
  let end = separator;
  for (let n = 0; n < MAX_BLANKS && (text[end - 1] === ' ' || text[end - 1] === '\t'); n++) end--;
  end = beforeClosers(text, end);
  const start = nameStart(text, end);
  if (start === end) return undefined;
  const name = inContext(text, start, text.slice(start, end));
  if (!HAS_NAME_WORD.test(name)) return undefined;
  const first = blanksFrom(text, after, 80);
  // **Password:** x
  const at = text.startsWith('** ', first) ? blanksFrom(text, first + 2, 80) : first;
  // "password:" is a string by itself: the quote behind the colon is the one that opened before the name.
  if (end === separator && at === after && isQuote(text[at]) && text[at] === text[start - 1]) return undefined;
  if (/authorization$|(?<!erlang.)cookie$/i.test(name)) return header(text, name, at);
  const known = secrecyOf(name);
  const secrecy =
    known === 'listed' && text[at] !== '[' ? (c === EQUALS && isChosenList(text, at) ? 'strong' : 'weak') : known;
  if (!secrecy || (secrecy === 'weak' && !CHOSEN.test(name) && !mayLookRandom(text, at))) return undefined;
  const found = valueAt(text, at, start, secrecy === 'weak' ? LOOK : undefined);
  const asSentence = c === COLON && at > after;
  if (!found || !isSecret(text, start, name, secrecy, found, asSentence)) return undefined;
  const bare = end === separator ? inQuotes(text, start, separator, at) : undefined;
  const whole = bare ?? valueAt(text, at, start, Number.POSITIVE_INFINITY) ?? found;
  return { start: whole.start, end: whole.end, what: kindOf(name) };
}

/** `CLIENT_PASSWORDS=x,y` */
function isChosenList(text: string, at: number): boolean {
  return looksChosen(/^[^\s"',;]{1,80}/.exec(text.slice(at, at + LOOK))?.[0] ?? '');
}

const isQuote = (c: string | undefined): boolean => c === '"' || c === "'";

/** `Environment="PASSWORD=two words"`: quotes around name and value. */
function inQuotes(text: string, nameAt: number, separator: number, at: number): Value | undefined {
  const quote = text[nameAt - 1];
  if (!isQuote(quote) || at !== separator + 1 || isQuote(text[at]) || text[nameAt - 2] === '\\') return undefined;
  const value = quotedValue(text, at, quote!);
  const isAlone = text[value.end] === quote && !/[ ,;&][\w.-]{1,60}=/.test(text.slice(value.start, value.end));
  return isAlone ? value : undefined;
}

/** `Jwt:Key`: the settings of .NET name a key by its section. `;PWD=` is a connection string's password, PWD a folder. */
function inContext(text: string, start: number, name: string): string {
  if (name === 'PWD' && /[;&]/.test(text[start - 1] ?? '')) return 'pwd';
  if (name !== 'Key' || text[start - 1] !== ':') return name;
  return `${text.slice(nameStart(text, start - 1), start - 1)}.${name}`;
}

/** Whether a run long enough for a key stands within sight; most values of weak names have none. */
function mayLookRandom(text: string, at: number): boolean {
  let run = 0;
  for (let i = at; i < text.length && i - at < LOOK; i++) {
    const c = text.charCodeAt(i) | 32;
    run = (c >= 97 && c <= 122) || (c >= 48 && c <= 57) ? run + 1 : 0;
    if (run >= SHORTEST_KEY) return true;
  }
  return false;
}

/** Index behind `=`, `:`, `=>`, `:=`, `%3D`, `%3A`, LDIF's `:: `; -1 for comparisons, `::` and the colon of a URL's scheme. */
function afterSeparator(text: string, at: number, c: number): number {
  const next = text.charCodeAt(at + 1);
  if (c === PERCENT) return next === 51 && /[ad]/i.test(text[at + 2] ?? '') ? at + 3 : -1;
  if (c === WIDE_COLON || c === WIDE_EQUALS) return at + 1;
  if (c === EQUALS) return next === EQUALS ? -1 : next === 62 ? at + 2 : at + 1;
  if (next === COLON && text[at + 2] === ' ') return at + 2;
  if (next === COLON || text.startsWith('//', at + 1)) return -1;
  return next === EQUALS ? at + 2 : at + 1;
}

const ENCODED_QUOTE = /(?:\\u002[27]|%2[27]|&(?:quot|apos|#3[49]);)$/i;

/** Steps back over quotes and brackets that close a name, also over those written for HTML, URLs or JSON. */
function beforeClosers(text: string, from: number): number {
  let end = from;
  if ('27;'.includes(text[end - 1] ?? ' '))
    end -= ENCODED_QUOTE.exec(text.slice(Math.max(0, end - 6), end))?.[0].length ?? 0;
  for (let n = 0; n < 20 && IS_CLOSER[text.charCodeAt(end - 1)] === 1; n++) end--;
  return end;
}

function nameStart(text: string, end: number): number {
  let start = end;
  while (start > 0 && end - start < MAX_NAME && IS_NAME[text.charCodeAt(start - 1)] === 1) start--;
  return start;
}

/** `Authorization: Bearer …`, `Cookie: a=b; c=d`. */
function header(text: string, name: string, at: number): Hit | undefined {
  const look = valueOfHeader(text, at, LOOK);
  const value = text.slice(look.start, look.end);
  const isCookie = /cookie$/i.test(name);
  if (isNoSecret(value) || (isCookie ? !value.includes('=') : isAuthorizationTalk(value))) return undefined;
  return { ...valueOfHeader(text, at, Number.POSITIVE_INFINITY), what: isCookie ? 'cookie' : 'authorization' };
}

const SYNTAX_TALK = /(?:unexpected|invalid|illegal|bad|unknown|expected|next|syntax|parse|lookahead|csrf) $/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-z]{4,14}){4}$/;

// The name of a secret that AWS keeps.
const ARN = /arn:aws[\w-]{0,10}:secretsmanager:[\w-]{0,20}:\d{0,12}:$/;

// nsswitch.conf
const NAME_SERVICES = /^(?:files|compat|systemd|sss|ldap|db|nis)\b/;

const WORDS = /^[A-Za-z.,'/_()-]+$/;
// A sentence goes on here; a pair such as ` user=…` does not continue one.
const PROSE = /^\)?(?::? {1,2}(?![\w.-]{1,60}[=:]\S)["'A-Za-z(]|: )/;

const SCHEME_WORD =
  /sha|scram|oauth|md5|basic|bearer|token|ldap|kerb|iam|mtls|oidc|saml|jwt|x509|anonymous|v\d|\s|[/:]/i;

/** Names beside which a word stands too that somebody chose; elsewhere they name a scheme, a policy, a time. */
const CHOSEN = /(?:auth|salt)$|pass(?:word|wd|phrase)[_.-]?[a-z]/i;

function isChosenBy(name: string, value: string, isQuoted: boolean): boolean {
  if (!CHOSEN.test(name) || value.length < 6 || !looksChosen(value)) return false;
  const behindUser = /^[\w.-]{1,40}:(?<s>[^\s:@/]{4,200})$/.exec(value)?.groups?.s;
  if (/auth$/i.test(name) && behindUser !== undefined) return looksChosen(behindUser);
  return (isQuoted || /pass/i.test(name)) && value.length >= 8 && !SCHEME_WORD.test(value);
}

function isSecret(
  text: string,
  nameAt: number,
  name: string,
  secrecy: Secrecy,
  found: Value,
  asSentence: boolean,
): boolean {
  const value = text.slice(found.start, found.end);
  if (isNoSecret(value.trim())) return false;
  // `checksum/secret: 0a1b…`, an annotation that charts set
  if (text.startsWith('checksum/', nameAt - 9)) return false;
  // "could not set secret: password=" before a quote: the name of the next pair.
  if (!found.quoted && value.endsWith('=') && isQuote(text[found.end])) return false;
  if (secrecy === 'weak') {
    if (looksRandom(value.slice(0, LOOK)) || isBasicAuth(value)) return true;
    return isChosenBy(name, value, found.quoted);
  }
  const bare = name.toLowerCase();
  // What images of databases say themselves: "-e POSTGRES_PASSWORD=password" on "docker run"
  if (value === 'password' && text.startsWith('" on "docker run"', found.end)) return false;
  if (bare === 'pwd' && value.startsWith('/')) return false;
  if (bare === 'passwd' && NAME_SERVICES.test(value)) return false;
  if (bare === 'token' && SYNTAX_TALK.test(text.slice(Math.max(0, nameAt - 12), nameAt))) return false;
  // kubelet and controllers name objects so: secret="shop/invoice-db".
  if (bare === 'secret' && ARN.test(text.slice(Math.max(0, nameAt - 80), nameAt))) return false;
  // `secret = x` is written by people in files of settings.
  const isSetting = / = ["']?$/.test(text.slice(Math.max(0, found.start - 4), found.start));
  if (/(?:^|\.)secret$/.test(bare) && OBJECT_NAME.test(value) && !UUID.test(value) && !looksRandom(value) && !isSetting)
    return isOwnSetting(text, nameAt, value);
  if (/secret_?id$/.test(bare) && OBJECT_NAME.test(value) && !UUID.test(value)) return false;
  if (/^(?:pass|token|secret)$/.test(bare) && asSentence && /^\d{1,5}$/.test(value)) return false;
  if (isMessage(value) && (text[found.start - 1] === ':' || asSentence || found.quoted || value.includes(' ')))
    return false;
  // "reading /var/lib/rabbitmq/.erlang.cookie: eacces" tells of a file.
  if (asSentence && text[nameAt - 1] === '/' && WORDS.test(value)) return false;
  // Prose such as "bad password: checked twice", "fetch token: pod "x" not found", "verify token: crypto/rsa: bad key":
  // only a word that no sentence has is taken.
  if (asSentence && !found.quoted && !startsLine(text, nameAt) && PROSE.test(text.slice(found.end, found.end + 70)))
    return !WORDS.test(value) || looksRandom(value, 12);
  return true;
}
