// Values that stand on the lines below their name: block scalars and lists of YAML, a flag and its value as kubectl
// describes them, PHP's var_dump, answers of Redis, "the password is:" above the password itself.

import { type Hit, inOrder, isHidden } from './hits.ts';
import { type Line, type Lines, linesWith } from './lines.ts';
import { kindOf, secrecyOf } from './names.ts';
import { isMessage, isNoSecret, looksChosen } from './values.ts';

const MAX_LINES = 500;
const MAX_CHARS = 32_000;

/** `password: |`, `passwords:`, `chpasswd:` and the like, at the line's end. */
const HEADER =
  /^(?<indent>[ \t]{0,200}(?:- )?)["']?(?<name>[\w.-]{1,100}(?: codes)?)["']?[ \t]{0,8}:[ \t]{0,8}(?<block>[|>][+-]?\d?[+-]?)?[ \t]{0,8}\r?$/;
/** `secret = """` of TOML, `private_key = <<EOF` of HCL and shells. */
const QUOTED =
  /^[ \t]{0,200}(?:export )?["']?(?<name>[\w.-]{1,100})["']?[ \t]{0,20}[:=][ \t]{0,20}(?:<<[-~]?["']?(?<word>\w{1,40})["']?|(?<quotes>"""|'''))[ \t]{0,8}\r?$/;
const ITEM =
  /^[ \t]{0,200}(?:- |\* |\d{1,2}[.)] |(?=[\w-]{6,40}[ \t]{0,8}\r?$)(?=[\w-]{0,40}\d))["']?(?<s>[^\s"'][^"'\n\r]{0,500})/d;
const ACCOUNT = /^[ \t]{0,200}(?:- )?["']?[\w.-]{1,64}:(?<s>[^\s"']{1,200})/d;

// What a line must hold for a value to be looked for below it.
const HEADERS = /: ?[|>]|<<["'\w~-]|"""|'''|(?:asswords|assphrases|okens|eys|chpasswd|codes):/g;
export function valuesBelow(text: string, { naming }: Lines): Hit[] {
  if (!text.includes('\n')) return [];
  const hits = linesWith(text, HEADERS).flatMap((line) => underHeader(text, line));
  return inOrder(
    hits.concat(
      naming().flatMap((line) => onNextLine(text, line)),
      puttyKeys(text),
    ),
  );
}

function underHeader(text: string, line: Line): Hit[] {
  const header = HEADER.exec(text.slice(line.start, line.end));
  if (!header) return untilDelimiter(text, line);
  const { indent = '', name = '', block } = header.groups ?? {};
  const secrecy = secrecyOf(name);
  const isAccounts = name === 'chpasswd';
  if (!isAccounts && !(secrecy === 'strong' && block) && secrecy !== 'listed') return [];
  const lines = linesUnder(text, line.end + 1, indent.length, block === undefined);
  if (secrecy !== 'strong') return lines.flatMap((under) => inLine(text, under, isAccounts ? ACCOUNT : ITEM));
  const body = lines.filter(({ start, end }) => !isDone(text.slice(start, end)));
  const [first, last] = [body[0], body.at(-1)];
  if (!first || !last) return [];
  const start = first.start + text.slice(first.start, first.end).search(/\S/);
  return [{ start, end: last.end, what: kindOf(name) }];
}

function untilDelimiter(text: string, line: Line): Hit[] {
  const { name = '', word, quotes } = QUOTED.exec(text.slice(line.start, line.end))?.groups ?? {};
  if (secrecyOf(name) !== 'strong') return [];
  const start = line.end + 1;
  const closing = text.indexOf(`${word === undefined ? '' : '\n'}${word ?? quotes ?? '\n'}`, line.end);
  const end = closing < 0 ? Math.min(text.length, start + MAX_CHARS) : closing;
  const body = text.slice(start, end).trimEnd();
  return body.split('\n').every(isDone) ? [] : [{ start, end: start + body.length, what: kindOf(name) }];
}

function isDone(line: string): boolean {
  return line.trim() === '' || isHidden(line) || /-----(?:BEGIN|END) /.test(line);
}

function inLine(text: string, { start, end }: Line, pattern: RegExp): Hit[] {
  const [from, to] = pattern.exec(text.slice(start, end))?.indices?.groups?.s ?? [0, 0];
  const value = text.slice(start + from, start + to);
  return to === 0 || isNoSecret(value) || isHidden(value)
    ? []
    : [{ start: start + from, end: start + to, what: 'password' }];
}

/** The lines that are indented deeper than their header; a list may stand as deep as its name. */
function linesUnder(text: string, from: number, indent: number, isList: boolean): Line[] {
  const lines: Line[] = [];
  for (let at = from; at < text.length && lines.length < MAX_LINES; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const depth = /^[ \t]{0,200}/.exec(text.slice(at, at + 200))![0].length;
    const isBlank = text.slice(at, Math.min(end, at + 201)).trim() === '';
    if (!isBlank && depth <= indent && !(isList && depth === indent && text.startsWith('- ', at + depth))) break;
    lines.push({ start: at, end: text[end - 1] === '\r' ? end - 1 : end });
    at = end + 1;
  }
  return lines;
}

interface NextLine {
  /** Tried where a line begins. */
  pattern: RegExp;
  /** What name and value must be, besides that the value is no message. */
  holds: (name: string, value: string) => boolean;
}

const isStrong = (name: string): boolean => secrecyOf(name) === 'strong';
const READS = /\b(?:cat|echo|base64|print|get|show|read|head|tail)\b/;
const OF_A_SECRET = /pass|secret|token|credential|key/i;
const ANNOUNCES = /\b(?:password|passphrase|passcode|token|unseal key|recovery code)\b/i;

const nextLines: readonly NextLine[] = [
  {
    pattern:
      /^[ \t]{0,80}(?:- )?["']?--?(?<name>[A-Za-z][\w.-]{0,63})["']?,?[ \t]{0,8}\r?\n[ \t]{0,80}(?:- )?(?<s>[^\s"'-]\S{0,500}|"[^"\n]{1,500}"|'[^'\n]{1,500}')[ \t]{0,8}\r?(?:\n|$)/d,
    holds: isStrong,
  },
  {
    pattern:
      /^[^\n]{0,300}\bname="(?<name>[\w.-]{1,100})"\r?\n(?:[\w-]{1,40}: [^\n]{0,200}\n){0,3}\r?\n(?<s>[^\n\r]{1,500})/d,
    holds: isStrong,
  },
  {
    pattern: /^.{0,200}\["(?<name>[\w.-]{1,100})"[^\]\n]{0,200}\]=>\s{0,20}string\(\d{1,6}\) "(?<s>[^"\n]{1,2000})"/d,
    holds: isStrong,
  },
  {
    pattern: /^[ \t]{0,40}\d{1,5}\) "(?<name>[\w.-]{1,100})"\r?\n[ \t]{0,40}\d{1,5}\) "(?<s>[^"\n]{1,2000})"/d,
    holds: (name) => isStrong(name) || name === 'requirepass',
  },
  {
    pattern: /^(?<name>[\w.]{1,100})\r?\n[ \t]{1,8}[^\n]{0,300}?input_value=(?<s>'[^'\n]{1,500}'|"[^"\n]{1,500}")/d,
    holds: isStrong,
  },
  {
    // What a command prints that reads a secret: `$ cat /run/secrets/db_password`, `$ kubectl get secret … -o jsonpath=…`
    pattern:
      /^[ \t]{0,8}(?:[\w@~:./-]{0,60}[$#>] {1,2}|\+{1,3} )(?<name>[^\n]{1,300})\r?\n(?<s>[^\s:(]{6,300})[ \t]{0,8}\r?(?:\n|$)/d,
    holds: (name, value) => READS.test(name) && OF_A_SECRET.test(name) && looksChosen(value) && !value.includes('/'),
  },
  {
    pattern:
      /^(?<name>[^\n]{1,300}):[ \t]{0,8}\r?\n(?:[ \t]{0,8}\r?\n){0,2}[ \t]{0,40}(?<s>\S{6,300})[ \t]{0,8}\r?(?:\n|$)/d,
    holds: (name, value) =>
      (ANNOUNCES.test(name) || (/^[ \t]{0,80}(?:- )?["']?[\w.-]{1,100}["']?$/.test(name) && isStrong(name))) &&
      looksChosen(value) &&
      !/[:/(]/.test(value),
  },
];

/** As far below a name as its value is looked for. */
const NEXT_CHARS = 2_500;

function onNextLine(text: string, { start: from, end }: Line): Hit[] {
  if (end - from > NEXT_CHARS) return [];
  // Below a line of words without a colon at its end stands no value of its own.
  const line = text.slice(from, end).trim().replace(/^- /, '');
  if (!/[:">]$/.test(line) && line.includes(' ') && !/^(?:\S{0,60}[$#>]|\+{1,3}) /.test(line)) return [];
  const near = text.slice(from, end + NEXT_CHARS);
  for (const { pattern, holds } of nextLines) {
    const match = pattern.exec(near);
    const [start, stop] = match?.indices?.groups?.s ?? [0, 0];
    const value = near.slice(start, stop);
    const bare = value.replace(/^["']|["']$/g, '');
    const name = match?.groups?.name ?? '';
    if (isHidden(bare) || isNoSecret(bare) || isMessage(bare) || !holds(name, bare)) continue;
    const at = from + start + value.indexOf(bare);
    return [{ start: at, end: at + bare.length, what: kindOf(name) }];
  }
  return [];
}

/** The private half of a key as PuTTY keeps it. */
function puttyKeys(text: string): Hit[] {
  if (!text.includes('Private-Lines:')) return [];
  return [...text.matchAll(/^Private-Lines: \d{1,3}\r?\n(?<s>(?:[A-Za-z0-9+/=]{1,80}(?:\r?\n|$)){1,40})/dgm)].map(
    (match) => {
      const [start, end] = match.indices?.groups?.s ?? [0, 0];
      return { start, end: start + text.slice(start, end).trimEnd().length, what: 'private-key' };
    },
  );
}
