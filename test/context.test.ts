// What an expert adds to a cause: since which change, how far it reaches, who must be told, and what its dependency is at.

import { describe, expect, test } from 'vitest';
import { answer } from '../src/answer.ts';
import { readRecording } from '../src/cli/recording.ts';
import type { ContextFact, Report } from '../src/core/report.ts';
import { RECORDINGS } from './support/recordings.ts';
import { diagnoseWorld, NAMESPACE, object, ofRevision, owner, pod, rollout, said, service } from './support/world.ts';

const texts = (report: Report, kind: ContextFact['kind']): string[] =>
  report.context.filter((c) => c.kind === kind).map((c) => c.text);
const ofRecording = (name: string): Report => answer(readRecording(RECORDINGS + name), {}, name)!;
const crash = { exit: 1 };
const env = (...entries: [string, string][]) => ({ env: entries.map(([name, value]) => ({ name, value })) });

describe('the revision it began with', () => {
  const missing = said('api-rs4-x', 'FATAL config: required environment variable REDIS_ADDR is not set');
  const failing = pod('api-rs4-x', { at: ofRevision('api', 4), container: env(['REDIS_HOST', 'redis']), crash });

  test('is told with the difference in words, and the revision that still serves', () => {
    const report = ofRecording('bad-rollout-env-removed');
    expect(texts(report, 'began-with-revision')).toEqual(['began with revision 2: env AVATAR_BUCKET removed']);
    expect(texts(report, 'healthy-revision')).toEqual(['revision 1 still serves with 1 ready']);
  });

  test('is the one whose change the cause names, of several', () => {
    const revisions = rollout('api', [
      { container: env(['REDIS_ADDR', 'redis:6379']), ready: 1 },
      { container: { ...env(['REDIS_ADDR', 'redis:6379']), image: 'registry.example.com/app:2' } },
      { container: { ...env(['REDIS_HOST', 'redis']), image: 'registry.example.com/app:2' } },
      { container: { ...env(['REDIS_HOST', 'redis']), image: 'registry.example.com/app:3' } },
    ]);
    const report = diagnoseWorld({ objects: [...revisions, failing], logs: missing });
    expect(texts(report, 'began-with-revision')).toEqual([
      'began with revision 3 (this pod runs 4): env REDIS_ADDR removed, env REDIS_HOST added',
    ]);
  });

  test('is the first after the one that still serves, when the cause names no change', () => {
    const revisions = rollout('api', [
      { ready: 1 },
      { container: { image: 'app:2' } },
      { container: { image: 'app:3' } },
    ]);
    const objects = [...revisions, pod('api-rs3-x', { at: ofRevision('api', 3), crash })];
    const report = diagnoseWorld({ objects, logs: said('api-rs3-x', 'ValueError: bad things') });
    expect(texts(report, 'began-with-revision').join()).toMatch(
      /^began with revision 2 \(this pod runs 3\): image .* → app:2$/,
    );
  });

  test('is not blamed when other pods of it are ready', () => {
    const revisions = rollout('api', [{}, { container: { image: 'app:2' }, ready: 1 }]);
    const objects = [
      ...revisions,
      pod('api-rs2-x', { at: ofRevision('api', 2), crash }),
      pod('api-rs2-y', { at: ofRevision('api', 2) }),
    ];
    const report = diagnoseWorld({ objects });
    expect(texts(report, 'began-with-revision')).toEqual([]);
    expect(texts(report, 'replicas')).toEqual(['only this pod is in trouble; 1 other pod is ready']);
  });

  test('is not blamed when the pod had run for days before its first trouble', () => {
    const revisions = rollout('api', [{}, { container: { image: 'app:2' } }]);
    const old = pod('api-rs2-x', { at: { ...ofRevision('api', 2), creationTimestamp: '2026-06-28T12:00:00Z' }, crash });
    const event = object(
      'Event',
      'e1',
      {},
      {
        type: 'Warning',
        reason: 'BackOff',
        message: 'Back-off restarting failed container app in pod api-rs2-x_billing(uid)',
        firstTimestamp: '2026-07-01T11:52:00Z',
        lastTimestamp: '2026-07-01T12:00:00Z',
        count: 8,
        involvedObject: { kind: 'Pod', name: 'api-rs2-x' },
      },
    );
    const report = diagnoseWorld({ objects: [...revisions, old, event] });
    expect(texts(report, 'began-with-revision')).toEqual([]);
    expect(texts(report, 'ran-before')).toEqual([
      'app ran for at least 2 days before its first known trouble, so its template alone is not the cause',
    ]);
  });

  test.each([
    [
      { container: { resources: { limits: { memory: '256Mi' } } } },
      { container: { resources: { limits: { memory: '64Mi' } } } },
      'memory limit 256Mi → 64Mi',
    ],
    [
      { container: { args: ['--port', '80'] } },
      { container: { args: ['--port', '90'] } },
      'args --port 80 → --port 90',
    ],
    [
      { metadata: { annotations: { 'checksum/config': 'aa' } } },
      { metadata: { annotations: { 'checksum/config': 'bb' } } },
      'annotation checksum/config aa → bb',
    ],
    [{}, { spec: { volumes: [{ name: 'cache', emptyDir: {} }] } }, 'volume cache added'],
    [
      { container: { volumeMounts: [{ name: 'a', mountPath: '/data' }] } },
      { container: { volumeMounts: [{ name: 'a', mountPath: '/var' }] } },
      'mount /data removed, mount /var added',
    ],
    [
      { container: { livenessProbe: { httpGet: { port: 1 } } } },
      { container: { livenessProbe: { httpGet: { port: 2 } } } },
      'livenessProbe.httpGet.port 1 → 2',
    ],
  ])('reads a difference as a person would: %j', (before, after, words) => {
    const objects = [...rollout('api', [before, after]), pod('api-rs2-x', { at: ofRevision('api', 2), crash })];
    expect(texts(diagnoseWorld({ objects }), 'began-with-revision')).toEqual([`began with revision 2: ${words}`]);
  });
});

