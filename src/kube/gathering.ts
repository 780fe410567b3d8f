// What one collection has read so far. Each read that fails becomes a stated gap and never stops the others.

import { text } from '../core/json.ts';
import type { KubeObject, LogText, UnreadPart } from '../core/snapshot.ts';
import { templateHash } from '../core/template-hash.ts';
import type { Cluster } from './clusters.ts';
import type { Resource } from './kinds.ts';
import { findObject, type ListOptions, listObjects } from './objects.ts';
import { slim } from './slim.ts';
import { why } from './words.ts';

export interface Gathering {
  cluster: Cluster;
  namespace: string;
  signal: AbortSignal | undefined;
  /** Tells what has just been read. */
  say: (what: string) => void;
  objects: Map<string, KubeObject>;
  logs: LogText[];
  unread: UnreadPart[];
  templateHashes: { [uid: string]: string };
}

export function gathering(
  cluster: Cluster,
  namespace: string,
  signal: AbortSignal | undefined,
  say: (what: string) => void,
): Gathering {
  return { cluster, namespace, signal, say, objects: new Map(), logs: [], unread: [], templateHashes: {} };
}

/** Keeps an object without what nobody needs; an object that is there already stays as it is. */
export function add(g: Gathering, found: KubeObject, kept: KubeObject = slim(found)): void {
  const uid = text(found.metadata.uid) ?? '';
  const hash = templateHash(found);
  if (hash !== undefined && uid) g.templateHashes[uid] = hash;
  const key = uid || `${found.kind}/${text(found.metadata.namespace) ?? ''}/${text(found.metadata.name) ?? ''}`;
  if (!g.objects.has(key)) g.objects.set(key, kept);
}

/** Runs one read. When it fails, what stands at `at` counts as unread, with the reason in words. */
export async function attempt<T>(g: Gathering, at: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    g.signal?.throwIfAborted();
    g.unread.push({ at, why: why(error) });
    return undefined;
  }
}

/** One object by name. That the API server says it does not exist is an answer, not a gap. */
export async function look(g: Gathering, resource: Resource, name: string): Promise<KubeObject | undefined> {
  const namespace = resource.scope === 'namespace' ? g.namespace : undefined;
  return attempt(g, `${resource.kind}/${name}`, () =>
    findObject(g.cluster, { resource, namespace, name }, { signal: g.signal }),
  );
}

/** A list within the namespace; a list that was cut off says so. */
export async function lookAll(
  g: Gathering,
  resource: Resource,
  options: ListOptions = {},
  at: string = resource.kind,
): Promise<KubeObject[]> {
  const listed = await attempt(g, at, () =>
    listObjects(g.cluster, resource, g.namespace, { ...options, signal: g.signal }),
  );
  if (listed && !listed.whole)
    g.unread.push({
      at: at === resource.kind ? `${at}List` : at,
      why: `there are more than the ${listed.items.length} that were read`,
    });
  return listed?.items ?? [];
}
