// What a person reads when nothing matches: where was looked, which names are near, and what could not be read.

import { nameOf } from '../core/normalise/look.ts';
import type { Wanted } from '../core/request.ts';
import { type Candidate, type Candidates, mostBrokenFirst } from './candidates.ts';
import { type Cluster, mayRead } from './clusters.ts';
import { kubeError } from './errors.ts';
import { type Found, matchOf } from './find.ts';
import { kindNamed, namespaces } from './kinds.ts';
import { nearest } from './near.ts';
import { getObject, listObjects } from './objects.ts';
import { quoted } from './words.ts';

/** Not ready, or restarted more than once, by `brokenness`. */
const UNWELL = 50;
const NAMED_MAX = 5;

export async function nothingFound(
  cluster: Cluster,
  wanted: Wanted,
  where: (string | undefined)[],
  known: Candidates,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const place = wanted.namespace || (where.includes(undefined) ? `cluster ${cluster.alias}` : where.join(', '));
  const notRead = known.unread.length ? ` Not everything could be read: ${known.unread[0]}.` : '';
  if (wanted.namespace && known.all.length === 0) {
    const missing = await missingNamespace(cluster, wanted, signal);
    if (missing) return missing;
  }
  const label = (c: Candidate): string => (wanted.namespace ? c.name : `${c.namespace}/${c.name}`);
  if (wanted.name === '') {
    if (wanted.selector)
      return {
        is: 'none',
        near: [],
        why: `Nothing in ${place} matches the selector ${quoted(wanted.selector)}.${notRead}`,
      };
    const unwell = mostBrokenFirst(known.all.filter((c) => c.weight >= UNWELL))
      .slice(0, NAMED_MAX)
      .map(label);
    const others = unwell.length ? ` Not well, but not crash looping: ${unwell.join(', ')}.` : '';
    return { is: 'none', near: unwell, why: `Nothing is crash looping in ${place} now.${others}${notRead}` };
  }
  const near = nearest(wanted.name, known.all.map(label));
  const kind = kindNamed(wanted.kind)?.kind ?? '';
  const what = kind && kind !== 'Pod' ? kind : 'pod or workload';
  const others = near.length ? ` Near: ${near.join(', ')}.` : '';
  const meant = near.flatMap((name) => known.all.filter((c) => label(c) === name).slice(0, 1));
  const matches = meant.map((c) => matchOf(cluster, c));
  return { is: 'none', near, matches, why: `No ${what} named ${quoted(wanted.name)} in ${place}.${others}${notRead}` };
}

/** An unknown namespace lists as empty, not as missing; where namespaces may not be read, nothing more can be said. */
async function missingNamespace(
  cluster: Cluster,
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<Found | undefined> {
  const name = wanted.namespace;
  try {
    await getObject(cluster, { resource: namespaces, name }, { signal });
    return undefined;
  } catch (error) {
    if (kubeError(error).kind !== 'not-found') return undefined;
  }
  const all = await listObjects(cluster, namespaces, undefined, { signal }).catch(() => ({ items: [] }));
  const near = nearest(
    name,
    all.items.map(nameOf).filter((n) => mayRead(cluster, n, wanted.allowedNamespaces)),
  );
  const others = near.length ? ` Near: ${near.join(', ')}.` : '';
  return { is: 'none', near, why: `There is no namespace ${quoted(name)} in cluster ${cluster.alias}.${others}` };
}
