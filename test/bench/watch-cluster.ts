// The cluster double of the watch's benchmark, a process of its own that does what it is told over IPC: [number, verb,
// argument] is answered with [number, answer].
import { stringify } from 'yaml';
import { startCluster } from '../../src/demo/cluster/cluster.ts';
import { watchAccess } from '../../src/demo/recordings.ts';

const cluster = await startCluster({
  recordings: [],
  crowd: Number(process.argv[2]),
  access: { watcher: watchAccess() },
});
const { crowd } = cluster;

const verbs: { [verb: string]: (argument: number) => unknown } = {
  kubeconfig: () => stringify(cluster.kubeconfigFile),
  podBytes: () => {
    const { namespace, name } = crowd.placeOf(0);
    return JSON.stringify(cluster.store.get('pods', namespace, name)).length;
  },
  nameOf: (index) => crowd.placeOf(index).name,
  crash: (index) => crowd.crash(index, 2),
  touch: (index) => crowd.touch(index),
  requests: () => cluster.requests().length,
  reset: () => cluster.dropConnections(),
  // Something changes while nobody listens, and is forgotten before anybody asks.
  expire: async () => {
    await cluster.halt();
    crowd.touch(1);
    cluster.compact();
    await cluster.start();
  },
  restart: async (downMs) => {
    await cluster.halt();
    await new Promise((done) => setTimeout(done, downMs));
    await cluster.start();
  },
};

process.on('message', async ([number, verb, argument]: [number, string, number]) => {
  const answer = await verbs[verb]?.(argument);
  process.send?.([number, answer ?? null]);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
