// Writing to the cluster double: patches of three kinds, dry runs, guards and refusals as the API server has them.
import { type ApiException, AppsV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cluster } from '../src/demo/cluster/cluster.ts';
import {
  type Caller,
  caller,
  type Json,
  jsonPatch,
  kubeConfig,
  merge,
  startDouble,
  strategic,
} from './support/cluster-double.ts';

let cluster: Cluster;
let write: Caller;
let admin: Caller;
const deployment = '/apis/apps/v1/namespaces/shop-currency/deployments/currency-api';
const pods = '/api/v1/namespaces/shop-currency/pods';
const memory = '/spec/template/spec/containers/0/resources/limits/memory';

beforeEach(async () => {
  cluster = await startDouble(['healthy', 'statefulset-redis-corrupt-aof', 'daemonset-bad-update']);
  write = caller(cluster, cluster.tokens.writer!);
  admin = caller(cluster, cluster.tokens.admin!);
});
afterEach(async () => {
  write.close();
  admin.close();
  await cluster.stop();
});
const read = async (path: string): Promise<Json> => (await admin('GET', path)).json;

describe('JSON Patch', () => {
  test('a guarded patch goes through the client library and raises the generation', async () => {
    const before = await read(deployment);
    const body = [
      { op: 'test', path: '/metadata/uid', value: before.metadata.uid },
      { op: 'test', path: '/metadata/generation', value: 1 },
      { op: 'replace', path: memory, value: '512Mi' },
    ];
    const after = await kubeConfig(cluster, 'writer').makeApiClient(AppsV1Api).patchNamespacedDeployment(
      {
        name: 'currency-api',
        namespace: 'shop-currency',
        body,
        fieldManager: 'loopbreaker',
        fieldValidation: 'Strict',
      },
      setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
    );
    expect(after.metadata?.generation).toBe(2);
    expect(after.spec?.template.spec?.containers[0]?.resources?.limits?.memory).toBe('512Mi');
    const record = cluster.requests().find((r) => r.method === 'PATCH');
    expect(record).toMatchObject({
      contentType: jsonPatch,
      status: 200,
      query: { fieldManager: 'loopbreaker', fieldValidation: 'Strict' },
    });
  });

  test('a test that does not hold is 422 without saying which, and nothing is written', async () => {
    const before = await read(deployment);
    const body = [
      { op: 'test', path: '/metadata/uid', value: 'another' },
      { op: 'replace', path: memory, value: '512Mi' },
    ];
    const refused = await kubeConfig(cluster, 'writer')
      .makeApiClient(AppsV1Api)
      .patchNamespacedDeployment({ name: 'currency-api', namespace: 'shop-currency', body, dryRun: 'All' })
      .then(
        () => undefined,
        (error: ApiException<string>) => error,
      );
    expect(refused?.code).toBe(422);
    expect(JSON.parse(refused?.body ?? '{}')).toMatchObject({
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
    });
    expect(await read(deployment)).toEqual(before);
  });

  test.each([
    ['a path that is not there', [{ op: 'replace', path: '/spec/nothing/here', value: 1 }], 422],
    ['removing what is not there', [{ op: 'remove', path: '/metadata/annotations/none' }], 422],
    ['an index past the end', [{ op: 'add', path: '/spec/template/spec/containers/7', value: {} }], 422],
    ['an unknown operation', [{ op: 'increase', path: '/spec/replicas' }], 422],
    ['a patch that is no list', { spec: {} }, 400],
  ])('%s is refused', async (_, body, code) => {
    expect((await write('PATCH', deployment, body, jsonPatch)).status).toBe(code);
  });

  test('all six operations, with escaped keys', async () => {
    const key = '/metadata/annotations/a~1b~0c';
    const body = [
      { op: 'add', path: key, value: 'x' },
      { op: 'test', path: key, value: 'x' },
      { op: 'copy', from: key, path: '/metadata/annotations/copied' },
      { op: 'move', from: '/metadata/annotations/copied', path: '/metadata/annotations/moved' },
      { op: 'add', path: '/spec/template/spec/containers/0/env', value: [] },
      { op: 'add', path: '/spec/template/spec/containers/0/env/-', value: { name: 'B', value: '2' } },
      { op: 'add', path: '/spec/template/spec/containers/0/env/0', value: { name: 'A', value: '1' } },
      { op: 'remove', path: '/metadata/annotations/moved' },
      { op: 'replace', path: '/spec/replicas', value: 3 },
    ];
    const { status, json } = await write('PATCH', deployment, body, jsonPatch);
    expect(status).toBe(200);
    expect(json.metadata.annotations['a/b~c']).toBe('x');
    expect(json.metadata.annotations).not.toHaveProperty('moved');
    expect(json.spec.template.spec.containers[0].env).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
    expect(json.spec.replicas).toBe(3);
  });
});

