// Workloads that are real and seldom: what their pods have that their templates do not say, several ways to set one thing,
// and controllers that replace pods in their own way.
import { describe, expect, test } from 'vitest';
import type { ActionId } from '../src/core/action-id.ts';
import type { JsonObject } from '../src/core/json.ts';
import type { Plan } from '../src/core/plan.ts';
import type { KubeObject } from '../src/core/snapshot.ts';
import { templateHash } from '../src/core/template-hash.ts';
import { actionOf, now, plan, planned, type Wish } from './support/actions.ts';
import { objectsOf } from './support/cluster.ts';

type Container = JsonObject & { name: string; resources: { limits?: JsonObject; requests?: JsonObject } };
type Change = (container: Container) => unknown;

/** Changes the first container of every pod and template, or only of one sort of them. */
const first =
  (change: Change, where: 'pods' | 'templates' | 'both' = 'both') =>
  (objects: KubeObject[]): void => {
    for (const o of objects) {
      const spec = (o.spec ?? {}) as JsonObject & { template?: { spec: JsonObject } };
      const isPod = o.kind === 'Pod';
      const list = (isPod ? spec.containers : spec.template?.spec.containers) as Container[] | undefined;
      if (list?.[0] && (where === 'both' || (where === 'pods') === isPod)) change(list[0]);
    }
  };
const env = (...entries: JsonObject[]) => first((container) => Object.assign(container, { env: entries }));
const all = (kind: string, change: (spec: JsonObject) => unknown) => (objects: KubeObject[]) => {
  for (const o of objects) if (o.kind === kind) change(o.spec as JsonObject);
};
const refused = (recording: string, id: ActionId, wish: Wish): string =>
  (planned(recording, id, wish) as { refusal: string }).refusal;

describe('a pod that has what its template does not say', () => {
  test('a limit from a limit range is set where there was none, and taken out again', () => {
    const change = first((container) => delete container.resources.limits, 'templates');
    const made = plan('oom-startup-python', 'raise-memory-limit', { change });
    expect(made.diff).toBe('~ embedding-api: memory limit unset → 320Mi');
    expect(made.edits).toEqual([
      { at: ['containers', 'name=embedding-api', 'resources', 'limits', 'memory'], to: '320Mi' },
    ]);
    expect(made.warnings.join()).toContain('The template sets no memory limit; the pod has 160Mi');
    const undo = actionOf('raise-memory-limit').undo(made, now('oom-startup-python', made).target) as Plan;
    expect(undo.edits).toEqual([{ at: made.edits?.[0]?.at, from: '320Mi' }]);
  });

  test('a limit that was raised in the pod alone is the one that was hit', () => {
    const change = first(
      (container) => Object.assign(container.resources.limits ?? {}, { memory: '80Mi' }),
      'templates',
    );
    const made = plan('oom-startup-python', 'raise-memory-limit', { change });
    expect(made.edits?.[0]).toMatchObject({ from: '80Mi', to: '320Mi' });
  });

  test('a limit that an autoscaler sets is left to it', () => {
    const vpaUpdates = 'Pod resources updated by embedding-vpa: container 0: memory request, memory limit';
    const change = (objects: KubeObject[]): void => {
      for (const o of objects) if (o.kind === 'Pod') o.metadata.annotations = { vpaUpdates };
    };
    expect(refused('oom-startup-python', 'raise-memory-limit', { change })).toMatch(
      /^The vertical pod autoscaler embedding-vpa sets the limits .* maxAllowed of embedding-api/,
    );
  });

  test('a container that a webhook adds is changed where that is set up', () => {
    const change = (objects: KubeObject[]): void => {
      for (const o of objects) {
        const { template } = (o.spec ?? {}) as { template?: { spec: { containers: Container[] } } };
        if (template)
          template.spec.containers = template.spec.containers.filter(({ name }) => name !== 'feature-cache');
      }
    };
    expect(refused('multi-container-one-oom', 'raise-memory-limit', { change })).toMatch(
      /^feature-cache is not in the template of feature-serving/,
    );
  });

  test('a field that a webhook writes into the pod alone is not edited in the template', () => {
    const change = first(
      (container) => Object.assign(container, { livenessProbe: { tcpSocket: { port: 1 } } }),
      'templates',
    );
    expect(refused('liveness-wrong-port', 'fix-probe', { change })).toMatch(/is not what its pod shows/);
  });
});

