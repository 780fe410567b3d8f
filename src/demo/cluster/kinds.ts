// The kinds that the simulated cluster serves and how the API names them: group, version, plural and scope.
// Everything else in this folder speaks of a kind by its resource name as Kubernetes messages do: `pods`, `deployments.apps`.
import type {
  CoreV1Event,
  V1ConfigMap,
  V1ControllerRevision,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Job,
  V1LimitRange,
  V1Namespace,
  V1Node,
  V1ObjectMeta,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1ReplicaSet,
  V1ResourceQuota,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';

/** A client model as it travels in JSON: times are strings. */
export type Wire<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T;

/** What every stored object surely has. */
export type Meta = Wire<V1ObjectMeta> & {
  name: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
};
export type Stored<T> = Omit<Wire<T>, 'metadata' | 'apiVersion' | 'kind'> & {
  apiVersion: string;
  kind: string;
  metadata: Meta;
};
export type KubeObject = { apiVersion: string; kind: string; metadata: Meta } & Record<string, unknown>;

export type Kinds = {
  pods: Stored<V1Pod>;
  events: Stored<CoreV1Event>;
  configmaps: Stored<V1ConfigMap>;
  secrets: Stored<V1Secret>;
  services: Stored<V1Service>;
  serviceaccounts: Stored<V1ServiceAccount>;
  persistentvolumeclaims: Stored<V1PersistentVolumeClaim>;
  persistentvolumes: Stored<V1PersistentVolume>;
  resourcequotas: Stored<V1ResourceQuota>;
  limitranges: Stored<V1LimitRange>;
  nodes: Stored<V1Node>;
  namespaces: Stored<V1Namespace>;
  'deployments.apps': Stored<V1Deployment>;
  'replicasets.apps': Stored<V1ReplicaSet>;
  'statefulsets.apps': Stored<V1StatefulSet>;
  'daemonsets.apps': Stored<V1DaemonSet>;
  'controllerrevisions.apps': Stored<V1ControllerRevision>;
  'jobs.batch': Stored<V1Job>;
  'cronjobs.batch': Stored<V1CronJob>;
  'endpointslices.discovery.k8s.io': Stored<V1EndpointSlice>;
  'horizontalpodautoscalers.autoscaling': Stored<V2HorizontalPodAutoscaler>;
  'poddisruptionbudgets.policy': Stored<V1PodDisruptionBudget>;
};
export type Resource = keyof Kinds;
export type Pod = Kinds['pods'];
export type PodSpec = NonNullable<Pod['spec']>;
export type Container = PodSpec['containers'][number];
export type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];
export type PodTemplate = NonNullable<Kinds['deployments.apps']['spec']>['template'];

export type KindInfo = {
  resource: Resource;
  group: string;
  version: string;
  plural: string;
  kind: string;
  /** Name of the model in the client library; its attribute types tell which fields exist. */
  model: string;
  namespaced: boolean;
  shortNames: string[];
};

const row = (line: string): KindInfo => {
  const [resource = '', apiVersion = '', kind = '', scope = '', short = '', model = `V1${kind}`] = line.split(/\s+/);
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return {
    resource: resource as Resource,
    group: group ?? '',
    version: version ?? '',
    plural: resource.split('.')[0] ?? '',
    kind,
    model,
    namespaced: scope === 'namespaced',
    shortNames: short === '-' ? [] : short.split(','),
  };
};

export const kinds: KindInfo[] = [
  'pods v1 Pod namespaced po',
  'events v1 Event namespaced ev CoreV1Event',
  'configmaps v1 ConfigMap namespaced cm',
  'secrets v1 Secret namespaced -',
  'services v1 Service namespaced svc',
  'serviceaccounts v1 ServiceAccount namespaced sa',
  'persistentvolumeclaims v1 PersistentVolumeClaim namespaced pvc',
  'persistentvolumes v1 PersistentVolume cluster pv',
  'resourcequotas v1 ResourceQuota namespaced quota',
  'limitranges v1 LimitRange namespaced limits',
  'nodes v1 Node cluster no',
  'namespaces v1 Namespace cluster ns',
  'deployments.apps apps/v1 Deployment namespaced deploy',
  'replicasets.apps apps/v1 ReplicaSet namespaced rs',
  'statefulsets.apps apps/v1 StatefulSet namespaced sts',
  'daemonsets.apps apps/v1 DaemonSet namespaced ds',
  'controllerrevisions.apps apps/v1 ControllerRevision namespaced -',
  'jobs.batch batch/v1 Job namespaced -',
  'cronjobs.batch batch/v1 CronJob namespaced cj',
  'endpointslices.discovery.k8s.io discovery.k8s.io/v1 EndpointSlice namespaced -',
  'horizontalpodautoscalers.autoscaling autoscaling/v2 HorizontalPodAutoscaler namespaced hpa V2HorizontalPodAutoscaler',
  'poddisruptionbudgets.policy policy/v1 PodDisruptionBudget namespaced pdb',
].map(row);

export const kindOf = (apiVersion: string, kind: string): KindInfo | undefined =>
  kinds.find((k) => k.kind === kind && apiVersionOf(k) === apiVersion);

export const infoOf = (resource: Resource): KindInfo => kinds.find((k) => k.resource === resource)!;

export const apiVersionOf = (info: KindInfo): string => (info.group ? `${info.group}/${info.version}` : info.version);