describe('a ConfigMap that changed', () => {
  const uses = { envFrom: [{ configMapRef: { name: 'app-config' } }] };
  const failing = pod('api-x', { container: uses, crash });
  const map = (at: object) =>
    object('ConfigMap', 'app-config', { creationTimestamp: '2026-06-01T00:00:00Z', ...at }, { data: { A: '1' } });

  test('after the pod was made is told with who and when', () => {
    const managedFields = [{ manager: 'kubectl-edit', operation: 'Update', time: '2026-07-01T11:55:00Z' }];
    expect(texts(diagnoseWorld({ objects: [failing, map({ managedFields })] }), 'config-changed')).toEqual([
      'ConfigMap app-config was changed at 2026-07-01T11:55:00Z by kubectl-edit, after this pod was made',
    ]);
  });

  test('long before any of the pods says nothing', () => {
    const managedFields = [{ manager: 'kubectl-edit', operation: 'Update', time: '2026-06-02T11:55:00Z' }];
    expect(texts(diagnoseWorld({ objects: [failing, map({ managedFields })] }), 'config-changed')).toEqual([]);
  });

  test('between the start that was good and this one is told, in a recording with "probably"', () => {
    const report = ofRecording('configmap-edited-later');
    expect(texts(report, 'config-changed').join()).toMatch(
      /^ConfigMap banner-config was probably changed after the last good start/,
    );
    expect(report.context.find((c) => c.kind === 'config-changed')?.at).toBe(
      'ConfigMap/banner-config:metadata.resourceVersion',
    );
  });

  test('and was made anew after the pod says so', () => {
    const anew = map({ creationTimestamp: '2026-07-01T11:58:00Z' });
    expect(texts(diagnoseWorld({ objects: [failing, anew] }), 'config-changed')).toEqual([
      'ConfigMap app-config was made at 2026-07-01T11:58:00Z, after this pod',
    ]);
  });

  test('no recording of a ConfigMap that nobody touched says that it changed', () => {
    for (const name of [
      'config-malformed-nginx',
      'config-key-renamed-optional',
      'bad-rollout-image',
      'rust-missing-config',
    ])
      expect(texts(ofRecording(name), 'config-changed')).toEqual([]);
  });
});

