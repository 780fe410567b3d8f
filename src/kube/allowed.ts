// What an approved plan allows to be written: its own target and the objects that it names, guarded, marked and in time.
import { type Change, type ChangeStep, PLAN_ANNOTATION, stepsOf } from '../core/change.ts';
import { at, list } from '../core/json.ts';
import { ownerOf, uidOf } from '../core/normalise/look.ts';
import type { Plan, PlanTarget } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { type Cluster, mayRead } from './clusters.ts';
import type { ApprovedChange } from './execute.ts';
import { pods } from './kinds.ts';
import { getObject } from './objects.ts';

/** An approval is for now. */
const APPROVAL_LIFE_MS = 15 * 60_000;

/** Why this change may not be written under this approval; undefined when it may. */
export async function refusalOf(
  cluster: Cluster,
  { plan, approval, change, nowMs = Date.now() }: ApprovedChange,
): Promise<string | undefined> {
  return notApproved(cluster, { plan, approval, change, nowMs }) ?? (await notOfPlan(cluster, plan, change));
}

function notApproved(
  cluster: Cluster,
  { plan, approval, change, nowMs }: Required<ApprovedChange>,
): string | undefined {
  if (approval.planId !== plan.id) return 'The approval is for another plan.';
  const ageMs = nowMs - Date.parse(approval.at);
  if (!(ageMs < APPROVAL_LIFE_MS)) return 'The approval is older than 15 minutes. Ask for it again.';
  if (plan.copyOnly)
    return `${plan.target.kind} ${plan.target.name} is owned by ${plan.copyOnly.owner}, so the change is for copying, not for writing.`;
  // The policy was asked about the namespace of the target alone.
  const others = [...(plan.also ?? []), ...(plan.inPlace ? [plan.inPlace] : [])];
  if (others.some(({ namespace }) => namespace !== plan.target.namespace))
    return 'The plan names objects of another namespace than that of its target.';
  for (const step of stepsOf(change)) {
    const refusal = strange(plan, step);
    if (refusal) return refusal;
  }
  if (!mayRead(cluster, plan.target.namespace)) return `Namespace ${plan.target.namespace} may not be used.`;
  return undefined;
}

/** Why a step is not one that this plan allows. */
function strange(plan: Plan, step: ChangeStep): string | undefined {
  if (step.is === 'patch') {
    if (![plan.target, ...(plan.also ?? [])].some((target) => sameTarget(step.target, target)))
      return 'The change is for another object than the plan.';
    return isGuarded(plan, step) ? undefined : 'The change is not guarded by the uid and the mark of its plan.';
  }
  if (step.is === 'delete-pod') return undefined; // whose pod it is needs a look
  if (step.is === 'resize-pod') return isResizeOf(plan, step) ? undefined : 'The plan resizes no such pod so.';
  if (step.is === 'join-pod') return isJoinOf(plan, step) ? undefined : 'The plan lets no such container join its pod.';
  if (step.namespace !== plan.target.namespace) return 'The change is for another namespace than the plan.';
  const marked = at(step.pod, 'metadata', 'annotations', PLAN_ANNOTATION) === plan.id;
  return plan.action === 'debug-copy' && marked ? undefined : 'The pod to be made does not carry the mark of its plan.';
}

function isGuarded(plan: Plan, { target, operations }: Extract<ChangeStep, { is: 'patch' }>): boolean {
  const uid = operations.some((o) => o.op === 'test' && o.path === '/metadata/uid' && o.value === target.uid);
  const mark = operations.some(
    (o) => o.op === 'add' && o.path.startsWith('/metadata/annotations') && JSON.stringify(o.value).includes(plan.id),
  );
  return uid && mark;
}

/** The one pod that the plan names, by its uid, and nothing of it but limits and requests of a container. */
function isResizeOf(
  { inPlace }: Plan,
  { namespace, name, uid, operations }: Extract<ChangeStep, { is: 'resize-pod' }>,
) {
  if (inPlace?.uid !== uid || inPlace.name !== name || inPlace.namespace !== namespace) return false;
  const guarded = operations.some((o) => o.op === 'test' && o.path === '/metadata/uid' && o.value === uid);
  return guarded && operations.every((o) => o.op === 'test' || (o.op === 'replace' && RESOURCE.test(o.path)));
}

/** The very pod of the plan, and one more container in it, from the image that was approved. */
function isJoinOf(
  { action, target, intent }: Plan,
  { namespace, name, uid, container, operations }: Extract<ChangeStep, { is: 'join-pod' }>,
) {
  const [guard, add, ...more] = operations;
  const added = list(add?.path.endsWith('/-') ? [add.value] : add?.value);
  return (
    action === 'debug-copy' &&
    intent.variant === 'live' &&
    target.uid === uid &&
    target.name === name &&
    target.namespace === namespace &&
    guard?.op === 'test' &&
    guard.path === '/metadata/uid' &&
    guard.value === uid &&
    add?.op === 'add' &&
    /^\/spec\/ephemeralContainers(?:\/-)?$/.test(add.path) &&
    more.length === 0 &&
    added.length === 1 &&
    at(added[0], 'name') === container &&
    at(added[0], 'image') === intent.debugImage
  );
}

const RESOURCE = /^\/spec\/(?:containers|initContainers)\/\d+\/resources\/(?:limits|requests)\/(?:cpu|memory)$/;

/** A pod may be deleted when the plan names it, or when the workload of the plan owns it. */
async function notOfPlan(cluster: Cluster, plan: Plan, change: Change): Promise<string | undefined> {
  for (const step of stepsOf(change)) {
    if (step.is !== 'delete-pod' || step.uid === plan.target.uid) continue;
    if (plan.also?.some((pod) => pod.kind === 'Pod' && pod.uid === step.uid && pod.name === step.name)) continue;
    const { namespace, name } = step;
    const pod = await getObject(cluster, { resource: pods, namespace, name }).catch(() => undefined);
    // Gone or replaced: the deletion itself is guarded by the uid and says so.
    if (!pod || uidOf(pod) !== step.uid || ownerOf(pod)?.uid === plan.target.uid) continue;
    if (isOwnCopy(plan, pod)) continue;
    return `Pod ${name} does not belong to ${plan.target.kind} ${plan.target.name}, which the plan is for.`;
  }
  return undefined;
}

/** The undo of a debug copy names the plan that made the copy. */
function isOwnCopy({ action, intent }: Plan, pod: KubeObject): boolean {
  if (action !== 'debug-copy' || !intent.copyOf) return false;
  return at(pod, 'metadata', 'annotations', PLAN_ANNOTATION) === intent.copyOf;
}

function sameTarget(a: PlanTarget, b: PlanTarget): boolean {
  return a.uid === b.uid && a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
}
