// A recording made anew on a real API server: its workloads with their revisions in the recorded order, and what they need.
// Pods, ReplicaSets, Jobs of CronJobs, ControllerRevisions and endpoints are left to the real controllers.
import { type KubeObject, kindOf, type Pod } from '../../../src/demo/cluster/kinds.ts';
import type { Recording } from '../../../src/demo/cluster/recording.ts';
import { controllerOf } from '../../../src/demo/cluster/world/owners.ts';
import type { Json } from '../cluster-double.ts';
import type { Server, Serves } from './server.ts';

/** No scheduler and no other kubelet takes our pods. */
export const SCHEDULER = 'loopbreaker-test';
const MADE_BY_OTHERS = [
  'Pod',
  'ReplicaSet',
  'ControllerRevision',
  'Event',
  'EndpointSlice',
  'Node',
  'Namespace',
  'PersistentVolume',
];
const FIRST = ['ServiceAccount', 'ConfigMap', 'Secret', 'PersistentVolumeClaim', 'Service'];

/** The recording as if it had been made in another namespace. */
export function movedTo(recording: Recording, namespace: string): Recording {
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, k === 'namespace' && v ? namespace : move(v)]));
  };
  return { ...recording, objects: recording.objects.map(move) as KubeObject[] };
}

export async function makeNode(
  server: Server,
  name: string,
  kubeletPort: number,
  recorded: KubeObject | undefined,
): Promise<void> {
  const labels = { ...recorded?.metadata.labels, 'kubernetes.io/hostname': name };
  await server.must('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
  const { allocatable, capacity } = (recorded?.status ?? {}) as Json;
  const now = new Date().toISOString();
  await server.must('PATCH', `/api/v1/nodes/${name}/status`, {
    status: {
      allocatable,
      capacity,
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: now, lastTransitionTime: now },
      ],
    },
  });
  // Admission holds a new node back until a controller has seen it.
  await server.must('PATCH', `/api/v1/nodes/${name}`, { spec: { taints: null } });
}

const placeOf = (object: KubeObject, namespace: string): string => {
  const { group, version, plural } = kindOf(object.apiVersion, object.kind)!;
  return `${group ? `/apis/${group}` : '/api'}/${version}/namespaces/${namespace}/${plural}`;
};

/** What a person wrote, without what the recorded cluster added. */
function written(object: KubeObject, nodeName: string): Json {
  const { status: _, ...rest } = structuredClone(object) as Json;
  const { name, labels, annotations = {}, finalizers: __ } = rest.metadata;
  const kept = Object.entries(annotations).filter(
    ([key]) => !/^(deployment\.kubernetes\.io|deprecated\.|pv\.kubernetes)/.test(key),
  );
  rest.metadata = { name, labels, annotations: Object.fromEntries(kept) };
  if (rest.kind === 'Service')
    for (const key of ['clusterIP', 'clusterIPs']) if (rest.spec[key] !== 'None') delete rest.spec[key];
  if (rest.kind === 'PersistentVolumeClaim') delete rest.spec.volumeName;
  if (rest.kind === 'Job') {
    delete rest.spec.selector;
    for (const key of ['controller-uid', 'batch.kubernetes.io/controller-uid'])
      delete rest.spec.template.metadata.labels[key];
  }
  const template = rest.kind === 'CronJob' ? rest.spec.jobTemplate.spec.template : rest.spec?.template;
  if (template) prepare(template.spec, rest.kind, nodeName);
  if (rest.kind === 'Pod') {
    prepare(rest.spec, 'Pod', nodeName);
    for (const key of ['nodeName', 'priority', 'preemptionPolicy', 'tolerations']) delete rest.spec[key];
    const isToken = (v: { name: string }) => v.name.startsWith('kube-api-access-');
    rest.spec.volumes = rest.spec.volumes?.filter((v: { name: string }) => !isToken(v));
    for (const c of [...(rest.spec.initContainers ?? []), ...rest.spec.containers])
      c.volumeMounts = c.volumeMounts?.filter((v: { name: string }) => !isToken(v));
  }
  return rest;
}

function prepare(spec: Json, kind: string, nodeName: string): void {
  spec.schedulerName = SCHEDULER;
  if (kind === 'DaemonSet') spec.nodeSelector = { ...spec.nodeSelector, 'kubernetes.io/hostname': nodeName };
}

/** Templates of a workload from the first to the one before the present. */
function formerTemplates(recording: Recording, workload: KubeObject): Json[] {
  const owned = recording.objects.filter((o) => controllerOf(o)?.uid === workload.metadata.uid);
  const sets = owned
    .filter((o) => o.kind === 'ReplicaSet')
    .map((o) => ({
      at: Number(o.metadata.annotations?.['deployment.kubernetes.io/revision']),
      template: (o as Json).spec.template,
    }));
  const revisions = owned
    .filter((o) => o.kind === 'ControllerRevision')
    .map((o) => ({ at: Number((o as Json).revision), template: (o as Json).data.spec.template }));
  const all = [...sets, ...revisions].sort((a, b) => a.at - b.at).slice(0, -1);
  return all.map(({ template }) => {
    const { $patch: _, ...plain } = structuredClone(template);
    delete plain.metadata?.labels?.['pod-template-hash'];
    return plain;
  });
}

