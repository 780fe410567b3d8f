// What a client reads from the cluster double: discovery, objects, lists, logs, and the refusals in the API server's words.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppsV1Api, AuthorizationV1Api, CoreV1Api, EventsV1Api, VersionApi } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../src/demo/cluster/cluster.ts';
import { type Caller, caller, kubeConfig, recordingDir, startDouble } from './support/cluster-double.ts';

let cluster: Cluster;
let asReader: Caller;
let asAdmin: Caller;
const avatars = '/api/v1/namespaces/users-avatars';

beforeAll(async () => {
  cluster = await startDouble([
    ...['bad-rollout-env-removed', 'multi-container-one-oom', 'secret-missing-envref', 'command-not-found-path'],
    ...['statefulset-redis-corrupt-aof', 'image-pull-bad-tag', 'healthy', 'config-missing-env-node'],
  ]);
  asReader = caller(cluster, cluster.tokens.reader!);
  asAdmin = caller(cluster, cluster.tokens.admin!);
});
afterAll(async () => {
  asReader.close();
  asAdmin.close();
  await cluster.stop();
});

describe('who may ask', () => {
  test('the certificate is verified against the CA of the kubeconfig, and the client reads with it', async () => {
    const list = await kubeConfig(cluster, 'reader').makeApiClient(CoreV1Api).listPodForAllNamespaces();
    expect(list.items.length).toBe(11);
    expect((await kubeConfig(cluster, 'reader').makeApiClient(VersionApi).getCode()).gitVersion).toMatch(/^v1\.34/);
  });

  test('a request without a valid token is 401, one for another host is not answered at all', async () => {
    const stranger = caller(cluster, 'not-a-token');
    const reply = await stranger('GET', '/api/v1/pods');
    expect(reply.status).toBe(401);
    expect(reply.json).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      reason: 'Unauthorized',
      message: 'Unauthorized',
      code: 401,
    });
    const rebound = caller(cluster, cluster.tokens.reader!, { host: 'evil.example:443' });
    expect((await rebound('GET', '/api/v1/pods')).status).toBe(421);
    stranger.close();
    rebound.close();
  });

  test.each([
    [
      'GET',
      '/api/v1/namespaces/subscriptions/secrets/subscription-web',
      'secrets "subscription-web" is forbidden: User "system:serviceaccount:loopbreaker:reader" cannot get resource "secrets" in API group "" in the namespace "subscriptions"',
    ],
    [
      'GET',
      '/api/v1/secrets',
      'secrets is forbidden: User "system:serviceaccount:loopbreaker:reader" cannot list resource "secrets" in API group "" at the cluster scope',
    ],
    [
      'PATCH',
      '/apis/apps/v1/namespaces/users-avatars/deployments/avatars',
      'deployments.apps "avatars" is forbidden: User "system:serviceaccount:loopbreaker:reader" cannot patch resource "deployments" in API group "apps" in the namespace "users-avatars"',
    ],
    [
      'DELETE',
      `${avatars}/pods/nobody`,
      'pods "nobody" is forbidden: User "system:serviceaccount:loopbreaker:reader" cannot delete resource "pods" in API group "" in the namespace "users-avatars"',
    ],
    [
      'GET',
      '/apis/unknown.example/v1/namespaces/x/things',
      'things.unknown.example is forbidden: User "system:serviceaccount:loopbreaker:reader" cannot list resource "things" in API group "unknown.example" in the namespace "x"',
    ],
  ])('%s %s is 403 in the words of the API server', async (method, path, message) => {
    const reply = await asReader(method, path, method === 'GET' ? undefined : {});
    expect(reply.status).toBe(403);
    expect(reply.json).toMatchObject({ kind: 'Status', reason: 'Forbidden', code: 403, message });
  });

  test('rules can be narrowed to namespaces and names', async () => {
    const pods = { apiGroups: [''], resources: ['pods'] };
    const narrow = await startDouble(['healthy'], {
      access: {
        worker: [
          { ...pods, verbs: ['list'], namespaces: ['shop-currency'] },
          { ...pods, verbs: ['get'], resourceNames: ['only-this'] },
        ],
      },
    });
    const asWorker = caller(narrow, narrow.tokens.worker!);
    expect((await asWorker('GET', '/api/v1/namespaces/shop-currency/pods')).status).toBe(200);
    expect((await asWorker('GET', '/api/v1/pods')).status).toBe(403);
    expect((await asWorker('GET', '/api/v1/namespaces/shop-currency/pods/other')).status).toBe(403);
    expect((await asWorker('GET', '/api/v1/namespaces/shop-currency/pods/only-this')).status).toBe(404);
    asWorker.close();
    await narrow.stop();
  });

  test('a token can ask what it may do', async () => {
    const api = kubeConfig(cluster, 'writer').makeApiClient(AuthorizationV1Api);
    const may = async (verb: string, resource: string, group = '') => {
      const spec = { resourceAttributes: { namespace: 'users-avatars', verb, resource, group } };
      return (await api.createSelfSubjectAccessReview({ body: { spec } })).status?.allowed;
    };
    expect(await may('patch', 'deployments', 'apps')).toBe(true);
    expect(await may('get', 'secrets')).toBe(false);
    expect(await may('delete', 'deployments', 'apps')).toBe(false);
  });
});

