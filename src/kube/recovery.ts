// How a workload fares at this moment, for verification. This file only looks; whether that means "recovered" is judged
// elsewhere.

import { at, number, text } from '../core/json.ts';
import { nameOf, ownerOf, uidOf } from '../core/normalise/look.ts';
import { isReady } from '../core/normalise/siblings.ts';
import { redactText } from '../core/redact.ts';
import type { KubeObject, Target } from '../core/snapshot.ts';
import { specHash, templateHash } from '../core/template-hash.ts';
import type { SeenContainer, Sight } from '../core/verify.ts';
import { statuses } from './candidates.ts';
import type { Cluster } from './clusters.ts';
import { problem } from './errors.ts';
import { gathering } from './gathering.ts';
import { events, kindNamed, pods } from './kinds.ts';
import { findObject, listObjects } from './objects.ts';
import { readOwned } from './owners.ts';
import { notInForce, type WantedLimits } from './resized.ts';

export interface Observation extends Sight {
  /** There is no such pod or workload (any more). */
  gone: boolean;
  ready: number;
  /** Of the workload at this moment, "" for a bare pod. */
  templateHash: string;
  restartsByPod: { [pod: string]: number };
  containers: ObservedContainer[];
  /** Warnings about these pods at or after `since`, oldest first. */
  warningsSince: NonNullable<Sight['warningsSince']>;
}

export interface ObservedContainer extends SeenContainer {
  pod: string;
  /** RFC 3339 at which the last run ended, "" when none did. */
  endedAt: string;
}

/**
 * Throws ClusterError; a pod or workload that is gone shows as no pods at all. With `wanted` no pod is replaced, and the
 * kubelet is asked whether a resize is in force: its yes proves nothing, its no is believed. Where the change `keepsTemplate`,
 * pods of an older template, which a partition or OnDelete leaves, are as much meant as the others.
 */
export async function observe(
  cluster: Cluster,
  target: Target & { namespace: string },
  since: string,
  wanted?: WantedLimits,
  keepsTemplate = wanted !== undefined,
): Promise<Observation> {
  const { workload, namespace } = target;
  const owner = workload && (await read(cluster, namespace, workload.kind, workload.name));
  const { pods: found, between } = owner
    ? await ownedBy(cluster, namespace, owner)
    : { pods: await barePod(cluster, target), between: [] };
  const alive = found.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  return {
    at: new Date(cluster.clock.nowMs()).toISOString(),
    gone: !owner && found.length === 0,
    ready: alive.filter(isReady).length,
    desired: owner ? desiredOf(owner) : 1,
    templateHash: (owner && templateHash(owner)) ?? '',
    specHash: (owner && specHash(owner)) ?? '',
    observed:
      !owner || (number(at(owner, 'status', 'observedGeneration')) ?? 0) >= (number(owner.metadata.generation) ?? 0),
    podUids: alive.map(uidOf),
    currentPodUids: alive.filter((pod) => !owner || keepsTemplate || isCurrent(pod, owner, between)).map(uidOf),
    restartsByPod: Object.fromEntries(alive.map((pod) => [nameOf(pod), restartsOf(pod)])),
    containers: alive.flatMap((pod) => statuses(pod).map((status) => observed(pod, status, since))),
    notInForce: wanted ? notInForce(alive, wanted) : '',
    warningsSince: await warnings(cluster, namespace, alive, since),
  };
}

async function read(cluster: Cluster, namespace: string, kind: string, name: string): Promise<KubeObject | undefined> {
  const resource = kindNamed(kind);
  if (!resource) throw problem(`${kind} is not a kind that can be watched.`, 'UnknownKind');
  return findObject(cluster, { resource, namespace, name });
}

async function barePod(
  cluster: Cluster,
  { namespace, pod, workload }: Target & { namespace: string },
): Promise<KubeObject[]> {
  const found = pod && !workload ? await read(cluster, namespace, pods.kind, pod) : undefined;
  return found ? [found] : [];
}

