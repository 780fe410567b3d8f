// The ReplicaSet controller: as many pods as asked for, and a status that counts them. Also what every controller needs of pods:
// making one, deleting one, counting the ready.

import { asTime } from '../clock.ts';
import type { Kinds, Pod } from '../kinds.ts';
import type { World } from './life.ts';
import { controlledBy } from './owners.ts';
import { podFrom } from './pod.ts';
import { isAvailable, isReady } from './pod-status.ts';
import { counts } from './replicas.ts';

export type ReplicaSet = Kinds['replicasets.apps'];

export const isActive = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined && pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded';

/** Asks for a graceful end, as DELETE does; the kubelet carries it out. */
export function deletePod(world: World, pod: Pod, graceSeconds = pod.spec?.terminationGracePeriodSeconds ?? 30): void {
  world.store.edit('pods', pod, (draft) => {
    draft.metadata.deletionTimestamp ??= asTime(world.clock.nowMs() + graceSeconds * 1000);
    draft.metadata.deletionGracePeriodSeconds ??= graceSeconds;
  });
}

/** The pods that a scale-down takes first: those that are not ready, then the youngest. */
const expendableFirst = (a: Pod, b: Pod): number =>
  Number(isReady(a)) - Number(isReady(b)) || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp);

export function syncReplicaSet(world: World, rs: ReplicaSet): void {
  const pods = controlledBy(world.store, 'pods', rs).filter(isActive);
  const missing = (rs.spec?.replicas ?? 1) - pods.length;
  const refusal = missing > 0 ? world.programs.refusal(rs) : undefined;
  if (refusal) world.say('replicaset-controller', rs, refusal);
  for (let n = 0; n < missing && !refusal; n += 1) {
    const generateName = `${rs.metadata.name}-`;
    const made = { name: `${generateName}${world.ids.suffix()}`, generateName, now: world.clock.now() };
    const pod = podFrom(rs.spec!.template!, rs, made, world.ids);
    world.store.put('pods', pod);
    world.say('replicaset-controller', rs, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${pod.metadata.name}`,
    });
  }
  for (const pod of missing < 0 ? [...pods].sort(expendableFirst).slice(0, -missing) : []) {
    deletePod(world, pod);
    world.say('replicaset-controller', rs, {
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${pod.metadata.name}`,
    });
  }
  const now = controlledBy(world.store, 'pods', rs).filter(isActive);
  const minReady = rs.spec?.minReadySeconds ?? 0;
  world.store.edit('replicasets.apps', rs, (draft) => {
    draft.status = {
      ...(draft.status?.conditions && refusal ? { conditions: draft.status.conditions } : {}),
      replicas: now.length,
      observedGeneration: draft.metadata.generation,
      ...counts({
        fullyLabeledReplicas: now.length,
        readyReplicas: now.filter(isReady).length,
        availableReplicas: now.filter((pod) => isAvailable(pod, minReady, world.clock.secondsSince)).length,
      }),
    };
  });
}
