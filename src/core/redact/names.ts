// Tells from a name whether its value is a secret: `PGPASSWORD`, `client_secret`, `X-Api-Key`, `AccountKey`.
// A name that only points at a secret (`secretName`, `PASSWORD_FILE`, `token_url`) is no secret.

/** `strong`: any value is one. `weak`: only a value that looks random. `listed`: every value of a list. */
export type Secrecy = 'strong' | 'weak' | 'listed' | undefined;

const STRONG =
  /(?:password|passwd|passphrase|passcode|secret|token|apikey|accesskey|accountkey|secretkey|privatekey|encryptionkey|signingkey|masterkey|sharedaccesskey|credential|credentials|creds|psk|mnemonic|seedphrase|passwort|kennwort|motdepasse|contrasena|senha|wachtwoord|passord|salasana|adgangskode|losenord|jelszo|lozinka|(?<!en)clave(?:secreta)?|parola(?:chiave)?|sifre|passe|authtok|heslo|pwd|pswd|dockerconfigjson|dockercfg)$/;

// `dbpass`, `storepass`, `rootpw`, whatever stands before it, but for words of the language.
const PASS =
  /^(?!(?:bypass|compass|trespass|encompass|surpass|overpass|underpass|onepass|multipass)$)[a-z\d]{0,40}(?:pass|pw)$/;

const ELSEWHERE = /(?:contraseña|парол[ья]|密码|密碼|口令|パスワード|비밀번호|hasło|lösenord|şifre|jelszó)$/i;

const LISTED =
  /(?:passwords|passwds|passphrases)$|(?:recovery|backup)codes$|(?:api|app|access|auth|admin|bearer|refresh|static)(?:tokens|keys)$/;

const KEY_OF = new Set(
  (
    'activation authentication authorization decryption machine validation verification access account aes api app application auth azure client cookie crypto datadog dd deploy encryption hmac host ingest instrumentation integration jwt priv ' +
    'license master newrelic openai anthropic partner primary private publishable rsa root sdk secondary secret sendgrid server service ' +
    'session shared sharedaccess signing ssh storage stripe subscription tls webhook write'
  ).split(' '),
);

const WEAK = new Set(
  'auth authorization bearer cookie dsn encrypt hmac jwt key nonce otp p12 pfx jks pin salt sas seed session sessionid sid sig signature cert hash'.split(
    ' ',
  ),
);

// Words after the telling one that leave the value a secret: DB_PASSWORD_OLD, token2, secretValue.
const QUALIFIER =
  /^(?:\d+|v\d|old|new|prev|previous|current|next|value|val|data|hash|hashed|b64|base64|enc|encrypted|prod|production|dev|test|staging|live|primary|secondary|default|raw|plain|plaintext|text|string|str|confirmation|confirm|ro|rw|readonly|base|salt|hex|md5|sha1|sha256|sha512)$/;

const SPECIAL: { [name: string]: Secrecy } = {
  masterauth: 'strong',
  xamzsignature: 'strong',
  xamzcredential: 'strong',
  xamzsecuritytoken: 'strong',
  sig: 'weak',
  sharedaccesssignature: 'strong',
  connectionstring: 'weak',
  userpwd: 'strong',
  secretid: 'strong',
  basicauthuserinfo: 'strong',
  xgoogsignature: 'strong',
  routingkey: 'weak',
  samlresponse: 'weak',
  neo4jauth: 'strong',
  redisauth: 'strong',
  rediscliauth: 'strong',
  basicauth: 'strong',
  devicecode: 'weak',
  codeverifier: 'weak',
};

/** `PASSWORD_POLICY`, `password_changed_at`: what is told about a password. */
const ABOUT_PASSWORDS =
  /^(?:ref|name|names|file|path|secret|key|keys|length|len|min|max|policy|url|uri|age|expiry|expires|expired|date|time|at|on|count|algorithm|algo|type|mode|enabled|required|set|id|column|field|reset|encoder|encryption|provider|prompt|rules?|strength|history|hint|source|format|regex|pattern|attempts|grace|lifetime|days)$/;

// The same few names come again and again in a log; remembering them changes no answer.
const answers = new Map<string, Secrecy>();
const MOST_ANSWERS = 2_000;

export function secrecyOf(name: string): Secrecy {
  if (name.length > 128) return undefined;
  if (answers.has(name)) return answers.get(name);
  const secrecy = judged(name);
  if (answers.size < MOST_ANSWERS) answers.set(name, secrecy);
  return secrecy;
}

function judged(name: string): Secrecy {
  if (ELSEWHERE.test(name)) return 'strong';
  const words = name
    .replace(/^-D/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const whole = SPECIAL[words.join('')];
  if (whole) return whole;
  if (/secret(?:hash|checksum|digest)$/.test(words.join(''))) return undefined;
  while (words.length > 1 && QUALIFIER.test(words.at(-1)!)) words.pop();
  // The working directory, and names of Secret objects.
  if (/^(?:OLD)?PWD$/.test(name) || /(?:pull|tls|cert|certificate|registry|existing)secret$/.test(words.join('')))
    return undefined;
  const special = SPECIAL[words.join('')];
  if (special) return special;
  const last = words.at(-1)?.replace(/\d{1,9}$/, '') ?? '';
  // pass_phrase, and authkey in one word.
  const lastTwo = `${words.at(-2) ?? ''}${last}`;
  if (lastTwo === 'erlangcookie' || STRONG.test(lastTwo) || PASS.test(last)) return 'strong';
  if (LISTED.test(words.join(''))) return 'listed';
  const keyOf = /^(?<owner>[a-z]+)key$/.exec(last === 'key' ? lastTwo : last)?.groups?.owner ?? '';
  if (KEY_OF.has(keyOf)) return 'strong';
  // BUNDLE_GEMS__EXAMPLE__COM=user:x
  if (/^BUNDLE_[A-Z\d_]+__[A-Z]+$/.test(name)) return 'strong';
  if (/(?:password|passwd|passphrase)$/.test(words.at(-2) ?? '') && !ABOUT_PASSWORDS.test(last)) return 'weak';
  return WEAK.has(last) && keyOf !== 'public' ? 'weak' : undefined;
}

/** The word that a placeholder shows for a value of this name. */
export function kindOf(name: string): string {
  const lower = name.toLowerCase();
  if (/pass|pwd/.test(lower)) return 'password';
  if (lower.includes('token')) return 'token';
  if (lower.includes('key')) return 'key';
  return 'secret';
}
