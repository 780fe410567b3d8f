// The second net, for syntaxes that no other rule knows: what stands right behind a secret's name, whatever is between,
// and long drawn tokens in a line that speaks of a secret. Taken only when somebody chose or drew it.

import { isDrawn } from './drawn.ts';
import { type Hit, inOrder, isHidden } from './hits.ts';
import { type Lines, NAME_PARTS } from './lines.ts';
import { kindOf, secrecyOf } from './names.ts';
import { OBJECT_NAME } from './secret-objects.ts';
import { isMessage, isNoSecret, looksChosen, looksRandom } from './values.ts';

export function valuesBeside(text: string, { naming }: Lines): Hit[] {
  return inOrder(
    naming().flatMap(({ start, end }) => {
      const line = text.slice(start, end);
      return [...rightBehind(line), ...drawnNear(line)].map((hit) => ({
        ...hit,
        start: start + hit.start,
        end: start + hit.end,
      }));
    }),
  );
}

// Quotes and other marks, perhaps a letter that opens a string (`~c"`, `N'`), and a word. Colons and equals signs make
// pairs, which are judged elsewhere.
const BEHIND =
  /(?<gap>["'`)\]\\* ,|>~{(<\t-]{1,20}(?:[A-Za-z](?=["']))?["'`]{0,3})(?<s>[^\s"'`,;<>(){}[\]|:=\\‹›]{4,200})(?<next>[:=(\])}]?)/dy;
const NAME_BEFORE = /[\w.-]{0,60}$/;
/** Names that people also write of things that are no secret themselves: Secret objects, tokens of a grammar. */
const LOOSE = /^(?:tokens?|creds?|credentials?|pass)$/i;

/** `ExternalSecret orders-db` */
function isLoose(name: string, value: string, gap: string): boolean {
  if (LOOSE.test(name) || /^secrets?$/i.test(name)) return true;
  return /secrets?$/i.test(name) && gap.trim() === '' && OBJECT_NAME.test(value);
}

function rightBehind(line: string): Hit[] {
  const hits: Hit[] = [];
  for (const { 0: part, index } of line.matchAll(NAME_PARTS)) {
    BEHIND.lastIndex = index + part.length;
    const match = BEHIND.exec(line);
    if (!match) continue;
    const { gap = '', s: value = '', next = '' } = match.groups ?? {};
    if (/[:=(]/.test(next) || isNoSecret(value) || isMessage(value) || isHidden(value) || !looksChosen(value)) continue;
    const first = NAME_BEFORE.exec(line.slice(Math.max(0, index - 60), index))?.[0] ?? '';
    const name = first + part;
    const before = line[index - first.length - 1] ?? '';
    if (before === '/' || isLoose(name, value, gap) || secrecyOf(name) !== 'strong') continue;
    if (!stands(gap, value, /[[({]/.test(before) && next !== '')) continue;
    const [start, end] = match.indices?.groups?.s ?? [0, 0];
    hits.push({ start, end, what: kindOf(name) });
  }
  return hits;
}

/** Whether a value can stand behind these marks; in prose only one that no sentence and no program has as a word. */
function stands(gap: string, value: string, isTuple: boolean): boolean {
  if (/["'`]$/.test(gap)) return true;
  if (/^[ \t]+$/.test(gap)) return /\d/.test(value) && /[A-Za-z]/.test(value) && value.length >= 6;
  if (isTuple && gap.trim() === ',') return true;
  // `check_token(KeyToken)`: a name of the program.
  return !/^[)\]]?[.,]? |^-/.test(gap) && (!/[(,]/.test(gap) || /\d/.test(value));
}

const SPEAKS =
  /pass(?:w|phrase|code)|secret|token|credential|mnemonic|\b(?:otp|seed)\b|(?:api|access|signing|encryption|master|licen[cs]e|unseal|deploy|private|auth)[ _-]?key/gi;
const MAY_BE_DRAWN = /[\w+-]{12}/;
const DRAWN = /(?<![\w./@~%+=-])[A-Za-z0-9][\w+/=~-]{11,300}(?![\w.@])/g;
/** What says that a token is no secret: it has a name of its own, or it identifies something. */
const IDENTIFIES =
  /(?:[\w.-]["']?[=:]["'([]{0,2}|["']: ?["']?|:\/\/|checksum\/[\w.-]{1,40}["']?: ?["']?|\b(?:id|ids|digest|sha\d{0,3}|commit|revision|hash|checksum|fingerprint|trace|span|request|container|image|layer|uid|version|serial|thumbprint|etag|node|kid|cluster|snapshot|member|pod|replica|resource|instance)["'`:=( #]{0,3})$/i;
// `EC2RoleRequestError`
const CAMEL_CASE = /^(?!(?:\D{0,40}\d){3})[A-Z]{0,4}\d?(?:[A-Z][a-z]{2,20}\d?){2,10}$/;
const BEFORE_CHARS = 40;
const AFTER_CHARS = 100;

// `ADMIN_TOKEN`, `encryptionKey`: the name of a setting; tokens beside it are known from twelve characters on.
const SETTING = /\b[A-Z][A-Z\d]{0,30}_[A-Z\d_]{2,60}\b|\b[a-z]{2,30}[A-Z][A-Za-z]{2,60}\b/g;

function isDrawnShort(value: string, isNamed: boolean): boolean {
  return isNamed && /[a-z]/.test(value) && isDrawn(value.replace(/[_-]/g, ''), 0.55);
}

function drawnNear(line: string): Hit[] {
  if (!MAY_BE_DRAWN.test(line)) return [];
  const spoken = [...line.matchAll(SPEAKS)].map((match) => match.index);
  const isNear = (start: number, end: number): boolean =>
    spoken.some((word) => start - word <= AFTER_CHARS && word - end <= BEFORE_CHARS);
  const hits: Hit[] = [];
  if (spoken.length === 0) return hits;
  let isNamed: boolean | undefined;
  const namesOne = (): boolean => {
    isNamed ??= (line.match(SETTING) ?? []).some((name) => secrecyOf(name) === 'strong') || / token /.test(line);
    return isNamed;
  };
  for (const { 0: value, index } of line.matchAll(DRAWN)) {
    const end = index + value.length;
    if (CAMEL_CASE.test(value) || !(looksRandom(value) ? isNear(index, end) : isDrawnShort(value, namesOne())))
      continue;
    if (!IDENTIFIES.test(line.slice(Math.max(0, index - BEFORE_CHARS), index)))
      hits.push({ start: index, end, what: 'token' });
  }
  return hits;
}
