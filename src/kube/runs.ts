// How a Job or CronJob fares: a run that completes is its recovery. This file only looks.

import { at, objects, text } from '../core/json.ts';
import { nameOf, ownerOf, uidOf } from '../core/normalise/look.ts';
import type { KubeObject } from '../core/snapshot.ts';
import type { Cluster } from './clusters.ts';
import { jobs as jobResource, kindNamed } from './kinds.ts';
import { findObject, listObjects } from './objects.ts';

export interface Runs {
  gone: boolean;
  suspended: boolean;
  /** Newest first. RFC 3339; "" when it has not come to that. */
  runs: { name: string; startedAt: string; completedAt: string; failedAt: string }[];
}

const RUNS_MAX = 500;

/** Throws ClusterError. */
export async function readRuns(
  cluster: Cluster,
  { namespace, kind, name }: { namespace: string; kind: 'Job' | 'CronJob'; name: string },
): Promise<Runs> {
  const resource = kindNamed(kind) ?? jobResource;
  const owner = await findObject(cluster, { resource, namespace, name });
  if (!owner) return { gone: true, suspended: false, runs: [] };
  const found = kind === 'Job' ? [owner] : await jobsOf(cluster, namespace, owner);
  const runs = found.map(runOf).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  return { gone: false, suspended: at(owner, 'spec', 'suspend') === true, runs };
}

async function jobsOf(cluster: Cluster, namespace: string, owner: KubeObject): Promise<KubeObject[]> {
  const { items } = await listObjects(cluster, jobResource, namespace, { itemsMax: RUNS_MAX });
  return items.filter((job) => ownerOf(job)?.uid === uidOf(owner));
}

function runOf(job: KubeObject): Runs['runs'][number] {
  const since = (type: string): string => {
    const condition = objects(at(job, 'status', 'conditions')).find((c) => c.type === type && c.status === 'True');
    return text(condition?.lastTransitionTime) ?? '';
  };
  return {
    name: nameOf(job),
    startedAt: text(at(job, 'status', 'startTime')) ?? text(job.metadata.creationTimestamp) ?? '',
    completedAt: since('Complete'),
    failedAt: since('Failed'),
  };
}
