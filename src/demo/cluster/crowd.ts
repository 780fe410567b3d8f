// Many pods that cost little: of one shape, sharing all that is the same, and doing nothing until they are told to. For
// looking at what a watch costs and misses. Each is more than 5 KB as the API sends it.
import type { ContainerStatus, KubeObject, Pod } from './kinds.ts';
import type { Store } from './store.ts';
import { templateHash } from './world/ids.ts';

const podsPerDeployment = 4;
const podsPerNamespace = 500;

export type Crowd = ReturnType<typeof createCrowd>;
type State = Pick<ContainerStatus, 'state' | 'lastState' | 'restartCount' | 'ready'>;

export function createCrowd(store: Store, size: number) {
  const startedAt = new Date(Date.now() - 3_600_000).toISOString();
  const spec = sharedSpec();
  const managedFields = sharedFields();
  let version = store.revision();
  if (size > 0) store.load('namespaces', namespaceOf('kube-system', startedAt));
  let owner = ownerNumber(0);
  for (let i = 0; i < size; i++) {
    if (i % podsPerDeployment === 0) owner = ownerNumber(i / podsPerDeployment);
    version += 1;
    store.load('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...placeOf(i),
        ...owner.metadata,
        managedFields,
        creationTimestamp: startedAt,
        resourceVersion: String(version),
      },
      spec,
      status: statusOf({ state: { running: { startedAt } }, lastState: {}, restartCount: 0, ready: true }, startedAt),
    } as unknown as KubeObject);
  }

  /** Puts the one container of a pod into a state; answers the moment at which watchers were told. */
  function set(index: number, state: State): number {
    const { namespace, name } = placeOf(index);
    const pod = store.get('pods', namespace, name);
    if (!pod) throw new Error(`there is no pod ${namespace}/${name} any more`);
    const atMs = Date.now();
    store.put('pods', { ...pod, status: statusOf(state, startedAt) } as unknown as Pod);
    return atMs;
  }

  return {
    size,
    placeOf,
    podsPerDeployment,
    /** In back-off after so many restarts. */
    crash: (index: number, restarts: number): number => set(index, inBackOff(restarts)),
    recover: (index: number, restarts: number): number =>
      set(index, { ...inBackOff(restarts), state: { running: { startedAt: new Date().toISOString() } }, ready: true }),
    waits: (index: number, reason: string): number =>
      set(index, { state: { waiting: { reason, message: '' } }, lastState: {}, restartCount: 0, ready: false }),
    /** Killed once for its memory, and running again. */
    outOfMemory(index: number): number {
      const finishedAt = new Date().toISOString();
      const terminated = { exitCode: 137, reason: 'OOMKilled', startedAt, finishedAt };
      return set(index, {
        state: { running: { startedAt: finishedAt } },
        lastState: { terminated },
        restartCount: 1,
        ready: true,
      });
    },
    /** Something about it changes that is no trouble. */
    touch: (index: number): number =>
      set(index, { state: { running: { startedAt } }, lastState: {}, restartCount: 0, ready: true }),
    remove: (index: number): void => store.remove('pods', { metadata: placeOf(index) }),
  };
}

function placeOf(index: number): { namespace: string; name: string; uid: string } {
  const hex = index.toString(16).padStart(12, '0');
  return {
    namespace: `crowd-${Math.floor(index / podsPerNamespace)}`,
    name: `${deploymentName(Math.floor(index / podsPerDeployment))}-${hash}-${String(index).padStart(5, '0')}`,
    uid: `c0c0c0c0-0000-4000-a000-${hex}`,
  };
}

const hash = templateHash('crowd');
const deploymentName = (number: number): string => `app-${number}`;

function namespaceOf(name: string, creationTimestamp: string): KubeObject {
  const uid = 'c0c0c0c0-0000-4000-c000-000000000000';
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, uid, creationTimestamp, resourceVersion: '1' } };
}

function ownerNumber(number: number) {
  const name = `${deploymentName(number)}-${hash}`;
  const uid = `c0c0c0c0-0000-4000-b000-${number.toString(16).padStart(12, '0')}`;
  return {
    metadata: {
      generateName: `${name}-`,
      labels: { app: deploymentName(number), 'pod-template-hash': hash },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
  };
}

function inBackOff(restartCount: number): State {
  const now = new Date().toISOString();
  const message = 'back-off 20s restarting failed container=main';
  return {
    state: { waiting: { reason: 'CrashLoopBackOff', message } },
    lastState: { terminated: { exitCode: 1, reason: 'Error', startedAt: now, finishedAt: now } },
    restartCount,
    ready: false,
  } as State;
}

function statusOf(state: State, startedAt: string) {
  const image = 'registry.example/crowd/main:1.4.2';
  return {
    phase: 'Running',
    startTime: startedAt,
    qosClass: 'Burstable',
    containerStatuses: [{ name: 'main', image, imageID: image, started: state.ready, ...state }],
  };
}

/** As long as the pods of real clusters, which carry variables, probes, mounts and tolerations. */
function sharedSpec() {
  const env = Array.from({ length: 30 }, (_, i) => ({
    name: `SETTING_${i}`,
    value: `a value of ordinary length, ${i}`,
  }));
  const mounts = Array.from({ length: 6 }, (_, i) => ({
    name: `volume-${i}`,
    mountPath: `/var/run/crowd/${i}`,
    readOnly: true,
  }));
  return {
    nodeName: 'worker-01',
    restartPolicy: 'Always',
    serviceAccountName: 'default',
    containers: [{ name: 'main', image: 'registry.example/crowd/main:1.4.2', env, volumeMounts: mounts }],
    volumes: mounts.map(({ name }) => ({ name, emptyDir: {} })),
  };
}

/** Field bookkeeping is a third of what a real pod weighs. */
function sharedFields() {
  const fields = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`k:{"name":"SETTING_${i}"}`, { '.': {}, 'f:name': {} }]),
  );
  return [{ manager: 'kube-controller-manager', operation: 'Update', apiVersion: 'v1', fieldsV1: { 'f:env': fields } }];
}