describe('how far it reaches', () => {
  const set = (name: string, node: string, well: boolean) =>
    pod(name, { at: owner('DaemonSet', 'agent'), spec: { nodeName: node }, ...(well ? {} : { crash }) });

  test('only one node', () => {
    const objects = [set('agent-1', 'node-1', false), set('agent-2', 'node-2', true), set('agent-3', 'node-3', true)];
    expect(texts(diagnoseWorld({ objects }), 'node')).toEqual([
      'only on node node-1; 2 ready on other nodes, none on this one',
    ]);
  });

  test('every pod', () => {
    const objects = [set('agent-1', 'node-1', false), set('agent-2', 'node-2', false)];
    expect(texts(diagnoseWorld({ objects }), 'replicas')).toEqual(['all 2 pods of the workload are in trouble']);
    expect(texts(diagnoseWorld({ objects }), 'node')).toEqual([]);
  });

  test('other pods that could not be read are a gap, not "none"', () => {
    const unread = [{ at: 'PodList', why: 'not permitted (403)' }];
    const report = diagnoseWorld({ objects: [set('agent-1', 'node-1', false)], unread });
    expect(report.gaps).toContainEqual({ what: 'other pods', why: 'not permitted (403)' });
  });
});

describe('the clock', () => {
  test('a kill that came when the probe says it must', () => {
    expect(texts(ofRecording('liveness-delay-too-short'), 'probe-arithmetic')).toEqual([
      'killed after 20 s: 10 s delay and 3 failures every 5 s',
    ]);
    expect(texts(ofRecording('startup-probe-failing'), 'probe-arithmetic')).toEqual([
      'killed after 21 s: 0 s delay and 6 failures every 4 s',
    ]);
  });

  test('the next start is the end of the last run and the pause that the kubelet states', () => {
    const report = diagnoseWorld({ objects: [pod('api-x', { crash })] });
    expect(texts(report, 'next-start')).toEqual(['next start at 2026-07-01T12:00:40Z, in 20 s']);
    expect(texts(report, 'time-to-crash')).toEqual(['the last run lived for 2 s']);
  });
});

describe('the nearest name', () => {
  test('of a key, a file and a variable', () => {
    expect(texts(ofRecording('config-key-renamed-optional'), 'nearest-name')).toEqual([
      'did you mean db_host? There is no db-host',
    ]);
    expect(texts(ofRecording('rust-missing-config'), 'nearest-name')).toEqual([
      'did you mean config.toml? There is no sampler.toml',
    ]);
    const objects = [pod('api-x', { container: env(['REDIS_HOST', 'redis'], ['LOG_LEVEL', 'info']), crash })];
    const logs = said('api-x', 'FATAL config: required environment variable REDIS_ADDR is not set');
    expect(texts(diagnoseWorld({ objects, logs }), 'nearest-name')).toEqual([
      'did you mean REDIS_HOST? There is no REDIS_ADDR',
    ]);
  });
});

