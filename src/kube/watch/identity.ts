// Which cluster this is, whatever it is called: the uid of its namespace kube-system, which lives as long as the cluster.
import { uidOf } from '../../core/normalise/look.ts';
import type { Cluster } from '../clusters.ts';
import { ClusterError } from '../errors.ts';
import { namespaces } from '../kinds.ts';
import { getObject } from '../objects.ts';

/** The alias stands for it where it may not be read. Throws ClusterError when the cluster does not answer. */
export async function clusterUid(cluster: Cluster, signal: AbortSignal): Promise<string> {
  try {
    const found = await getObject(cluster, { resource: namespaces, name: 'kube-system' }, { signal });
    return uidOf(found) || `alias-${cluster.alias}`;
  } catch (error) {
    const { kind } = error instanceof ClusterError ? error.failure : { kind: 'other' };
    if (kind === 'forbidden' || kind === 'refused' || kind === 'not-found') return `alias-${cluster.alias}`;
    throw error;
  }
}
