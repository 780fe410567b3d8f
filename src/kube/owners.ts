// Who owns a pod, what that owner ran before, and which other pods it has.

import { at, type JsonObject, list, object, objects, text, words } from '../core/json.ts';
import { nameOf, ownerOf, uidOf } from '../core/normalise/look.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { add, type Gathering, look, lookAll } from './gathering.ts';
import { controllerRevisions, jobs, ownerResource, pods, replicaSets } from './kinds.ts';
import { slimPod } from './slim.ts';

const DEPTH_MAX = 6;
const REVISIONS_MAX = 25;
const JOBS_MAX = 10;
const PODS_MAX = 500;

/** Reads the owners of an object, nearest first, as far as they are kinds that we read. The others stay names. */
export async function readOwners(g: Gathering, start: KubeObject): Promise<KubeObject[]> {
  const chain: KubeObject[] = [];
  let here: KubeObject | undefined = start;
  for (let depth = 0; here && depth < DEPTH_MAX; depth++) {
    const owner = ownerOf(here);
    if (!owner || owner.kind === 'Node') break;
    const resource = ownerResource(owner.apiVersion, owner.kind);
    if (!resource) {
      g.unread.push({ at: `${owner.kind}/${owner.name}`, why: `objects of kind ${owner.kind} are not read` });
      break;
    }
    here = await look(g, resource, owner.name);
    if (here) chain.push(here);
  }
  for (const owner of chain) add(g, owner);
  return chain;
}

/**
 * What hangs below the topmost owner: old and present revisions, a CronJob's jobs, and all its pods, newest first and raw.
 * Revisions and jobs are kept at once; the pods are for the caller to choose from.
 */
export async function readOwned(
  g: Gathering,
  owner: KubeObject,
): Promise<{ pods: KubeObject[]; between: KubeObject[] }> {
  const selector = selectorOf(owner);
  const own = (found: KubeObject): boolean => ownerOf(found)?.uid === uidOf(owner);
  const newest = (found: KubeObject[], most: number): KubeObject[] =>
    found.filter(own).sort(newestFirst).slice(0, most);

  let between: KubeObject[] = [];
  if (owner.kind === 'Deployment')
    between = newest(await lookAll(g, replicaSets, { labelSelector: selector }), REVISIONS_MAX);
  if (owner.kind === 'StatefulSet' || owner.kind === 'DaemonSet')
    between = newest(await lookAll(g, controllerRevisions, { labelSelector: selector }), REVISIONS_MAX);
  if (owner.kind === 'CronJob') between = newest(await lookAll(g, jobs), JOBS_MAX);
  for (const found of between) add(g, found);

  const owners = new Set([uidOf(owner), ...between.map(uidOf)]);
  const podSelector = owner.kind === 'CronJob' ? `job-name in (${between.map(nameOf).join(',')})` : selector;
  if (!podSelector || (owner.kind === 'CronJob' && between.length === 0)) return { pods: [], between };
  const found = await lookAll(g, pods, { labelSelector: podSelector, itemsMax: PODS_MAX }, 'PodList');
  return { pods: found.filter((pod) => owners.has(ownerOf(pod)?.uid ?? '')).sort(newestFirst), between };
}

/** Neighbours of the pod: kept small. */
export function addSiblings(g: Gathering, found: KubeObject[]): void {
  for (const pod of found) add(g, pod, slimPod(pod));
}

function newestFirst(a: KubeObject, b: KubeObject): number {
  const created = (o: KubeObject): string => text(o.metadata.creationTimestamp) ?? '';
  return created(b).localeCompare(created(a)) || nameOf(a).localeCompare(nameOf(b));
}

/** The label selector of a workload in the API's own notation; "" when it has none. */
export function selectorOf(workload: KubeObject): string {
  const selector = object(at(workload, 'spec', 'selector'));
  if (workload.kind === 'CronJob') return '';
  return [...equalities(object(selector.matchLabels)), ...objects(selector.matchExpressions).map(requirement)].join(
    ',',
  );
}

/** `app=api,tier=web` */
export function equalities(labels: JsonObject): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${words(value) ?? ''}`);
}

function requirement(expression: JsonObject): string {
  const key = text(expression.key) ?? '';
  const values = list(expression.values)
    .map((value) => words(value) ?? '')
    .join(',');
  switch (expression.operator) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
