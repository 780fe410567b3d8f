// The write itself, guarded: what an action makes of a plan and of the objects as they are at that moment.

import { at, objects } from './json.ts';
import type { PlanTarget } from './plan.ts';
import type { KubeObject } from './snapshot.ts';

export interface JsonPatchOperation {
  op: 'test' | 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

/** One effect on the cluster; each is guarded and may be tried again. */
export type ChangeStep =
  | { is: 'patch'; target: PlanTarget; operations: JsonPatchOperation[] }
  | { is: 'resize-pod'; namespace: string; name: string; uid: string; operations: JsonPatchOperation[] }
  /** `container` is the name of the one that joins the pod. */
  | {
      is: 'join-pod';
      namespace: string;
      name: string;
      uid: string;
      container: string;
      operations: JsonPatchOperation[];
    }
  | { is: 'delete-pod'; namespace: string; name: string; uid: string }
  | { is: 'create-pod'; namespace: string; name: string; pod: KubeObject };

/**
 * The write itself, as far as it is not done yet. `steps` are carried out in order. `drift` voids the plan; `refused`
 * says in words why the object as it is cannot be changed so.
 */
export type Change =
  | ChangeStep
  | { is: 'steps'; steps: ChangeStep[] }
  | { is: 'already-done' }
  | { is: 'drift'; because: string }
  | { is: 'refused'; because: string };

/** The effects of a change in order; [] when there is nothing to do. */
export function stepsOf(change: Change): ChangeStep[] {
  switch (change.is) {
    case 'steps':
      return change.steps;
    case 'patch':
    case 'resize-pod':
    case 'join-pod':
    case 'delete-pod':
    case 'create-pod':
      return [change];
    default:
      return [];
  }
}

/** What a change is made from: the target as it is now, its revisions, and what the plan reads besides. */
export interface Now {
  target: KubeObject;
  related: KubeObject[];
}

/** The part of a pod to which a container is added that joins it while it runs. */
export const POD_JOIN = 'pods/ephemeralcontainers';

export const hasJoined = (pod: KubeObject, container: string): boolean =>
  objects(at(pod, 'spec', 'ephemeralContainers')).some((one) => one.name === container);

/** Annotation on the workload's metadata (never its template) that marks an applied plan. */
export const PLAN_ANNOTATION = 'loopbreaker.dev/plan';

/** Beside it: when the approval was given that it was written for (RFC 3339). An older one carries no write after it. */
export const APPROVED_ANNOTATION = 'loopbreaker.dev/approved-at';