/** A read that fails here is an error, not a gap: nothing is judged on half a sight. */
async function ownedBy(
  cluster: Cluster,
  namespace: string,
  owner: KubeObject,
): Promise<{ pods: KubeObject[]; between: KubeObject[] }> {
  const g = gathering(cluster, namespace, undefined, () => undefined);
  const owned = await readOwned(g, owner);
  const [gap] = g.unread;
  if (gap) throw problem(`${gap.at} could not be read: ${gap.why}.`, 'Unread');
  return owned;
}

/** A rollback may bring a ReplicaSet back whose pods never went away, so age tells nothing: the revision does. */
function isCurrent(pod: KubeObject, owner: KubeObject, between: KubeObject[]): boolean {
  const template = templateHash(owner);
  const current = between.filter((revision) => templateHash(revision) === template);
  if (owner.kind === 'Deployment') return current.some((set) => uidOf(set) === ownerOf(pod)?.uid);
  const label = text(at(pod.metadata, 'labels', 'controller-revision-hash'));
  if (label === undefined) return true;
  return current.some((revision) =>
    [
      nameOf(revision),
      at(revision.metadata, 'labels', 'controller-revision-hash'),
      at(revision.metadata, 'labels', 'controller.kubernetes.io/hash'),
    ].includes(label),
  );
}

function desiredOf(owner: KubeObject): number {
  const daemons = number(at(owner, 'status', 'desiredNumberScheduled'));
  return daemons ?? number(at(owner, 'spec', 'replicas')) ?? 1;
}

function restartsOf(pod: KubeObject): number {
  return statuses(pod).reduce((sum, status) => sum + (number(status.restartCount) ?? 0), 0);
}

function observed(pod: KubeObject, status: { [key: string]: unknown }, since: string): ObservedContainer {
  const state =
    (['waiting', 'running', 'terminated'] as const).find((name) => at(status, 'state', name) !== undefined) ?? '';
  const ended = at(status, 'state', 'terminated') ?? at(status, 'lastState', 'terminated');
  return {
    pod: nameOf(pod),
    podUid: uidOf(pod),
    name: text(status.name) ?? '',
    state,
    reason: text(at(status, 'state', state, 'reason')) ?? '',
    exitCode: number(at(ended, 'exitCode')),
    restartCount: isOlder(pod, since) ? endsSince(ended, since) : (number(status.restartCount) ?? 0),
    startedAt: text(at(status, 'state', 'running', 'startedAt')) ?? '',
    endedAt: text(at(ended, 'finishedAt')) ?? '',
    ready: status.ready === true,
  };
}

/** Times in the status are whole seconds: a pod of the same second counts as a new one. */
const isOlder = (pod: KubeObject, since: string): boolean =>
  Date.parse(text(pod.metadata.creationTimestamp) ?? '') + 1_000 <= Date.parse(since);

/** Of a pod from before, only what ended since counts: at least one run, or two when the last one also began since. */
function endsSince(ended: unknown, since: string): number {
  const later = (time: unknown): boolean => Date.parse(text(time) ?? '') > Date.parse(since);
  if (!later(at(ended, 'finishedAt'))) return 0;
  return later(at(ended, 'startedAt')) ? 2 : 1;
}

async function warnings(
  cluster: Cluster,
  namespace: string,
  found: KubeObject[],
  since: string,
): Promise<Observation['warningsSince']> {
  const names = new Map(found.map((pod) => [uidOf(pod), nameOf(pod)]));
  const { items } = await listObjects(cluster, events, namespace, {
    fieldSelector: 'type=Warning,involvedObject.kind=Pod',
  });
  return items
    .map((event) => ({
      reason: text(event.reason) ?? '',
      message: redactText(text(event.message) ?? '').text,
      pod: names.get(text(at(event, 'involvedObject', 'uid')) ?? '') ?? '',
      at: text(at(event, 'series', 'lastObservedTime')) ?? text(event.lastTimestamp) ?? text(event.eventTime) ?? '',
    }))
    .filter((warning) => warning.pod !== '' && Date.parse(warning.at) >= Date.parse(since))
    .sort((a, b) => a.at.localeCompare(b.at));
}
