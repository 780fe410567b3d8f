// What the played kubelet changes in its store, told to the API server: bindings, pod statuses, events and final deletions, in
// order for each object. What came from the server is not told back.
import {
  type ContainerStatus,
  infoOf,
  type KubeObject,
  type Pod,
  type Resource,
} from '../../../src/demo/cluster/kinds.ts';
import type { Change } from '../../../src/demo/cluster/store.ts';
import type { Programs } from '../../../src/demo/cluster/world/programs.ts';
import type { Server } from './server.ts';

export const pathOf = (resource: Resource, namespace: string): string => {
  const { group, version, plural } = infoOf(resource);
  return `${group ? `/apis/${group}` : '/api'}/${version}/namespaces/${namespace}/${plural}`;
};

interface Options {
  namespace: string;
  nodeName: string;
  programs: Programs;
}

export function telling(server: Server, { namespace, nodeName, programs }: Options) {
  const turns = new Map<string, Promise<unknown>>();
  const pods = pathOf('pods', namespace);
  const events = pathOf('events', namespace);
  let over = false;

  const tell = (key: string, ...asked: Parameters<Server['must']>): void => {
    const turn = (turns.get(key) ?? Promise.resolve())
      .then(() => server.must(...asked))
      .catch((error) => {
        if (!over) console.error(String(error));
      });
    turns.set(key, turn);
  };

  function ofEvent({ type, object }: Change): void {
    const { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata } = object.metadata;
    const { count, lastTimestamp } = object;
    if (type === 'ADDED') tell(metadata.name, 'POST', events, { ...object, metadata }, 404);
    else tell(metadata.name, 'PATCH', `${events}/${metadata.name}`, { count, lastTimestamp }, 404);
  }

  /** A world that is fifty times faster still says how long each run lived: the diagnosis looks at it. */
  function asLongAsRecorded(pod: Pod, status: ContainerStatus): ContainerStatus {
    const container = [...(pod.spec?.initContainers ?? []), ...pod.spec!.containers].find(
      (c) => c.name === status.name,
    )!;
    const { ending } = programs.of(pod, container);
    const copy = structuredClone(status);
    for (const ended of [copy.state?.terminated, copy.lastState?.terminated]) {
      if (!ended?.startedAt || ending?.kind !== 'exits' || ended.startedAt.startsWith('1970-')) continue;
      const startedMs = Date.parse(ended.finishedAt ?? '') - Math.round(ending.runSeconds) * 1000;
      ended.startedAt = new Date(startedMs).toISOString().replace('.000Z', 'Z');
    }
    return copy;
  }

  function ofPod({ object, before }: Change): void {
    const pod = object as unknown as Pod;
    const { name, uid } = pod.metadata;
    if (pod.spec?.nodeName && !(before as unknown as Pod).spec?.nodeName) {
      const target = { apiVersion: 'v1', kind: 'Node', name: nodeName };
      tell(
        uid,
        'POST',
        `${pods}/${name}/binding`,
        { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target },
        404,
        409,
      );
    }
    if (JSON.stringify(pod.status) === JSON.stringify(before?.status)) return;
    const status = {
      ...pod.status,
      initContainerStatuses: pod.status?.initContainerStatuses?.map((s) => asLongAsRecorded(pod, s)),
      containerStatuses: pod.status?.containerStatuses?.map((s) => asLongAsRecorded(pod, s)),
    };
    tell(uid, 'PATCH', `${pods}/${name}/status`, { metadata: { uid }, status }, 404, 409, 422);
  }

  return {
    of(change: Change): void {
      if (change.resource === 'events') ofEvent(change);
      else if (change.resource === 'pods' && change.type === 'MODIFIED') ofPod(change);
      else if (change.resource === 'pods' && change.type === 'DELETED') {
        const { name, uid } = (change.object as KubeObject).metadata;
        tell(uid, 'DELETE', `${pods}/${name}`, { gracePeriodSeconds: 0, preconditions: { uid } }, 404, 409);
      }
    },
    end: async (): Promise<void> => {
      over = true;
      await Promise.allSettled(turns.values());
    },
  };
}
