// From what a person types to the pod that is meant; and what may not be read is neither asked for nor named.
import { expect, test } from 'vitest';
import type { Wanted } from '../src/core/request.ts';
import type { Cluster } from '../src/kube/clusters.ts';
import { findTargets } from '../src/kube/find.ts';
import { changedRecording, type RecordedCluster, recordedCluster } from './support/cluster.ts';

const anything: Wanted = {
  cluster: 'test',
  namespace: '',
  kind: 'pod',
  name: '',
  container: '',
  selector: '',
  allowedNamespaces: ['*'],
};

const find = (cluster: Cluster, wanted: Partial<Wanted>) => findTargets(cluster, { ...anything, ...wanted });

/** Namespaces that were asked for; '*' is the whole cluster. */
const namespacesAsked = (cluster: RecordedCluster): string[] => [
  ...new Set(cluster.requests().map(({ path }) => /\/namespaces\/([^/]+)\//.exec(path)?.[1] ?? '*')),
];

/** Six namespaces: two workloads, a StatefulSet, a CronJob, a healthy Deployment, a bare pod, a pod of two containers. */
const served = [
  'bad-rollout-env-removed',
  'config-malformed-redis',
  'cronjob-command-not-found',
  'healthy',
  'bare-pod-crash',
  'multi-container-one-oom',
];

test('a pod is found by its name, a part of it, its workload, its kind in short, its namespace or a selector', async () => {
  const open = (await recordedCluster(served)).open();
  const redis = {
    is: 'one',
    target: {
      cluster: 'test',
      namespace: 'session-cache',
      pod: 'session-cache-0',
      workload: { kind: 'StatefulSet', name: 'session-cache' },
    },
  };
  for (const wanted of [
    { name: 'session-cache-0' },
    { name: 'session' },
    { name: 'Session-Cache' },
    { name: 'session-cache/session-cache-0' },
    { name: 'sts/session-cache' },
    { namespace: 'session-cache', name: 'cache' },
    { namespace: 'session-cache' },
    { kind: 'statefulsets', name: 'session-cache' },
    { kind: 'StatefulSet.apps', name: 'sess' },
    { selector: 'app.kubernetes.io/name in (session-cache)' },
    { name: 'session-cache', container: 'redis' },
  ])
    expect(await find(open, wanted), JSON.stringify(wanted)).toMatchObject(redis);
});

test('of several pods of one workload the most broken is meant, unless one is named', async () => {
  const open = (await recordedCluster(served)).open();
  expect(await find(open, { name: 'avatars' })).toMatchObject({ target: { pod: 'avatars-5778979d57-9c9rc' } });
  expect(await find(open, { name: 'avatars-8477698c55-tdww6' })).toMatchObject({
    is: 'one',
    target: { pod: 'avatars-8477698c55-tdww6', workload: { kind: 'Deployment', name: 'avatars' } },
  });
  expect(await find(open, { name: 'tdww6' })).toMatchObject({ target: { pod: 'avatars-8477698c55-tdww6' } });
});

test('jobs are one with their CronJob, unless the job itself is asked for', async () => {
  const open = (await recordedCluster(served)).open();
  expect(await find(open, { name: 'cleanup' })).toMatchObject({
    is: 'one',
    target: { workload: { kind: 'CronJob', name: 'cleanup' } },
  });
  expect(await find(open, { name: 'job/cleanup-29920490' })).toMatchObject({
    is: 'one',
    target: { workload: { kind: 'Job', name: 'cleanup-29920490' } },
  });
  expect(await find(open, { kind: 'rs', name: 'avatars-5778979d57' })).toMatchObject({
    target: { pod: 'avatars-5778979d57-9c9rc', workload: { kind: 'ReplicaSet', name: 'avatars-5778979d57' } },
  });
});

test('a pod without an owner is a target of its own', async () => {
  const open = (await recordedCluster(served)).open();
  expect(await find(open, { name: 'traffic' })).toEqual({
    is: 'one',
    target: { cluster: 'test', namespace: 'debug-tools', pod: 'traffic-replay' },
  });
});

test('a workload that can have no pod is found all the same', async () => {
  const open = (await recordedCluster(['serviceaccount-missing'])).open();
  const foundry = { is: 'one', target: { namespace: 'foundry', workload: { kind: 'Deployment', name: 'foundry' } } };
  expect(await find(open, { name: 'foundry' })).toEqual({ is: 'one', target: { cluster: 'test', ...foundry.target } });
  expect(await find(open, {})).toMatchObject(foundry);
});

test('nothing typed means what is crash looping now, the most broken first', async () => {
  const open = (await recordedCluster(served)).open();
  const found = await find(open, {});
  const matches = found.is === 'many' ? found.matches : [];
  expect(matches.map((m) => `${m.namespace}/${m.name}`)).toEqual([
    'debug-tools/traffic-replay',
    'ml-serving/feature-serving',
    'session-cache/session-cache',
    'users-avatars/avatars',
    'ops-cleanup/cleanup',
  ]);
  expect(matches[3]).toEqual({
    cluster: 'test',
    namespace: 'users-avatars',
    kind: 'Deployment',
    name: 'avatars',
    trouble: expect.stringMatching(/^CrashLoopBackOff, \d+ restarts$/),
  });
});

test('where nothing is crash looping, that is said, and what is not well is named', async () => {
  expect(await find((await recordedCluster(['healthy'])).open(), {})).toEqual({
    is: 'none',
    near: [],
    why: 'Nothing is crash looping in cluster test now.',
  });
  expect(await find((await recordedCluster(['readiness-only-404'])).open(), {})).toMatchObject({
    why: 'Nothing is crash looping in cluster test now. Not well, but not crash looping: shop-assets/assets.',
  });
});

test('an unknown name is answered with the nearest, an unknown namespace with the nearest, an unknown container with those there are', async () => {
  const open = (await recordedCluster(served)).open();
  expect(await find(open, { namespace: 'users-avatars', name: 'avatarz' })).toEqual({
    is: 'none',
    near: ['avatars'],
    matches: [
      { cluster: 'test', namespace: 'users-avatars', kind: 'Deployment', name: 'avatars', trouble: expect.any(String) },
    ],
    why: 'No pod or workload named "avatarz" in users-avatars. Near: avatars.',
  });
  expect(await find(open, { name: 'deploy/sesion-cache' })).toMatchObject({
    near: ['session-cache/session-cache'],
    why: 'No Deployment named "sesion-cache" in cluster test. Near: session-cache/session-cache.',
  });
  expect(await find(open, { namespace: 'user-avatars', name: 'avatars' })).toMatchObject({
    why: 'There is no namespace "user-avatars" in cluster test. Near: users-avatars.',
  });
  expect(await find(open, { name: 'feature-serving', container: 'web' })).toMatchObject({
    is: 'none',
    why: expect.stringMatching(/^Pod feature-serving-56d65cc957-7h5hl has no container "web"\. It has: /),
  });
});

test('only allowed namespaces are asked for, and a refusal names nothing inside', async () => {
  const cluster = await recordedCluster(served);
  const open = cluster.open();
  const allowedNamespaces = ['session-cache', 'shop-currency'];
  expect(await find(open, { allowedNamespaces, namespace: 'users-avatars', name: 'avatars' })).toEqual({
    is: 'refused',
    why: 'Namespace users-avatars of cluster test may not be read from here.',
  });
  expect(cluster.requests()).toEqual([]);
  expect(await find(open, { allowedNamespaces, name: 'avatars' })).toMatchObject({ is: 'none', near: [] });
  expect(await find(open, { allowedNamespaces })).toMatchObject({ is: 'one', target: { pod: 'session-cache-0' } });
  expect(namespacesAsked(cluster).sort()).toEqual(allowedNamespaces);
});

test("the cluster's own limits count as well, and no allowed namespace at all is refused", async () => {
  const cluster = await recordedCluster(served);
  const open = cluster.open({ allowNamespaces: ['session-cache'] });
  expect(await find(open, { name: 'avatars' })).toMatchObject({ is: 'none' });
  expect(await find(open, { allowedNamespaces: ['users-avatars'], name: 'avatars' })).toMatchObject({ is: 'refused' });
  expect(await find(open, { allowedNamespaces: [], name: 'avatars' })).toMatchObject({ is: 'refused' });
  expect(namespacesAsked(cluster)).toEqual(['session-cache']);
});

test('what could not be listed is said instead of passed over', async () => {
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
  const open = (await recordedCluster(['config-malformed-redis'], { access: { reader: rules } })).open();
  expect(await find(open, { name: 'session' })).toMatchObject({ is: 'one', target: { pod: 'session-cache-0' } });
  expect(await find(open, { name: 'other' })).toMatchObject({
    why: expect.stringContaining(
      'Not everything could be read: not permitted (403): list deployments in the whole cluster',
    ),
  });
  const nothing = (await recordedCluster(['config-malformed-redis'], { access: { reader: [] } })).open();
  await expect(find(nothing, { name: 'session' })).rejects.toThrow(
    /^Not permitted \(403\): list pods in the whole cluster/,
  );
});

test('a name that no object can have is refused before anything is asked', async () => {
  const cluster = await recordedCluster(['healthy']);
  const open = cluster.open();
  for (const wanted of [{ name: '../x/y' }, { name: '<!channel>' }, { namespace: '..', name: 'x' }])
    expect((await find(open, wanted)).is, JSON.stringify(wanted)).toBe('refused');
  expect(cluster.requests()).toEqual([]);
});

test('a thousand pods are read in pages, and the one that crashes is found among them', async () => {
  const folder = changedRecording('bare-pod-crash', (objects) => {
    const pod = objects.find((o) => o.kind === 'Pod')!;
    for (let i = 0; i < 1_000; i++) {
      const name = `idle-${i}`;
      const metadata = { ...pod.metadata, name, uid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}` };
      objects.push({ ...pod, metadata, status: { phase: 'Running' } });
    }
  });
  const cluster = await recordedCluster([folder]);
  expect(await find(cluster.open(), {})).toMatchObject({ is: 'one', target: { pod: 'traffic-replay' } });
  const pages = cluster.requests().filter(({ path }) => path === '/api/v1/pods');
  expect(pages.map(({ query }) => [query.limit, query.continue !== undefined])).toEqual([
    ['500', false],
    ['500', true],
    ['500', true],
  ]);
});