describe('merge patches', () => {
  test('strategic: containers, env and ports by their keys, null and $patch take away', async () => {
    const container = (fields: object) => ({
      spec: { template: { spec: { containers: [{ name: 'currency-api', ...fields }] } } },
    });
    const first = await write(
      'PATCH',
      deployment,
      container({
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      }),
      strategic,
    );
    expect(first.json.spec.template.spec.containers).toHaveLength(1);
    const second = await write(
      'PATCH',
      deployment,
      container({
        env: [
          { name: 'A', $patch: 'delete' },
          { name: 'B', value: '3' },
        ],
        readinessProbe: null,
      }),
      strategic,
    );
    expect(second.json.spec.template.spec.containers[0].env).toEqual([{ name: 'B', value: '3' }]);
    expect(second.json.spec.template.spec.containers[0]).not.toHaveProperty('readinessProbe');
    expect(second.json.spec.template.spec.containers[0].image).toContain('currency-api');
    const third = await write(
      'PATCH',
      deployment,
      container({ env: [{ $patch: 'replace' }, { name: 'C', value: '4' }] }),
      strategic,
    );
    expect(third.json.spec.template.spec.containers[0].env).toEqual([{ name: 'C', value: '4' }]);
    const volumes = { spec: { template: { spec: { volumes: [{ name: 'v', emptyDir: {} }] } } } };
    await write('PATCH', deployment, volumes, strategic);
    const mounted = await write(
      'PATCH',
      deployment,
      container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
      strategic,
    );
    expect(mounted.json.spec.template.spec.containers[0].volumeMounts).toEqual([{ name: 'v', mountPath: '/v' }]);
  });

  test('a merge patch replaces lists whole and null takes away', async () => {
    await write('PATCH', deployment, { metadata: { annotations: { note: 'x' } } }, merge);
    const { json } = await write('PATCH', deployment, { metadata: { annotations: { note: null } } }, merge);
    expect(json.metadata.annotations).not.toHaveProperty('note');
    const broken = await write(
      'PATCH',
      deployment,
      { spec: { template: { spec: { containers: [{ name: 'x' }] } } } },
      merge,
    );
    expect(broken.json.message).toContain('spec.template.spec.containers[0].image: Required value');
  });

  test('an old resourceVersion is 409 Conflict, the present one is not', async () => {
    const { metadata } = await read(deployment);
    const stale = await write('PATCH', deployment, { metadata: { resourceVersion: '1', labels: { a: 'b' } } }, merge);
    expect(stale.json).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on deployments.apps "currency-api": the object has been modified; please apply your changes to the latest version and try again',
    });
    const { resourceVersion } = metadata;
    expect(
      (await write('PATCH', deployment, { metadata: { resourceVersion, labels: { a: 'b' } } }, merge)).status,
    ).toBe(200);
  });

  test.each(['application/apply-patch+yaml', 'application/json', 'text/plain'])('%s is 415', async (type) => {
    const { status, json } = await write('PATCH', deployment, {}, type);
    expect([status, json.reason]).toEqual([415, 'UnsupportedMediaType']);
    expect(json.message).toContain('application/strategic-merge-patch+json');
  });
});

