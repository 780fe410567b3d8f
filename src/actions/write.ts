// From a plan to the guarded steps of its write, as far as they are not done yet. Every step can be tried again: the
// patch leaves the plan's mark, a pod is deleted by its uid, and whatever is found done is left out.

import { type Change, type ChangeStep, type JsonPatchOperation, type Now, PLAN_ANNOTATION } from '../core/change.ts';
import { at, isObject, number, text } from '../core/json.ts';
import { nameOf, uidOf } from '../core/normalise/look.ts';
import type { Plan, PlanTarget } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { podTemplateOf, templateHashOf } from '../core/template-hash.ts';
import { resizeStep } from './resize-step.ts';
import { keptBack, ordinalOf } from './target.ts';

/** Operations on the target, or why there are none. */
export type Operations = JsonPatchOperation[] | Extract<Change, { is: 'drift' | 'refused' }>;

/** The target's patch, then the pods that have to go or take it as they run; only what is not done yet. */
export function stepsFor(plan: Plan, now: Now, operations: (target: KubeObject) => Operations): Change {
  const { target } = now;
  const marked = isMarked(plan, target);
  const stale = staleness(plan, target, marked);
  if (stale) return stale;
  const blocked = partitioned(plan, target);
  if (blocked) return blocked;
  const steps: ChangeStep[] = [];
  if (!marked) {
    const wanted = operations(target);
    if ('is' in wanted) return wanted;
    steps.push({ is: 'patch', target: plan.target, operations: guarded(plan, plan.target, target, wanted) });
  }
  steps.push(...deletions(plan, now, marked));
  const resize = resizeStep(plan, now, marked);
  if ('is' in resize) return resize;
  steps.push(...resize);
  return asChange(steps);
}

export function asChange(steps: ChangeStep[]): Change {
  const [only] = steps;
  if (!only) return { is: 'already-done' };
  return steps.length === 1 ? only : { is: 'steps', steps };
}

export function isMarked(plan: Plan, found: KubeObject): boolean {
  return text(at(found.metadata, 'annotations', PLAN_ANNOTATION)) === plan.id;
}

function staleness(plan: Plan, target: KubeObject, marked: boolean): Change | undefined {
  const { kind, name, uid, templateHash } = plan.target;
  if (uidOf(target) !== uid) return { is: 'drift', because: `${kind} ${name} was deleted and made again` };
  if (!marked && templateHashOf(podTemplateOf(target)) !== templateHash)
    return { is: 'drift', because: 'the template was changed since the plan was made' };
  return undefined;
}

/** The operations with their guards: the same uid, and the plan's mark on the metadata (never on the template). */
export function guarded(
  plan: Plan,
  { uid }: PlanTarget,
  found: KubeObject,
  operations: JsonPatchOperation[],
): JsonPatchOperation[] {
  const mark: JsonPatchOperation = isObject(found.metadata.annotations)
    ? { op: 'add', path: `/metadata/annotations/${escapePointer(PLAN_ANNOTATION)}`, value: plan.id }
    : { op: 'add', path: '/metadata/annotations', value: { [PLAN_ANNOTATION]: plan.id } };
  return [{ op: 'test', path: '/metadata/uid', value: uid }, ...operations, mark];
}

/** Below its partition a StatefulSet keeps the old template: a change would not reach the pod that crashes. */
function partitioned(plan: Plan, target: KubeObject): Change | undefined {
  const partition = number(at(target, 'spec', 'updateStrategy', 'rollingUpdate', 'partition')) ?? 0;
  const kept = (plan.also ?? []).find((pod) => pod.kind === 'Pod' && ordinalOf(pod.name) < partition);
  if (!kept || plan.action === 'restart' || plan.action === 'move-off-node') return undefined;
  const { namespace, name } = plan.target;
  return { is: 'refused', because: keptBack(name, namespace, kept.name, partition) };
}

function deletions(plan: Plan, { target, related }: Now, marked: boolean): ChangeStep[] {
  return (plan.also ?? []).flatMap((wanted) => {
    if (wanted.kind !== 'Pod') return [];
    const pod = related.find((found) => found.kind === 'Pod' && nameOf(found) === wanted.name);
    if (!pod || pod.metadata.deletionTimestamp !== undefined) return [];
    const meant = wanted.uid ? uidOf(pod) === wanted.uid : !marked || runsOtherTemplate(pod, target, related);
    const { namespace, name } = wanted;
    return meant ? [{ is: 'delete-pod' as const, namespace, name, uid: uidOf(pod) }] : [];
  });
}

function runsOtherTemplate(pod: KubeObject, target: KubeObject, related: KubeObject[]): boolean {
  const label = text(at(pod.metadata, 'labels', 'controller-revision-hash'));
  const revision = related.find((found) => found.kind === 'ControllerRevision' && nameOf(found) === label);
  return templateHashOf(revision && podTemplateOf(revision)) !== templateHashOf(podTemplateOf(target));
}

export function escapePointer(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