describe('a heap', () => {
  const space = 'jvm-heap-space';
  test.each<[string, Wish, string]>([
    [
      'that is a share of the limit grows with the limit alone',
      { change: env({ name: 'JAVA_TOOL_OPTIONS', value: '-XX:MaxRAMPercentage=75' }) },
      '~ analytics: memory limit 512Mi → 1024Mi',
    ],
    [
      'that is set in the long way is set in that way',
      { change: env({ name: 'JAVA_OPTS', value: '-Dx=1 -XX:MaxHeapSize=64m' }) },
      '~ analytics: JAVA_OPTS -XX:MaxHeapSize=64m → -XX:MaxHeapSize=128m',
    ],
    [
      'that is set twice grows where the later word counts',
      {
        change: env({ name: 'JAVA_OPTS', value: '-Xmx64m' }, { name: 'JAVA_TOOL_OPTIONS', value: '-Xmx32m' }),
      },
      '~ analytics: JAVA_OPTS -Xmx64m → -Xmx128m',
    ],
    [
      'that is set in the arguments too grows there',
      {
        change: first((container) =>
          Object.assign(container, { args: ['-Xmx64m'], env: [{ name: 'JDK_JAVA_OPTIONS', value: '-Xmx32m' }] }),
        ),
      },
      '~ analytics: args -Xmx64m → -Xmx128m',
    ],
  ])('%s', (_name, wish, diff) => {
    expect(plan(space, 'raise-heap-limit', wish).diff).toBe(diff);
  });

  test.each<[string, string, Wish, RegExp]>([
    [
      'that is a share of nothing has words',
      space,
      {
        change: first((container) => {
          container.resources = {};
          container.env = [{ name: 'JAVA_TOOL_OPTIONS', value: '-XX:MaxRAMPercentage=75' }];
        }),
      },
      /^analytics has no memory limit, so -XX:MaxRAMPercentage=75 is a share of the whole node/,
    ],
    [
      'without a limit is bounded by the configured ceiling',
      space,
      {
        change: first((container) => Object.assign(container, { resources: {} })),
        limits: { memoryBytesMax: 100 * 2 ** 20 },
      },
      /bounded by the configured ceiling at 100Mi/,
    ],
    [
      'whose options come from elsewhere is set there',
      'jvm-heap-exit1',
      { change: env({ name: 'JAVA_OPTS', valueFrom: { configMapKeyRef: { name: 'jvm', key: 'opts' } } }) },
      /^JAVA_OPTS of export comes from ConfigMap jvm, key opts/,
    ],
  ])('%s', (_name, recording, wish, words) => {
    expect(refused(recording, 'raise-heap-limit', wish)).toMatch(words);
  });

  test('of Go that is bounded by its own variable is told beside a higher limit', () => {
    const change = env({ name: 'GOMEMLIMIT', value: '140MiB' });
    expect(plan('oom-startup-python', 'raise-memory-limit', { change }).effect).toContain('GOMEMLIMIT=140MiB stays');
  });
});