describe('what is refused although it is well formed', () => {
  const container = (fields: object) => ({
    spec: { template: { spec: { containers: [{ name: 'currency-api', ...fields }] } } },
  });

  test('unknown fields under strict validation: 422 that names them for a patch, 400 for a new object; without it they pass', async () => {
    const typo = container({ imagee: 'x', readinessProbe: { initialDelaySecs: 3 } });
    const strict = await write('PATCH', `${deployment}?fieldValidation=Strict`, typo, strategic);
    expect([strict.status, strict.json.reason]).toEqual([422, 'Invalid']);
    expect(strict.json.message).toContain('strict decoding error: unknown field "spec.template.spec.containers[0].');
    expect(strict.json.message).toContain(
      'unknown field "spec.template.spec.containers[0].readinessProbe.initialDelaySecs"',
    );
    const created = await admin('POST', '/api/v1/namespaces/shop-currency/configmaps?fieldValidation=Strict', {
      metadata: { name: 'x' },
      dada: {},
    });
    expect([created.status, created.json.message]).toEqual([
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dada"',
    ]);
    expect((await write('PATCH', deployment, container({ imagee: 'x' }), strategic)).status).toBe(200);
  });

  test.each([
    [
      'a request above its limit',
      container({ resources: { requests: { memory: '1Gi' } } }),
      /requests: Invalid value: "1Gi": must be less than or equal to memory limit of /,
    ],
    [
      'a quantity that is none',
      container({ resources: { limits: { memory: 'lots' } } }),
      /quantities must match the regular expression/,
    ],
    [
      'a text for a number',
      { spec: { replicas: 'two' } },
      /cannot unmarshal string into Go struct field \.spec\.replicas/,
    ],
    [
      'a mount without its volume',
      container({ volumeMounts: [{ name: 'none', mountPath: '/x' }] }),
      /volumeMounts\[0\]\.name: Not found: "none"/,
    ],
    ['another selector', { spec: { selector: { matchLabels: { a: 'b' } } } }, /field is immutable/],
  ])('%s is 422 with its path', async (_, patch, message) => {
    const { status, json } = await write('PATCH', deployment, patch, strategic);
    expect([status, json.reason]).toEqual([422, 'Invalid']);
    expect(json.message).toMatch(message);
  });

  test('a StatefulSet keeps its service name, a pod its resources', async () => {
    const set = await write(
      'PATCH',
      '/apis/apps/v1/namespaces/queue-redis/statefulsets/queue-redis',
      { spec: { serviceName: 'other' } },
      merge,
    );
    expect(set.json.message).toMatch(
      /^StatefulSet\.apps "queue-redis" is invalid: spec: Forbidden: updates to statefulset spec/,
    );
    const pod = await admin(
      'PATCH',
      '/api/v1/namespaces/queue-redis/pods/queue-redis-0',
      [{ op: 'replace', path: '/spec/containers/0/resources/limits/memory', value: '1Gi' }],
      jsonPatch,
    );
    expect(pod.json.message).toMatch(
      /^Pod "queue-redis-0" is invalid: spec: Forbidden: pod updates may not change fields other than/,
    );
  });
});