describe('objects', () => {
  test.each([
    '/api/v1/namespaces/users-avatars',
    '/api/v1/nodes/worker-01',
    `${avatars}/pods/avatars-5778979d57-9c9rc`,
    `${avatars}/serviceaccounts/default`,
    '/apis/apps/v1/namespaces/users-avatars/deployments/avatars',
    '/apis/apps/v1/namespaces/users-avatars/replicasets/avatars-8477698c55',
    '/apis/apps/v1/namespaces/queue-redis/statefulsets/queue-redis',
    '/apis/apps/v1/namespaces/queue-redis/controllerrevisions/queue-redis-658b5b87f5',
  ])('%s is read with kind and apiVersion', async (path) => {
    const { status, json } = await asReader('GET', path);
    expect(status).toBe(200);
    expect(json.kind).toMatch(/^[A-Z]/);
    expect(json.apiVersion).toMatch(/v1$/);
    expect(json.metadata.resourceVersion).toMatch(/^\d+$/);
  });

  test.each([
    [`${avatars}/pods/nobody`, 'pods "nobody" not found'],
    ['/apis/apps/v1/namespaces/users-avatars/deployments/nobody', 'deployments.apps "nobody" not found'],
  ])('%s is 404 as a Status', async (path, message) => {
    const { status, json } = await asReader('GET', path);
    expect([status, json.reason, json.message, json.details.name]).toEqual([404, 'NotFound', message, 'nobody']);
  });

  test('metrics and unknown groups are not there unless served', async () => {
    const reply = await asReader('GET', '/apis/metrics.k8s.io/v1beta1/namespaces/shop-currency/pods');
    expect([reply.status, reply.text]).toEqual([404, '404 page not found\n']);
    expect((await asAdmin('GET', '/apis/unknown.example/v1/things')).text).toBe('404 page not found\n');
    expect((await asAdmin('GET', '/api/v1/podtemplates')).json).toMatchObject({
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    });
    const measured = await startDouble(['healthy'], { metrics: true });
    const ask = caller(measured, measured.tokens.reader!);
    const { json } = await ask('GET', '/apis/metrics.k8s.io/v1beta1/namespaces/shop-currency/pods');
    expect(json.items).toHaveLength(2);
    expect(json.items[0].containers).toEqual([{ name: 'currency-api', usage: { memory: '31Mi', cpu: '3m' } }]);
    ask.close();
    await measured.stop();
  });

  test('discovery names the groups and their kinds', async () => {
    const groups = (await asReader('GET', '/apis')).json.groups.map((g: { name: string }) => g.name);
    expect(groups).toEqual(
      expect.arrayContaining(['apps', 'batch', 'discovery.k8s.io', 'events.k8s.io', 'authorization.k8s.io']),
    );
    const core = (await asReader('GET', '/api/v1')).json.resources.map((r: { name: string }) => r.name);
    expect(core).toEqual(
      expect.arrayContaining(['pods', 'pods/log', 'events', 'configmaps', 'persistentvolumeclaims']),
    );
  });

  test('the newest moment of a recording is now, and the distances between its moments stay', async () => {
    const recorded = JSON.parse(readFileSync(join(recordingDir('bad-rollout-env-removed'), 'objects.json'), 'utf8'));
    const find = (items: { kind: string; metadata: { name: string } }[], name: string) =>
      items.find((i) => i.metadata.name === name);
    const old = find(recorded.items, 'avatars-5778979d57-9c9rc') as never as {
      metadata: { creationTimestamp: string };
    };
    const oldSibling = find(recorded.items, 'avatars-8477698c55-tdww6') as never as {
      metadata: { creationTimestamp: string };
    };
    const pods = (await asReader('GET', `${avatars}/pods`)).json.items as (typeof old)[];
    const distance = (a: typeof old, b: typeof old) =>
      Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp);
    expect(distance(pods[0]!, pods[1]!)).toBe(distance(old, oldSibling));
    const node = (await asReader('GET', '/api/v1/nodes/worker-01')).json;
    expect(Date.parse(node.status.conditions[0].lastHeartbeatTime)).toBeLessThanOrEqual(Date.now());
    expect(Date.now() - Date.parse(pods[0]!.metadata.creationTimestamp)).toBeLessThan(3_600_000);
  });

  test('the zero time of a container that never started stays zero', async () => {
    const { json } = await asReader('GET', '/api/v1/namespaces/orders-api/pods');
    expect(json.items[0].status.containerStatuses[0].lastState.terminated.startedAt).toBe('1970-01-01T00:00:00Z');
  });
});

