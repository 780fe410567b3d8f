// The DaemonSet controller on the one node: an old pod goes, whether it was well or broken, and the new one comes when it is gone.
import type { Kinds, Pod } from '../kinds.ts';
import type { World } from './life.ts';
import { controlledBy } from './owners.ts';
import { podFrom } from './pod.ts';
import { isAvailable, isReady } from './pod-status.ts';
import { counts } from './replicas.ts';
import { deletePod } from './replicaset.ts';
import { currentRevision } from './revisions.ts';

type DaemonSet = Kinds['daemonsets.apps'];

const hashLabel = 'controller-revision-hash';
const generationKey = 'deprecated.daemonset.template.generation';

export function syncDaemonSet(world: World, set: DaemonSet): void {
  const revision = currentRevision(world, set, hashLabel);
  const hash = revision.metadata.labels?.[hashLabel] ?? '';
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.[hashLabel] === hash;
  const pods = controlledBy(world.store, 'pods', set);
  const stale = pods.find((pod) => !isNew(pod) && !pod.metadata.deletionTimestamp);
  if (pods.length === 0) {
    const generateName = `${set.metadata.name}-`;
    const labels = { [hashLabel]: hash, 'pod-template-generation': set.metadata.annotations?.[generationKey] ?? '1' };
    const made = { name: `${generateName}${world.ids.suffix()}`, generateName, labels, now: world.clock.now() };
    const pod = podFrom(set.spec!.template, set, made, world.ids);
    world.store.put('pods', pod);
    world.say('daemonset-controller', set, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${pod.metadata.name}`,
    });
  } else if (stale && set.spec?.updateStrategy?.type !== 'OnDelete') {
    deletePod(world, stale);
    world.say('daemonset-controller', set, {
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${stale.metadata.name}`,
    });
  }
  const now = controlledBy(world.store, 'pods', set);
  const ready = now.filter(isReady).length;
  const available = now.filter((pod) =>
    isAvailable(pod, set.spec?.minReadySeconds ?? 0, world.clock.secondsSince),
  ).length;
  world.store.edit('daemonsets.apps', set, (draft) => {
    draft.status = {
      currentNumberScheduled: now.length,
      desiredNumberScheduled: 1,
      numberMisscheduled: 0,
      numberReady: ready,
      observedGeneration: draft.metadata.generation,
      ...counts({
        updatedNumberScheduled: now.filter(isNew).length,
        numberAvailable: available,
        numberUnavailable: 1 - available,
      }),
    };
  });
}
