// What a live collection brings home: the same as the recording where it matters, redacted, and with every gap stated.
import { describe, expect, test } from 'vitest';
import { answer } from '../src/answer.ts';
import { readRecording } from '../src/cli/recording.ts';
import type { Report } from '../src/core/report.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import { collect } from '../src/kube/collect.ts';
import { valuesWanted } from '../src/kube/config-values.ts';
import { readable } from '../src/kube/words.ts';
import { changedRecording, folderOf, logOf, objectsOf, recordedCluster } from './support/cluster.ts';

const names = (snapshot: Snapshot, ...kinds: string[]): string[] =>
  snapshot.objects.filter((o) => kinds.includes(o.kind)).map((o) => `${o.kind}/${o.metadata.name}`);
const verdict = ({ verdict: v }: Report): string =>
  [v.cause, v.grade, v.container, v.summary].join(' · ').replace(/\S+T\S+Z/g, 'TIME');

describe('a live collection gives the same answer as its recording', () => {
  test.each([
    'bad-rollout-env-removed',
    'bare-pod-crash',
    'config-key-missing-required',
    'config-malformed-redis',
    'config-malformed-yaml',
    'cronjob-failing',
    'daemonset-bad-update',
    'dependency-refused-postgres',
    'emptydir-evicted',
    'init-container-failing',
    'job-deadline',
    'limitrange-max',
    'liveness-wrong-port',
    'multi-container-one-oom',
    'native-sidecar-bad-config',
    'oom-startup-python',
    'pvc-pending-no-storageclass',
    'quota-exceeded',
    'secret-missing-envref',
    'serviceaccount-missing',
    'statefulset-redis-corrupt-aof',
    'volume-configmap-missing',
  ])('%s', async (name) => {
    const recorded = answer(readRecording(folderOf(name)), {}, name)!;
    const { namespace, pod, workload } = recorded.target;
    const target = { namespace, ...(pod ? { pod } : { workload }) };
    const cluster = await recordedCluster([name]);
    const live = answer(await collect(cluster.open(), target), target, name)!;
    expect(verdict(live)).toBe(verdict(recorded));
    expect(cluster.requests().filter(({ path }) => path.includes('/secrets'))).toEqual([]);
    expect(cluster.requests().every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('what is collected', () => {
  test('a pod comes with its owners, revisions, siblings, logs, events, node and what its template names', async () => {
    const name = 'bad-rollout-env-removed';
    const pod = 'avatars-5778979d57-9c9rc';
    const cluster = await recordedCluster([name]);
    const said: string[] = [];
    const snapshot = await collect(
      cluster.open(),
      { namespace: 'users-avatars', pod },
      { onProgress: (what) => said.push(what) },
    );
    expect(names(snapshot, 'Deployment', 'ReplicaSet', 'Pod', 'Node', 'ServiceAccount').sort()).toEqual([
      'Deployment/avatars',
      'Node/worker-01',
      `Pod/${pod}`,
      'Pod/avatars-8477698c55-tdww6',
      'ReplicaSet/avatars-5778979d57',
      'ReplicaSet/avatars-8477698c55',
      'ServiceAccount/default',
    ]);
    for (const run of ['previous', 'current'] as const)
      expect(snapshot.logs.find((log) => log.run === run)?.text).toBe(logOf(name, `${pod}.avatars.${run}`));
    const about = objectsOf(name).filter(
      (o) => o.kind === 'Event' && (o.involvedObject as { name: string }).name === pod,
    );
    expect(names(snapshot, 'Event')).toEqual(expect.arrayContaining(about.map((o) => `Event/${o.metadata.name}`)));
    expect(snapshot.unread).toEqual([
      { at: `PodMetrics/${pod}`, why: 'cluster test does not serve pods.metrics.k8s.io (404)' },
    ]);
    expect(said).toEqual(
      expect.arrayContaining(['pod', 'events', 'previous log of avatars', 'owner and rollout', 'node']),
    );
  });

  test('siblings are kept without their specification', async () => {
    const cluster = await recordedCluster(['bad-rollout-env-removed']);
    const snapshot = await collect(cluster.open(), {
      namespace: 'users-avatars',
      workload: { kind: 'Deployment', name: 'avatars' },
    });
    const [sibling] = snapshot.objects.filter((o) => o.metadata.name === 'avatars-8477698c55-tdww6');
    expect(sibling?.spec).toEqual({ nodeName: 'worker-01' });
    expect(snapshot.objects.find((o) => o.metadata.name === 'avatars-5778979d57-9c9rc')?.spec).toHaveProperty(
      'containers',
    );
  });

  test('template hashes are those of the recording, made before anything is redacted', async () => {
    for (const name of [
      'bad-rollout-env-removed',
      'statefulset-redis-corrupt-aof',
      'daemonset-bad-update',
      'cronjob-failing',
    ]) {
      const recorded = readRecording(folderOf(name)).templateHashes;
      const target = answer(readRecording(folderOf(name)), {}, name)!.target;
      const { templateHashes } = await collect((await recordedCluster([name])).open(), target);
      expect(Object.keys(templateHashes).length, name).toBeGreaterThan(1);
      expect(recorded, name).toMatchObject(templateHashes);
    }
  });

  test('a pod behind a Service that the log speaks of is read as a neighbour', async () => {
    const cluster = await recordedCluster(['init-container-failing']);
    const snapshot = await collect(cluster.open(), { namespace: 'cms-editor', pod: 'editor-7cbdcd46b5-fvkj9' });
    expect(names(snapshot, 'Pod', 'Service')).toEqual(
      expect.arrayContaining(['Service/theme-store', 'Pod/theme-store-dbc4564cc-kvjq9']),
    );
  });

  test('pod metrics are read where the cluster serves them', async () => {
    const cluster = await recordedCluster(['healthy'], { metrics: true });
    const snapshot = await collect(cluster.open(), {
      namespace: 'shop-currency',
      pod: 'currency-api-6d6678449b-95mrr',
    });
    expect(names(snapshot, 'PodMetrics')).toEqual(['PodMetrics/currency-api-6d6678449b-95mrr']);
  });

  test('a pod that was replaced since it was chosen is followed to its workload', async () => {
    const cluster = await recordedCluster(['oom-startup-python']);
    const [pod] = objectsOf('oom-startup-python').filter((o) => o.kind === 'Pod');
    const [deployment] = objectsOf('oom-startup-python').filter((o) => o.kind === 'Deployment');
    const { namespace = '', name } = deployment!.metadata;
    const target = { namespace, pod: `${name}-gone`, workload: { kind: 'Deployment', name } };
    expect(names(await collect(cluster.open(), target), 'Pod')).toEqual([`Pod/${pod!.metadata.name}`]);
  });
});

describe('what never leaves', () => {
  const canary = 'kV9-canary-7Qw2x';
  const env = (objects: ReturnType<typeof objectsOf>): { name: string; value: string }[][] =>
    objects.flatMap((o) => {
      const spec = o.spec as { containers?: object[]; template?: { spec: { containers: object[] } } } | undefined;
      const containers = (spec?.template?.spec.containers ?? spec?.containers ?? []) as {
        env?: { name: string; value: string }[];
      }[];
      return containers.map((container) => (container.env ??= []));
    });

  test('a secret value in an env literal, in the log and in the annotation of kubectl apply', async () => {
    const folder = changedRecording('oom-startup-python', (objects, write) => {
      for (const list of env(objects)) list.push({ name: 'DB_PASSWORD', value: canary });
      for (const o of objects)
        if (o.kind === 'Deployment')
          o.metadata = {
            ...o.metadata,
            ...{ annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"x":"${canary}"}` } },
          };
      const pod = objects.find((o) => o.kind === 'Pod')!;
      const container = (pod.spec as { containers: { name: string }[] }).containers[0]!.name;
      for (const run of ['previous', 'current'])
        write(`${pod.metadata.name}.${container}.${run}`, `login as app with ${canary} refused\n`);
    });
    const cluster = await recordedCluster([folder]);
    const pod = objectsOf('oom-startup-python').find((o) => o.kind === 'Pod')!;
    const snapshot = await collect(cluster.open(), { namespace: pod.metadata.namespace, pod: pod.metadata.name });
    expect(snapshot.logs).toHaveLength(2);
    expect(JSON.stringify(snapshot)).not.toContain(canary);
    expect(JSON.stringify(snapshot)).toContain('DB_PASSWORD');
  });

  test('values of a ConfigMap, except of keys that the log names', async () => {
    const folder = changedRecording('config-malformed-yaml', (objects) => {
      for (const o of objects) if (o.kind === 'ConfigMap') o.data = { ...(o.data as object), other: canary, empty: '' };
    });
    const cluster = await recordedCluster([folder]);
    const pod = objectsOf('config-malformed-yaml').find((o) => o.kind === 'Pod')!;
    const snapshot = await collect(cluster.open(), { namespace: pod.metadata.namespace, pod: pod.metadata.name });
    const [map] = snapshot.objects.filter((o) => o.kind === 'ConfigMap');
    expect(map?.data).toEqual({ 'config.yaml': expect.stringContaining(':'), other: '‹not read›', empty: '' });
    expect(JSON.stringify(snapshot)).not.toContain(canary);
  });

  test('Secrets: not asked for by default; of one that is named in the configuration, key names alone', async () => {
    const name = 'secret-key-missing';
    const folder = changedRecording(name, (objects) => {
      for (const o of objects)
        if (o.kind === 'Secret') o.data = { apiToken: Buffer.from(canary).toString('base64'), url: canary };
    });
    const pod = objectsOf(name).find((o) => o.kind === 'Pod')!;
    const target = { namespace: pod.metadata.namespace, pod: pod.metadata.name };
    const cluster = await recordedCluster([folder]);
    const blind = await collect(cluster.open(), target);
    expect(cluster.requests().filter(({ path }) => path.includes('secrets'))).toEqual([]);
    expect(blind.unread).toContainEqual({ at: 'Secret/vouchers-upstream', why: 'secrets are not read (by design)' });

    const secretKeyNames = ['vouchers/vouchers-upstream'];
    const opened = await collect(cluster.open({ context: 'admin' }), target, { secretKeyNames });
    const [secret] = opened.objects.filter((o) => o.kind === 'Secret');
    expect(Object.keys(secret?.data as object).sort()).toEqual(['apiToken', 'url']);
    expect(JSON.stringify(opened)).not.toContain(canary);
    expect(JSON.stringify(opened)).not.toContain(Buffer.from(canary).toString('base64'));

    const refused = await collect(cluster.open(), target, { secretKeyNames });
    expect(refused.unread.find(({ at }) => at === 'Secret/vouchers-upstream')?.why).toMatch(
      /^not permitted \(403\): get secrets in vouchers/,
    );
  });
});

describe('bad input', () => {
  const target = { namespace: 'users-avatars', pod: 'avatars-5778979d57-9c9rc' };
  const allow = (...resources: string[]) => [{ apiGroups: ['*'], resources, verbs: ['get', 'list'] }];

  test('each read that is not permitted is a gap with the command that permits it, and the rest is there', async () => {
    const access = { reader: allow('pods', 'deployments', 'configmaps', 'services', 'endpointslices') };
    const cluster = await recordedCluster(['bad-rollout-env-removed'], { access });
    const snapshot = await collect(cluster.open(), target);
    expect(names(snapshot, 'Pod', 'Deployment', 'Service')).toContain(`Pod/${target.pod}`);
    const gaps = new Map(snapshot.unread.map(({ at, why }) => [at, why]));
    expect([...gaps.keys()].sort()).toEqual([
      'Event',
      'Event/Node/worker-01',
      'LimitRange',
      'Node/worker-01',
      'PodList',
      `PodMetrics/${target.pod}`,
      'ReplicaSet/avatars-5778979d57',
      'ResourceQuota',
      'ServiceAccount/default',
      `log.current/${target.pod}/avatars`,
      `log.previous/${target.pod}/avatars`,
    ]);
    expect(gaps.get(`log.previous/${target.pod}/avatars`)).toBe(
      'not permitted (403): get pods/log in users-avatars; grant it with: kubectl create role loopbreaker-pods-log --verb=get --resource=pods/log -n users-avatars && kubectl create rolebinding loopbreaker-pods-log --role=loopbreaker-pods-log --serviceaccount=loopbreaker:reader -n users-avatars',
    );
    expect(answer(snapshot, target, 'x')?.gaps.length).toBeGreaterThan(3);
  });

  test.each([
    {
      what: 'an unknown pod',
      asked: { namespace: 'users-avatars', pod: 'nobody' },
      sentence: 'There is no pod named "nobody" in namespace users-avatars of cluster test.',
    },
    {
      what: 'an unknown namespace',
      asked: { namespace: 'nowhere', pod: 'nobody' },
      sentence: 'There is no pod named "nobody" in namespace nowhere of cluster test.',
    },
    {
      what: 'an unknown workload',
      asked: { namespace: 'users-avatars', workload: { kind: 'Deployment', name: 'x' } },
      sentence: 'There is no deployment named "x" in namespace users-avatars of cluster test.',
    },
    {
      what: 'a kind that is not read',
      asked: { namespace: 'users-avatars', workload: { kind: 'Kafka', name: 'x' } },
      sentence: 'Kafka is not a kind that can be diagnosed; name one of its pods.',
    },
    { what: 'nothing', asked: { namespace: 'users-avatars' }, sentence: 'Name a pod or a workload to look at.' },
  ])('$what is one sentence', async ({ asked, sentence }) => {
    const cluster = (await recordedCluster(['bad-rollout-env-removed'])).open();
    expect(await collect(cluster, asked).catch(readable)).toBe(sentence);
  });

  test('a namespace outside the cluster’s own list is refused before anything is asked', async () => {
    const cluster = await recordedCluster(['bad-rollout-env-removed']);
    const open = cluster.open({ allowNamespaces: ['shop'] });
    expect(await collect(open, target).catch(readable)).toBe(
      'Namespace users-avatars of cluster test is not among those that may be read.',
    );
    expect(cluster.requests()).toEqual([]);
  });

  test('whoever gives up is obeyed', async () => {
    const cluster = await recordedCluster(['bad-rollout-env-removed'], { latencyMs: 30 });
    const controller = new AbortController();
    const reading = collect(cluster.open(), target, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(reading).rejects.toThrow();
  });
});

test('of a ConfigMap the values of these keys are wanted', () => {
  const spec = {
    containers: [
      {
        args: ['redis-server', '/etc/redis/redis.conf'],
        volumeMounts: [
          { name: 'conf', mountPath: '/etc/redis' },
          { name: 'one', mountPath: '/opt/app.yml', subPath: 'renamed' },
        ],
      },
    ],
    volumes: [
      { name: 'conf', configMap: { name: 'app' } },
      { name: 'one', configMap: { name: 'app', items: [{ key: 'long', path: 'renamed' }] } },
    ],
  };
  const keys = ['redis.conf', 'long', 'LOG_LEVEL', 'users.acl'];
  const wanted = (...said: string[]): string[] => valuesWanted('app', keys, spec, said);
  expect(wanted('started, all is well')).toEqual([]);
  expect(wanted('cannot parse /opt/app.yml:3')).toEqual(['redis.conf', 'long']);
  expect(wanted('bad value for LOG_LEVEL')).toEqual(['LOG_LEVEL']);
  expect(wanted('MY_LOG_LEVELS is set')).toEqual([]);
  expect(wanted('Reading the configuration file, at line 3')).toEqual(['redis.conf']);
  expect(wanted('x'.repeat(20_000), 'opened /etc/redis/users.acl')).toEqual(['users.acl']);
});