describe('lists', () => {
  const names = (items: { metadata: { name: string } }[]) => items.map((i) => i.metadata.name);

  test.each([
    ['labelSelector=app.kubernetes.io/name=avatars,pod-template-hash!=8477698c55', ['avatars-5778979d57-9c9rc']],
    ['labelSelector=pod-template-hash in (8477698c55,nothing)', ['avatars-8477698c55-tdww6']],
    ['labelSelector=!pod-template-hash', ['queue-redis-0']],
    ['labelSelector=statefulset.kubernetes.io/pod-name', ['queue-redis-0']],
    ['fieldSelector=metadata.name=queue-redis-0', ['queue-redis-0']],
    ['fieldSelector=status.phase=Pending,metadata.namespace=billing-core', ['invoice-api-7dcdfbc448-89jxr']],
    ['fieldSelector=spec.nodeName=elsewhere', []],
  ])('pods with %s', async (query, expected) => {
    const { status, json } = await asReader('GET', `/api/v1/pods?${encodeURI(query)}`);
    expect([status, json.kind]).toEqual([200, 'PodList']);
    expect(names(json.items)).toEqual(expected);
  });

  test('events are found by what they are about', async () => {
    const selector = 'involvedObject.name=avatars-5778979d57-9c9rc,involvedObject.kind=Pod,type=Warning';
    const { json } = await asReader('GET', `${avatars}/events?fieldSelector=${encodeURIComponent(selector)}`);
    expect(json.items.map((e: { reason: string }) => e.reason)).toEqual(['BackOff']);
    const newer = await kubeConfig(cluster, 'reader')
      .makeApiClient(EventsV1Api)
      .listNamespacedEvent({ namespace: 'users-avatars' });
    expect(newer.items.find((e) => e.reason === 'BackOff')).toMatchObject({
      regarding: { name: 'avatars-5778979d57-9c9rc' },
      deprecatedCount: 29,
    });
  });

  test('a field that the API does not select by is 400', async () => {
    const reply = await asReader('GET', '/api/v1/pods?fieldSelector=spec.foo%3Dbar');
    expect([reply.status, reply.json.message]).toEqual([400, 'field label not supported: spec.foo']);
  });

  test('a long list comes in pages that fit together', async () => {
    const first = (await asReader('GET', '/api/v1/pods?limit=4')).json;
    expect([first.items.length, first.metadata.remainingItemCount]).toEqual([4, 7]);
    const second = (await asReader('GET', `/api/v1/pods?limit=4&continue=${first.metadata.continue}`)).json;
    const third = (await asReader('GET', `/api/v1/pods?limit=4&continue=${second.metadata.continue}`)).json;
    expect(third.metadata.continue).toBeUndefined();
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const whole = (await asReader('GET', '/api/v1/pods')).json;
    expect(names([...first.items, ...second.items, ...third.items])).toEqual(names(whole.items));
  });

  test('a page that is too old is 410, a made-up one 400', async () => {
    const { json } = await asReader('GET', '/api/v1/pods?limit=2');
    cluster.compact();
    const old = await asReader('GET', `/api/v1/pods?limit=2&continue=${json.metadata.continue}`);
    expect([old.status, old.json.reason]).toEqual([410, 'Expired']);
    expect((await asReader('GET', '/api/v1/pods?continue=abc')).status).toBe(400);
  });

  test('a list from an exact old version is 410, from the future 504', async () => {
    expect((await asReader('GET', '/api/v1/pods?resourceVersion=1&resourceVersionMatch=Exact')).status).toBe(410);
    expect((await asReader('GET', '/api/v1/pods?resourceVersion=999999999')).json.reason).toBe('Timeout');
  });
});