/** Creates what the recording holds and waits until each workload has come as far as it was recorded. */
export async function load(
  server: Server,
  recording: Recording,
  { namespace, nodeName, serves }: { namespace: string; nodeName: string; serves: Serves },
): Promise<void> {
  const rank = (o: KubeObject): number => (FIRST.includes(o.kind) ? FIRST.indexOf(o.kind) : FIRST.length);
  const own = recording.objects
    .filter(
      (o) => !controllerOf(o) && (o.kind === 'Pod' || !MADE_BY_OTHERS.includes(o.kind)) && serves(o.apiVersion, o.kind),
    )
    .filter((o) => o.metadata.namespace === namespace && !['kube-root-ca.crt', 'default'].includes(o.metadata.name))
    .sort((a, b) => rank(a) - rank(b));
  for (const object of own) {
    const { spec, ...rest } = written(object, nodeName);
    const path = placeOf(object, namespace);
    const at = `${path}/${object.metadata.name}`;
    const [first, ...later] = [...formerTemplates(recording, object), ...(spec?.template ? [spec.template] : [])].map(
      (t) => {
        prepare(t.spec, object.kind, nodeName);
        return t;
      },
    );
    await server.must(
      'POST',
      path,
      first ? { ...rest, spec: { ...spec, template: first } } : { ...rest, ...(spec ? { spec } : {}) },
      409,
    );
    for (const template of later) {
      await until(() => settled(server, namespace, object));
      const { metadata, ...now } = await server.must('GET', at);
      // Without a version: its controller writes the status of the same object meanwhile.
      const { resourceVersion: _, ...unversioned } = metadata;
      await server.must('PUT', at, { ...now, metadata: unversioned, spec: { ...now.spec, template } });
    }
  }
  for (const object of own) await until(() => settled(server, namespace, object));
  const broken = (recording.objects.filter((o) => o.kind === 'Pod') as unknown as Pod[]).some((pod) => troubled(pod));
  if (broken) await until(async () => (await podsOf(server, namespace)).some((pod) => troubled(pod)));
}

const podsOf = async (server: Server, namespace: string): Promise<Pod[]> =>
  (await server.must('GET', `/api/v1/namespaces/${namespace}/pods`)).items;

const statusesOf = (pod: Pod) => [
  ...(pod.status?.initContainerStatuses ?? []),
  ...(pod.status?.containerStatuses ?? []),
];
const WAITS = ['ContainerCreating', 'PodInitializing'];
const troubled = (pod: Pod): boolean =>
  statusesOf(pod).some(({ state, restartCount, ready }) =>
    state?.waiting
      ? !WAITS.includes(state.waiting.reason ?? '') && (restartCount >= 3 || restartCount === 0)
      : !ready && restartCount >= 3,
  );

/** Its controller has seen the newest template, and each of its pods has begun to live or to crash. */
async function settled(
  server: Server,
  namespace: string,
  { kind, metadata, apiVersion }: KubeObject,
): Promise<boolean> {
  if (!['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'].includes(kind)) return true;
  const path = placeOf({ kind, metadata, apiVersion }, namespace);
  const now = await server.must('GET', `${path}/${metadata.name}`);
  const { spec, status = {} } = now;
  if (kind !== 'Pod' && (status.observedGeneration ?? 0) < now.metadata.generation) return false;
  const wanted = kind === 'DaemonSet' ? status.desiredNumberScheduled : (spec.replicas ?? 1);
  const updated = kind === 'DaemonSet' ? status.updatedNumberScheduled : status.updatedReplicas;
  const isSet = kind === 'StatefulSet';
  if (kind === 'DaemonSet' && !wanted) return false;
  if (kind !== 'Pod' && wanted > 0 && !(isSet ? (status.replicas ?? 0) > 0 : (updated ?? 0) > 0)) return false;
  const mine = (await podsOf(server, namespace)).filter((pod) => pod.metadata.name.startsWith(metadata.name));
  return mine.every(
    (pod) =>
      !pod.metadata.deletionTimestamp &&
      statusesOf(pod).length > 0 &&
      (troubled(pod) || statusesOf(pod).every((s) => s.ready)),
  );
}

/** The bound is no expectation, only the end of a test that would never end. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let left = 600; left > 0; left--) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('never seen');
}

export const nodeOf = (recording: Recording): KubeObject | undefined =>
  recording.objects.find((o) => o.kind === 'Node');
