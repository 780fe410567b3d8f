// Secrets in sentences that have no pair of name and value: "Generated root password: x", "with password x", tables.
// Prose about passwords stays: what is taken must look chosen, unless a quote or a colon at the line's end says that it
// is the value.

import { commands } from './commands.ts';
import { type Hit, inOrder, isHidden } from './hits.ts';
import { type Line, type Lines, linesWith } from './lines.ts';
import { secrecyOf } from './names.ts';
import { SHOWN_WORDS, shown } from './shown.ts';
import { isMessage, isNoSecret, looksChosen, looksRandom } from './values.ts';

/** One way to say a secret; tried on single lines. */
export interface Spoken {
  /** The secret is the group `s`, a name that must be secret the group `name`. */
  pattern: RegExp;
  /** What a line must hold besides: the pattern is dear. */
  has?: RegExp;
  /** The line must name a secret elsewhere: a validator shows what it was given. */
  besideName?: true;
  /** Taken only when it looks chosen: prose may stand in its place. */
  chosen?: true;
  /** Taken only when nobody could have thought of it: an object's name may stand there. */
  drawn?: true;
}

const WORD = String.raw`(?:password|passwd|passphrase|passcode|pass[wp]ort(?:e?s)?|kennwort|wachtwoord|senha|contrase[nñ]a|clave|mot de passe|пароль|heslo|hasło|lösenord(?:et)?|passord(?:et)?|adgangskode|salasana|parola|şifre|sifre|mật khẩu|κωδικός(?: πρόσβασης)?|كلمة المرور)(?!\w)`;
const OF = '(?:for|of|pro|für|voor|para|de|do|da|du|pour|dla|för|till|til|zu|zum)';
const IS = '(?:is|was|set to|reset to|changed to|generated|lautet|ist|est|es|é|è|jest|je|är|er)';

const PASSWORD =
  /pass(?:[wpo]|phrase|code)|kennwort|wachtwoord|senha|contrase|clave|de passe|пароль|heslo|hasło|lösenord|adgangskode|salasana|parola|sifre|şifre|khẩu|κωδικ|كلمة/i;