describe('logs', () => {
  const log = (namespace: string, pod: string, query = '') =>
    asReader('GET', `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query}`);
  const oom = 'feature-serving-56d65cc957-7h5hl';

  test('current and previous log are what was recorded, as plain text', async () => {
    const previous = await kubeConfig(cluster, 'reader')
      .makeApiClient(CoreV1Api)
      .readNamespacedPodLog({ name: 'avatars-5778979d57-9c9rc', namespace: 'users-avatars', previous: true });
    const file = join(recordingDir('bad-rollout-env-removed'), 'logs/avatars-5778979d57-9c9rc.avatars.previous.txt');
    expect(previous).toBe(readFileSync(file, 'utf8'));
    expect((await log('users-avatars', 'avatars-5778979d57-9c9rc')).text).toContain("KeyError: 'AVATAR_BUCKET'");
  });

  test('tailLines, limitBytes and timestamps', async () => {
    const tail = await log('users-avatars', 'avatars-5778979d57-9c9rc', 'tailLines=1');
    expect(tail.text).toBe("KeyError: 'AVATAR_BUCKET'\n");
    expect((await log('users-avatars', 'avatars-5778979d57-9c9rc', 'limitBytes=9')).text).toBe('Traceback');
    expect((await log('users-avatars', 'avatars-5778979d57-9c9rc', 'tailLines=0')).text).toBe('');
    const stamped = await log('users-avatars', 'avatars-5778979d57-9c9rc', 'tailLines=2&timestamps=true');
    for (const line of stamped.text.trimEnd().split('\n'))
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /);
    expect((await log('users-avatars', 'avatars-5778979d57-9c9rc', 'sinceSeconds=1')).text).toBe('');
  });

  test.each([
    [
      'users-avatars',
      'avatars-8477698c55-tdww6',
      'previous=true',
      400,
      'previous terminated container "avatars" in pod "avatars-8477698c55-tdww6" not found',
    ],
    [
      'ml-serving',
      oom,
      '',
      400,
      `a container name must be specified for pod ${oom}, choose one of: [metrics-agent feature-cache]`,
    ],
    ['ml-serving', oom, 'container=nobody', 400, `container nobody is not valid for pod ${oom}`],
    [
      'billing-core',
      'invoice-api-7dcdfbc448-89jxr',
      '',
      400,
      'container "invoice-api" in pod "invoice-api-7dcdfbc448-89jxr" is waiting to start: CreateContainerConfigError',
    ],
    [
      'shop-storefront',
      'storefront-7ff4d57f58-9rp5s',
      '',
      400,
      'container "storefront" in pod "storefront-7ff4d57f58-9rp5s" is waiting to start: trying and failing to pull image',
    ],
    ['users-avatars', 'nobody', '', 404, 'pods "nobody" not found'],
    [
      'users-avatars',
      'avatars-8477698c55-tdww6',
      'tailLines=-1',
      422,
      'PodLogOptions "avatars-8477698c55-tdww6" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    ],
  ])('%s/%s?%s is refused with %i: %s', async (namespace, pod, query, code, message) => {
    const { status, json } = await log(namespace, pod, query);
    expect([status, json.kind, json.message]).toEqual([code, 'Status', message]);
  });

  test('a container that never started has an empty log', async () => {
    const { status, text } = await log('orders-api', 'orders-7698b6497c-kmswp', 'previous=true');
    expect([status, text]).toEqual([200, '']);
  });

  test('each container of a pod has its own log, init containers too', async () => {
    expect((await log('ml-serving', oom, 'container=feature-cache')).text).toContain('loaded shard 2/6');
    expect((await log('ml-serving', oom, 'container=metrics-agent')).text).toContain('GET /healthz');
    expect((await log('queue-redis', 'queue-redis-0', 'container=restore-snapshot')).text).toContain(
      'snapshot restored',
    );
  });
});

describe('what the double writes down', () => {
  test('requests with their user, query and connection, and how many connections there were', async () => {
    const counted = await startDouble(['healthy']);
    const ask = caller(counted, counted.tokens.reader!);
    for (let n = 0; n < 5; n += 1) await ask('GET', '/api/v1/pods?limit=1');
    await ask('GET', '/api/v1/secrets');
    const records = counted.requests();
    expect(records).toHaveLength(6);
    expect(records[0]).toMatchObject({
      method: 'GET',
      path: '/api/v1/pods',
      query: { limit: '1' },
      status: 200,
      connection: 1,
    });
    expect(records[5]).toMatchObject({ user: 'system:serviceaccount:loopbreaker:reader', status: 403, connection: 1 });
    expect(counted.connections()).toBe(1);
    ask.close();
    await kubeConfig(counted, 'reader').makeApiClient(AppsV1Api).listDeploymentForAllNamespaces();
    expect(counted.connections()).toBe(2);
    await counted.stop();
  });

  test('two recordings of the same namespace are refused by name', async () => {
    await expect(startDouble(['oom-startup-python', 'oom-startup-python-late'])).rejects.toThrow(
      /oom-startup-python and oom-startup-python-late both have/,
    );
  });
});
