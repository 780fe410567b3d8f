// The Deployment controller: a template makes or finds its ReplicaSet, which takes over within surge and unavailability.
// Source of fact: k8s.io/kubernetes/pkg/controller/deployment (rolling.go, sync.go, util/deployment_util.go).
import { isDeepStrictEqual } from 'node:util';
import type { PodTemplate } from '../kinds.ts';
import { deploymentStatus, type Started } from './deployment-status.ts';
import { templateHash } from './ids.ts';
import type { World } from './life.ts';
import { controlledBy, ownedBy } from './owners.ts';
import { type Deployment, replicasOf, room } from './replicas.ts';
import type { ReplicaSet } from './replicaset.ts';

const hashLabel = 'pod-template-hash';
const revisionKey = 'deployment.kubernetes.io/revision';
const historyKey = 'deployment.kubernetes.io/revision-history';
const desiredKey = 'deployment.kubernetes.io/desired-replicas';
const maxKey = 'deployment.kubernetes.io/max-replicas';
const notCopied = ['kubectl.kubernetes.io/last-applied-configuration', revisionKey, historyKey, desiredKey, maxKey];

const revisionOf = (rs: ReplicaSet): number => Number(rs.metadata.annotations?.[revisionKey] ?? 0);
const availableOf = (rs: ReplicaSet): number => rs.status?.availableReplicas ?? 0;
const total = (list: ReplicaSet[], count: (rs: ReplicaSet) => number): number =>
  list.reduce((sum, rs) => sum + count(rs), 0);

function withoutHash(template: PodTemplate | undefined): unknown {
  const { [hashLabel]: _, ...labels } = template?.metadata?.labels ?? {};
  // A template made by a client may carry an explicit empty creationTimestamp.
  const { creationTimestamp: __, ...metadata } = template?.metadata ?? {};
  return { metadata: { ...metadata, labels }, spec: template?.spec };
}

function annotations(d: Deployment): Record<string, string> {
  const copied = Object.entries(d.metadata.annotations ?? {}).filter(([key]) => !notCopied.includes(key));
  return {
    ...Object.fromEntries(copied),
    [desiredKey]: String(replicasOf(d)),
    [maxKey]: String(replicasOf(d) + room(d).surge),
  };
}

/** The ReplicaSet of the present template: found by its template, or made; it always carries the highest revision. */
function currentSet(world: World, d: Deployment, sets: ReplicaSet[]): ReplicaSet {
  const wanted = withoutHash(d.spec!.template);
  const found = sets.find((rs) => isDeepStrictEqual(withoutHash(rs.spec?.template), wanted));
  const revision = Math.max(0, ...sets.filter((rs) => rs !== found).map(revisionOf)) + 1;
  if (found) {
    world.store.edit('replicasets.apps', found, (draft) => {
      const before = draft.metadata.annotations?.[revisionKey];
      draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations(d) };
      if (revisionOf(found) >= revision) return;
      draft.metadata.annotations[revisionKey] = String(revision);
      if (before)
        draft.metadata.annotations[historyKey] = [found.metadata.annotations?.[historyKey], before]
          .filter(Boolean)
          .join(',');
    });
    return world.store.get('replicasets.apps', found.metadata.namespace, found.metadata.name)!;
  }
  const hash = templateHash(wanted);
  const template = structuredClone(d.spec!.template);
  template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, [hashLabel]: hash } };
  return world.store.put('replicasets.apps', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${d.metadata.name}-${hash}`,
      namespace: d.metadata.namespace,
      uid: world.ids.uid(),
      resourceVersion: '',
      creationTimestamp: world.clock.now(),
      generation: 1,
      labels: template.metadata.labels,
      annotations: { ...annotations(d), [revisionKey]: String(revision) },
      ownerReferences: ownedBy(d),
    },
    spec: {
      replicas: 0,
      minReadySeconds: d.spec?.minReadySeconds,
      selector: { matchLabels: { ...d.spec?.selector?.matchLabels, [hashLabel]: hash } },
      template,
    },
    status: { replicas: 0 },
  });
}

function scale(world: World, d: Deployment, rs: ReplicaSet, to: number): void {
  const from = replicasOf(rs);
  if (from === to) return;
  world.store.edit('replicasets.apps', rs, (draft) => {
    draft.spec!.replicas = to;
    draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
  });
  const direction = to > from ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${rs.metadata.name} from ${from} to ${to}`;
  world.say('deployment-controller', d, { type: 'Normal', reason: 'ScalingReplicaSet', message });
}

