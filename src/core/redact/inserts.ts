// INSERT INTO users (name, password) VALUES ('kim', '…'): the value of a column is told by its place.

import { type Hit, isHidden } from './hits.ts';
import { kindOf, secrecyOf } from './names.ts';
import { isNoSecret } from './values.ts';

const INSERT = /\((?<columns>[^()\n]{1,2000})\)\s{1,4}VALUES\s{0,4}\((?<values>[^()\n]{1,4000})/dgi;
const VALUE = /'(?:[^'\n]|''){0,2000}'|[^,'\n]{1,200}/dg;

export function insertedValues(text: string): Hit[] {
  if (!/VALUES/i.test(text)) return [];
  const hits: Hit[] = [];
  for (const match of text.matchAll(INSERT)) {
    const columns = (match.groups?.columns ?? '').split(',').map((column) => column.replace(/["`[\]\s]/g, ''));
    const from = match.indices?.groups?.values?.[0] ?? 0;
    const values = [...(match.groups?.values ?? '').matchAll(VALUE)].filter(([value]) => value.trim() !== '');
    for (const [i, value] of values.entries()) {
      const name = columns[i] ?? '';
      const bare = value[0].replace(/^[\s']+|[\s']+$/g, '');
      if (secrecyOf(name) !== 'strong' || isNoSecret(bare) || isHidden(bare)) continue;
      const start = from + value.index + value[0].indexOf(bare);
      hits.push({ start, end: start + bare.length, what: kindOf(name) });
    }
  }
  return hits;
}
