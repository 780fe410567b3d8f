// Secrets in XML and HTML: <password>…</password>, <Property name="smtp.password">…</Property>, <key>token</key>
// <string>…</string>; also as CDATA, and with < and > written as entities.

import { type Hit, isHidden } from './hits.ts';
import { kindOf, secrecyOf } from './names.ts';
import { isNoSecret } from './values.ts';

const ELEMENT =
  /(?:<|&lt;)(?:[\w-]{1,40}:)?(?<tag>[\w.-]{1,100})(?<attributes>\s[^<>\n]{0,300})?(?:>|&gt;)(?:<!\[CDATA\[(?=(?<t>[^\n]{1,2000}?)\]\]>)|(?=(?<s>[^\n<]{1,2000}?)(?:<\/|&lt;\/)))/dg;
const NAMED = /\b(?:name|key|id)=["'](?<name>[\w.-]{1,100})["']/;
const PLIST = /<key>(?<tag>[\w.-]{1,100})<\/key>\s{0,80}<string>(?<s>[^<\n]{1,2000})/dg;

// <setting name="ApiKey"><value>…</value></setting>
const SETTING =
  /<\w{1,40} [^<>\n]{0,200}?\b(?:name|key|id)=["'](?<tag>[\w.-]{1,100})["'][^<>\n]{0,200}>\s{0,80}<[vV]alue>(?<s>[^<\n]{1,2000})/dg;
// <property><name>…</name><value>…</value>, as Hadoop's and Hive's files have it.
const PROPERTY = /<name>(?<tag>[\w.-]{1,100})<\/name>\s{0,80}<value>(?<s>[^<\n]{1,2000})/dg;

export function markedUp(text: string): Hit[] {
  if (!text.includes('</') && !text.includes('&lt;/')) return [];
  const hits: Hit[] = [];
  for (const match of [
    ...text.matchAll(ELEMENT),
    ...text.matchAll(PLIST),
    ...text.matchAll(PROPERTY),
    ...text.matchAll(SETTING),
  ]) {
    const { tag = '', attributes = '', s, t = '' } = match.groups ?? {};
    const value = s ?? t;
    const name = [tag, NAMED.exec(attributes)?.groups?.name ?? ''].find((n) => secrecyOf(n) === 'strong');
    if (name === undefined || /^<[a-z]/i.test(value) || isNoSecret(value.trim()) || isHidden(value)) continue;
    const [start, end] = match.indices?.groups?.s ?? match.indices?.groups?.t ?? [0, 0];
    hits.push({ start, end, what: kindOf(name) });
  }
  return hits.sort((a, b) => a.start - b.start);
}