describe('the dependency', () => {
  const worker = (host: string) => ({
    objects: [pod('worker-x', { at: { labels: { app: 'worker' } }, crash })],
    logs: said(
      'worker-x',
      `dial tcp: connect to ${host} failed: connection refused`,
      `Error: connect ECONNREFUSED ${host}`,
    ),
  });
  const told = (host: string, objects: ReturnType<typeof service>): string[] => {
    const world = worker(host);
    return texts(
      diagnoseWorld({ ...world, objects: [...world.objects, ...objects] }, { pod: 'worker-x' }),
      'dependency',
    );
  };

  test('that is no Service is told with the nearest that is', () => {
    expect(told('invoice-dbs:5432', service('invoice-db', { a: true }))).toEqual([
      'no Service invoice-dbs in billing; there is invoice-db',
    ]);
  });

  test.each([
    'invoice-db:5432',
    'invoice-db.billing:5432',
    'invoice-db.billing.svc.cluster.local:5432',
    '10.96.0.10:5432',
    'postgres://shop@invoice-db:5432/shop',
  ])('is recognised as %s', (host) => {
    expect(told(host, service('invoice-db', { a: true }))).toEqual(['Service invoice-db has 1 ready']);
  });

  test('on a port that its Service does not serve', () => {
    expect(told('invoice-db:5433', service('invoice-db', { a: true }))).toContain(
      'Service invoice-db serves port 5432, not 5433',
    );
    expect(told('invoice-db:5433', service('invoice-db', { a: true }, { clusterIP: 'None' }))).toEqual([
      'Service invoice-db has 1 ready',
    ]);
  });

  test('whose selector fits no pod, or whose workload is scaled to nothing', () => {
    expect(told('invoice-db:5432', service('invoice-db'))).toEqual([
      'Service invoice-db has no ready endpoint: no pod has the labels app=invoice-db',
    ]);
    const idle = object(
      'StatefulSet',
      'invoice-db',
      {},
      { spec: { replicas: 0, template: { metadata: { labels: { app: 'invoice-db' } } } } },
    );
    expect(told('invoice-db:5432', [...service('invoice-db'), idle])).toEqual([
      'Service invoice-db has no ready endpoint: StatefulSet invoice-db is scaled to 0',
    ]);
    expect(texts(ofRecording('dependency-refused-postgres'), 'dependency')).toEqual([
      'Service ledger-db has no ready endpoint: StatefulSet ledger-db is scaled to 0',
    ]);
  });

  test('outside the namespaces that were read is not called missing', () => {
    expect(told('invoice-db.elsewhere.svc:5432', service('invoice-db', { a: true }))).toEqual([]);
    expect(told('db.example.com:5432', service('invoice-db', { a: true }))).toEqual([]);
  });
});

describe('a dependency that is down', () => {
  const labels = (app: string) => ({ labels: { app } });
  const worker = pod('worker-x', { at: labels('worker'), crash });
  const database = pod('invoice-db-0', {
    at: { ...labels('invoice-db'), ...owner('StatefulSet', 'invoice-db') },
    crash,
  });
  const refused = said('worker-x', 'Error: connect ECONNREFUSED invoice-db:5432');
  const incompatible = said(
    'invoice-db-0',
    'FATAL:  database files are incompatible with server',
    'DETAIL:  The data directory was initialized by PostgreSQL version 14, which is not compatible with this version 15.4.',
  );

  test('is told with its own cause, and the proof of it', () => {
    const objects = [worker, database, ...service('invoice-db', { 'invoice-db-0': false })];
    const report = diagnoseWorld({ objects, logs: [...refused, ...incompatible] }, { pod: 'worker-x' });
    expect(report.verdict.cause).toBe('dependency-refused');
    expect(report.verdict.summary).toMatch(/refused by invoice-db:5432; invoice-db is down because .*version/);
    expect(report.root).toMatchObject({
      through: ['invoice-db'],
      cause: 'data-version-incompatible',
      grade: 'confirmed',
      target: { pod: 'invoice-db-0' },
    });
    expect(report.causes[0]?.evidence.map((e) => e.at)).toContainEqual(
      expect.stringMatching(/^Pod\/invoice-db-0:log\.\w+:\d+$/),
    );
    expect(report.nextSteps[0]?.text).toMatch(/will not help/);
  });

  test('is followed over several steps to the one that is broken itself', () => {
    const proxy = pod('proxy-0', { at: labels('proxy'), crash });
    const objects = [
      worker,
      proxy,
      database,
      ...service('proxy', { a: false }, { clusterIP: '10.96.0.11' }),
      ...service('invoice-db', { b: false }),
    ];
    const logs = [
      ...said('worker-x', 'Error: connect ECONNREFUSED proxy:5432'),
      ...said('proxy-0', 'Error: connect ECONNREFUSED invoice-db:5432'),
      ...incompatible,
    ];
    const report = diagnoseWorld({ objects, logs }, { pod: 'worker-x' });
    expect(report.root?.through).toEqual(['proxy', 'invoice-db']);
    expect(report.root?.cause).toBe('data-version-incompatible');
    expect(report.verdict.summary).toMatch(/proxy waits for invoice-db, and that is down because/);
  });

  test('is never told with more certainty than was found there', () => {
    const objects = [worker, database, ...service('invoice-db', { a: false })];
    const report = diagnoseWorld(
      { objects, logs: [...refused, ...said('invoice-db-0', 'starting')] },
      { pod: 'worker-x' },
    );
    expect(report.root?.grade).not.toBe('confirmed');
    expect(report.verdict.summary).not.toMatch(/down because/);
  });

  test('that waits for the one who waits for it ends the search', () => {
    const objects = [
      worker,
      database,
      ...service('invoice-db', { a: false }),
      ...service('worker', { b: false }, { clusterIP: '10.96.0.12' }),
    ];
    const logs = [...refused, ...said('invoice-db-0', 'Error: connect ECONNREFUSED worker:80')];
    expect(diagnoseWorld({ objects, logs }, { pod: 'worker-x' }).root?.through).toEqual(['invoice-db']);
  });

  test('but with one ready pod left is not called down', () => {
    const other = pod('invoice-db-1', { at: labels('invoice-db') });
    const objects = [worker, database, other, ...service('invoice-db', { a: false, b: true })];
    const report = diagnoseWorld({ objects, logs: [...refused, ...incompatible] }, { pod: 'worker-x' });
    expect(report.root).toBeUndefined();
    expect(texts(report, 'dependency')[0]).toMatch(/^Service invoice-db has 1 ready/);
  });
});