describe('dry runs and generations', () => {
  test('a dry run answers as if it were written and writes nothing', async () => {
    const before = await read(deployment);
    const dry = await write(
      'PATCH',
      `${deployment}?dryRun=All`,
      [{ op: 'replace', path: memory, value: '512Mi' }],
      jsonPatch,
    );
    expect(dry.json.metadata.generation).toBe(before.metadata.generation + 1);
    expect(dry.json.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    expect(await read(deployment)).toEqual(before);
    expect((await write('PATCH', `${deployment}?dryRun=Some`, [], jsonPatch)).json.message).toContain(
      'Unsupported value: "Some"',
    );
    const made = await admin('POST', `${pods}?dryRun=All`, {
      metadata: { name: 'dry' },
      spec: { containers: [{ name: 'a', image: 'b:1' }] },
    });
    expect(made.status).toBe(201);
    expect((await admin('GET', `${pods}/dry`)).status).toBe(404);
    const removed = await write('DELETE', `${pods}/currency-api-6d6678449b-95mrr`, { dryRun: ['All'] });
    expect(removed.status).toBe(200);
    expect((await read(`${pods}/currency-api-6d6678449b-95mrr`)).metadata.deletionTimestamp).toBeUndefined();
  });

  test('a change of labels alone leaves every generation, one of annotations raises a Deployment but no StatefulSet', async () => {
    const set = '/apis/apps/v1/namespaces/queue-redis/statefulsets/queue-redis';
    const generation = async (path: string, patch: object) =>
      (await write('PATCH', path, patch, merge)).json.metadata.generation;
    expect(await generation(deployment, { metadata: { labels: { a: 'b' } } })).toBe(1);
    expect(await generation(deployment, { metadata: { annotations: { a: 'b' } } })).toBe(2);
    expect(await generation(set, { metadata: { annotations: { a: 'b' } } })).toBe(1);
  });

  test('a patch that changes nothing leaves the resourceVersion, and status cannot be patched this way', async () => {
    const before = await read(deployment);
    const { json } = await write('PATCH', deployment, { spec: { replicas: 2 }, status: { replicas: 9 } }, merge);
    expect(json.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    expect(json.status).toEqual(before.status);
  });

  test('an object can be replaced whole, but not from an old copy', async () => {
    const before = await read(deployment);
    const changed = { ...before, spec: { ...before.spec, replicas: 3 } };
    expect((await admin('PUT', deployment, changed)).json.metadata.generation).toBe(2);
    expect((await admin('PUT', deployment, changed)).status).toBe(409);
    expect(
      (
        await admin('PUT', deployment, {
          ...before,
          metadata: { ...before.metadata, resourceVersion: undefined, uid: 'x' },
        })
      ).json.message,
    ).toContain('Precondition failed: UID in precondition: x');
  });
});

describe('pods made and deleted', () => {
  test('a pod that is another by now is not deleted', async () => {
    const name = 'currency-api-6d6678449b-95mrr';
    const { uid } = (await read(`${pods}/${name}`)).metadata;
    const other = await write('DELETE', `${pods}/${name}`, { preconditions: { uid: 'another' } });
    expect(other.json).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(other.json.message).toContain(
      `the UID in the precondition (another) does not match the UID in record (${uid})`,
    );
    const right = await write('DELETE', `${pods}/${name}`, { preconditions: { uid } });
    expect(right.json).toMatchObject({ kind: 'Pod', metadata: { name, deletionGracePeriodSeconds: 30 } });
  });

  test('a made pod gets what admission adds; the same name again is 409', async () => {
    const pod = {
      metadata: { name: 'copy' },
      spec: { containers: [{ name: 'shell', image: 'busybox', command: ['sleep', '60'] }] },
    };
    const { status, json } = await admin('POST', pods, pod);
    expect(status).toBe(201);
    expect(json.spec).toMatchObject({
      restartPolicy: 'Always',
      serviceAccountName: 'default',
      terminationGracePeriodSeconds: 30,
    });
    expect(json.status.phase).toBe('Pending');
    const again = await admin('POST', pods, pod);
    expect(again.json).toMatchObject({ code: 409, reason: 'AlreadyExists', message: 'pods "copy" already exists' });
    expect((await admin('POST', '/api/v1/namespaces/nowhere/pods', pod)).json.message).toBe(
      'namespaces "nowhere" not found',
    );
    expect((await admin('POST', pods, { ...pod, metadata: { name: 'No Such Name' } })).status).toBe(422);
  });

  test('what a Deployment controls goes with it unless it is orphaned', async () => {
    expect((await admin('DELETE', deployment, { propagationPolicy: 'Orphan' })).json.status).toBe('Success');
    const sets = (await read('/apis/apps/v1/namespaces/shop-currency/replicasets')).items;
    expect(sets).toHaveLength(1);
    expect(sets[0].metadata.ownerReferences ?? []).toEqual([]);
    expect(
      (await admin('DELETE', `/apis/apps/v1/namespaces/shop-currency/replicasets/${sets[0].metadata.name}`)).status,
    ).toBe(200);
    const left = (await read(pods)).items.filter((p: Json) => !p.metadata.deletionTimestamp);
    expect(left).toEqual([]);
  });

  test('a body that is no JSON, too large or for another name is refused', async () => {
    expect((await admin('POST', pods, { kind: 'Service', metadata: { name: 'x' } })).status).toBe(400);
    const big = await admin('POST', '/api/v1/namespaces/shop-currency/configmaps', {
      metadata: { name: 'big' },
      data: { a: 'x'.repeat(4 * 1024 * 1024) },
    }).catch(() => ({ status: 413 }));
    expect(big.status).toBe(413);
    expect((await write('PATCH', deployment, { metadata: { name: 'other' } }, merge)).json.message).toBe(
      'the name of the object (other) does not match the name on the URL (currency-api)',
    );
  });
});
