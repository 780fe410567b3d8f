// The simulated world behind the API: it looks at every change in the store and lets the controllers and the kubelet react,
// as theirs would. Controllers look at the present state only, so looking twice does no harm.
import type { Clock } from '../clock.ts';
import type { Kinds, KubeObject, Pod, Resource } from '../kinds.ts';
import { kindOf } from '../kinds.ts';
import type { Recording } from '../recording.ts';
import type { Change, Store } from '../store.ts';
import { syncDaemonSet } from './daemonset.ts';
import { syncDeployment } from './deployment.ts';
import { syncEndpoints } from './endpoints.ts';
import { createRecorder } from './events.ts';
import type { Ids } from './ids.ts';
import { createKubelet } from './kubelet.ts';
import type { Run, World } from './life.ts';
import { controllerOf } from './owners.ts';
import { readPrograms } from './programs.ts';
import { deletePod, syncReplicaSet } from './replicaset.ts';
import { syncStatefulSet } from './statefulset.ts';

const reactionSeconds = 0.02;

type Sync = (object: never, again: (afterSeconds: number) => void) => void;

export function startWorld(store: Store, clock: Clock, ids: Ids, recordings: Recording[]): World {
  const node = store.list('nodes')[0];
  const nodeName = node?.metadata.name ?? 'worker-01';
  const world: World = {
    store,
    clock,
    ids,
    programs: readPrograms(recordings, store),
    say: createRecorder(store, clock, ids, nodeName),
    runs: recordedRuns(recordings),
    progressMs: new Map(),
    nodeName,
    nodeIp: node?.status?.addresses?.find((a) => a.type === 'InternalIP')?.address ?? '10.88.0.1',
  };
  const kubelet = createKubelet(world);
  const controllers: Partial<Record<Resource, Sync>> = {
    'deployments.apps': (d: Kinds['deployments.apps'], again) => syncDeployment(world, d, again),
    'replicasets.apps': (rs: Kinds['replicasets.apps']) => syncReplicaSet(world, rs),
    'statefulsets.apps': (set: Kinds['statefulsets.apps']) => syncStatefulSet(world, set),
    'daemonsets.apps': (set: Kinds['daemonsets.apps']) => syncDaemonSet(world, set),
    services: (service: Kinds['services']) => syncEndpoints(world, service),
  };

  const waiting = new Set<string>();
  function look(resource: Resource, namespace: string | undefined, name: string, afterSeconds = reactionSeconds): void {
    const sync = controllers[resource];
    // One look soon and one later may wait at the same time.
    const key = `${resource} ${namespace}/${name} ${afterSeconds > reactionSeconds}`;
    if (!sync || waiting.has(key)) return;
    waiting.add(key);
    clock.after(afterSeconds, () => {
      waiting.delete(key);
      const object = store.at(resource, namespace, name);
      if (object && !object.metadata.deletionTimestamp)
        sync(object as never, (later) => look(resource, namespace, name, later));
    });
  }

  function lookAtOwner(object: KubeObject): void {
    const owner = controllerOf(object);
    const info = owner && kindOf(owner.apiVersion, owner.kind);
    if (info) look(info.resource, object.metadata.namespace, owner.name);
  }

  /** What a deleted object controlled goes with it. */
  function collect(gone: KubeObject): void {
    for (const resource of ['replicasets.apps', 'pods', 'controllerrevisions.apps', 'jobs.batch'] as const) {
      for (const child of store.list(resource, gone.metadata.namespace)) {
        if (controllerOf(child as unknown as KubeObject)?.uid !== gone.metadata.uid) continue;
        if (resource === 'pods') deletePod(world, child as Pod);
        else store.remove(resource, child);
      }
    }
  }

  function onPod(change: Change): void {
    const pod = change.object as unknown as Pod;
    if (change.type === 'DELETED') kubelet.forget(pod);
    else if (change.type === 'ADDED') kubelet.schedule(pod);
    else if (pod.metadata.deletionTimestamp && !change.before?.metadata.deletionTimestamp) kubelet.terminate(pod);
    else if (change.before) kubelet.change(pod, change.before as unknown as Pod);
    for (const service of store.list('services', pod.metadata.namespace))
      look('services', pod.metadata.namespace, service.metadata.name);
  }

  store.onChange((change) => {
    if (change.resource === 'events') return;
    look(change.resource, change.object.metadata.namespace, change.object.metadata.name);
    lookAtOwner(change.object);
    if (change.resource === 'pods') onPod(change);
    if (change.type === 'DELETED') collect(change.object);
  });
  for (const pod of store.list('pods')) kubelet.adopt(pod);
  return world;
}

/** The logs of a recording under the ids of the containers that wrote them. */
function recordedRuns(recordings: Recording[]): Map<string, Run> {
  const runs = new Map<string, Run>();
  for (const recording of recordings) {
    for (const pod of recording.objects.filter((o) => o.kind === 'Pod') as unknown as Pod[]) {
      for (const status of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
        const keep = (
          which: 'current' | 'previous',
          id: string | undefined,
          startedAt?: string,
          finishedAt?: string,
        ): void => {
          const text = recording.log(pod.metadata.name, status.name, which);
          const endedMs = finishedAt ? Date.parse(finishedAt) : undefined;
          if (id && text !== undefined)
            runs.set(id, { text, startedMs: Date.parse(startedAt ?? '') || endedMs || Date.now(), endedMs });
        };
        const { running, terminated } = status.state ?? {};
        const last = status.lastState?.terminated;
        const now = running ?? terminated ?? last;
        keep('previous', last?.containerID, last?.startedAt, last?.finishedAt);
        keep('current', status.containerID, now?.startedAt, running ? undefined : (terminated ?? last)?.finishedAt);
      }
    }
  }
  return runs;
}
