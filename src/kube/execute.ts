// The only place that writes to a cluster. A write takes a plan, a recorded approval of that very plan that is not old, and
// a guarded change; it is never repeated blindly, and what came of it is looked up whenever the answer was lost.
// Objects read here are raw: they go into a change and back to the API server, never anywhere else.
import {
  APPROVED_ANNOTATION,
  type Change,
  type ChangeStep,
  hasJoined,
  PLAN_ANNOTATION,
  stepsOf,
} from '../core/change.ts';
import type { DebugCopy } from '../core/copy.ts';
import type { Approval } from '../core/incident/plans.ts';
import { at, number } from '../core/json.ts';
import { ownerOf, uidOf } from '../core/normalise/look.ts';
import type { Plan, PlanTarget } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { specHash, templateHash } from '../core/template-hash.ts';
import { refusalOf } from './allowed.ts';
import type { Cluster } from './clusters.ts';
import { pods } from './kinds.ts';
import { findObject, sendObject } from './objects.ts';
import { readTarget, resourceOf } from './plan-objects.ts';
import { isResized, patchPart } from './pod-parts.ts';
import { refused } from './refused-write.ts';

export { readForPlan } from './plan-objects.ts';

const AS_US = { fieldManager: 'loopbreaker', fieldValidation: 'Strict' };

/** What is known after the write of the object that the plan is for, or of the first that was changed; no content of it. */
export interface Applied {
  uid: string;
  generation: number;
  templateHash: string;
  specHash: string;
}

export type Written =
  /** `result` is undefined when it was so already and nothing was sent. */
  | { ok: true; result: Applied | undefined }
  /** `drift`: the object is no longer what the plan meant. `unknown`: the answer was lost and nobody can say. `done`: steps. */
  | { ok: false; because: Unwritten; why: string; done?: number };

type Unwritten = 'drift' | 'rejected' | 'forbidden' | 'unreachable' | 'unknown';

/** What the API server would say, admission included. Nothing changes. */
export async function dryRun(cluster: Cluster, change: Change): Promise<Written> {
  const steps = stepsOf(change);
  let first: Written = outcomeWithout(change);
  for (const [i, step] of steps.entries()) {
    const tried = await send(cluster, step, { dryRun: 'All' });
    if (!tried.ok) return tried;
    if (i === 0) first = tried;
  }
  return first;
}

export interface ApprovedChange {
  plan: Plan;
  approval: Approval;
  change: Change;
  /** Milliseconds since 1970, by the clock with which the approval was made; by default our own. */
  nowMs?: number;
}

/** Carries out an approved change once, step by step. A second call with the same plan finds it done. */
export async function write(cluster: Cluster, approved: ApprovedChange): Promise<Written> {
  const { plan, approval, change } = approved;
  const refusal = await refusalOf(cluster, approved);
  if (refusal) return { ok: false, because: 'rejected', why: refusal };
  const steps = stepsOf(change).map((step) => (isOn(plan.target, step) ? withApproval(step, approval) : step));
  if (steps.length === 0) return outcomeWithout(change);
  let result: Applied | undefined;
  for (const [i, step] of steps.entries()) {
    const written = await writeStep(cluster, plan, step, steps.length > 1);
    if (!written.ok)
      return i === 0 ? written : { ...written, done: i, why: `${i} of ${steps.length} steps are done. ${written.why}` };
    if (i === 0 || isOn(plan.target, step)) result = written.result;
  }
  return { ok: true, result };
}

/** Deletes a copy that was made to look into, by its uid, and only if it carries the mark of the plan that made it. */
export async function removeCopy(cluster: Cluster, { planId, namespace, name, uid }: DebugCopy): Promise<Written> {
  const step = { is: 'delete-pod' as const, namespace, name, uid };
  try {
    const now = await findObject(cluster, { resource: pods, namespace, name });
    if (!now || uidOf(now) !== uid || now.metadata.deletionTimestamp !== undefined)
      return { ok: true, result: undefined };
    if (at(now, 'metadata', 'annotations', PLAN_ANNOTATION) !== planId || ownerOf(now))
      return { ok: false, because: 'rejected', why: `Pod ${name} is not the copy that was made, so it stays.` };
    const removed = await send(cluster, step, {});
    return !removed.ok && removed.because === 'drift' ? { ok: true, result: undefined } : removed;
  } catch (error) {
    return refused(cluster, step, error);
  }
}