describe('a probe', () => {
  const slow = 'liveness-delay-too-short';
  test.each<[string, JsonObject]>([
    ['a command', { exec: { command: ['/bin/check', '--quick'] } }],
    ['grpc', { grpc: { port: 9000, service: 'ready' } }],
    ['a path with headers', { httpGet: { path: '/up', port: 'http', httpHeaders: [{ name: 'Host', value: 'shop' }] } }],
  ])('that asks by %s is asked the same at the start, and no word of it is in the plan', (_name, handler) => {
    const change = first((container) => Object.assign(container, { livenessProbe: { ...handler, periodSeconds: 5 } }));
    const made = plan(slow, 'fix-probe', { change });
    for (const secret of ['check', 'ready', 'shop']) expect(JSON.stringify(made.edits)).not.toContain(secret);
    const objects = objectsOf(slow) as unknown as KubeObject[];
    change(objects);
    const target = objects.find((o) => o.kind === 'Deployment')!;
    // The template is another one than the recorded.
    const here = { ...made, target: { ...made.target, templateHash: templateHash(target) ?? '' } };
    const step = actionOf('fix-probe').change(here, { target, related: [] });
    expect(step).toMatchObject({
      is: 'patch',
      operations: expect.arrayContaining([
        {
          op: 'add',
          path: '/spec/template/spec/containers/0/startupProbe',
          value: { ...handler, periodSeconds: 10, failureThreshold: 30, successThreshold: 1, timeoutSeconds: 1 },
        },
      ]),
    });
  });

  test('of the start is never given less time than it had', () => {
    const startupProbe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 10, failureThreshold: 60 };
    const change = first((container) => Object.assign(container, { startupProbe, livenessProbe: undefined }));
    const made = planned(slow, 'fix-probe', {
      change,
      cause: { cause: 'probe-too-early', detail: { probe: 'startup' } },
    });
    expect(made).toMatchObject({ diff: '~ inventory: startup probe failureThreshold 60 → 120' });
  });
});

describe('how pods are replaced', () => {
  const limit = (change: Wish['change']) => plan('oom-startup-python', 'raise-memory-limit', { change });

  test('all at once is said', () => {
    const made = limit(all('Deployment', (spec) => Object.assign(spec, { strategy: { type: 'Recreate' } })));
    expect(made.blastRadius).toMatch(/stopped before any new one starts/);
  });

  test('out of the class that is evicted last is said', () => {
    const whole = { cpu: '1', memory: '160Mi' };
    const made = limit(
      first((container) => Object.assign(container, { resources: { limits: whole, requests: whole } })),
    );
    expect(made.warnings.join()).toContain('Guaranteed now and becomes Burstable');
  });

  const redis = 'statefulset-redis-corrupt-aof';
  test('one by one by hand: a restart deletes its pod, with a word about the template that it then has', () => {
    const change = all('StatefulSet', (spec) => Object.assign(spec, { updateStrategy: { type: 'OnDelete' } }));
    const made = plan(redis, 'restart', { change });
    expect(made.also?.map(({ name }) => name)).toEqual(['queue-redis-0']);
    expect(made.warnings.join()).toContain('uses OnDelete: the new pod has whatever was changed');
  });

  test('not below a partition, whatever the order of starts', () => {
    const change = all('StatefulSet', (spec) =>
      Object.assign(spec, {
        podManagementPolicy: 'Parallel',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
      }),
    );
    expect(refused(redis, 'rollback', { change })).toMatch(/partition of 2, so queue-redis-0 would keep its template/);
  });

  test('in order: each pod that is stuck makes way, and a ready one stays', () => {
    const change = (objects: KubeObject[]): void => {
      const pod = objects.find((o) => o.kind === 'Pod')!;
      for (const [name, ready] of [
        ['queue-redis-1', false],
        ['queue-redis-2', true],
      ] as const) {
        const other = structuredClone(pod);
        Object.assign(other.metadata, { name, uid: `uid-of-${name}` });
        if (ready) other.status = { conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [] };
        objects.push(other);
      }
      const image = { op: 'older' };
      const revision = objects.find((o) => o.kind === 'ControllerRevision')!;
      const older = structuredClone(revision);
      Object.assign(older.metadata, { name: 'queue-redis-older', uid: 'older', annotations: image });
      Object.assign(older, { revision: 0 });
      const template = (older.data as { spec: { template: { spec: { containers: Container[] } } } }).spec.template;
      template.spec.containers[0]!.image = 'redis:older';
      objects.push(older);
    };
    const made = plan(redis, 'rollback', { change });
    expect(made.also?.map(({ name }) => name)).toEqual(['queue-redis-0', 'queue-redis-1']);
  });
});