const sentences: readonly Spoken[] = [
  {
    has: PASSWORD,
    pattern: new RegExp(
      String.raw`(?<!\w)${WORD}(?: ${OF} \S{1,60}(?: \S{1,30}){0,2})? ${IS}(?: now)? ?[:=] ?["'\`]?(?<s>[^\s"'\`]{3,200})["'\`]?[ \t.]{0,4}\r?$`,
      'dgim',
    ),
  },
  {
    has: / (?:is|was|set|reset|changed|lautet|ist|est|es|é|è|jest|je|är|er)[ :=]/i,
    pattern: new RegExp(
      String.raw`(?<!\w)(?:${WORD}|token|api key|secret)(?: ${OF} \S{1,60}(?: \S{1,30}){0,2})? ${IS} ?[:=]? ?["'\`]?(?<s>[^\s"'\`]{6,200})`,
      'dgi',
    ),
    chosen: true,
  },
  {
    has: PASSWORD,
    pattern: new RegExp(
      String.raw`(?<!\b(?:field|key|property|parameter|argument|option|named|column|variable|for) )\b${WORD} (?:["](?<s>[^"\n]{1,200})["]|['](?<t>[^'\n]{1,200})['])`,
      'dgi',
    ),
  },
  {
    has: PASSWORD,
    pattern: new RegExp(
      String.raw`\b(?:with|using|and|login \S{1,64}) (?:the )?(?:${WORD}) (?<s>[^\s"']{4,200})`,
      'dgi',
    ),
    chosen: true,
  },
  {
    has: PASSWORD,
    pattern: new RegExp(
      String.raw`(?<!\w)${WORD}(?![^\n:=]{0,80}\b(?:fail|error|invalid|denied|incorrect|mismatch|must|not|policy|file|hash|(?:user(?:name)?|login|host|email|database|role|account):))[^\n:=]{1,80}: ["'\`]?(?<s>[^\s"'\`]{4,200})["'\`]?[ \t]{0,8}\r?$`,
      'dgim',
    ),
    chosen: true,
  },
  // `DB_PASS is set and was NOT overwritten: x`, `password file content: x`
  {
    has: /(?:content|value|overwritten|now|following|below|output|result|decoded|decrypted|plain(?:text)?)["'`]?: /i,
    pattern:
      /\b(?:content|value|overwritten|now|following|below|output|result|decoded|decrypted|plain(?:text)?)["'`]?: ["'`]?(?<s>[^\s"'`]{4,200})["'`]?[ \t]{0,8}\r?$/dgim,
    besideName: true,
    chosen: true,
  },
  { pattern: /^password \w{1,40} = (?<s>\S{4,200})$/dgim },
  // `Invalid value: "x"`, `parsing "x"`, `"received":"x"` and other words of validators
  {
    pattern:
      /(?:\bvalue|\breceived|\binput|\bconverting|\bparsing|\bgot|\bcharacters)["':= ]{1,4}(?<!\w)(?:"(?<s>[^"\n]{1,300})"|'(?<t>[^'\n]{1,300})'|\[(?<u>[^[\]\n]{1,300})\])/dgi,
    besideName: true,
  },
  {
    has: / key/i,
    pattern:
      /\b(?:api|access|secret|private|encryption|signing|licen[cs]e|account|master) key(?: \w{1,20})? ?[:=] ?["']?(?<s>[^\s"']{6,300})/dgi,
    chosen: true,
  },
  {
    has: /token/i,
    pattern:
      /\b(?:created|generated|issued|new|your) (?:\w{1,20} )?token (?<s>(?=(?:\D{0,100}\d){4})[\w.~+/-]{12,300})/dgi,
  },
  {
    pattern:
      /(?:\blog ?in (?:with|as|using)|\bcredentials?:?) [\w@.-]{1,64} ?\/ ?(?<s>[^\s"'/]{4,200})(?=[\s"'.,]|$)/dgi,
    chosen: true,
  },
  // `API token "x" is invalid`
  {
    pattern: /\b(?:token|(?:api|access|secret) key) ["'](?<s>[\w.~+/=-]{16,300})["']/dgi,
    drawn: true,
  },
  // ipsec.secrets
  { pattern: /: (?:PSK|XAUTH|EAP) "(?<s>[^"\n]{1,200})"/dg },
  { pattern: /\b(?:Unseal|Recovery) Key \d{1,2}: (?<s>\S{20,200})/dg },
  // A directive and its value: `insecure-password x`, `proxy_set_header X-Api-Key "x";`, `PASS x`.
  {
    pattern:
      /(?:^|[ \t])(?<name>[A-Za-z]\w{0,60}[._-][\w.-]{1,60}|PASS|password|passwd|passphrase)[ \t]{1,20}["']?(?<s>[^\s"';]{4,300})["']?;?[ \t]{0,8}\r?$/dgm,
    chosen: true,
  },
  {
    has: / (?:is|was|set to) /,
    pattern: /\b(?<name>[A-Za-z]\w{0,40}[_.-][\w.-]{1,60}) (?:is|was|set to) ["']?(?<s>[^\s"']{6,300})/dg,
    chosen: true,
  },
  { has: /->/, pattern: /\b(?<name>[\w.-]{1,100}) -{1,3}> ["']?(?<s>[^\s"']{1,200})/dg },
  { has: /\.{4}/, pattern: /\b(?<name>\w{1,60})\.{4,80} ?(?<s>[^\s.]\S{0,200})/dg },
  {
    has: /[|│]/,
    pattern: /[|│] {0,40}(?<name>[\w.-]{1,100}) {0,40}[|│] {0,40}(?<s>[^|│\s]{1,200}) {0,80}[|│]/dg,
    chosen: true,
  },
  { has: /"/, pattern: /^[ \t]{0,80}(?<name>[\w.-]{1,100}) {1,20}"(?<s>[^"\n]{1,500})"[ \t]{0,8}\r?$/dgm },
];

export function spokenSecrets(text: string, { naming }: Lines): Hit[] {
  const said = naming().flatMap((line) => [...found(text, line, sentences), ...inWords(text, line)]);
  for (const { words, rows } of commands)
    said.push(...linesWith(text, words).flatMap((line) => found(text, line, rows)));
  return inOrder(said);
}

function inWords(text: string, line: Line): Hit[] {
  return SHOWN_WORDS.test(text.slice(line.start, line.end)) ? found(text, line, shown) : [];
}

function found(text: string, { start: from, end: to }: Line, rows: readonly Spoken[]): Hit[] {
  const line = text.slice(from, to);
  const hits: Hit[] = [];
  for (const { pattern, chosen, drawn, has, besideName } of rows) {
    if ((has && !has.test(line)) || (besideName && !namesSecret(line))) continue;
    for (const match of line.matchAll(pattern)) {
      const { name } = match.groups ?? {};
      if (name !== undefined && secrecyOf(name) !== 'strong') continue;
      const named = match.indices?.groups;
      const [start, end] = named?.s ?? named?.t ?? named?.u ?? [0, 0];
      const value = line.slice(start, end);
      if (isHidden(value) || isNoSecret(value) || isMessage(value) || (chosen && !looksChosen(value))) continue;
      if (drawn && !looksRandom(value)) continue;
      hits.push({ start: from + start, end: from + end, what: 'password' });
    }
  }
  return hits;
}

function namesSecret(line: string): boolean {
  return (line.match(/[\w.-]{4,100}/g) ?? []).some(
    (word) => secrecyOf(word) === 'strong' && !/^(?:secret|token)s?$/i.test(word),
  );
}
