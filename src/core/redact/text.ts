// All text rules in their order. URLs go before values beside names, so that user and host survive; tokens that
// are known by themselves go last, for a value beside a name is hidden whole.

import { valuesBelow } from './below.ts';
import { valuesBeside } from './beside.ts';
import { columnValues } from './columns.ts';
import { markedCredentials } from './credentials.ts';
import { clientSecrets } from './flags.ts';
import { hide, newlines, OPEN, type Redaction, type TextRule } from './hits.ts';
import { insertedValues } from './inserts.ts';
import { issuedTokens } from './issuers.ts';
import { secretManifests } from './manifests.ts';
import { markedUp } from './markup.ts';
import { namedValues } from './named-values.ts';
import { withoutOverlongLines } from './overlong.ts';
import { pairedValues } from './pairs.ts';
import { pemBlocks } from './pem.ts';
import { spokenSecrets } from './sentences.ts';
import { readerOf } from './unseen.ts';
import { urlCredentials } from './urls.ts';

const rules: readonly TextRule[] = [
  pemBlocks,
  urlCredentials,
  secretManifests,
  valuesBelow,
  markedUp,
  namedValues,
  clientSecrets,
  pairedValues,
  markedCredentials,
  insertedValues,
  spokenSecrets,
  columnValues,
  issuedTokens,
  valuesBeside,
];

/** A string shorter than this holds no secret that any rule knows. */
const SHORTEST = 6;
/** One word without a separator, as most strings of a manifest are: only a token can be secret in it. */
const WORD = /^[\w./+-]{1,200}$/;
const MAX_ROUNDS = 8;

export function redactString(text: string, at: string, removed: Redaction[]): string {
  if (text.length < SHORTEST) return text;
  if (WORD.test(text)) return hide(text, issuedTokens(text), at, removed);
  const read = withoutOverlongLines(text, at, removed);
  const once = round(read, at, removed);
  return once === text ? text : settled(once, at, removed);
}

function round(text: string, at: string, removed: Redaction[]): string {
  let out = text;
  let read = readerOf(out);
  for (const rule of rules) {
    const hits = read(rule);
    if (hits.length === 0) continue;
    out = hide(out, hits, at, removed);
    read = readerOf(out);
  }
  return out;
}

/** A placeholder may bare a secret that was glued to what it replaced, so lines with one are read until all is quiet. */
function settled(text: string, at: string, removed: Redaction[]): string {
  const parts: string[] = [];
  let done = 0;
  for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, done)) {
    const start = text.lastIndexOf('\n', open) + 1;
    const newline = text.indexOf('\n', open);
    const end = newline < 0 ? text.length : newline;
    let line = text.slice(start, end);
    for (let n = 0; n < MAX_ROUNDS; n++) {
      const known = removed.length;
      const again = round(line, at, removed);
      if (again === line) break;
      line = again;
      if (start > 0 || newline >= 0) for (const r of removed.slice(known)) r.line = newlines(text.slice(0, start)) + 1;
    }
    parts.push(text.slice(done, start), line);
    done = end;
    if (done === text.length) break;
  }
  return parts.join('') + text.slice(done);
}
