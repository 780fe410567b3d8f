// The Kubernetes resources that Loopbreaker asks for, and how people and kubectl name them.
// Every URL path is made here, from names that were checked: nothing a cluster or a person says can change the path.
import { problem } from './errors.ts';

export interface Resource {
  /** "" for the core group. */
  group: string;
  version: string;
  plural: string;
  kind: string;
  /** Singular, plural and kubectl's short names, lower case. */
  names: readonly string[];
  scope: 'namespace' | 'cluster';
}

const define = (group: string, version: string, plural: string, kind: string, ...short: string[]): Resource => ({
  group,
  version,
  plural,
  kind,
  names: [kind.toLowerCase(), plural, ...short],
  scope: plural === 'nodes' || plural === 'namespaces' ? 'cluster' : 'namespace',
});

export const pods = define('', 'v1', 'pods', 'Pod', 'po');
export const deployments = define('apps', 'v1', 'deployments', 'Deployment', 'deploy');
export const statefulSets = define('apps', 'v1', 'statefulsets', 'StatefulSet', 'sts');
export const daemonSets = define('apps', 'v1', 'daemonsets', 'DaemonSet', 'ds');
export const replicaSets = define('apps', 'v1', 'replicasets', 'ReplicaSet', 'rs');
export const controllerRevisions = define('apps', 'v1', 'controllerrevisions', 'ControllerRevision');
export const jobs = define('batch', 'v1', 'jobs', 'Job');
export const cronJobs = define('batch', 'v1', 'cronjobs', 'CronJob', 'cj');
export const events = define('', 'v1', 'events', 'Event', 'ev');
export const configMaps = define('', 'v1', 'configmaps', 'ConfigMap', 'cm');
export const secrets = define('', 'v1', 'secrets', 'Secret');
export const services = define('', 'v1', 'services', 'Service', 'svc');
export const endpointSlices = define('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice');
export const claims = define('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', 'pvc');
export const quotas = define('', 'v1', 'resourcequotas', 'ResourceQuota', 'quota');
export const limitRanges = define('', 'v1', 'limitranges', 'LimitRange', 'limits');
export const serviceAccounts = define('', 'v1', 'serviceaccounts', 'ServiceAccount', 'sa');
export const nodes = define('', 'v1', 'nodes', 'Node', 'no');
export const namespaces = define('', 'v1', 'namespaces', 'Namespace', 'ns');
export const podMetrics = define('metrics.k8s.io', 'v1beta1', 'pods', 'PodMetrics');
export const accessReviews = define(
  'authorization.k8s.io',
  'v1',
  'selfsubjectaccessreviews',
  'SelfSubjectAccessReview',
);

/** The list of what the core group serves, which stands where its resources begin. */
export const coreList: Resource = { ...define('', 'v1', '', 'APIResourceList'), scope: 'cluster' };

/** Kinds that own pods, the outermost first. */
export const WORKLOADS: readonly Resource[] = [deployments, statefulSets, daemonSets, cronJobs, jobs, replicaSets];

/** A pod or workload kind as a person writes it: `deploy`, `StatefulSets`, `deployment.apps`; undefined when unknown. */
export function kindNamed(said: string): Resource | undefined {
  const [name = ''] = said.toLowerCase().split('.');
  return [pods, ...WORKLOADS].find((resource) => resource.names.includes(name));
}

/** The workload resource an owner reference points at; undefined for kinds that are not read (operators' own). */
export function ownerResource(apiVersion: string, kind: string): Resource | undefined {
  return WORKLOADS.find((r) => r.kind === kind && apiVersion.split('/')[0] === r.group);
}

/** Kubernetes allows letters, digits, `-`, `.`, `_` and `:` in what becomes a path segment; `.` and `..` are no names. */
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,253}$/;

export function isName(value: string): boolean {
  return SEGMENT.test(value);
}

export interface Place {
  resource: Resource;
  /** Missing for cluster-scoped resources and lists over all namespaces. */
  namespace?: string;
  name?: string;
  subresource?: string;
}

/** `/apis/apps/v1/namespaces/shop/deployments/api`. Throws ClusterError on a name that could not be one. */
export function pathOf({ resource, namespace, name, subresource }: Place): string {
  const segments = [
    ...(resource.group ? ['apis', resource.group] : ['api']),
    resource.version,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    ...(resource.plural === '' ? [] : [resource.plural]),
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  const wrong = segments.find((segment) => !isName(segment));
  if (wrong !== undefined)
    throw problem(`${JSON.stringify(wrong.slice(0, 80))} is not a Kubernetes name.`, 'BadName', 'invalid');
  return `/${segments.join('/')}`;
}
