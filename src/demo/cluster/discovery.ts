// /version, /api and /apis: what kubectl and clients read to learn which kinds exist.
import { apiVersionOf, kinds } from './kinds.ts';

const groups = [
  ...new Set(kinds.filter((k) => k.group).map(apiVersionOf)),
  'authorization.k8s.io/v1',
  'events.k8s.io/v1',
];

/** What `kubectl get all` shows. */
const inAll = ['Pod', 'Service', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

const groupOf = (groupVersion: string) => {
  const [name = '', version = ''] = groupVersion.split('/');
  const entry = { groupVersion, version };
  return { name, versions: [entry], preferredVersion: entry };
};

const resourceList = (groupVersion: string, resources: object[]) => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion,
  resources,
});

function resourcesOf(groupVersion: string, podResize: boolean): object[] {
  const own = kinds.filter(
    (k) => apiVersionOf(k) === groupVersion || (groupVersion === 'events.k8s.io/v1' && k.resource === 'events'),
  );
  const listed: object[] = own.map((k) => ({
    name: k.plural,
    singularName: k.kind.toLowerCase(),
    namespaced: k.namespaced,
    kind: k.kind,
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    ...(k.shortNames.length ? { shortNames: k.shortNames } : {}),
    ...(inAll.includes(k.kind) ? { categories: ['all'] } : {}),
  }));
  if (groupVersion === 'v1')
    listed.push(
      {
        name: 'pods/ephemeralcontainers',
        singularName: '',
        namespaced: true,
        kind: 'Pod',
        verbs: ['get', 'patch', 'update'],
      },
      { name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] },
    );
  if (groupVersion === 'v1' && podResize)
    listed.push({
      name: 'pods/resize',
      singularName: '',
      namespaced: true,
      kind: 'Pod',
      verbs: ['get', 'patch', 'update'],
    });
  if (groupVersion === 'authorization.k8s.io/v1') {
    listed.push({
      name: 'selfsubjectaccessreviews',
      singularName: '',
      namespaced: false,
      kind: 'SelfSubjectAccessReview',
      verbs: ['create'],
    });
  }
  return listed;
}

/** The document at that path, or undefined when there is none. `metrics`: whether the metrics API is installed. */
export function discover(path: string, metrics: boolean, podResize = true): object | undefined {
  const served = metrics ? [...groups, 'metrics.k8s.io/v1beta1'] : groups;
  if (path === '/version') return { major: '1', minor: '34', gitVersion: 'v1.34.9', platform: 'linux/amd64' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/api/v1') return resourceList('v1', resourcesOf('v1', podResize));
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: served.map(groupOf) };
  const asked = path.replace(/^\/apis\//, '');
  if (asked === 'metrics.k8s.io/v1beta1' && metrics) {
    return resourceList(asked, [
      { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
    ]);
  }
  if (served.includes(asked)) return resourceList(asked, resourcesOf(asked, podResize));
  const group = served.find((g) => g.split('/')[0] === asked);
  return group ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) } : undefined;
}
