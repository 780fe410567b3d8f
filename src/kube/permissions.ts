// What this room needs to read, exactly; the read Role is generated from it. And whether an account has a permission.
import type { Permission } from '../core/action.ts';
import { at } from '../core/json.ts';
import type { Cluster } from './clusters.ts';
import { accessReviews } from './kinds.ts';
import { sendObject } from './objects.ts';
import { readable } from './words.ts';

/** Within each namespace that may be read. Secrets are not among them, nor is anything that runs in a container. */
export const READ_PERMISSIONS: readonly Permission[] = [
  { apiGroup: '', resource: 'pods', verbs: ['get', 'list'] },
  { apiGroup: '', resource: 'pods/log', verbs: ['get'] },
  { apiGroup: '', resource: 'events', verbs: ['list'] },
  { apiGroup: '', resource: 'services', verbs: ['list'] },
  { apiGroup: '', resource: 'configmaps', verbs: ['get'] },
  { apiGroup: '', resource: 'persistentvolumeclaims', verbs: ['get'] },
  { apiGroup: '', resource: 'serviceaccounts', verbs: ['get'] },
  { apiGroup: '', resource: 'resourcequotas', verbs: ['list'] },
  { apiGroup: '', resource: 'limitranges', verbs: ['list'] },
  { apiGroup: 'apps', resource: 'deployments', verbs: ['get', 'list'] },
  { apiGroup: 'apps', resource: 'replicasets', verbs: ['get', 'list'] },
  { apiGroup: 'apps', resource: 'statefulsets', verbs: ['get', 'list'] },
  { apiGroup: 'apps', resource: 'daemonsets', verbs: ['get', 'list'] },
  { apiGroup: 'apps', resource: 'controllerrevisions', verbs: ['list'] },
  { apiGroup: 'batch', resource: 'jobs', verbs: ['get', 'list'] },
  { apiGroup: 'batch', resource: 'cronjobs', verbs: ['get', 'list'] },
  { apiGroup: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list'] },
  { apiGroup: 'metrics.k8s.io', resource: 'pods', verbs: ['get'] },
];

/** Cluster-wide and optional: without them the node and the names of namespaces are stated gaps. */
export const CLUSTER_READ_PERMISSIONS: readonly Permission[] = [
  { apiGroup: '', resource: 'nodes', verbs: ['get', 'list'] },
  { apiGroup: '', resource: 'namespaces', verbs: ['get', 'list'] },
];

export interface Ability {
  allowed: boolean;
  /** Verbs that are not permitted. */
  missing: string[];
  /** Why, when not allowed or not known; "" when allowed. */
  why: string;
}

/** Asks the API server whether this account may. What cannot be found out counts as no. */
export async function canDo(cluster: Cluster, permission: Permission, namespace: string): Promise<Ability> {
  const [resource = '', subresource = ''] = permission.resource.split('/');
  try {
    const answers = await Promise.all(
      permission.verbs.map(async (verb) => {
        const resourceAttributes = { namespace, verb, group: permission.apiGroup, resource, subresource };
        const body = { apiVersion: 'authorization.k8s.io/v1', kind: accessReviews.kind, spec: { resourceAttributes } };
        const answer = await sendObject(cluster, { verb: 'create', resource: accessReviews, body });
        return { verb, allowed: at(answer, 'status', 'allowed') === true };
      }),
    );
    const missing = answers.filter((answer) => !answer.allowed).map((answer) => answer.verb);
    const why = missing.length ? `not permitted: ${missing.join(', ')} ${permission.resource} in ${namespace}` : '';
    return { allowed: missing.length === 0, missing, why };
  } catch (error) {
    return { allowed: false, missing: [...permission.verbs], why: readable(error) };
  }
}
