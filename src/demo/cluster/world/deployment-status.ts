// A Deployment's counts and its two conditions. Progressing stays "available" once a rollout was complete, however its pods fare
// afterwards; only a new template opens the question again.
import type { World } from './life.ts';
import { counts, type Deployment, replicasOf, room } from './replicas.ts';
import type { ReplicaSet } from './replicaset.ts';

type Status = NonNullable<Deployment['status']>;
type Condition = NonNullable<Status['conditions']>[number];
type Said = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;
export type Started = 'NewReplicaSetCreated' | 'FoundNewReplicaSet';

/** `moved` renews the time of the last update although nothing else changes. */
function withCondition(list: Condition[], said: Said | undefined, now: string, moved = false): Condition[] {
  const existing = list.find((c) => c.type === said?.type);
  if (!said || (existing?.status === said.status && existing.reason === said.reason && !moved)) return list;
  const lastTransitionTime = existing?.status === said.status ? existing.lastTransitionTime : now;
  const condition = { ...said, lastTransitionTime, lastUpdateTime: now };
  return existing ? list.map((c) => (c === existing ? condition : c)) : [...list, condition];
}

const availability = (enough: boolean): Said =>
  enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };

/** `started` when this look began a rollout. */
export function deploymentStatus(
  world: World,
  d: Deployment,
  sets: ReplicaSet[],
  currentName: string,
  started?: Started,
): Status {
  const sum = (count: (rs: ReplicaSet) => number | undefined): number =>
    sets.reduce((all, rs) => all + (count(rs) ?? 0), 0);
  const before = d.status ?? {};
  const replicas = sum((rs) => rs.status?.replicas);
  const available = sum((rs) => rs.status?.availableReplicas);
  const updated = sets.find((rs) => rs.metadata.name === currentName)?.status?.replicas ?? 0;
  const moved =
    updated > (before.updatedReplicas ?? 0) ||
    available > (before.availableReplicas ?? 0) ||
    replicas < (before.replicas ?? 0);
  const wanted = replicasOf(d);
  const complete = updated === wanted && replicas === wanted && available === wanted;
  const now = world.clock.now();
  if (started || moved) world.progressMs.set(d.metadata.uid, world.clock.nowMs());
  const progress = progressing(world, d, currentName, { started, complete, moved });
  const conditions = withCondition(before.conditions ?? [], progress, now, progress?.reason === 'ReplicaSetUpdated');
  return {
    observedGeneration: d.metadata.generation,
    ...counts({
      replicas,
      updatedReplicas: updated,
      readyReplicas: sum((rs) => rs.status?.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, sum(replicasOf) - available),
    }),
    conditions: withCondition(conditions, availability(available >= wanted - room(d).unavailable), now),
  };
}

type Course = { started?: Started; complete: boolean; moved: boolean };

function progressing(
  world: World,
  d: Deployment,
  name: string,
  { started, complete, moved }: Course,
): Said | undefined {
  const existing = d.status?.conditions?.find((c) => c.type === 'Progressing');
  const said = (status: string, reason: string, message: string): Said => ({
    type: 'Progressing',
    status,
    reason,
    message,
  });
  if (started === 'NewReplicaSetCreated') return said('True', started, `Created new replica set "${name}"`);
  if (started) return said('True', started, `Found new replica set "${name}"`);
  if (existing?.reason === 'NewReplicaSetAvailable') return undefined;
  if (complete) return said('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`);
  if (moved) return said('True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`);
  const late =
    world.clock.secondsSince(world.progressMs.get(d.metadata.uid) ?? existing?.lastUpdateTime ?? world.clock.nowMs()) >
    (d.spec?.progressDeadlineSeconds ?? 600);
  return existing?.status === 'True' && late
    ? said('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`)
    : undefined;
}