function roll(world: World, d: Deployment, current: ReplicaSet, old: ReplicaSet[]): void {
  const replicas = replicasOf(d);
  const { surge, unavailable } = room(d);
  const all = [current, ...old];
  const pods = total(all, replicasOf);
  const more = Math.min(replicas + surge - pods, replicas - replicasOf(current));
  if (more !== 0 && (more > 0 || replicasOf(current) > replicas)) {
    scale(world, d, current, Math.min(replicas, replicasOf(current) + more));
    return;
  }
  const least = replicas - unavailable;
  let removable = pods - least - (replicasOf(current) - availableOf(current));
  for (const rs of old) {
    const broken = Math.min(Math.max(0, removable), replicasOf(rs) - availableOf(rs));
    const spare = Math.min(
      Math.max(0, total(all, availableOf) - least),
      replicasOf(rs) - broken,
      Math.max(0, removable - broken),
    );
    if (broken + spare === 0) continue;
    removable -= broken + spare;
    scale(world, d, rs, replicasOf(rs) - broken - spare);
    // One at a time: the next look sees what the first one did.
    return;
  }
}

function recreate(world: World, d: Deployment, current: ReplicaSet, old: ReplicaSet[]): void {
  for (const rs of old) scale(world, d, rs, 0);
  const left = old.some((rs) => controlledBy(world.store, 'pods', rs).length > 0);
  if (!left) scale(world, d, current, replicasOf(d));
}

export function syncDeployment(world: World, d: Deployment, again: (afterSeconds: number) => void): void {
  const sets = controlledBy(world.store, 'replicasets.apps', d).sort((a, b) => revisionOf(a) - revisionOf(b));
  const current = d.spec?.paused ? sets.at(-1) : currentSet(world, d, sets);
  if (!current) return;
  const known = sets.some((rs) => rs.metadata.uid === current.metadata.uid);
  const old = sets.filter((rs) => rs.metadata.uid !== current.metadata.uid);
  if (!d.spec?.paused) {
    if (d.spec?.strategy?.type === 'Recreate') recreate(world, d, current, old);
    else roll(world, d, current, old);
  }
  const surplus = old.filter((rs) => replicasOf(rs) === 0 && (rs.status?.replicas ?? 0) === 0);
  for (const rs of surplus.slice(0, Math.max(0, surplus.length - (d.spec?.revisionHistoryLimit ?? 10))))
    world.store.remove('replicasets.apps', rs);
  const revision = String(revisionOf(current));
  const moved = d.metadata.annotations?.[revisionKey] !== revision;
  world.store.edit('deployments.apps', d, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionKey]: revision };
    const started: Started | undefined = moved ? (known ? 'FoundNewReplicaSet' : 'NewReplicaSetCreated') : undefined;
    draft.status = deploymentStatus(
      world,
      draft,
      controlledBy(world.store, 'replicasets.apps', d),
      current.metadata.name,
      started,
    );
  });
  const progress = world.store
    .get('deployments.apps', d.metadata.namespace, d.metadata.name)
    ?.status?.conditions?.find((c) => c.type === 'Progressing');
  // Nothing else may happen until the deadline, so it has to be looked at then.
  if (progress?.status === 'True' && progress.reason !== 'NewReplicaSetAvailable') {
    again((d.spec?.progressDeadlineSeconds ?? 600) + 1);
  }
}
