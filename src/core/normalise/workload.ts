// The workload that owns a pod, and its revisions.

import type { Revision, WorkloadEvidence } from '../evidence/workload.ts';
import type { Condition } from '../evidence.ts';
import { type Fact, seen, unread } from '../fact.ts';
import { at, type JsonObject, number, object, objects, text, words } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, nameOf, namespaceOf, ownerOf, uidOf } from './look.ts';
import { managedBy, ownersAbove } from './managed-by.ts';
import { isReady } from './siblings.ts';

export function conditionsOf(value: unknown): Condition[] {
  return objects(value).map((c) => ({
    type: text(c.type) ?? '',
    status: text(c.status) ?? '',
    reason: text(c.reason) ?? '',
    message: text(c.message) ?? '',
    since: text(c.lastTransitionTime) ?? '',
  }));
}

const DETAIL_FIELDS = [
  'schedule',
  'suspend',
  'backoffLimit',
  'activeDeadlineSeconds',
  'completions',
  'parallelism',
  'concurrencyPolicy',
  'podManagementPolicy',
  'progressDeadlineSeconds',
];

export function workloadOf(look: Look, workload: KubeObject): WorkloadEvidence {
  const spec = object(workload.spec);
  const status = object(workload.status);
  const daemon = workload.kind === 'DaemonSet';
  const ready = number(daemon ? status.numberReady : status.readyReplicas) ?? 0;
  return {
    apiVersion: text(workload.apiVersion) ?? '',
    kind: workload.kind,
    name: nameOf(workload),
    uid: uidOf(workload),
    generation: number(workload.metadata.generation) ?? 0,
    templateHash: look.snapshot.templateHashes[uidOf(workload)] ?? '',
    replicas: number(daemon ? status.desiredNumberScheduled : spec.replicas) ?? 1,
    readyReplicas: ready,
    ...(Object.keys(status).length === 0 ? { unobserved: true as const } : {}),
    availableReplicas: number(daemon ? status.numberAvailable : status.availableReplicas) ?? ready,
    paused: spec.paused === true,
    updateStrategy: text(at(spec, 'strategy', 'type')) ?? text(at(spec, 'updateStrategy', 'type')) ?? '',
    keepsAllWhileRolling: workload.kind === 'Deployment' && keepsAll(spec),
    partition: number(at(spec, 'updateStrategy', 'rollingUpdate', 'partition')) ?? 0,
    conditions: conditionsOf(status.conditions),
    managedBy: managedBy(look, workload),
    ownerConditions: ownersAbove(look, workload).flatMap((owner) =>
      conditionsOf(at(owner, 'status', 'conditions')).filter((c) => c.status === 'False' || c.status === 'Unknown'),
    ),
    labels: object(workload.metadata.labels),
    annotations: object(workload.metadata.annotations),
    detail: detailOf(spec),
  };
}

/** As the deployment controller counts it: unavailable rounded down, surge rounded up, and never both zero. */
function keepsAll(spec: JsonObject): boolean {
  if (at(spec, 'strategy', 'type') === 'Recreate') return false;
  const pods = number(spec.replicas) ?? 1;
  const share = (field: string): number => {
    const said = words(at(spec, 'strategy', 'rollingUpdate', field)) ?? '25%';
    return said.endsWith('%') ? (Number.parseInt(said, 10) / 100) * pods : Number(said);
  };
  return Math.floor(share('maxUnavailable')) < 1 && share('maxSurge') > 0;
}

/** A deadline may stand on the Job or on its pods. */
function detailOf(spec: JsonObject): JsonObject {
  const all: JsonObject = {
    activeDeadlineSeconds: at(spec, 'template', 'spec', 'activeDeadlineSeconds'),
    ...Object.fromEntries(DETAIL_FIELDS.map((f) => [f, spec[f]]).filter(([, value]) => value !== undefined)),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Who keeps the old templates of a workload; ControllerRevisions unless named here. */
const KEPT_IN: { [kind: string]: string } = {
  Deployment: 'ReplicaSet',
  Rollout: 'ReplicaSet',
  DeploymentConfig: 'ReplicationController',
};

/** Old and present pod templates, oldest first. */
export function revisionsOf(look: Look, workload: KubeObject): Fact<Revision[]> {
  const kind = KEPT_IN[workload.kind] ?? 'ControllerRevision';
  const why = look.whyUnread(kind);
  if (why !== undefined) return unread('rollout', 'revisions', why);
  const owned = look.all(kind, namespaceOf(workload) || undefined).filter((o) => ownerOf(o)?.uid === uidOf(workload));
  const revisions = owned.map((o) =>
    kind === 'ControllerRevision' ? fromControllerRevision(look, o) : fromReplicaSet(look, o),
  );
  revisions.sort((a, b) => a.number - b.number);
  const newest = revisions.at(-1);
  if (newest) newest.current = true;
  return seen(revisions, 'rollout', 'revisions');
}

const REVISION_NOTES = [
  'deployment.kubernetes.io/revision',
  'rollout.argoproj.io/revision',
  'openshift.io/deployment-config.latest-version',
];

function fromReplicaSet(look: Look, set: KubeObject): Revision {
  const notes = object(set.metadata.annotations);
  return {
    number: Number(REVISION_NOTES.map((note) => text(notes[note])).find((n) => n !== undefined) ?? 0) || 0,
    name: nameOf(set),
    uid: uidOf(set),
    createdAt: text(set.metadata.creationTimestamp) ?? '',
    templateHash: look.snapshot.templateHashes[uidOf(set)] ?? '',
    template: object(at(set, 'spec', 'template')),
    current: false,
    readyReplicas: number(at(set, 'status', 'readyReplicas')) ?? 0,
  };
}

function fromControllerRevision(look: Look, revision: KubeObject): Revision {
  const name = nameOf(revision);
  const hash = text(at(revision.metadata, 'labels', 'controller.kubernetes.io/hash')) ?? name;
  const runs = look.all('Pod', namespaceOf(revision)).filter((pod) => {
    const label = text(at(pod.metadata, 'labels', 'controller-revision-hash'));
    return label !== undefined && (label === name || label === hash) && isReady(pod);
  });
  return {
    number: number(revision.revision) ?? 0,
    name,
    uid: uidOf(revision),
    createdAt: text(revision.metadata.creationTimestamp) ?? '',
    templateHash: look.snapshot.templateHashes[uidOf(revision)] ?? '',
    template: object(at(revision, 'data', 'spec', 'template')),
    current: false,
    readyReplicas: runs.length,
  };
}
