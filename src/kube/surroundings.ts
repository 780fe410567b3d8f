// What lies around a pod: events, its node, the Services of its namespace and the pods behind those it speaks of, quotas,
// limit ranges, and its metrics where the cluster has them.

import { type JsonObject, list, object, text } from '../core/json.ts';
import { nameOf, uidOf } from '../core/normalise/look.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { mayRead } from './clusters.ts';
import { add, attempt, type Gathering, look, lookAll } from './gathering.ts';
import { endpointSlices, events, limitRanges, nodes, podMetrics, pods, quotas, services } from './kinds.ts';
import { findObject, listObjects } from './objects.ts';
import { equalities } from './owners.ts';
import { slimPod } from './slim.ts';

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

const BACKENDS_MAX = 5;
const PODS_PER_BACKEND_MAX = 50;
const SPOKEN_LENGTH = 64_000;

/** Services with their endpoints; and, for those that the logs or the template speak of, the pods behind them. */
export async function readServices(g: Gathering, spec: JsonObject, said: Promise<string[]>): Promise<void> {
  const [found, slices] = await Promise.all([lookAll(g, services), lookAll(g, endpointSlices)]);
  for (const one of [...found, ...slices]) add(g, one);
  g.say('services');
  const spoken = JSON.stringify(spec) + (await said).map((words) => words.slice(-SPOKEN_LENGTH)).join('\n');
  const words = new Set(spoken.split(/[^\w-]+/));
  const wanted = found
    .filter((service) => words.has(nameOf(service)) || addressesOf(service).some((ip) => spoken.includes(ip)))
    .slice(0, BACKENDS_MAX);
  await Promise.all(
    wanted.map(async (service) => {
      const labelSelector = equalities(object(object(service.spec).selector)).join(',');
      if (!labelSelector) return;
      const at = `PodList/Service/${nameOf(service)}`;
      const behind = await lookAll(g, pods, { labelSelector, itemsMax: PODS_PER_BACKEND_MAX }, at);
      for (const pod of behind) add(g, pod, slimPod(pod));
    }),
  );
}

/** Logs often print the address instead of the name. */
function addressesOf(service: KubeObject): string[] {
  const { clusterIP, clusterIPs } = object(service.spec);
  return [clusterIP, ...list(clusterIPs)].map((ip) => text(ip) ?? '').filter((ip) => /^[\d.]{7,}$|:/.test(ip));
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
