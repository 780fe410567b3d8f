// The kubelet and scheduler of one node that does not exist, for a real API server: the very kubelet of the cluster double,
// whose store mirrors one namespace of the server. It owns pod statuses and events; everything else is the server's.
import { startClock } from '../../../src/demo/cluster/clock.ts';
import { apiVersionOf, infoOf, kindOf, type Pod, type Resource } from '../../../src/demo/cluster/kinds.ts';
import type { Recording } from '../../../src/demo/cluster/recording.ts';
import { createStore } from '../../../src/demo/cluster/store.ts';
import { createRecorder } from '../../../src/demo/cluster/world/events.ts';
import { createIds } from '../../../src/demo/cluster/world/ids.ts';
import { createKubelet } from '../../../src/demo/cluster/world/kubelet.ts';
import type { World } from '../../../src/demo/cluster/world/life.ts';
import { controllerOf } from '../../../src/demo/cluster/world/owners.ts';
import { readPrograms } from '../../../src/demo/cluster/world/programs.ts';
import type { Json } from '../cluster-double.ts';
import { serveLogs } from './kubelet-logs.ts';
import type { Server, Serves } from './server.ts';
import { pathOf, telling } from './telling.ts';

/** What conditions of programs look at, and who owns a pod. */
const MIRRORED: Resource[] = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'configmaps',
  'endpointslices.discovery.k8s.io',
  'pods',
];

interface Options {
  namespace: string;
  nodeName: string;
  /** Speaks of `namespace` already; its pods say how each program ends, its world when it lives. */
  recording: Recording;
  serves: Serves;
  /** How many times faster than recorded. */
  speed: number;
}

/** `port` is where the API server finds the logs. */
export async function playKubelet(
  server: Server,
  options: Options,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const { namespace, nodeName, serves } = options;
  const world = emptyWorld(options);
  const { store } = world;
  const kubelet = createKubelet(world);
  const told = telling(server, { namespace, nodeName, programs: world.programs });
  const over = new AbortController();
  const taken = new Set<string>();
  store.onChange((change) => {
    if (taken.has(change.object.metadata.uid)) return;
    told.of(change);
    if (change.resource === 'pods' && change.type === 'DELETED') kubelet.forget(change.object as unknown as Pod);
  });

  /** What the server says, put into the store without telling it back. */
  const take = (uid: string, change: () => void): void => {
    taken.add(uid);
    change();
    taken.delete(uid);
  };

  async function onPod(type: string, pod: Pod): Promise<void> {
    const { name, uid, deletionTimestamp } = pod.metadata;
    const known = store.get('pods', namespace, name);
    const isKnown = known?.metadata.uid === uid;
    if (type === 'DELETED') {
      if (isKnown) take(uid, () => store.remove('pods', pod));
      return kubelet.forget(pod);
    }
    if (isKnown)
      take(uid, () =>
        store.edit('pods', pod, (draft) => {
          draft.metadata = pod.metadata;
          draft.spec = { ...pod.spec!, nodeName: draft.spec?.nodeName ?? pod.spec?.nodeName };
        }),
      );
    else {
      await knowOwner(pod);
      take(uid, () => store.put('pods', pod));
    }
    if (!deletionTimestamp && !isKnown) kubelet.schedule(pod);
    else if (deletionTimestamp && !known?.metadata.deletionTimestamp) kubelet.terminate(pod);
  }

  /** The program of a pod is known by its workload, which may arrive on its own watch only later. */
  async function knowOwner(pod: Pod): Promise<void> {
    const owner = controllerOf(pod);
    const info = owner && kindOf(owner.apiVersion, owner.kind);
    if (!owner || !info || store.at(info.resource, namespace, owner.name)) return;
    const found = await server.call('GET', `${pathOf(info.resource, namespace)}/${owner.name}`);
    if (found.status === 200) store.put(info.resource, found.json);
  }

  let podTurn: Promise<void> = Promise.resolve();
  const onLine = (resource: Resource, { type, object }: Json): void => {
    if (resource === 'pods') podTurn = podTurn.then(() => onPod(type, object));
    else if (type === 'DELETED') store.remove(resource, object);
    else if (type !== 'ERROR') store.put(resource, object as never);
  };
  for (const resource of MIRRORED) {
    const info = infoOf(resource);
    if (!serves(apiVersionOf(info), info.kind)) continue;
    const path = `${pathOf(resource, namespace)}?watch=true`;
    server
      .watch(path, (line) => onLine(resource, line), over.signal)
      .catch((error) => {
        if (!over.signal.aborted) console.error(`watch of ${resource}: ${error}`);
      });
  }

  const logs = await serveLogs(world);
  return {
    port: logs.port,
    stop: async () => {
      over.abort();
      world.clock.stop();
      await told.end();
      logs.close();
    },
  };
}

function emptyWorld({ recording, nodeName, speed }: Options): World {
  const store = createStore();
  const recorded = recording.objects.map(
    (object) => [kindOf(object.apiVersion, object.kind)!.resource, object] as const,
  );
  for (const [resource, object] of recorded) store.load(resource, object);
  const programs = readPrograms([recording], store);
  for (const [resource, object] of recorded) store.remove(resource, object);
  const clock = startClock(speed);
  const ids = createIds();
  const say = createRecorder(store, clock, ids, nodeName);
  return { store, clock, ids, programs, say, runs: new Map(), progressMs: new Map(), nodeName, nodeIp: '127.0.0.1' };
}
