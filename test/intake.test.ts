// What becomes of a signal at the door: which cluster it means, and whether that is ours.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { policyFile } from '../src/core/policy/file.ts';
import { policyFrom } from '../src/core/policy/policy.ts';
import type { Signal } from '../src/core/signal.ts';
import { connect, type RedisConnections } from '../src/queue/redis.ts';
import { intake } from '../src/roles/intake.ts';
import { type OpenStories, openStories } from '../src/roles/story.ts';
import { freshRedis } from './support/redis.ts';

let server: Awaited<ReturnType<typeof freshRedis>>;
let redis: RedisConnections;
let open: OpenStories;
beforeAll(async () => {
  server = await freshRedis();
  redis = await connect(server.url);
  const silent = () => undefined;
  open = openStories(redis, [], { info: silent, warn: silent, error: silent } as never);
});
afterAll(async () => {
  await open.close();
  await redis.close();
  await server.stop();
});

const policy = policyFrom(
  policyFile.parse({ version: 1, read: [{ channel: 'C0OPS', clusters: ['prod-eu', 'prod-us'], namespaces: ['*'] }] }),
  { remediation: false, expiresAfterSeconds: 900, memoryFactor: 4, memoryBytes: 0, own: [] },
  { read: '', approve: '', remediation: '' },
);

function signal(cluster: string, name: string): Signal {
  return {
    deliveryId: `alert-${cluster}-${name}`,
    source: 'alertmanager',
    status: 'firing',
    cluster,
    namespace: 'shop',
    kind: 'Pod',
    name,
    container: 'web',
    owner: null,
    title: 'KubePodCrashLooping',
    severity: 'warning',
    labels: {},
    at: '2026-11-21T10:00:00Z',
  };
}

test('an alert of a cluster that nobody configured is declined, and never looked for in another one', async () => {
  const take = intake({
    clusters: ['prod-eu', 'prod-us'],
    cluster: 'prod-eu',
    clusterNames: { 'gke_shop_us-east1': 'prod-us' },
    channel: 'C0OPS',
    teamId: 'T0DEMO',
    policy: () => policy,
    stories: open.stories,
  });
  const named = ['', 'prod-us', 'gke_shop_us-east1', 'staging', 'constructor'];
  expect(await take(named.map((cluster, i) => signal(cluster, `web-${i}`)))).toEqual([
    'opened',
    'opened',
    'opened',
    'unknown-cluster',
    'unknown-cluster',
  ]);
  const wanted = (await open.stories.recent()).map(({ state }) => state.request.wanted);
  expect(wanted.map(({ name, cluster }) => `${name} ${cluster}`).sort()).toEqual([
    'web-0 prod-eu',
    'web-1 prod-us',
    'web-2 prod-us',
  ]);
  const again = await take([{ ...signal('staging', 'web-3'), status: 'resolved' }]);
  expect(again).toEqual(['unknown-cluster']);
});