function isOn({ uid }: PlanTarget, step: ChangeStep): step is PatchChange {
  return step.is === 'patch' && step.target.uid === uid;
}

/** The mark of the plan, which is there by then, made the annotations if there were none. */
function withApproval(step: PatchChange, { at: value }: Approval): PatchChange {
  const path = `/metadata/annotations/${APPROVED_ANNOTATION.replace('/', '~1')}`;
  return { ...step, operations: [...step.operations, { op: 'add', path, value }] };
}

async function writeStep(cluster: Cluster, plan: Plan, step: ChangeStep, oneOfMany: boolean): Promise<Written> {
  const written = await send(cluster, step, {});
  if (written.ok) return written;
  if (step.is === 'delete-pod')
    // The pod with that uid is no longer there, which is all that this step is for.
    return oneOfMany && written.because === 'drift' ? { ok: true, result: undefined } : written;
  // A lost answer, or a guard that fails because our own write is already there: look for it.
  const place = step.is === 'patch' ? step.target : { kind: 'Pod', namespace: step.namespace, name: step.name };
  const now = await readTarget(cluster, place).catch(() => undefined);
  if (now && isDone(now, plan, step)) return { ok: true, result: applied(now) };
  return now || written.because !== 'unreachable' ? written : { ...written, because: 'unknown' };
}

/** A change of a running pod leaves no mark: what the pod asks for tells. */
function isDone(now: KubeObject, plan: Plan, step: ChangeStep): boolean {
  if (step.is === 'resize-pod') return isResized(now, step);
  if (step.is === 'join-pod') return uidOf(now) === step.uid && hasJoined(now, step.container);
  return at(now, 'metadata', 'annotations', PLAN_ANNOTATION) === plan.id;
}

function outcomeWithout(change: Change): Written {
  if (change.is === 'drift') return { ok: false, because: 'drift', why: change.because };
  if (change.is === 'refused') return { ok: false, because: 'rejected', why: change.because };
  return { ok: true, result: undefined };
}

async function send(cluster: Cluster, step: ChangeStep, query: { [name: string]: string }): Promise<Written> {
  try {
    switch (step.is) {
      case 'patch':
        return { ok: true, result: applied(await patch(cluster, step, query)) };
      case 'resize-pod':
      case 'join-pod':
        return { ok: true, result: applied(await patchPart(cluster, step, { ...AS_US, ...query })) };
      case 'delete-pod':
        return { ok: true, result: applied(await deletePod(cluster, step, query)) };
      case 'create-pod':
        return { ok: true, result: applied(await createPod(cluster, step, query)) };
    }
  } catch (error) {
    return refused(cluster, step, error);
  }
}

function applied(found: KubeObject): Applied {
  return {
    uid: uidOf(found),
    generation: number(found.metadata.generation) ?? 0,
    templateHash: templateHash(found) ?? '',
    specHash: specHash(found) ?? '',
  };
}

type PatchChange = Extract<ChangeStep, { is: 'patch' }>;
type DeleteChange = Extract<ChangeStep, { is: 'delete-pod' }>;
type CreateChange = Extract<ChangeStep, { is: 'create-pod' }>;

function patch(
  cluster: Cluster,
  { target, operations }: PatchChange,
  query: { [name: string]: string },
): Promise<KubeObject> {
  return sendObject(cluster, {
    verb: 'patch',
    resource: resourceOf(target.kind),
    namespace: target.namespace,
    name: target.name,
    query: { ...AS_US, ...query },
    contentType: 'application/json-patch+json',
    body: operations,
  });
}

function deletePod(
  cluster: Cluster,
  { namespace, name, uid }: DeleteChange,
  query: { [name: string]: string },
): Promise<KubeObject> {
  const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
  const body = query.dryRun ? { ...options, dryRun: [query.dryRun] } : options;
  return sendObject(cluster, { verb: 'delete', resource: pods, namespace, name, query, body });
}

function createPod(
  cluster: Cluster,
  { namespace, pod }: CreateChange,
  query: { [name: string]: string },
): Promise<KubeObject> {
  return sendObject(cluster, {
    verb: 'create',
    resource: pods,
    namespace,
    query: { ...AS_US, ...query },
    body: pod,
  });
}