describe('who owns it', () => {
  const managed = (at: object, extra: ReturnType<typeof object>[] = []): string[] => {
    const objects = [
      ...rollout('api', [{}], at as never),
      ...extra,
      pod('api-rs1-x', { at: ofRevision('api', 1), crash }),
    ];
    return texts(diagnoseWorld({ objects }), 'managed-by').map((t) =>
      t.replace(': a direct change would be reverted', ''),
    );
  };
  test.each([
    [{ annotations: { 'meta.helm.sh/release-name': 'shop' } }, 'managed by Helm release shop'],
    [
      { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:billing/api' } },
      'managed by Argo CD application shop',
    ],
    [
      {
        labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' },
      },
      'managed by Flux Kustomization flux-system/apps',
    ],
    [
      {
        labels: { 'helm.toolkit.fluxcd.io/name': 'shop', 'helm.toolkit.fluxcd.io/namespace': 'flux' },
        annotations: { 'meta.helm.sh/release-name': 'shop' },
      },
      'managed by Flux HelmRelease flux/shop',
    ],
    [
      {
        annotations: {
          'objectset.rio.cattle.io/owner-gvk': 'k3s.cattle.io/v1, Kind=Addon',
          'objectset.rio.cattle.io/owner-name': 'coredns',
        },
      },
      'managed by K3s add-on coredns',
    ],
    [
      { annotations: { 'objectset.rio.cattle.io/id': 'default-shop-bundle' } },
      'managed by Fleet bundle default-shop-bundle',
    ],
    [{ labels: { 'kubefed.io/managed': 'true' } }, 'managed by KubeFed federated resource'],
    [{ annotations: { 'work.karmada.io/name': 'api-6d7f' } }, 'managed by Karmada work api-6d7f'],
    [
      { labels: { 'crossplane.io/claim-name': 'shop', 'crossplane.io/composite': 'shop-x7k2' } },
      'managed by Crossplane claim shop',
    ],
    [owner('Kafka', 'main'), 'managed by Kafka main'],
    [owner('Rollout', 'shop'), 'managed by Rollout shop'],
  ])('%j', (at, words) => {
    expect(managed(at)).toContain(words);
  });

  test('an owner that is not well says so itself', () => {
    const conditions = [
      { type: 'Synced', status: 'False', reason: 'ReconcileError', message: 'cannot compose resources' },
      { type: 'Ready', status: 'True' },
    ];
    expect(
      managed(owner('XShop', 'shop-x7k2'), [object('XShop', 'shop-x7k2', {}, { status: { conditions } })]),
    ).toEqual(['managed by XShop shop-x7k2', 'its owner says Synced=False (ReconcileError: cannot compose resources)']);
  });

  test('an Argo Rollout keeps its revisions like a Deployment', () => {
    const sets = rollout('api', [{ ready: 1 }, { container: { image: 'app:2' } }])
      .slice(1)
      .map((set, i) => ({
        ...set,
        metadata: {
          ...set.metadata,
          ...owner('Rollout', 'api'),
          annotations: { 'rollout.argoproj.io/revision': String(i + 1) },
        },
      }));
    const objects = [
      object('Rollout', 'api', {}, { spec: {} }),
      ...sets,
      pod('api-rs2-x', { at: ofRevision('api', 2), crash }),
    ];
    const report = diagnoseWorld({ objects });
    expect(report.target.workload).toEqual({ kind: 'Rollout', name: 'api' });
    expect(texts(report, 'began-with-revision').join()).toMatch(/^began with revision 2: image/);
    expect(texts(report, 'managed-by').join()).toMatch(/Argo Rollouts/);
  });

  test('the vertical pod autoscaler says on the pod what it set', () => {
    const annotations = { vpaUpdates: 'Pod resources updated by api-vpa: container 0: memory request, memory limit' };
    expect(
      texts(diagnoseWorld({ objects: [pod('api-x', { at: { annotations }, crash })] }), 'managed-by').join(),
    ).toMatch(/vertical pod autoscaler api-vpa/);
  });
});

describe('the place', () => {
  const node = (status: object, spec: object = {}) =>
    ({ ...object('Node', 'node-1', {}, { spec, status }) }) as ReturnType<typeof object>;
  const around = (...objects: ReturnType<typeof object>[]) =>
    diagnoseWorld({ objects: [pod('api-x', { crash }), ...objects] });

  test('a node under pressure, tainted or cordoned', () => {
    const conditions = [
      { type: 'Ready', status: 'True' },
      { type: 'MemoryPressure', status: 'True', reason: 'KubeletHasInsufficientMemory' },
    ];
    const taints = [
      { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' },
      { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
    ];
    expect(texts(around(node({ conditions }, { taints, unschedulable: true })), 'node')).toEqual([
      'node node-1: MemoryPressure=True (KubeletHasInsufficientMemory)',
      'node node-1: cordoned, takes no new pods',
      'node node-1: tainted node.kubernetes.io/memory-pressure:NoSchedule',
    ]);
  });

  test('a quota that is nearly used', () => {
    const quota = object(
      'ResourceQuota',
      'team',
      {},
      { status: { hard: { 'limits.memory': '2Gi', pods: '10' }, used: { 'limits.memory': '1900Mi', pods: '3' } } },
    );
    expect(texts(around(quota), 'quota')).toEqual(['quota team is nearly used: limits.memory 1900Mi of 2Gi']);
    expect(NAMESPACE).toBe('billing');
  });
});

test('every context fact of every kind has an address', () => {
  for (const name of [
    'bad-rollout-image',
    'configmap-edited-later',
    'quota-exceeded',
    'liveness-wrong-port',
    'config-missing-env-node',
  ])
    for (const fact of ofRecording(name).context) expect(fact.at, fact.text).not.toBe('');
});

test('asked about one container, the answer speaks of that one', () => {
  const dir = `${RECORDINGS}two-containers-two-causes`;
  const first = answer(readRecording(dir), {}, 'x')!.verdict;
  const names = answer(readRecording(dir), {}, 'x')!.causes.map((c) => c.container);
  const other = names.find((name) => name !== first.container)!;
  const asked = answer(readRecording(dir), { container: other }, 'x')!;
  expect(asked.verdict.container).toBe(other);
  expect(new Set(asked.causes.map((c) => c.container))).toEqual(new Set([other]));
  expect(answer(readRecording(dir), { container: 'nobody' }, 'x')!.verdict.summary).toMatch(
    /^there is no container "nobody"; there is /,
  );
});
