// What the watch asks of a cluster, exactly; its Role is generated from it.
import type { Permission } from '../../core/action.ts';

/** Within each namespace that is watched. The owners are read one at a time, when something is told. */
export const WATCH_PERMISSIONS: readonly Permission[] = [
  { apiGroup: '', resource: 'pods', verbs: ['list', 'watch'] },
  { apiGroup: '', resource: 'events', verbs: ['list', 'watch'] },
  { apiGroup: 'apps', resource: 'replicasets', verbs: ['get'] },
  { apiGroup: 'apps', resource: 'statefulsets', verbs: ['get'] },
  { apiGroup: 'apps', resource: 'daemonsets', verbs: ['get'] },
  { apiGroup: 'batch', resource: 'jobs', verbs: ['get'] },
];

/** Optional: the uid of kube-system tells clusters apart, whatever they are called. */
export const WATCH_CLUSTER_PERMISSIONS: readonly Permission[] = [
  { apiGroup: '', resource: 'namespaces', verbs: ['get'] },
];
