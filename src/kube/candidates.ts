// Everything in the namespaces that may be read that could be meant: pods grouped under their topmost workload, and
// workloads without pods. Read page by page and kept small.

import { brokenness } from '../core/brokenness.ts';
import { at, number, objects, text } from '../core/json.ts';
import { nameOf, namespaceOf, ownerOf, uidOf } from '../core/normalise/look.ts';
import { troubleOf } from '../core/normalise/siblings.ts';
import type { KubeObject } from '../core/snapshot.ts';
import type { Cluster } from './clusters.ts';
import { kubeError } from './errors.ts';
import { pods as podResource, type Resource, WORKLOADS } from './kinds.ts';
import { listObjects } from './objects.ts';
import { slimPod } from './slim.ts';
import { why } from './words.ts';

export interface Candidate {
  namespace: string;
  /** Topmost known owner, or Pod. */
  kind: string;
  name: string;
  /** Most broken first. */
  pods: KubeObject[];
  /** 0 (healthy) to 100 (crash looping). */
  weight: number;
  /** "CrashLoopBackOff, 7 restarts"; "" when healthy. */
  trouble: string;
}

export interface Candidates {
  all: Candidate[];
  /** What could not be listed, in words. */
  unread: string[];
}

export interface Where {
  /** undefined: all namespaces at once. */
  namespaces: (string | undefined)[];
  labelSelector: string;
  /** Pods are grouped below this kind when it is asked for, else below their topmost owner. */
  kind: string;
  signal?: AbortSignal;
}

/** Throws ClusterError when the cluster cannot be asked at all, or pods may be listed nowhere. */
export async function readCandidates(cluster: Cluster, where: Where): Promise<Candidates> {
  const unread: string[] = [];
  const refused: unknown[] = [];
  const list = async (resource: Resource, namespace: string | undefined): Promise<KubeObject[]> => {
    const { labelSelector, signal } = where;
    const keep = resource === podResource ? slimPod : slimWorkload;
    try {
      return (await listObjects(cluster, resource, namespace, { labelSelector, signal, keep })).items;
    } catch (error) {
      if (!['forbidden', 'not-served'].includes(kubeError(error).kind)) throw error;
      if (resource === podResource) refused.push(error);
      unread.push(why(error));
      return [];
    }
  };
  const resources = WORKLOADS.filter((r) => r.kind !== 'ReplicaSet' || where.kind === 'ReplicaSet');
  const found = await Promise.all(
    where.namespaces.map(async (namespace) => {
      const [pods, ...workloads] = await Promise.all([podResource, ...resources].map((r) => list(r, namespace)));
      return grouped(pods ?? [], workloads.flat(), where.kind);
    }),
  );
  if (refused.length > 0 && refused.length === where.namespaces.length) throw refused[0];
  return { all: found.flat(), unread };
}

function slimWorkload(found: KubeObject): KubeObject {
  const { name, namespace, uid, ownerReferences, creationTimestamp } = found.metadata;
  return {
    kind: found.kind,
    metadata: { name, namespace, uid, ownerReferences, creationTimestamp },
    spec: { replicas: at(found, 'spec', 'replicas') },
    status: found.status,
  };
}

function grouped(pods: KubeObject[], workloads: KubeObject[], kind: string): Candidate[] {
  const byUid = new Map(workloads.map((w) => [uidOf(w), w]));
  const groups = new Map<string, Candidate>();
  const groupOf = (namespace: string, ownerKind: string, name: string): Candidate => {
    const key = `${namespace}/${ownerKind}/${name}`;
    const known = groups.get(key) ?? { namespace, kind: ownerKind, name, pods: [], weight: 0, trouble: '' };
    groups.set(key, known);
    return known;
  };
  for (const pod of pods) {
    const root = rootOf(pod, byUid, kind);
    groupOf(namespaceOf(pod), root.kind, root.name).pods.push(pod);
  }
  for (const workload of workloads) {
    const root = rootOf(workload, byUid, kind);
    groupOf(namespaceOf(workload), root.kind, root.name);
  }
  for (const group of groups.values()) {
    const own = workloads.find(
      (w) => w.kind === group.kind && nameOf(w) === group.name && namespaceOf(w) === group.namespace,
    );
    Object.assign(group, judged(group, own));
  }
  return [...groups.values()];
}

