// Reads what a plan needs at this moment: its target, the revisions, and whatever it names besides. The objects are raw:
// they go into a change and back to the API server, never anywhere else.

import type { Now } from '../core/change.ts';
import { namespaceOf, ownerOf, uidOf } from '../core/normalise/look.ts';
import type { Need, Plan, PlanTarget } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { type Cluster, mayRead } from './clusters.ts';
import { ClusterError, problem } from './errors.ts';
import { configMaps, controllerRevisions, kindNamed, type Resource, replicaSets } from './kinds.ts';
import { findObject, getObject, listObjects } from './objects.ts';
import { selectorOf } from './owners.ts';

const budgets: Resource = {
  group: 'policy',
  version: 'v1',
  plural: 'poddisruptionbudgets',
  kind: 'PodDisruptionBudget',
  names: [],
  scope: 'namespace',
};

/** The object that a plan changes as it is at this moment, its revisions, and what the plan reads besides. Throws ClusterError. */
export async function readForPlan(cluster: Cluster, plan: Plan): Promise<Now> {
  const target = await readTarget(cluster, plan.target).catch((error) => goneBesides(cluster, plan, error));
  const besides = [...(plan.also ?? []), ...(plan.inPlace ? [plan.inPlace] : [])];
  const needs: Need[] = [...besides.map(({ kind, name }) => ({ kind, name })), ...(plan.reads ?? [])];
  const read = await Promise.all([
    readRevisions(cluster, target),
    ...needs.map((need) => readNeed(cluster, plan, need)),
  ]);
  return { target, related: read.flat() };
}

/** Whoever deletes a copy needs the pod no more that it was made from: the copy stands for it. */
function goneBesides(cluster: Cluster, { intent, target }: Plan, error: unknown): Promise<KubeObject> {
  const gone = error instanceof ClusterError && error.failure.kind === 'not-found';
  if (!gone || !intent.copy) throw error;
  return readTarget(cluster, { ...target, name: intent.copy });
}

async function readRevisions(cluster: Cluster, target: KubeObject): Promise<KubeObject[]> {
  if (!['Deployment', 'StatefulSet', 'DaemonSet'].includes(target.kind)) return [];
  const revisions = target.kind === 'Deployment' ? replicaSets : controllerRevisions;
  const listed = await listObjects(cluster, revisions, namespaceOf(target), { labelSelector: selectorOf(target) });
  return listed.items.filter((found) => ownerOf(found)?.uid === uidOf(target));
}

async function readNeed(cluster: Cluster, { target }: Plan, { kind, name }: Need): Promise<KubeObject[]> {
  const resource = resourceOf(kind);
  if (name === undefined) return (await listObjects(cluster, resource, target.namespace)).items;
  const found = await findObject(cluster, { resource, namespace: target.namespace, name });
  return found ? [found] : [];
}

/** The disruption budgets of the namespace; undefined where they may not be read. */
export async function readBudgets(cluster: Cluster, namespace: string): Promise<KubeObject[] | undefined> {
  const listed = await listObjects(cluster, budgets, namespace).catch(() => undefined);
  return listed?.items;
}

export function readTarget(
  cluster: Cluster,
  { kind, namespace, name }: Pick<PlanTarget, 'kind' | 'namespace' | 'name'>,
): Promise<KubeObject> {
  const resource = resourceOf(kind);
  if (!mayRead(cluster, namespace))
    throw problem(
      `Namespace ${namespace} of cluster ${cluster.alias} is not among those that may be used.`,
      'NotAllowed',
    );
  return getObject(cluster, { resource, namespace, name });
}

export function resourceOf(kind: string): Resource {
  const resource = kind === configMaps.kind ? configMaps : kindNamed(kind);
  if (!resource) throw problem(`${kind} is not a kind that Loopbreaker changes.`, 'UnknownKind');
  return resource;
}
