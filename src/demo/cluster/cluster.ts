// A cluster for the demo and the tests: recordings of real pods behind the real Kubernetes HTTP API, in a world that reacts.
// Nothing of it leaves this machine, and every token and key of it dies with the process.
import { createAccess, defaultAccess, type Rule } from './access.ts';
import { answer } from './api.ts';
import { makeServerIdentity } from './certificate.ts';
import { startClock } from './clock.ts';
import { type Crowd, createCrowd } from './crowd.ts';
import { type RequestRecord, startServer } from './http.ts';
import { type KubeObject, kindOf } from './kinds.ts';
import { createReader } from './read.ts';
import { type Recording, readRecording } from './recording.ts';
import { createStore, type Store } from './store.ts';
import { createIds, type Ids } from './world/ids.ts';
import { startWorld } from './world/world.ts';

export type ClusterOptions = {
  /** Folders of recordings; each must have a namespace of its own. */
  recordings: string[];
  /** How many times faster than recorded back-off, start-up and time to crash pass. Time stamps stay true. Default 1. */
  clockSpeed?: number;
  /** Added before every answer. */
  latencyMs?: number;
  /** Rules per token; defaults to a least-privilege `reader` and `writer`. A token `admin` exists besides. */
  access?: Record<string, Rule[]>;
  /** Rules of users and groups that have no token and may be impersonated. */
  people?: Record<string, Rule[]>;
  /** Serve metrics.k8s.io; otherwise it is 404 as on a cluster without a metrics server. */
  metrics?: boolean;
  /** False: an API server from before 1.33, which knows no resize of a running pod. */
  podResize?: boolean;
  bookmarkEveryMs?: number;
  /** So many pods besides, of one shape, that do nothing by themselves. */
  crowd?: number;
  log?: (line: string) => void;
};

export type Cluster = {
  url: string;
  /** Ready for `KubeConfig.loadFromOptions`; one context per token, named after it. */
  kubeconfig: Kubeconfig;
  /** The same for kubectl: a kubeconfig file's content, as plain data. */
  kubeconfigFile: object;
  caPem: string;
  tokens: Record<string, string>;
  /** One line per recording for the person who chooses. */
  recordings: { name: string; namespace: string; workload: string; about?: string }[];
  requests(): RequestRecord[];
  /** TLS connections opened since the start. */
  connections(): number;
  /** Breaks every open connection. */
  dropConnections(): void;
  /** Forgets the history of changes and all pages: the next watch or page from before gets 410 Gone. */
  compact(): void;
  /** The pods of option `crowd`. */
  crowd: Crowd;
  /** Everything in it, for tests that change the world by hand. */
  store: Store;
  /** Open connections stay open and say nothing more. */
  fallSilent(): void;
  /** The next so many requests get 429 with that Retry-After. */
  beBusy(requests: number, retryAfterSeconds: number): void;
  /** Refuses connections until it is started again at the same address, with all that it held. */
  halt(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

type Kubeconfig = {
  clusters: { name: string; server: string; caData: string; skipTLSVerify: boolean }[];
  users: { name: string; token: string }[];
  contexts: { name: string; cluster: string; user: string }[];
  currentContext: string;
};

function fill(store: Store, ids: Ids, recordings: Recording[]): void {
  const owner = new Map<string, string>();
  const later: [ReturnType<typeof kindOf> & object, KubeObject][] = [];
  for (const recording of recordings) {
    for (const object of recording.objects) {
      const info = kindOf(object.apiVersion, object.kind)!;
      const { name, namespace } = object.metadata;
      if (info.resource === 'nodes' && store.at('nodes', undefined, name)) continue;
      const key = `${info.resource} ${namespace ?? ''}/${name}`;
      const other = owner.get(key);
      if (other) throw new Error(`recordings ${other} and ${recording.name} both have ${key}: serve only one of them`);
      owner.set(key, recording.name);
      if (object.metadata.resourceVersion) store.load(info.resource, object);
      else later.push([info, object]);
    }
  }
  for (const [info, object] of later) {
    const { uid = ids.uid(), creationTimestamp = new Date().toISOString() } = object.metadata;
    store.put(info.resource, { ...object, metadata: { ...object.metadata, uid, creationTimestamp } } as never);
  }
  store.compact();
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const nowMs = Date.now();
  const recordings = options.recordings.map((dir) => readRecording(dir, nowMs));
  const identity = makeServerIdentity();
  const access = createAccess(options.access ?? defaultAccess, options.people);
  const clock = startClock(options.clockSpeed ?? 1);
  const store = createStore();
  const ids = createIds();
  fill(store, ids, recordings);
  const world = startWorld(store, clock, ids, recordings);
  const crowd = createCrowd(store, options.crowd ?? 0);
  const reader = createReader(store);
  const { metrics = false, podResize = true, bookmarkEveryMs = 10_000 } = options;
  const api = { world, reader, metrics, podResize, bookmarkEveryMs };
  const server = await startServer({
    identity,
    latencyMs: options.latencyMs ?? 0,
    userOf: access.userOf,
    handle: (asked) => answer(api, asked),
    log: options.log ?? (() => {}),
  });
  const kubeconfig = configFor(server.url, identity.caPem, access.tokens);
  return {
    url: server.url,
    kubeconfig,
    kubeconfigFile: asFile(kubeconfig),
    caPem: identity.caPem,
    tokens: access.tokens,
    recordings: recordings.map(({ name, objects, world: file }) => ({
      name,
      namespace: objects.find((o) => o.kind === 'Namespace')?.metadata.name ?? '',
      workload: workloadIn(objects),
      about: file?.about,
    })),
    requests: server.requests,
    connections: server.connections,
    dropConnections: server.drop,
    compact() {
      store.compact();
      reader.forget();
    },
    crowd,
    store,
    fallSilent: server.fallSilent,
    beBusy: server.beBusy,
    halt: server.stop,
    start: server.start,
    async stop() {
      clock.stop();
      await server.stop();
    },
  };
}

const topmost = ['CronJob', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod'];

/** Name of what a person would ask for: the topmost workload of a recording. */
function workloadIn(objects: KubeObject[]): string {
  const ranked = objects.filter((o) => topmost.includes(o.kind));
  ranked.sort((a, b) => topmost.indexOf(a.kind) - topmost.indexOf(b.kind));
  return ranked[0]?.metadata.name ?? '';
}

const configFor = (url: string, caPem: string, tokens: Record<string, string>): Kubeconfig => ({
  clusters: [{ name: 'demo', server: url, caData: Buffer.from(caPem).toString('base64'), skipTLSVerify: false }],
  users: Object.entries(tokens).map(([name, token]) => ({ name, token })),
  contexts: Object.keys(tokens).map((name) => ({ name, cluster: 'demo', user: name })),
  currentContext: Object.keys(tokens)[0] ?? 'admin',
});

const asFile = (config: Kubeconfig): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: config.clusters.map((c) => ({
    name: c.name,
    cluster: { server: c.server, 'certificate-authority-data': c.caData },
  })),
  users: config.users.map((u) => ({ name: u.name, user: { token: u.token } })),
  contexts: config.contexts.map((c) => ({ name: c.name, context: { cluster: c.cluster, user: c.user } })),
  'current-context': config.currentContext,
});
