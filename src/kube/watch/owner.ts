// Who is above an owner, and whether an owner still wants pods that it does not get: asked only when something is to be told.
import { at, number } from '../../core/json.ts';
import { ownerOf } from '../../core/normalise/look.ts';
import type { KubeObject } from '../../core/snapshot.ts';
import type { Cluster } from '../clusters.ts';
import { ClusterError, type FailureKind } from '../errors.ts';
import { daemonSets, jobs, ownerResource, type Resource, replicaSets, statefulSets } from '../kinds.ts';
import { getObject } from '../objects.ts';

export interface OwnerLook {
  /** The topmost owner that we know; the owner itself where there is nothing above it or it could not be read. */
  top: { kind: string; name: string };
  /** False: it wants no pod, has one, or is gone. True as well when it could not be read. */
  lacksPods: boolean;
}

const PASSING = new Set<FailureKind>(['unreachable', 'timeout', 'too-many-requests', 'unauthorised', 'other']);

const MAKERS: readonly Resource[] = [replicaSets, statefulSets, daemonSets, jobs];

/** Throws ClusterError when the cluster does not answer: another try may. */
export async function lookAtOwner(
  cluster: Cluster,
  namespace: string,
  { kind, name }: { kind: string; name: string },
  signal: AbortSignal,
): Promise<OwnerLook> {
  const top = { kind, name };
  const resource = MAKERS.find((one) => one.kind === kind);
  if (!resource) return { top, lacksPods: true };
  try {
    const found = await getObject(cluster, { resource, namespace, name }, { signal });
    const above = ownerOf(found);
    const known = above && ownerResource(above.apiVersion, above.kind);
    return { top: known ? { kind: above.kind, name: above.name } : top, lacksPods: lacksPods(found) };
  } catch (error) {
    if (!(error instanceof ClusterError) || PASSING.has(error.failure.kind)) throw error;
    return { top, lacksPods: error.failure.kind !== 'not-found' };
  }
}

function lacksPods(owner: KubeObject): boolean {
  const count = (...path: string[]): number => number(at(owner, ...path)) ?? 0;
  if (owner.kind === 'DaemonSet')
    return count('status', 'desiredNumberScheduled') > 0 && count('status', 'currentNumberScheduled') === 0;
  if (owner.kind === 'Job')
    return (
      at(owner, 'spec', 'suspend') !== true &&
      count('status', 'active') + count('status', 'succeeded') + count('status', 'failed') === 0
    );
  return (number(at(owner, 'spec', 'replicas')) ?? 1) > 0 && count('status', 'replicas') === 0;
}
