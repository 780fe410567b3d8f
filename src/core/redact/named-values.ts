// A name and its value as two members of one thing: `name: DB_PASSWORD` above `value: …`, {"key":"token","value":"…"},
// EnvVar{Name:DB_PASSWORD,Value:…}, <add key="DbPassword" value="…"/>, "db.password":{"value":"…"}, {password,<<"…">>}.

import { type Hit, inOrder, isHidden } from './hits.ts';
import { kindOf, secrecyOf } from './names.ts';
import { valueAt } from './value-at.ts';
import { isMessage, isNoSecret, looksChosen } from './values.ts';

const Q = String.raw`(?:\\{0,15}["'])?`;

const NAMED = new RegExp(
  String.raw`(?:(?:name|key|property|id)${Q}\s{0,4}[:=]\s{0,4}${Q}(?<n>[\w.-]{1,100})${Q}[ ,]{0,4}(?:\r?\n[\s#>|-]{0,60})?|"(?<m>[\w.-]{1,100})\\{0,15}"\s{0,4}:\s{0,4}\{\s{0,40})${Q}(?:parametervalue|value|content)${Q}\s{0,4}[:=][ \t]{0,4}`,
  'gi',
);
const BEFORE_NAME = new RegExp(
  String.raw`\bvalue${Q}\s{0,4}[:=]\s{0,4}(?:\\{0,15}["'])(?<s>[^"'\\\n]{1,2000})${Q}[\s,]{1,40}${Q}(?:name|key|id)${Q}\s{0,4}[:=]\s{0,4}${Q}(?<n>[\w.-]{1,100})${Q}`,
  'dgi',
);
// Go prints the end of an EnvVar after its value, which has no quotes.
const GO_ENDS = /,ValueFrom:|,?\}|\r?\n|$/g;

const PAIR =
  /(?<open>^|[{([,])\s{0,4}(?<q>["':]?)(?<n>[\w.-]{1,100})["']?\s{0,4},\s{0,4}(?:<<)?(?:~c)?(?=["'](?<s>[^"'\n]{1,500})["'](?:>>)?(?<close>\s{0,4}[})\]])?)/dgm;

export function namedValues(text: string): Hit[] {
  return inOrder([...members(text), ...pairs(text)]);
}

function members(text: string): Hit[] {
  if (!/value|content/i.test(text)) return [];
  const hits: Hit[] = [];
  for (const match of text.matchAll(NAMED)) {
    const name = match.groups?.n ?? match.groups?.m ?? '';
    if (secrecyOf(name) !== 'strong') continue;
    const { start, end } = memberValue(text, match.index, match.index + match[0].length);
    if (!isNoSecret(text.slice(start, end).trim())) hits.push({ start, end, what: kindOf(name) });
  }
  for (const match of text.matchAll(BEFORE_NAME)) {
    const { n: name = '', s: value = '' } = match.groups ?? {};
    const [start, end] = match.indices?.groups?.s ?? [0, 0];
    if (secrecyOf(name) === 'strong' && !isNoSecret(value)) hits.push({ start, end, what: kindOf(name) });
  }
  return hits;
}

function memberValue(text: string, nameAt: number, at: number): { start: number; end: number } {
  if (text.startsWith('Name:', nameAt)) {
    GO_ENDS.lastIndex = at;
    return { start: at, end: GO_ENDS.exec(text)?.index ?? at };
  }
  return valueAt(text, at, nameAt, Number.POSITIVE_INFINITY) ?? { start: at, end: at };
}

/** `{password, "x"}` of Erlang, `["password", "x"]`; a list of names (`["user", "password"]`) is none. */
function pairs(text: string): Hit[] {
  if (!/,\s{0,4}(?:<<)?["']/.test(text)) return [];
  const hits: Hit[] = [];
  for (const match of text.matchAll(PAIR)) {
    const { n: name = '', q: quote = '', s: value = '' } = match.groups ?? {};
    const isName = quote !== '' && /^[a-z]+(?:[_-][a-z]+)*$/i.test(value);
    const isTuple = /[{([]/.test(match.groups?.open ?? '') && match.groups?.close !== undefined;
    if (!isTuple && (quote === '' || !looksChosen(value))) continue;
    if (isName || secrecyOf(name) !== 'strong' || isNoSecret(value) || isMessage(value) || isHidden(value)) continue;
    const [start, end] = match.indices?.groups?.s ?? [0, 0];
    hits.push({ start, end, what: kindOf(name) });
  }
  return hits;
}
