// Values of environment variables in manifests that stand in text: `name: DB_PASSWORD` above `value: …`, and
// {"name":"DB_PASSWORD","value":"…"} on one line, also escaped.

import type { Hit } from './hits.ts';
import { kindOf, secrecyOf } from './names.ts';
import { isNoSecret } from './values.ts';

const NAMED =
  /\bname["'\\]{0,4}\s{0,4}:\s{0,4}["'\\]{0,4}(?<n>[\w.-]{1,100})["'\\]{0,4}[ ,]{0,4}(?:\r?\n[\s#>|-]{0,60})?["'\\]{0,4}value["'\\]{0,4}\s{0,4}:[ \t]{0,4}["'\\]{0,4}(?<s>[^"'\\\n\r]{1,4000})/dg;

export function namedValues(text: string): Hit[] {
  if (!text.includes('value')) return [];
  const hits: Hit[] = [];
  for (const match of text.matchAll(NAMED)) {
    const name = match.groups?.n ?? '';
    const [start, end] = match.indices?.groups?.s ?? [0, 0];
    if (secrecyOf(name) === 'strong' && !isNoSecret(text.slice(start, end).trim()))
      hits.push({ start, end, what: kindOf(name) });
  }
  return hits;
}
