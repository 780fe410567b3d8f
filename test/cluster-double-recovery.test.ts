// Recordings in the cluster double: the right change recovers, a wrong one goes on crashing with the same words.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Json, recordingDir, until } from './support/cluster-double.ts';
import {
  admin,
  avatars,
  cart,
  change,
  embedding,
  events,
  isReady,
  limit,
  living,
  path,
  podsIn,
  read,
  recorded,
  restartedAt,
  start,
  statusOf,
  type Workload,
  w,
  withContainer,
} from './support/cluster-world.ts';

type Case = [string, Workload, wrong: unknown, right: unknown];
const cases: Case[] = [
  [
    'env removed by a rollout',
    avatars,
    restartedAt,
    withContainer('avatars', { env: [{ name: 'AVATAR_BUCKET', value: 'acme-avatars' }] }),
  ],
  [
    'a bad image',
    w('bad-rollout-image', 'users-profile', 'deployments/profile-api', 'profile-api'),
    restartedAt,
    withContainer('profile-api', { image: 'registry.example.com/users/profile-api:3.7.0' }),
  ],
  ['memory at start', embedding, limit('embedding-api', '161Mi'), limit('embedding-api', '320Mi')],
  [
    'memory of one of two containers',
    w('multi-container-one-oom', 'ml-serving', 'deployments/feature-serving', 'feature-cache'),
    limit('feature-cache', '101Mi'),
    limit('feature-cache', '320Mi'),
  ],
  [
    'a probe at the wrong port',
    cart,
    withContainer('cart-api', { livenessProbe: { httpGet: { port: 8082 } } }),
    withContainer('cart-api', { livenessProbe: { httpGet: { port: 8080 } } }),
  ],
  [
    'a probe that is too early',
    w('liveness-delay-too-short', 'warehouse-inventory', 'deployments/inventory', 'inventory'),
    withContainer('inventory', { livenessProbe: { initialDelaySeconds: 20 } }),
    withContainer('inventory', { livenessProbe: { initialDelaySeconds: 120 } }),
  ],
  [
    'a renamed configuration key',
    w('config-key-renamed-optional', 'catalog-feed', 'deployments/product-feed', 'product-feed'),
    restartedAt,
    withContainer('product-feed', {
      env: [{ name: 'DATABASE_HOST', valueFrom: { configMapKeyRef: { name: 'product-feed-config', key: 'db_host' } } }],
    }),
  ],
  [
    'a variable that nobody set',
    w('config-missing-env-node', 'subscriptions', 'deployments/subscription-web', 'subscription-web'),
    restartedAt,
    withContainer('subscription-web', { env: [{ name: 'STRIPE_API_KEY', value: 'x' }] }),
  ],
  [
    'a command that is not there',
    w('command-not-found-path', 'orders-api', 'deployments/orders', 'orders'),
    restartedAt,
    withContainer('orders', { command: ['/app/orders-server', '--listen=:8080'] }),
  ],
  [
    'a crash in native code',
    w('segfault-c', 'edge-router', 'deployments/edge-router', 'router'),
    restartedAt,
    withContainer('router', { image: 'registry.example.com/edge/router:0.8.1' }),
  ],
];

describe.each(cases)('%s', (_, workload, wrong, right) => {
  test('a wrong change goes on crashing with the same words', async () => {
    await start(workload.recording);
    const before = new Set((await podsIn(workload.namespace)).map((p) => p.metadata.uid));
    await change(workload, wrong);
    const pod = await until('a new pod that crashed twice', async () =>
      living(await podsIn(workload.namespace)).find(
        (p) =>
          !before.has(p.metadata.uid) &&
          statusOf(p, workload.container)?.restartCount >= 2 &&
          statusOf(p, workload.container)?.lastState?.terminated,
      ),
    );
    const items = recorded(workload.recording);
    const old = items.find((i) => i.kind === 'Pod' && statusOf(i, workload.container)?.lastState?.terminated);
    const was = statusOf(old, workload.container).lastState.terminated;
    const is = statusOf(pod, workload.container).lastState.terminated;
    expect([is.exitCode, is.reason, is.message]).toEqual([was.exitCode, was.reason, was.message]);
    const url = `/api/v1/namespaces/${workload.namespace}/pods/${pod.metadata.name}/log?container=${workload.container}&previous=true`;
    const file = join(
      recordingDir(workload.recording),
      'logs',
      `${old.metadata.name}.${workload.container}.previous.txt`,
    );
    await until('the recorded log', async () => (await admin('GET', url)).text === readFileSync(file, 'utf8'));
    const said = (await events(workload.namespace))
      .filter((e) => e.involvedObject.uid === pod.metadata.uid)
      .map((e) => e.reason);
    expect(said).toEqual(expect.arrayContaining(['Scheduled', 'Pulled', 'Created', 'BackOff']));
    const killed = items.some(
      (i) => i.kind === 'Event' && i.reason === 'Killing' && i.involvedObject.uid === old.metadata.uid,
    );
    if (killed) expect(said).toEqual(expect.arrayContaining(['Unhealthy', 'Killing']));
  });

  test('the right change recovers and stays', async () => {
    await start(workload.recording);
    await change(workload, right);
    const name = workload.workload.split('/')[1];
    const whole = await until('all replicas available and the old pods gone', async () => {
      const { status, spec } = await read(path(workload));
      const all = await podsIn(workload.namespace);
      return (
        status.availableReplicas === spec.replicas &&
        status.updatedReplicas === spec.replicas &&
        all.length === spec.replicas &&
        all.every(isReady) &&
        all
      );
    });
    for (const pod of whole)
      expect(statusOf(pod, workload.container)).toMatchObject({ ready: true, started: true, restartCount: 0 });
    const conditions = (await read(path(workload))).status.conditions;
    expect(conditions.find((c: Json) => c.type === 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
    });
    const scaled = (await events(workload.namespace)).filter(
      (e) => e.reason === 'ScalingReplicaSet' && e.involvedObject.name === name,
    );
    expect(scaled.some((e) => /^Scaled down replica set .+ from \d to 0$/.test(e.message))).toBe(true);
    // Several of the old times to crash later it is still the same pod, never restarted.
    await new Promise((resolve) => setTimeout(resolve, 700));
    const later = await podsIn(workload.namespace);
    expect(later.map((p) => [p.metadata.uid, isReady(p), statusOf(p, workload.container).restartCount])).toEqual(
      whole.map((p) => [p.metadata.uid, true, 0]),
    );
  });
});
