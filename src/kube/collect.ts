// Reads everything that can tell why a pod crashes, in parallel, and hands it over redacted. What could not be read is
// stated with its reason; only when the pod or workload itself cannot be read is there nothing to say.

import { at, type JsonObject, object, text } from '../core/json.ts';
import { nameOf, ownerOf, uidOf } from '../core/normalise/look.ts';
import { redactSnapshot } from '../core/redact.ts';
import type { KubeObject, Snapshot, Target } from '../core/snapshot.ts';
import { readBackends } from './backends.ts';
import { type Cluster, mayRead } from './clusters.ts';
import { problem } from './errors.ts';
import { type Gathering, gathering } from './gathering.ts';
import { addSiblings, readOwned, readOwners } from './owners.ts';
import { namedBy, readReferences } from './references.ts';
import { readSaid } from './said.ts';
import { readServed } from './served.ts';
import { readSubject, type Subject } from './subject.ts';
import { readEvents, readLimits, readMetrics, readNode, readServices } from './surroundings.ts';

export interface CollectOptions {
  /** Told what has just been read, in a few words. */
  onProgress?: (what: string) => void;
  signal?: AbortSignal;
  /** `namespace/name` of Secrets whose key names may be read; values are dropped in the decoder. */
  secretKeyNames?: readonly string[];
}

/**
 * The redacted snapshot of one pod and what belongs to it; of a workload's most broken pod, or of the workload alone when
 * it has none. Throws ClusterError when the target cannot be read at all.
 */
export async function collect(cluster: Cluster, target: Target, options: CollectOptions = {}): Promise<Snapshot> {
  const namespace = target.namespace ?? cluster.namespace;
  if (!mayRead(cluster, namespace))
    throw problem(
      `Namespace ${namespace} of cluster ${cluster.alias} is not among those that may be read.`,
      'NotAllowed',
    );
  const g = gathering(cluster, namespace, options.signal, options.onProgress ?? (() => undefined));
  const subject = await readSubject(g, target);
  await readAround(g, subject, options.secretKeyNames ?? []);
  return redactSnapshot({
    cluster: cluster.alias,
    now: new Date(cluster.clock.nowMs()).toISOString(),
    objects: [...g.objects.values()],
    logs: g.logs,
    unread: g.unread,
    templateHashes: g.templateHashes,
  }).snapshot;
}

async function readAround(g: Gathering, subject: Subject, secretKeyNames: readonly string[]): Promise<void> {
  const { pod } = subject;
  const spec = pod ? object(pod.spec) : templateSpec(subject.instead[0]);
  const podName = pod ? nameOf(pod) : '';
  const said = pod ? readSaid(g, pod) : Promise.resolve<string[]>([]);
  const node = text(at(pod, 'spec', 'nodeName'));
  await Promise.all([
    said,
    ...(pod
      ? [readEvents(g, pod, 'Event').then(() => g.say('events')), readMetrics(g, podName), readRollout(g, pod)]
      : []),
    // Of a workload that has no pod, its own events are all there is.
    ...subject.instead.map((found) => readEvents(g, found, 'Event')),
    readReferences(g, namedBy(spec, podName), spec, said, secretKeyNames),
    ...(node ? [readNode(g, node)] : []),
    readServices(g).then((services) => readBackends(g, services, spec, said)),
    readLimits(g),
  ]);
}

async function readRollout(g: Gathering, pod: KubeObject): Promise<void> {
  const owners = await readOwners(g, pod);
  const top = owners.at(-1);
  if (!top && ownerOf(pod))
    g.unread.push({ at: 'PodList', why: 'the owner of this pod could not be read, so its other pods are not known' });
  const events = owners.map((owner) => readEvents(g, owner, `Event/${owner.kind}/${nameOf(owner)}`));
  const [owned] = top ? await Promise.all([readOwned(g, top), readServed(g, top)]) : [];
  addSiblings(g, owned?.pods.filter((other) => uidOf(other) !== uidOf(pod)) ?? []);
  await Promise.all(events);
  g.say('owner and rollout');
}

function templateSpec(workload: KubeObject | undefined): JsonObject {
  const template =
    workload?.kind === 'CronJob'
      ? at(workload, 'spec', 'jobTemplate', 'spec', 'template')
      : at(workload, 'spec', 'template');
  return object(at(template, 'spec'));
}
