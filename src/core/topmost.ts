// Kinds that make pods, and which of a pod's owners is the workload that a person means.

import { type Look, ownerChain } from './normalise/look.ts';
import type { KubeObject } from './snapshot.ts';

export const WORKLOADS = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'Rollout',
  'DeploymentConfig',
  'ReplicaSet',
  'ReplicationController',
];

/** The topmost workload that the snapshot holds: an operator's own object above it is who manages it. */
export function topmost(look: Look, pod: KubeObject): KubeObject | undefined {
  const held = ownerChain(look, pod)
    .map((o) => o.object)
    .filter((o): o is KubeObject => o !== undefined);
  return held.findLast((o) => WORKLOADS.includes(o.kind)) ?? held.at(-1);
}
