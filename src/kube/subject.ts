// What a collection is about: the named pod, the most broken pod of the named workload, or the workload alone.

import { brokenness } from '../core/brokenness.ts';
import type { KubeObject, Target } from '../core/snapshot.ts';
import { problem } from './errors.ts';
import { add, type Gathering } from './gathering.ts';
import { kindNamed, pods, type Resource } from './kinds.ts';
import { findObject } from './objects.ts';
import { readOwned, readOwners } from './owners.ts';

export interface Subject {
  pod: KubeObject | undefined;
  /** Without a pod: the workload, its owners, and its newest revisions or jobs; else nothing. */
  instead: KubeObject[];
}

/** How many of the newest revisions or jobs of a workload without pods are looked at. */
const NEWEST = 3;

/** A pod that was replaced since it was chosen is followed to its workload, when that is known. Throws ClusterError. */
export async function readSubject(g: Gathering, { pod: podName, workload }: Target): Promise<Subject> {
  if (podName !== undefined) {
    const pod = await read(g, pods, podName);
    if (pod) return subjectOf(g, pod);
    if (!workload) throw gone(g, pods.kind, podName);
  }
  if (!workload) throw problem('Name a pod or a workload to look at.', 'NoTarget');
  const resource = kindNamed(workload.kind);
  if (!resource)
    throw problem(`${workload.kind} is not a kind that can be diagnosed; name one of its pods.`, 'UnknownKind');
  const found = await read(g, resource, workload.name);
  if (!found) throw gone(g, resource.kind, workload.name);
  // A pod may be named as a workload too.
  if (resource === pods) return subjectOf(g, found);
  add(g, found);
  const owned = await readOwned(g, found);
  const [pod] = owned.pods.toSorted((a, b) => brokenness(b) - brokenness(a));
  if (pod) return subjectOf(g, pod);
  g.say(`${resource.kind} without pods`);
  return { pod: undefined, instead: [found, ...(await readOwners(g, found)), ...owned.between.slice(0, NEWEST)] };
}

/** Neither a gap nor a guess: what cannot be read here ends the collection. */
function read(g: Gathering, resource: Resource, name: string): Promise<KubeObject | undefined> {
  return findObject(g.cluster, { resource, namespace: g.namespace, name }, { signal: g.signal });
}

function subjectOf(g: Gathering, pod: KubeObject): Subject {
  add(g, pod);
  g.say('pod');
  return { pod, instead: [] };
}

function gone(g: Gathering, kind: string, name: string): Error {
  const place = `in namespace ${g.namespace} of cluster ${g.cluster.alias}`;
  return problem(`There is no ${kind.toLowerCase()} named "${name}" ${place}.`, 'NotFound', 'not-found');
}
