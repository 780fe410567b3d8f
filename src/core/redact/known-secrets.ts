// Secret values that a snapshot itself gives away in one field (a literal env value, Secret data) and that may
// stand again in another: a program that prints its configuration, a command line in an event.

import { object as asObject, isObject, list, text } from '../json.ts';
import type { Snapshot } from '../snapshot.ts';
import { namesEvidence } from './env.ts';
import type { Hit } from './hits.ts';
import { secrecyOf } from './names.ts';
import { urlCredentials } from './urls.ts';
import { isNoSecret, looksRandom } from './values.ts';

const MOST = 200;
const MAX_DEPTH = 60;

export interface Known {
  secrets: string[];
  /** Highest number of a `‹hidden N›` that an earlier pass left. */
  highest: number;
}

export function knownSecrets(snapshot: Snapshot): Known {
  const known = new Set<string>();
  let highest = 0;
  const take = (value: string): void => {
    if (known.size < MOST && isDistinctive(value)) known.add(value);
  };
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
    for (const child of Array.isArray(value) ? value : Object.values(value)) {
      if (typeof child === 'string') {
        if (child.startsWith('‹hidden '))
          highest = Math.max(highest, Number(/^‹hidden (\d{1,9})›$/.exec(child)?.[1] ?? 0));
      } else {
        if (
          isObject(child) &&
          typeof child.name === 'string' &&
          typeof child.value === 'string' &&
          secrecyOf(child.name) === 'strong'
        )
          take(child.value);
        visit(child, depth + 1);
      }
    }
  };
  for (const object of list(snapshot.objects).filter(isObject)) {
    visit(object, 0);
    if (object.kind !== 'Secret') continue;
    for (const [key, value] of Object.entries(asObject(object.data))) takeData(key, decoded(text(value) ?? ''), take);
    for (const [key, value] of Object.entries(asObject(object.stringData))) takeData(key, text(value) ?? '', take);
  }
  // Longest first, so that no secret is left in halves by a shorter one inside it.
  return { secrets: [...known].sort((a, b) => b.length - a.length), highest };
}

/** Of a Secret's data only what is secret in it: a user or a host that stands beside a password is evidence. */
function takeData(key: string, value: string, take: (value: string) => void): void {
  if (!namesEvidence(key) || secrecyOf(key) === 'strong' || looksRandom(value)) take(value);
  for (const { start, end } of urlCredentials(value)) take(value.slice(start, end));
}

/** A short or plain word ("postgres", "secret") occurs by itself and would take evidence with it. */
function isDistinctive(value: string): boolean {
  return (
    value.length >= 8 && value.length <= 4_000 && /[^a-z-]/.test(value) && !/^[\d.]+$/.test(value) && !isNoSecret(value)
  );
}

function decoded(base64: string): string {
  if (base64.length > 8_000 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return '';
  return Buffer.from(base64, 'base64').toString('utf8').trim();
}

export function occurrences(text: string, secrets: readonly string[]): Hit[] {
  const hits: Hit[] = [];
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length)) {
      hits.push({ start: at, end: at + secret.length, what: 'known-secret' });
    }
  }
  return hits;
}
