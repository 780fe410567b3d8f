// What stands behind the Services that a pod speaks of. Where nothing is ready there, the most broken pod is read so far
// that the same diagnosis can be made of it, and then what that one speaks of, a bounded number of steps.

import { mostBroken } from '../core/brokenness.ts';
import { at, type JsonObject, list, object, text } from '../core/json.ts';
import { nameOf } from '../core/normalise/look.ts';
import { isReady } from '../core/normalise/siblings.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { add, type Gathering, lookAll } from './gathering.ts';
import { deployments, pods, statefulSets } from './kinds.ts';
import { equalities, readOwners } from './owners.ts';
import { type Named, namedBy } from './references.ts';
import { readSaid } from './said.ts';
import { slimPod } from './slim.ts';
import { readEvents } from './surroundings.ts';

const STEPS_MAX = 3;
const BACKENDS_MAX = 5;
const PODS_PER_BACKEND_MAX = 50;
const SPOKEN_LENGTH = 64_000;

/** `spec` and `said`: where a workload can name its dependencies. */
export async function readBackends(
  g: Gathering,
  services: KubeObject[],
  spec: JsonObject,
  said: Promise<string[]>,
): Promise<void> {
  const own = namedBy(spec, '');
  const visited = new Set<KubeObject>();
  let voices = [{ spec, said: await said }];
  for (let step = 0; step < STEPS_MAX && voices.length; step++) {
    const wanted = spokenOf(services, voices).filter((service) => !visited.has(service));
    const next = wanted.slice(0, Math.max(0, BACKENDS_MAX - visited.size));
    for (const service of next) visited.add(service);
    voices = (await Promise.all(next.map((service) => readBackend(g, service, own)))).flat();
  }
}

interface Voice {
  spec: JsonObject;
  said: string[];
}

/** Services that are named, or whose address is: logs often print the address instead of the name. */
function spokenOf(services: KubeObject[], voices: Voice[]): KubeObject[] {
  const spoken = voices
    .map(({ spec, said }) => [JSON.stringify(spec), ...said.map((words) => words.slice(-SPOKEN_LENGTH))].join('\n'))
    .join('\n');
  const words = new Set(spoken.split(/[^\w-]+/));
  return services.filter(
    (service) => words.has(nameOf(service)) || addressesOf(service).some((ip) => spoken.includes(ip)),
  );
}

function addressesOf(service: KubeObject): string[] {
  const { clusterIP, clusterIPs } = object(service.spec);
  return [clusterIP, ...list(clusterIPs)].map((ip) => text(ip) ?? '').filter((ip) => /^[\d.]{7,}$|:/.test(ip));
}

/** The voice of the most broken pod, when none of them is ready. */
async function readBackend(g: Gathering, service: KubeObject, own: Named): Promise<Voice[]> {
  const selector = object(object(service.spec).selector);
  const labelSelector = equalities(selector).join(',');
  if (!labelSelector) return [];
  const from = `Service/${nameOf(service)}`;
  const behind = await lookAll(g, pods, { labelSelector, itemsMax: PODS_PER_BACKEND_MAX }, `PodList/${from}`);
  if (behind.length === 0) await readIdle(g, from, selector);
  const alive = behind.filter((pod) => at(pod, 'status', 'phase') !== 'Succeeded');
  const worst = alive.some(isReady) ? undefined : mostBroken(alive);
  const isNew = worst && !g.logs.some((log) => log.pod === nameOf(worst));
  if (worst) add(g, worst);
  for (const pod of behind) add(g, pod, slimPod(pod));
  return worst && isNew ? [await readTroubled(g, worst, own)] : [];
}

async function readTroubled(g: Gathering, pod: KubeObject, own: Named): Promise<Voice> {
  const [said] = await Promise.all([
    readSaid(g, pod),
    readEvents(g, pod, `Event/Pod/${nameOf(pod)}`),
    readOwners(g, pod),
  ]);
  notRead(g, pod, own);
  g.say(`the pods of ${nameOf(pod)}`);
  return { spec: object(pod.spec), said };
}

/** What a neighbour names is not read: that it is not in the snapshot says nothing about it. */
function notRead(g: Gathering, pod: KubeObject, own: Named): void {
  const named = namedBy(object(pod.spec), nameOf(pod));
  const gap = (kind: string, names: string[], read: string[]): void => {
    for (const name of names.filter((n) => n && !read.includes(n)))
      g.unread.push({ at: `${kind}/${name}`, why: 'of a neighbour only status, events and logs are read' });
  };
  gap('ConfigMap', named.configMaps, own.configMaps);
  gap('Secret', named.secrets, own.secrets);
  gap('PersistentVolumeClaim', named.claims, own.claims);
  gap('ServiceAccount', [named.serviceAccount], [own.serviceAccount]);
  gap('Node', [text(at(pod, 'spec', 'nodeName')) ?? ''], []);
}

/** Nobody behind a Service: perhaps its workload is scaled to nothing. */
async function readIdle(g: Gathering, from: string, selector: JsonObject): Promise<void> {
  const found = await Promise.all([
    lookAll(g, deployments, {}, `DeploymentList/${from}`),
    lookAll(g, statefulSets, {}, `StatefulSetList/${from}`),
  ]);
  for (const workload of found.flat()) {
    const labels = object(at(workload, 'spec', 'template', 'metadata', 'labels'));
    const makesThem = Object.entries(selector).every(([key, value]) => labels[key] === value);
    if (makesThem && at(workload, 'spec', 'replicas') === 0) add(g, workload);
  }
}
