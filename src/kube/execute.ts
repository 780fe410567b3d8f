// The only place that writes to a cluster. A write takes a plan, a recorded approval of that very plan that is not old, and
// a guarded change; it is never repeated blindly, and what came of it is looked up whenever the answer was lost.
// Objects read here are raw: they go into a change and back to the API server, never anywhere else.
import { type Change, PLAN_ANNOTATION, type Plan, type PlanTarget } from '../core/action.ts';
import type { Approval } from '../core/incident/state.ts';
import { at, number } from '../core/json.ts';
import { namespaceOf, ownerOf, uidOf } from '../core/normalise/look.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { type Cluster, mayRead } from './clusters.ts';
import { kubeError, problem } from './errors.ts';
import { controllerRevisions, kindNamed, pods, type Resource, replicaSets } from './kinds.ts';
import { findObject, getObject, listObjects, sendObject } from './objects.ts';
import { selectorOf } from './owners.ts';
import { templateHash } from '../core/template-hash.ts';
import { readable } from './words.ts';

const FIELD_MANAGER = 'loopbreaker';
/** An approval is for now. */
const APPROVAL_LIFE_MS = 15 * 60_000;

/** The object that a plan changes as it is at this moment, with its revisions. Throws ClusterError. */
export async function readForPlan(
  cluster: Cluster,
  plan: Plan,
): Promise<{ target: KubeObject; related: KubeObject[] }> {
  const target = await readTarget(cluster, plan.target);
  const revisions = target.kind === 'Deployment' ? replicaSets : controllerRevisions;
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(target.kind)) return { target, related: [] };
  const listed = await listObjects(cluster, revisions, namespaceOf(target), { labelSelector: selectorOf(target) });
  return { target, related: listed.items.filter((found) => ownerOf(found)?.uid === uidOf(target)) };
}

function readTarget(cluster: Cluster, { kind, namespace, name }: PlanTarget): Promise<KubeObject> {
  const resource = resourceOf(kind);
  if (!mayRead(cluster, namespace))
    throw problem(
      `Namespace ${namespace} of cluster ${cluster.alias} is not among those that may be used.`,
      'NotAllowed',
    );
  return getObject(cluster, { resource, namespace, name });
}

function resourceOf(kind: string): Resource {
  const resource = kindNamed(kind);
  if (!resource) throw problem(`${kind} is not a kind that Loopbreaker changes.`, 'UnknownKind');
  return resource;
}

/** What is known of the object after the write; no content of it. */
export interface Applied {
  uid: string;
  generation: number;
  templateHash: string;
}

export type Written =
  /** `result` is undefined when it was so already and nothing was sent. */
  | { ok: true; result: Applied | undefined }
  /** `drift`: the object is no longer what the plan meant. `unknown`: the answer was lost and nobody can say. */
  | { ok: false; because: 'drift' | 'rejected' | 'forbidden' | 'unreachable' | 'unknown'; why: string };

/** What the API server would say, admission included. Nothing changes. */
export function dryRun(cluster: Cluster, change: Change): Promise<Written> {
  return send(cluster, change, { dryRun: 'All' });
}

export interface ApprovedChange {
  plan: Plan;
  approval: Approval;
  change: Change;
}

/** Carries out an approved change once. A second call with the same plan finds it done. */
export async function write(cluster: Cluster, { plan, approval, change }: ApprovedChange): Promise<Written> {
  const refusal = notApproved(cluster, plan, approval, change) ?? (await notOfPlan(cluster, plan, change));
  if (refusal) return { ok: false, because: 'rejected', why: refusal };
  const written = await send(cluster, change, {});
  if (written.ok || change.is !== 'patch') return written;
  // A lost answer, or a guard that fails because our own write is already there: look for its mark.
  const now = await readTarget(cluster, change.target).catch(() => undefined);
  if (now && at(now, 'metadata', 'annotations', PLAN_ANNOTATION) === plan.id) return { ok: true, result: applied(now) };
  return now || written.because !== 'unreachable' ? written : { ...written, because: 'unknown' };
}

