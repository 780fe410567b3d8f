// What lies around a pod: events, its node, the Services of its namespace, quotas, limit ranges, and its metrics where the
// cluster has them.

import { object, text } from '../core/json.ts';
import { nameOf, uidOf } from '../core/normalise/look.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { mayRead } from './clusters.ts';
import { add, attempt, type Gathering, look, lookAll } from './gathering.ts';
import { endpointSlices, events, limitRanges, nodes, podMetrics, quotas, services } from './kinds.ts';
import { findObject, listObjects } from './objects.ts';

/** Events about one object. Of a name that was used before, only those of this very object. */
export async function readEvents(g: Gathering, about: KubeObject, at: string): Promise<void> {
  const fieldSelector = `involvedObject.kind=${about.kind},involvedObject.name=${nameOf(about)}`;
  const found = await lookAll(g, events, { fieldSelector }, at);
  const mirror = 'kubernetes.io/config.mirror' in object(about.metadata.annotations);
  for (const event of found) {
    const uid = text(object(event.involvedObject).uid) ?? '';
    if (mirror || uid === '' || uid === uidOf(about)) add(g, event);
  }
}

const NODE_EVENTS = 'default';

export async function readNode(g: Gathering, name: string): Promise<void> {
  const node = await look(g, nodes, name);
  if (node) add(g, node);
  const at = `Event/Node/${name}`;
  if (!mayRead(g.cluster, NODE_EVENTS)) {
    g.unread.push({ at, why: `events of nodes live in namespace ${NODE_EVENTS}, which may not be read here` });
    return;
  }
  const fieldSelector = `involvedObject.kind=Node,involvedObject.name=${name}`;
  const found = await attempt(g, at, () =>
    listObjects(g.cluster, events, NODE_EVENTS, { fieldSelector, signal: g.signal }),
  );
  for (const event of found?.items ?? []) add(g, event);
  g.say('node');
}

export async function readLimits(g: Gathering): Promise<void> {
  const found = await Promise.all([lookAll(g, quotas), lookAll(g, limitRanges)]);
  for (const one of found.flat()) add(g, one);
  g.say('quotas and limits');
}

/** The Services of the namespace and their endpoints. */
export async function readServices(g: Gathering): Promise<KubeObject[]> {
  const [found, slices] = await Promise.all([lookAll(g, services), lookAll(g, endpointSlices)]);
  for (const one of [...found, ...slices]) add(g, one);
  g.say('services');
  return found;
}

/** Working set as the metrics server last saw it; a crashed container often has none. */
export async function readMetrics(g: Gathering, pod: string): Promise<void> {
  const at = `PodMetrics/${pod}`;
  await attempt(g, at, async () => {
    const place = { resource: podMetrics, namespace: g.namespace, name: pod };
    const found = await findObject(g.cluster, place, { signal: g.signal });
    if (found) add(g, found);
    else g.unread.push({ at, why: 'the metrics server has seen no running container of this pod' });
  });
}