test('restrictions that a policy asks for are set where the container says otherwise, and not where they stand', () => {
  const why = [
    'allowPrivilegeEscalation != false (container "embedding-api" must set securityContext.allowPrivilegeEscalation=false)',
    'unrestricted capabilities (container "embedding-api" must set securityContext.capabilities.drop=["ALL"])',
    'runAsNonRoot != true (pod or container "embedding-api" must set securityContext.runAsNonRoot=true)',
    'seccompProfile (pod or container "embedding-api" must set securityContext.seccompProfile.type to "RuntimeDefault")',
  ].join(', ');
  const securityContext = {
    allowPrivilegeEscalation: true,
    capabilities: { drop: ['NET_RAW'] },
    runAsNonRoot: false,
    seccompProfile: { type: 'Unconfined' },
  };
  const change = (objects: KubeObject[]): void => {
    first((container) => Object.assign(container, { securityContext }))(objects);
    for (const o of objects) {
      const spec = o.spec as { template?: { spec: JsonObject } } | undefined;
      if (spec?.template) spec.template.spec.securityContext = { runAsNonRoot: true };
    }
  };
  const cause = { cause: 'admission-denied' as const, detail: { why } };
  const made = plan('oom-startup-python', 'fix-security-context', { change, cause });
  const at = ['containers', 'name=embedding-api', 'securityContext'];
  expect(made.edits).toEqual([
    { at: [...at, 'allowPrivilegeEscalation'], from: true, to: false },
    { at: [...at, 'capabilities', 'drop'], from: ['NET_RAW'], to: ['ALL'] },
    { at: [...at, 'runAsNonRoot'], from: false, to: true },
    { at: [...at, 'seccompProfile'], from: { type: 'Unconfined' }, to: { type: 'RuntimeDefault' } },
    { at: ['securityContext', 'seccompProfile'], to: { type: 'RuntimeDefault' } },
  ]);
});

test('a revision whose ConfigMap was taken away since is not gone back to', () => {
  const recording = 'bad-rollout-env-removed';
  const reads = (name: string, optional: boolean) => (objects: KubeObject[]) => {
    for (const o of objects) {
      const notes = (o.metadata.annotations ?? {}) as { [key: string]: string };
      const spec = o.spec as { template?: { spec: { containers: Container[] } } } | undefined;
      if (o.kind === 'ReplicaSet' && notes['deployment.kubernetes.io/revision'] === '1')
        Object.assign(spec!.template!.spec.containers[0]!, { envFrom: [{ configMapRef: { name, optional } }] });
    }
  };
  const complete = (name: string, optional = false) => {
    const made = plan(recording, 'rollback', { change: reads(name, optional) });
    return { made, whole: actionOf('rollback').complete!(made, now(recording, made)) };
  };
  expect(complete('settings-7k2f').whole).toEqual({
    refusal: expect.stringMatching(/^Revision 1 reads ConfigMap settings-7k2f, which is not there any more/),
  });
  const there = (objectsOf(recording) as unknown as KubeObject[]).find(({ kind }) => kind === 'ConfigMap');
  for (const { made, whole } of [
    complete('settings-7k2f', true),
    ...(there ? [complete(String(there.metadata.name))] : []),
  ])
    expect(whole).toEqual(made);
});

test('content of a ConfigMap that is no text is not copied', () => {
  const draft = plan('config-key-renamed-optional', 'fix-config', { choice: { how: 'key' } });
  const here = structuredClone(now('config-key-renamed-optional', draft));
  const found = here.related.find((o) => o.kind === 'ConfigMap' && o.metadata.name === 'product-feed-config')!;
  Object.assign(found, { data: {}, binaryData: { db_host: 'AAECAw==' } });
  expect(actionOf('fix-config').complete!(draft, here)).toEqual({
    refusal: expect.stringMatching(
      /^db_host of ConfigMap product-feed-config is binary or gone.*kubectl edit configmap/,
    ),
  });
});

test('a ConfigMap that an operator owns is changed there', () => {
  const draft = plan('config-key-renamed-optional', 'fix-config', { choice: { how: 'key' } });
  const here = structuredClone(now('config-key-renamed-optional', draft));
  const found = here.related.find((o) => o.kind === 'ConfigMap' && o.metadata.name === 'product-feed-config')!;
  found.metadata.ownerReferences = [
    { apiVersion: 'shop.example/v1', kind: 'Feed', name: 'products', uid: 'f', controller: true },
  ];
  expect(actionOf('fix-config').complete!(draft, here)).toEqual({
    refusal: expect.stringMatching(/belongs to Feed products/),
  });
});