function notApproved(cluster: Cluster, plan: Plan, approval: Approval, change: Change): string | undefined {
  if (approval.planId !== plan.id) return 'The approval is for another plan.';
  const ageMs = Date.now() - Date.parse(approval.at);
  if (!(ageMs < APPROVAL_LIFE_MS)) return 'The approval is older than 15 minutes. Ask for it again.';
  if (change.is === 'patch' && !sameTarget(change.target, plan.target))
    return 'The change is for another object than the plan.';
  if (change.is === 'patch' && !isGuarded(plan, change))
    return 'The change is not guarded by the uid and the mark of its plan.';
  if (!mayRead(cluster, plan.target.namespace)) return `Namespace ${plan.target.namespace} may not be used.`;
  return undefined;
}

function isGuarded(plan: Plan, { operations }: PatchChange): boolean {
  const uid = operations.some((o) => o.op === 'test' && o.path === '/metadata/uid' && o.value === plan.target.uid);
  const mark = operations.some(
    (o) => o.op === 'add' && o.path.startsWith('/metadata/annotations') && JSON.stringify(o.value).includes(plan.id),
  );
  return uid && mark;
}

/** A pod may be deleted under a plan for it or for the workload that owns it. */
async function notOfPlan(cluster: Cluster, plan: Plan, change: Change): Promise<string | undefined> {
  if (change.is !== 'delete-pod' || change.uid === plan.target.uid) return undefined;
  const { namespace, name } = change;
  const pod = await getObject(cluster, { resource: pods, namespace, name }).catch(() => undefined);
  // Gone or replaced: the deletion itself is guarded by the uid and says so.
  if (!pod || uidOf(pod) !== change.uid || ownerOf(pod)?.uid === plan.target.uid) return undefined;
  return `Pod ${name} does not belong to ${plan.target.kind} ${plan.target.name}, which the plan is for.`;
}

function sameTarget(a: PlanTarget, b: PlanTarget): boolean {
  return a.uid === b.uid && a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
}

async function send(cluster: Cluster, change: Change, query: { [name: string]: string }): Promise<Written> {
  try {
    switch (change.is) {
      case 'patch':
        return { ok: true, result: applied(await patch(cluster, change, query)) };
      case 'delete-pod':
        return { ok: true, result: applied(await deletePod(cluster, change, query)) };
      case 'already-done':
        return { ok: true, result: undefined };
      case 'drift':
        return { ok: false, because: 'drift', why: change.because };
    }
  } catch (error) {
    return judged(cluster, change, error);
  }
}

function applied(found: KubeObject): Applied {
  return {
    uid: uidOf(found),
    generation: number(found.metadata.generation) ?? 0,
    templateHash: templateHash(found) ?? '',
  };
}

type PatchChange = Extract<Change, { is: 'patch' }>;
type DeleteChange = Extract<Change, { is: 'delete-pod' }>;

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
    query: { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', ...query },
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

/** The API server does not say which guard failed: reading again tells a changed object from a bad patch. */
async function judged(cluster: Cluster, change: Change, error: unknown): Promise<Written> {
  const { kind } = kubeError(error);
  const why = readable(error);
  if (change.is === 'delete-pod' && (kind === 'not-found' || kind === 'conflict'))
    return {
      ok: false,
      because: 'drift',
      why: `Pod ${change.name} is not the one the plan meant: it is gone or was replaced.`,
    };
  if (change.is === 'patch' && ['invalid', 'conflict', 'not-found'].includes(kind)) {
    const drift = await driftOf(cluster, change.target).catch(() => undefined);
    if (drift) return { ok: false, because: 'drift', why: drift };
  }
  if (kind === 'forbidden') return { ok: false, because: 'forbidden', why };
  const lost = ['timeout', 'unreachable', 'other', 'not-kubernetes'].includes(kind);
  return { ok: false, because: lost ? 'unreachable' : 'rejected', why };
}

async function driftOf(cluster: Cluster, target: PlanTarget): Promise<string | undefined> {
  const label = `${target.kind} ${target.name}`;
  const { namespace, name } = target;
  const now = await findObject(cluster, { resource: resourceOf(target.kind), namespace, name });
  if (!now) return `${label} does not exist any more.`;
  if (uidOf(now) !== target.uid) return `${label} was deleted and made again since the plan.`;
  if (templateHash(now) !== target.templateHash) return `The template of ${label} has changed since the plan.`;
  return undefined;
}