/** Follows the owners up; a Deployment is known by its ReplicaSet's name, a CronJob by its listed Job. */
function rootOf(start: KubeObject, byUid: Map<string, KubeObject>, stopAt: string): { kind: string; name: string } {
  let here = { kind: start.kind, name: nameOf(start) };
  let object: KubeObject | undefined = start;
  for (let depth = 0; object && depth < 5 && here.kind !== stopAt; depth++) {
    const owner = ownerOf(object);
    if (!owner?.kind || owner.kind === 'Node') break;
    here = { kind: owner.kind, name: owner.name };
    const hash: string = text(at(object, 'metadata', 'labels', 'pod-template-hash')) ?? '';
    if (owner.kind === 'ReplicaSet' && stopAt !== 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`))
      return { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) };
    object = byUid.get(owner.uid);
  }
  return here;
}

/** Between a pod that never came to be and one that is merely not ready. */
const PODLESS = 60;

function judged(group: Candidate, own: KubeObject | undefined): Pick<Candidate, 'pods' | 'weight' | 'trouble'> {
  const weigh = (pod: KubeObject): number => (pod.metadata.deletionTimestamp === undefined ? brokenness(pod) : 0);
  const pods = group.pods
    .toSorted((a, b) => created(b).localeCompare(created(a)))
    .toSorted((a, b) => weigh(b) - weigh(a));
  const [worst] = pods;
  const refused = own !== undefined && objects(at(own, 'status', 'conditions')).some(isReplicaFailure);
  if (worst && !(refused && weigh(worst) < PODLESS))
    return { pods, weight: weigh(worst), trouble: troubleWords(worst, weigh(worst)) };
  if (worst) return { pods: [], weight: PODLESS, trouble: 'not all pods could be made' };
  return own && wantsPods(own)
    ? { pods, weight: PODLESS, trouble: 'no pod could be made' }
    : { pods, weight: 0, trouble: '' };
}

function isReplicaFailure(condition: { [key: string]: unknown }): boolean {
  return condition.type === 'ReplicaFailure' && condition.status === 'True';
}

function created(pod: KubeObject): string {
  return text(pod.metadata.creationTimestamp) ?? '';
}

function wantsPods(workload: KubeObject): boolean {
  const count = (...path: string[]): number => number(at(workload, ...path)) ?? 0;
  if (workload.kind === 'DaemonSet') return count('status', 'desiredNumberScheduled') > 0;
  if (workload.kind === 'Job')
    return objects(at(workload, 'status', 'conditions')).some((c) => c.type === 'Failed' && c.status === 'True');
  return workload.kind !== 'CronJob' && count('spec', 'replicas') > 0;
}

function troubleWords(pod: KubeObject, weight: number): string {
  const restarts = statuses(pod).reduce((sum, status) => sum + (number(status.restartCount) ?? 0), 0);
  const reason =
    troubleOf(pod) || (weight >= 70 ? (text(at(pod, 'status', 'phase')) ?? '') : weight >= 50 ? 'not ready' : '');
  if (!reason && weight < 50) return '';
  const times = restarts === 1 ? '1 restart' : `${restarts} restarts`;
  return [reason, ...(restarts > 0 ? [times] : [])].filter(Boolean).join(', ');
}

export function statuses(pod: KubeObject): { [key: string]: unknown }[] {
  return [...objects(at(pod, 'status', 'initContainerStatuses')), ...objects(at(pod, 'status', 'containerStatuses'))];
}

const RECENT_MS = 60 * 60_000;
const SETTLING_MS = 2 * 60_000;

/** Whether this is in trouble now: it cannot start, or it ended within the last hour and is not simply done. */
export function inTroubleNow(candidate: Candidate, nowMs: number): boolean {
  const { weight } = candidate;
  const [worst] = candidate.pods;
  if (!worst || weight < PODLESS) return weight >= PODLESS;
  if (weight === 70) return nowMs - Date.parse(created(worst)) > SETTLING_MS;
  if (weight > 80) return true;
  // A pod that was turned away before any container was made has no end but its beginning.
  if (statuses(worst).length === 0) return nowMs - Date.parse(created(worst)) < RECENT_MS;
  const ended = statuses(worst).flatMap((status) => [
    text(at(status, 'state', 'terminated', 'finishedAt')),
    text(at(status, 'lastState', 'terminated', 'finishedAt')),
  ]);
  return ended.some((time) => time !== undefined && nowMs - Date.parse(time) < RECENT_MS);
}

export function mostBrokenFirst(candidates: Candidate[]): Candidate[] {
  const label = (c: Candidate): string => `${c.namespace}/${c.name}/${c.kind}`;
  return candidates.toSorted((a, b) => b.weight - a.weight || label(a).localeCompare(label(b)));
}
