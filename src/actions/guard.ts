// The guards of a write: the object is still the one that was planned for, and the plan was not already carried out.

import { type Change, type JsonPatchOperation, PLAN_ANNOTATION, type Plan, templateHashOf } from '../core/action.ts';
import { at, isObject, text } from '../core/json.ts';
import type { KubeObject } from '../core/snapshot.ts';

/** Drift or already-done before a patch is built; undefined when the way is free. */
export function checkTarget(plan: Plan, target: KubeObject): Change | undefined {
  if (text(target.metadata.uid) !== plan.target.uid)
    return { is: 'drift', because: `${plan.target.kind} ${plan.target.name} was deleted and made again` };
  if (text(at(target.metadata, 'annotations', PLAN_ANNOTATION)) === plan.id) return { is: 'already-done' };
  if (templateHashOf(at(target, 'spec', 'template')) !== plan.target.templateHash)
    return { is: 'drift', because: 'the template was changed since the plan was made' };
  return undefined;
}

/** The patch with its guards: same uid, same generation as read, and the plan's mark on the workload's metadata. */
export function guarded(plan: Plan, target: KubeObject, operations: JsonPatchOperation[]): Change {
  const mark: JsonPatchOperation[] = isObject(target.metadata.annotations)
    ? [{ op: 'add', path: `/metadata/annotations/${escapePointer(PLAN_ANNOTATION)}`, value: plan.id }]
    : [{ op: 'add', path: '/metadata/annotations', value: { [PLAN_ANNOTATION]: plan.id } }];
  return {
    is: 'patch',
    target: plan.target,
    operations: [{ op: 'test', path: '/metadata/uid', value: plan.target.uid }, ...operations, ...mark],
  };
}

export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
