// Who a signal is about: the topmost owner that is known of the pod it names, and the container. A few reads by name;
// lists only where the pod is gone or none was named. Throws ClusterError when the cluster cannot be asked.

import { at, number, object, objects, text } from '../core/json.ts';
import { nameOf, ownerOf, uidOf } from '../core/normalise/look.ts';
import type { Wanted } from '../core/request.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { statuses } from './candidates.ts';
import type { Cluster } from './clusters.ts';
import { mayRead } from './clusters.ts';
import { kubeError } from './errors.ts';
import { type FoundTarget, findTargets } from './find.ts';
import { gathering, look } from './gathering.ts';
import { isName, kindNamed, namespaces, pods } from './kinds.ts';
import { findObject, getObject } from './objects.ts';
import { readOwners } from './owners.ts';

export interface Identified {
  kind: string;
  name: string;
  /** "" when no single container is in trouble. */
  container: string;
  /** Of the topmost owner that could be read, or of the pod. */
  labels: { [name: string]: string };
  annotations: { [name: string]: string };
  target: FoundTarget;
}

/** Undefined when nothing of that name is there, or it may not be read: a search tells why. */
export async function identify(
  cluster: Cluster,
  wanted: Wanted,
  signal?: AbortSignal,
): Promise<Identified | undefined> {
  const { namespace, name } = wanted;
  if (!isName(namespace) || !isName(name) || !mayRead(cluster, namespace, wanted.allowedNamespaces)) return undefined;
  const isPod = wanted.kind === '' || wanted.kind === 'Pod';
  const pod = isPod ? await findObject(cluster, { resource: pods, namespace, name }, { signal }) : undefined;
  if (pod) return fromPod(cluster, namespace, pod, wanted.container, signal);
  const found = await findTargets(cluster, isPod ? { ...wanted, name: stemOf(name) } : wanted, signal);
  if (found.is !== 'one') return undefined;
  const { target } = found;
  if (target.pod) {
    const other = await findObject(cluster, { resource: pods, namespace, name: target.pod }, { signal });
    if (other) return fromPod(cluster, namespace, other, wanted.container, signal);
  }
  if (!target.workload) return undefined;
  return withMeta(await ownObject(cluster, target, signal), {
    ...target.workload,
    container: wanted.container,
    target,
  });
}

/** The name of a Deployment's pod without the hash and the suffix; any other name stays. */
export function stemOf(name: string): string {
  return name.replace(/-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '');
}

async function fromPod(
  cluster: Cluster,
  namespace: string,
  pod: KubeObject,
  asked: string,
  signal: AbortSignal | undefined,
): Promise<Identified> {
  const chain = await readOwners(
    gathering(cluster, namespace, signal, () => undefined),
    pod,
  );
  const top = chain.at(-1) ?? pod;
  const { kind, name } = topmost(top, pod);
  const workload = kindNamed(kind) && kind !== 'Pod' ? { kind, name } : undefined;
  const container = asked || inTrouble(pod);
  const target: FoundTarget = {
    cluster: cluster.alias,
    namespace,
    pod: nameOf(pod),
    ...(workload ? { workload } : {}),
    ...(asked ? { container: asked } : {}),
  };
  return withMeta(top, { kind, name, container, target });
}

/** An operator's own object above a workload is who manages it; above a bare pod or ReplicaSet it is all that lasts. */
function topmost(top: KubeObject, pod: KubeObject): { kind: string; name: string } {
  const above = ownerOf(top);
  if (!above?.kind || above.kind === 'Node' || !['Pod', 'ReplicaSet'].includes(top.kind))
    return { kind: top.kind, name: nameOf(top) };
  const hash = text(at(pod, 'metadata', 'labels', 'pod-template-hash')) ?? '';
  // A ReplicaSet that may not be read tells its Deployment by its name.
  if (above.kind === 'ReplicaSet' && hash && above.name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: above.name.slice(0, -hash.length - 1) };
  return { kind: above.kind, name: above.name };
}

/** The only container, or the only one that does not run as it should. */
function inTrouble(pod: KubeObject): string {
  const names = objects(at(pod, 'spec', 'containers')).map((one) => text(one.name) ?? '');
  const broken = statuses(pod).filter(isBroken);
  if (broken.length > 0) return text(broken[0]?.name) ?? '';
  const inits = objects(at(pod, 'spec', 'initContainers'));
  return names.length === 1 && inits.length === 0 ? (names[0] ?? '') : '';
}

function isBroken(status: { [key: string]: unknown }): boolean {
  const reason = text(at(status, 'state', 'waiting', 'reason')) ?? '';
  if (reason !== '' && reason !== 'PodInitializing' && reason !== 'ContainerCreating') return true;
  return (number(at(status, 'state', 'terminated', 'exitCode')) ?? 0) !== 0;
}

async function ownObject(
  cluster: Cluster,
  { namespace, workload }: FoundTarget,
  signal: AbortSignal | undefined,
): Promise<KubeObject | undefined> {
  const resource = workload && kindNamed(workload.kind);
  return (
    resource &&
    look(
      gathering(cluster, namespace, signal, () => undefined),
      resource,
      workload.name,
    )
  );
}

function withMeta(found: KubeObject | undefined, known: Omit<Identified, 'labels' | 'annotations'>): Identified {
  const strings = (field: 'labels' | 'annotations') =>
    Object.fromEntries(
      Object.entries(object(found?.metadata[field])).filter(
        (pair): pair is [string, string] => typeof pair[1] === 'string',
      ),
    );
  return { ...known, labels: strings('labels'), annotations: strings('annotations') };
}

/** Which cluster it is, whatever people call it; the alias where that may not be read. */
export async function clusterUid(cluster: Cluster): Promise<string> {
  const known = uids.get(cluster);
  if (known) return known;
  try {
    const found = await getObject(cluster, { resource: namespaces, name: 'kube-system' });
    const uid = uidOf(found) || cluster.alias;
    uids.set(cluster, uid);
    return uid;
  } catch (error) {
    // What is not permitted stays so; what did not answer is asked again, lest one incident gets two keys.
    if (!['forbidden', 'not-found'].includes(kubeError(error).kind)) throw error;
    uids.set(cluster, cluster.alias);
    return cluster.alias;
  }
}

const uids = new WeakMap<Cluster, string>();
