// The StatefulSet controller with OrderedReady semantics: one pod at a time, and a broken pod holds everything up until somebody
// deletes it; only then does it come back from the new template.
import type { Kinds, Pod } from '../kinds.ts';
import type { World } from './life.ts';
import { controlledBy } from './owners.ts';
import { podFrom } from './pod.ts';
import { isAvailable, isReady } from './pod-status.ts';
import { counts, replicasOf } from './replicas.ts';
import { deletePod } from './replicaset.ts';
import { type ControllerRevision, currentRevision, templateOf } from './revisions.ts';

type StatefulSet = Kinds['statefulsets.apps'];

const podHash = 'controller-revision-hash';
const ordinalOf = (pod: Pod): number => Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);

function create(world: World, set: StatefulSet, ordinal: number, revision: ControllerRevision): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = {
    [podHash]: revision.metadata.name,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  };
  const made = { name, generateName: `${set.metadata.name}-`, labels, now: world.clock.now() };
  const pod = podFrom(templateOf(revision) ?? set.spec!.template, set, made, world.ids);
  pod.spec!.hostname = name;
  pod.spec!.subdomain = set.spec?.serviceName;
  world.store.put('pods', pod);
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  world.say('statefulset-controller', set, { type: 'Normal', reason: 'SuccessfulCreate', message });
}

function remove(world: World, set: StatefulSet, pod: Pod): void {
  deletePod(world, pod);
  const message = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  world.say('statefulset-controller', set, { type: 'Normal', reason: 'SuccessfulDelete', message });
}

/** One step towards the wanted state; the next change of a pod asks for the next step. */
function step(world: World, set: StatefulSet, pods: Pod[], update: ControllerRevision): void {
  const ordered = set.spec?.podManagementPolicy !== 'Parallel';
  const partition = set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  const current =
    world.store.get('controllerrevisions.apps', set.metadata.namespace, set.status?.currentRevision ?? '') ?? update;
  for (let ordinal = 0; ordinal < replicasOf(set); ordinal += 1) {
    const pod = pods.find((p) => ordinalOf(p) === ordinal);
    if (!pod) create(world, set, ordinal, ordinal < partition ? current : update);
    if (ordered && (!pod || !isReady(pod))) return;
  }
  const surplus = pods.filter((p) => ordinalOf(p) >= replicasOf(set)).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of ordered ? surplus.slice(0, 1) : surplus)
    if (!pod.metadata.deletionTimestamp) remove(world, set, pod);
  if (surplus.length > 0 || set.spec?.updateStrategy?.type === 'OnDelete') return;
  for (const pod of [...pods].sort((a, b) => ordinalOf(b) - ordinalOf(a)).filter((p) => ordinalOf(p) >= partition)) {
    if (pod.metadata.labels?.[podHash] !== update.metadata.name) {
      if (!pod.metadata.deletionTimestamp) remove(world, set, pod);
      return;
    }
    if (!isReady(pod)) return;
  }
}

export function syncStatefulSet(world: World, set: StatefulSet): void {
  const update = currentRevision(world, set, 'controller.kubernetes.io/hash');
  step(world, set, controlledBy(world.store, 'pods', set), update);
  const pods = controlledBy(world.store, 'pods', set);
  const at = (name: string): number => pods.filter((p) => p.metadata.labels?.[podHash] === name).length;
  const ready = pods.filter(isReady).length;
  const complete = at(update.metadata.name) === replicasOf(set) && ready === replicasOf(set) && pods.length === ready;
  const current = complete ? update.metadata.name : (set.status?.currentRevision ?? update.metadata.name);
  world.store.edit('statefulsets.apps', set, (draft) => {
    draft.status = {
      observedGeneration: draft.metadata.generation,
      replicas: pods.length,
      availableReplicas: pods.filter((p) => isAvailable(p, set.spec?.minReadySeconds ?? 0, world.clock.secondsSince))
        .length,
      collisionCount: 0,
      currentRevision: current,
      updateRevision: update.metadata.name,
      ...counts({ readyReplicas: ready, currentReplicas: at(current), updatedReplicas: at(update.metadata.name) }),
    };
  });
}
