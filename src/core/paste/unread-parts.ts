// What a paste as a whole does not hold: logs of its containers, and kinds of objects.

import { at, objects, text } from '../json.ts';
import type { KubeObject, LogText, UnreadPart } from '../snapshot.ts';
import { type Draft, NOT_PASTED } from './draft.ts';
import { containersOf, nameOf } from './pods.ts';

export function unreadLogs(draft: Draft, pods: Map<string, KubeObject>, logs: LogText[]): UnreadPart[] {
  const parts: UnreadPart[] = [];
  for (const pod of pods.values()) {
    for (const container of containersOf(pod).concat(objects(at(pod, 'spec', 'ephemeralContainers')))) {
      const name = text(container.name) ?? '';
      for (const run of ['previous', 'current'] as const) {
        if (run === 'previous' && draft.noPrevious.has(`${nameOf(pod)}/${name}`)) continue;
        if (!logs.some((l) => l.pod === nameOf(pod) && l.container === name && l.run === run))
          parts.push({ at: `log.${run}/${nameOf(pod)}/${name}`, why: NOT_PASTED });
      }
    }
  }
  return parts;
}

/** Kinds that others name: a name that is not found was not looked for, even if others of the kind were pasted. */
const NAMED_BY_OTHERS = [
  'Node',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'ServiceAccount',
  'Namespace',
  'PodMetrics',
];
/** Kinds of which nothing is known when none was pasted. */
const ASKED_AS_A_WHOLE = [
  'Service',
  'EndpointSlice',
  'ResourceQuota',
  'LimitRange',
  'ReplicaSet',
  'ControllerRevision',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
];

export function unreadKinds(draft: Draft, all: KubeObject[]): UnreadPart[] {
  const present = new Set(all.map((o) => o.kind));
  const kinds = [...NAMED_BY_OTHERS, ...ASKED_AS_A_WHOLE.filter((kind) => !present.has(kind))];
  // One pasted ReplicaSet is not a Deployment's history.
  if (present.has('ReplicaSet') && (present.has('Deployment') || present.has('Pod'))) kinds.push('ReplicaSet');
  if (!present.has('Event') && !draft.eventsListed) kinds.push('Event');
  // Not "Pod": that would make every part of the pasted pods unread.
  if (!draft.podsListed) kinds.push('pods');
  return kinds.map((kind) => ({ at: kind, why: NOT_PASTED }));
}
