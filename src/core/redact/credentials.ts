// Credentials that a syntax of their own marks: data source names, bare bearer tokens, SQL, redis.conf, signed URLs,
// hashes of passwords. User and host stay: they are evidence.

import { type Hit, inOrder, isHidden, OPEN } from './hits.ts';
import { type Line, linesWith } from './lines.ts';
import { isAuthorizationTalk, isBasicAuth, isNoSecret, looksChosen, looksRandom } from './values.ts';

interface Pattern {
  what: string;
  /** The secret is the group `s`; everything is bounded. */
  pattern: RegExp;
  /** Taken only when somebody chose it: a word may stand there. */
  chosen?: true;
  /** Taken only when it was drawn, in digits and letters or as a UUID: a name may stand there. */
  drawn?: true;
}

const patterns: readonly Pattern[] = [
  // user:PASSWORD@tcp(host:3306)/db, as Go's MySQL driver writes it
  {
    what: 'url-password',
    pattern: /(?<![\w.%-])[\w.%-]{1,64}:(?<s>[^\s:@"'/]{1,128})@(?:tcp|unix)?\(/dg,
  },
  {
    what: 'url-password',
    pattern: /(?<![\w.%/@-])[\w.%-]{1,64}:(?<s>[^\s:@"'/,;=]{1,128})@(?!sha\d)[\w.-]{1,200}:\d{2,5}(?!\w)/dg,
  },
  {
    what: 'url-password',
    pattern: /jdbc:oracle:\w{1,10}:[^\s/:@"']{1,64}\/(?<s>[^\s@"']{1,128})@/dg,
  },
  // user:PASSWORD@account.region/db, as Snowflake's driver for Go writes it
  {
    what: 'url-password',
    pattern:
      /(?<![\w.%/@:-])(?!(?:mailto|npm|git|ssh):)[\w.%-]{1,64}:(?<s>[^\s:@"'/,;=<>()]{6,128})@[a-z][\w-]{1,60}(?:\.[\w-]{1,60}){1,6}\//dg,
    chosen: true,
  },
  { what: 'url-password', pattern: /%3A%2F%2F[^\s%]{0,64}%3A(?<s>[^\s&"'<>@]{1,300}?)%40/dgi },
  // The file in which curl and wget keep cookies
  { what: 'cookie', pattern: /\t(?:TRUE|FALSE)\t\d{1,12}\t[^\t\n]{1,100}\t(?<s>[^\t\n\r]{4,4000})/dg },
  // The paths of webhooks are passwords: whoever knows one may post.
  {
    what: 'webhook',
    pattern:
      /https?:\/\/[^\s"'<>]{1,300}?\/(?:(?:web)?hooks?|integration|catch|magic|invite|reset|verify|confirm|activate)\/(?<s>[\w@/~.-]{6,300})/dgi,
    drawn: true,
  },
  { what: 'webhook', pattern: /(?:hc-ping\.com\/|hooks\.zapier\.com\/hooks\/catch\/\d{1,12}\/)(?<s>[\w-]{6,100})/dg },
  { what: 'webhook', pattern: /webhook\/send\?key=(?<s>[\w-]{8,100})/dg },
  { what: 'basic-auth', pattern: /\bbasic {1,2}(?<s>[A-Za-z0-9+/]{8,400}={0,2})/dgi },
  { what: 'url-token', pattern: /conda[\w.-]{0,100}\/t\/(?<s>[\w-]{8,100})/dg },
  { what: 'bearer-token', pattern: /\bbearer {1,2}(?<s>[\w.~+/=-]{8,4000})/dgi },
  // Not "revision identified by 'a1b2'", as a tool of migrations says it
  { what: 'password', pattern: /IDENTIFIED (?:WITH \S{1,40} )?BY (?:PASSWORD )?["'](?<s>[^"'\n]{1,200})["']/dg },
  {
    what: 'password',
    pattern:
      /identified(?<=\b(?:create|alter|grant)\b[^\n]{0,300})\s{1,4}(?:with\s{1,4}\S{1,40}\s{1,4})?by\s{1,4}(?:password\s{1,4})?["'](?<s>[^"'\n]{1,200})["']/dgi,
  },
  // Oracle takes a password without quotes
  {
    what: 'password',
    pattern:
      /(?:user|role|USER|ROLE|TO) \S{1,130} (?:identified by|IDENTIFIED BY) (?:values |VALUES )?(?<s>[^\s"';]{1,128})/dg,
  },
  { what: 'password', pattern: /PASSWORD\s{1,4}FOR\s{1,4}[^=\n]{1,200}=\s{0,4}(?:PASSWORD\()?'(?<s>[^'\n]{1,200})/dgi },
  // user/PASSWORD@//host:port/service, as Oracle's clients write it
  { what: 'url-password', pattern: /(?<![\w./-])[\w$#]{1,64}\/(?<s>[^\s@"'/]{1,128})@\/\//dg },
  { what: 'password', pattern: /createUser \S{1,64} (?:MD5|SHA[\d-]{0,5}) "?(?<s>[^\s"]{4,200})/dg },
  {
    what: 'password',
    pattern: /createUser \S{1,64} (?:MD5|SHA[\d-]{0,5}) \S{1,210} (?:AES[\d-]{0,4}|DES) "?(?<s>[^\s"]{4,200})/dg,
  },
  {
    what: 'password',
    pattern:
      /(?:requirepass|masterauth) {1,4}["']?(?!(?:directive|option|setting|is|was|not|and|or|in|must|should|has|missing)\b)(?<s>[^\s"']{1,500})/dg,
  },
  // What signs or opens a URL: SAS, pre-signed requests, the codes of a login.
  {
    what: 'url-secret',
    pattern:
      /(?:[?&;](?:\w{1,20}_)?|SharedAccessSignature [^\s&]{0,200}&)(?:sig|signature|code|state|ticket|samlresponse|invite|magic|otp)=(?<s>(?=[^&\s"']{0,80}\d)(?=[^&\s"']{0,80}[A-Za-z])[^&\s"'<>]{12,2000})/dgi,
  },
  // Hashes of passwords, as crypt(3), htpasswd, LDAP and databases keep them
  {
    what: 'password-hash',
    pattern: /(?<s>\$(?:apr1|[1567y]|2[abxy]?|argon2(?:id|i|d)|pbkdf2[\w-]{0,20}|scrypt|P|H)\$[\w./$=,+-]{12,400})/dg,
  },
  {
    what: 'password-hash',
    pattern: /SCRAM-SHA-\d{1,3}\$(?<s>\d{1,7}:[\w+/=]{4,200}\$[\w+/=:]{4,400})/dg,
  },
  {
    what: 'password-hash',
    pattern: /\{(?:S?SHA\d{0,3}|S?MD5|CRYPT)\}(?<s>[\w+/=$.]{8,400})/dg,
  },
  {
    what: 'password-hash',
    pattern: /(?<s>\b(?:pbkdf2_sha\d{1,3}|bcrypt_sha\d{1,3}|scrypt:\d{1,7}:\d{1,3}:\d{1,3})\$[\w./$=,+-]{12,400})/dg,
  },
];

/**
 * One of these stands in every line that a pattern can match; few and long words at a time are found fast. A character that
 * each of them has is looked for first, since most texts have not even that.
 */
const MARKS: readonly [needs: string, words: RegExp][] = [
  [' ', /[bB]earer |[bB]asic |dentified|IDENTIFIED|requirepass |masterauth |createUser |PASSWORD FOR|assword for/g],
  ['@', /@[\w.-]{1,200}(?::\d{2,5}|\/|\()|@\/\/|@\(/g],
  ['=', /(?:[sS]ig|ignature|code|state|ticket|SAMLResponse|invite|magic|otp|send\?key)=/g],
  [
    '/',
    /hooks?\/|integration\/|\/catch\/|\/(?:magic|invite|reset|verify|confirm|activate)\/|hc-ping\.com\/|conda[\w.-]{1,100}\/t\//g,
  ],
  ['%', /%3A%2F%2F|%3a%2f%2f/g],
  ['\t', /\tTRUE\t|\tFALSE\t/g],
  ['$', /\$[\w-]{1,20}\$/g],
  ['{', /\{(?:S?SHA|S?MD5|CRYPT)/g],
  ['_', /pbkdf2_sha|bcrypt_sha/g],
  [':', /jdbc:oracle:|scrypt:/g],
  ['S', /SCRAM-SHA-/g],
];

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

export function markedCredentials(text: string): Hit[] {
  return inOrder(
    MARKS.flatMap(([needs, words]) =>
      text.includes(needs) ? linesWith(text, words).flatMap((line) => inLine(text, line)) : [],
    ),
  );
}

function inLine(text: string, { start: from, end: to }: Line): Hit[] {
  const line = text.slice(from, to);
  const hits: Hit[] = [];
  for (const { what, pattern, chosen, drawn } of patterns) {
    for (const match of line.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.s ?? [0, 0];
      const secret = line.slice(start, end);
      if (secret.startsWith(OPEN) || isHidden(secret) || isNoSecret(secret)) continue;
      if (what === 'basic-auth' && !isBasicAuth(secret)) continue;
      if ((chosen && !looksChosen(secret)) || (drawn && !(looksRandom(secret) || UUID.test(secret)))) continue;
      if (what === 'bearer-token' && isAuthorizationTalk(secret)) continue;
      hits.push({ start: from + start, end: from + end, what });
    }
  }
  return hits;
}
