// How the controllers and the kubelet of the cluster double react to a write, and go on when nobody writes.
import { describe, expect, test } from 'vitest';
import { type Json, merge, until } from './support/cluster-double.ts';
import {
  admin,
  avatars,
  change,
  cluster,
  embedding,
  events,
  isReady,
  limit,
  living,
  path,
  podsIn,
  read,
  restartedAt,
  start,
  statusOf,
  w,
  withContainer,
} from './support/cluster-world.ts';

describe('rollouts', () => {
  test('a rollback finds the old ReplicaSet again, gives it the next revision, and its pod that never went away is the only one left', async () => {
    await start('bad-rollout-env-removed');
    const sets = (await read('/apis/apps/v1/namespaces/users-avatars/replicasets')).items;
    const first = sets.find((s: Json) => s.metadata.annotations['deployment.kubernetes.io/revision'] === '1');
    const { 'pod-template-hash': _, ...labels } = first.spec.template.metadata.labels;
    await change(avatars, [
      { op: 'replace', path: '/spec/template', value: { ...first.spec.template, metadata: { labels } } },
    ]);
    const pods = await until('one pod', async () => {
      const all = await podsIn('users-avatars');
      return all.length === 1 && all;
    });
    expect(pods[0].metadata.name).toBe('avatars-8477698c55-tdww6');
    const after = await until('the finished rollout', async () => {
      const d = await read(path(avatars));
      return d.status.conditions.find((c: Json) => c.type === 'Progressing').reason === 'NewReplicaSetAvailable' && d;
    });
    expect(after.metadata.generation).toBe(3);
    expect(after.status.observedGeneration).toBe(3);
    expect(after.metadata.annotations['deployment.kubernetes.io/revision']).toBe('3');
    const now = (await read('/apis/apps/v1/namespaces/users-avatars/replicasets')).items;
    expect(now).toHaveLength(2);
    expect(now.find((s: Json) => s.metadata.uid === first.metadata.uid).metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
  });

  test('a broken rollout keeps the old pods, and after its deadline the Deployment says that it got stuck', async () => {
    await start('bad-rollout-env-removed', 400);
    await change(avatars, restartedAt);
    const created = async () =>
      (await read(path(avatars))).status.conditions.find((c: Json) => c.type === 'Progressing');
    await until('a rollout under way', async () => (await created()).status === 'True');
    const stuck = await until(
      'the deadline',
      async () => (await created()).reason === 'ProgressDeadlineExceeded' && created(),
    );
    expect(stuck.message).toMatch(/^ReplicaSet "avatars-\w+" has timed out progressing\.$/);
    const pods = living(await podsIn('users-avatars'));
    expect(pods.filter(isReady).map((p) => p.metadata.name)).toEqual(['avatars-8477698c55-tdww6']);
    expect(pods).toHaveLength(2);
  });

  test('a Deployment that is told to recreate ends the old pods first', async () => {
    await start('oom-startup-python');
    await change(embedding, [
      { op: 'replace', path: '/spec/strategy', value: { type: 'Recreate' } },
      { op: 'replace', path: '/spec/template/spec/containers/0/resources/limits/memory', value: '320Mi' },
    ]);
    await until('the new pod', async () => {
      const pods = await podsIn('ml-embeddings');
      return pods.length === 1 && isReady(pods[0]) && pods[0].spec.containers[0].resources.limits.memory === '320Mi';
    });
  });

  test('a program that lives for a while is Ready and crashes again with the same words', async () => {
    await start('oom-leak-later');
    const leak = w('oom-leak-later', 'events-stream', 'deployments/stream-processor', 'processor');
    await change(leak, limit('processor', '256Mi'));
    const pod = await until('the new pod Ready', async () =>
      (await podsIn('events-stream')).find(
        (p) => isReady(p) && p.spec.containers[0].resources.limits.memory === '256Mi',
      ),
    );
    const again = await until('its crash', async () =>
      (await podsIn('events-stream')).find(
        (p) => p.metadata.uid === pod.metadata.uid && statusOf(p, 'processor').restartCount > 0,
      ),
    );
    expect(statusOf(again, 'processor').lastState.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });
});

describe('controllers', () => {
  test('a DaemonSet goes back to its earlier revision', async () => {
    await start('daemonset-bad-update');
    const agent = w('daemonset-bad-update', 'node-agent', 'daemonsets/node-agent', 'agent');
    const revisions = (await read('/apis/apps/v1/namespaces/node-agent/controllerrevisions')).items;
    const first = revisions.find((r: Json) => r.revision === 1);
    const { $patch: _, ...template } = first.data.spec.template;
    await change(agent, [{ op: 'replace', path: '/spec/template', value: template }]);
    await until('the daemon available', async () => (await read(path(agent))).status.numberAvailable === 1);
    const pods = living(await podsIn('node-agent'));
    expect(pods.map((p) => [p.metadata.labels['controller-revision-hash'], isReady(p)])).toEqual([
      ['5c94867cc6', true],
    ]);
    expect(
      (await read(`/apis/apps/v1/namespaces/node-agent/controllerrevisions/${first.metadata.name}`)).revision,
    ).toBe(3);
    expect((await events('node-agent')).filter((e) => e.reason === 'SuccessfulDelete').length).toBeGreaterThan(1);
  });

  test('a StatefulSet does not replace its broken pod until somebody deletes it', async () => {
    await start('statefulset-redis-corrupt-aof', 400);
    const redis = w('statefulset-redis-corrupt-aof', 'queue-redis', 'statefulsets/queue-redis', 'redis');
    const before = (await podsIn('queue-redis'))[0];
    await change(redis, withContainer('redis', { args: ['redis-server', '--dir', '/data', '--appendonly', 'no'] }));
    const waiting = await until('the new revision', async () => {
      const set = await read(path(redis));
      return set.status.observedGeneration === 2 && set.status.updateRevision !== set.status.currentRevision && set;
    });
    expect(waiting.status.updatedReplicas).toBeUndefined();
    await until(
      'one more crash of the old pod',
      async () =>
        statusOf((await podsIn('queue-redis'))[0], 'redis').restartCount > statusOf(before, 'redis').restartCount,
    );
    expect((await podsIn('queue-redis'))[0].metadata.uid).toBe(before.metadata.uid);
    await admin('DELETE', '/api/v1/namespaces/queue-redis/pods/queue-redis-0');
    const after = await until('the new pod Ready', async () => {
      const [pod] = await podsIn('queue-redis');
      return pod && pod.metadata.uid !== before.metadata.uid && isReady(pod) && pod;
    });
    expect(after.metadata.name).toBe('queue-redis-0');
    expect(statusOf(after, 'restore-snapshot').state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    await until('the revision taken over', async () => {
      const { status } = await read(path(redis));
      return status.currentRevision === status.updateRevision && status.readyReplicas === 1;
    });
  });

  test('a deleted pod comes back under another name and crashes on, a bare pod does not come back', async () => {
    await start('oom-startup-python');
    const [before] = await podsIn('ml-embeddings');
    await admin('DELETE', `/api/v1/namespaces/ml-embeddings/pods/${before.metadata.name}`);
    const after = await until('the replacement crashing', async () =>
      (await podsIn('ml-embeddings')).find(
        (p) => p.metadata.uid !== before.metadata.uid && statusOf(p, 'embedding-api')?.restartCount > 0,
      ),
    );
    expect(after.metadata.name).not.toBe(before.metadata.name);
    expect(after.metadata.ownerReferences).toEqual(before.metadata.ownerReferences);
    await cluster.stop();
    await start('bare-pod-crash');
    await admin('DELETE', '/api/v1/namespaces/debug-tools/pods/traffic-replay');
    await until('the pod gone', async () => (await podsIn('debug-tools')).length === 0);
    const made = await admin('POST', '/api/v1/namespaces/debug-tools/pods', {
      metadata: { name: 'traffic-replay' },
      spec: { containers: [{ name: 'replay', image: 'registry.example.com/debug/replay:0.2.0' }] },
    });
    expect(made.status).toBe(201);
    const replay = await until('the same crash', async () =>
      (await podsIn('debug-tools')).find(
        (p) => statusOf(p, 'replay')?.restartCount > 1 && statusOf(p, 'replay').lastState.terminated,
      ),
    );
    expect(statusOf(replay, 'replay').lastState.terminated.exitCode).toBe(1);
  });

  test('a Service that gets a ready endpoint lets the program live at its next start', async () => {
    await start('dependency-refused-postgres', 400);
    await admin(
      'PATCH',
      '/apis/apps/v1/namespaces/billing-ledger/statefulsets/ledger-db',
      { spec: { replicas: 1 } },
      merge,
    );
    await until(
      'the endpoint',
      async () =>
        (await read('/apis/discovery.k8s.io/v1/namespaces/billing-ledger/endpointslices')).items[0].endpoints?.[0]
          ?.conditions.ready,
    );
    const pod = await until('the program', async () =>
      (await podsIn('billing-ledger')).find((p) => p.metadata.name.startsWith('ledger-api') && isReady(p)),
    );
    const log = await admin('GET', `/api/v1/namespaces/billing-ledger/pods/${pod.metadata.name}/log`);
    expect(log.text).toContain('connected, listening');
  });

  test.each([
    [
      'a Secret that was missing is made',
      'secret-missing-envref',
      'billing-core',
      '/api/v1/namespaces/billing-core/secrets',
      'POST',
      { metadata: { name: 'invoice-db-credentials' }, data: { password: 'eA==' } },
    ],
    [
      'a ConfigMap is corrected',
      'config-malformed-nginx',
      'edge-proxy',
      '/api/v1/namespaces/edge-proxy/configmaps/edge-nginx',
      'PATCH',
      { data: { 'default.conf': 'server { listen 8080; }' } },
    ],
    [
      'a renamed key comes back',
      'config-key-renamed-optional',
      'catalog-feed',
      '/api/v1/namespaces/catalog-feed/configmaps/product-feed-config',
      'PATCH',
      { data: { 'db-host': 'pg' } },
    ],
  ])('%s: the very same pod lives at its next start', async (_, recording, namespace, url, method, body) => {
    await start(recording, 400);
    const [before] = await podsIn(namespace);
    expect((await admin(method, url, body, method === 'PATCH' ? merge : undefined)).status).toBeLessThan(300);
    const after = await until('the pod Ready', async () => (await podsIn(namespace)).find(isReady));
    expect(after.metadata.uid).toBe(before.metadata.uid);
  });

  test('an edited ConfigMap is not cured by a restart', async () => {
    await start('configmap-edited-later');
    await change(w('configmap-edited-later', 'promo-banner', 'deployments/banner', 'banner'), restartedAt);
    const broken = await until('the restarted pod crashing', async () =>
      (await podsIn('promo-banner')).find(
        (p) =>
          p.metadata.creationTimestamp &&
          statusOf(p, 'banner')?.restartCount >= 2 &&
          !p.metadata.name.startsWith('banner-5bf468955c'),
      ),
    );
    expect(statusOf(broken, 'banner').lastState.terminated?.exitCode ?? 1).toBe(1);
  });
});

describe('left alone', () => {
  test('a crash loop goes on: restarts grow, resourceVersions change, generations do not', async () => {
    await start('oom-startup-python');
    const look = async () => ({ pod: (await podsIn('ml-embeddings'))[0], deployment: await read(path(embedding)) });
    const before = await look();
    const after = await until('another restart', async () => {
      const now = await look();
      return (
        statusOf(now.pod, 'embedding-api').restartCount >= statusOf(before.pod, 'embedding-api').restartCount + 1 && now
      );
    });
    expect(after.pod.metadata.uid).toBe(before.pod.metadata.uid);
    const changed = await until('the Deployment noticing', async () => {
      const { metadata } = await read(path(embedding));
      return metadata.resourceVersion !== before.deployment.metadata.resourceVersion && metadata;
    });
    expect(changed.generation).toBe(1);
    const waiting = await until('back-off', async () => {
      const { waiting: state } = statusOf((await podsIn('ml-embeddings'))[0], 'embedding-api').state;
      return state?.reason === 'CrashLoopBackOff' && state;
    });
    expect(waiting.message).toBe(
      `back-off 5m0s restarting failed container=embedding-api pod=${before.pod.metadata.name}_ml-embeddings(${before.pod.metadata.uid})`,
    );
  });

  test('an image that cannot be pulled is tried again and never starts', async () => {
    await start('image-pull-bad-tag');
    const api = w('image-pull-bad-tag', 'shop-storefront', 'deployments/storefront', 'storefront');
    await change(api, withContainer('storefront', { image: 'registry.example.com/shop/storefront:v3.98.0' }));
    const pod = await until('the back-off', async () =>
      (await podsIn('shop-storefront')).find(
        (p) =>
          p.spec.containers[0].image.endsWith('v3.98.0') &&
          statusOf(p, 'storefront')?.state.waiting?.reason === 'ImagePullBackOff',
      ),
    );
    expect(statusOf(pod, 'storefront').state.waiting.message).toContain(
      'failed to pull and unpack image "registry.example.com/shop/storefront:v3.98.0"',
    );
    expect(pod.status.phase).toBe('Pending');
    await change(api, withContainer('storefront', { image: 'registry.example.com/shop/storefront:v3.9.0' }));
    await until('both pods Ready', async () => (await read(path(api))).status.availableReplicas === 2);
  });

  test('what is well stays as it is', async () => {
    await start('recovered-single-crash', 400);
    const before = await podsIn('shop-geoip');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await podsIn('shop-geoip')).toEqual(before);
  });
});
