// What each remedy plans from recorded evidence, what it writes to the object as it is, and when it does not.
import { describe, expect, test } from 'vitest';
import { actions } from '../src/actions/index.ts';
import { causeToCure } from '../src/actions/propose.ts';
import { DEFAULT_LIMITS, reportOf } from '../src/answer.ts';
import { readRecording } from '../src/cli/recording.ts';
import {
  type Action,
  type ActionLimits,
  isRefusal,
  type Now,
  PLAN_ANNOTATION,
  type Plan,
  type Refusal,
  stepsOf,
} from '../src/core/action.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import type { JsonObject } from '../src/core/json.ts';
import type { ActionId } from '../src/core/rule.ts';
import type { KubeObject } from '../src/core/snapshot.ts';
import { folderOf, objectsOf } from './support/cluster.ts';

interface Wish {
  limits?: Partial<ActionLimits>;
  choice?: { [name: string]: string };
  /** Changes the recorded objects before they are read. */
  change?: (objects: KubeObject[]) => void;
}

const actionOf = (id: ActionId): Action => actions.find((action) => action.id === id)!;

function planned(recording: string, id: ActionId, { limits, choice, change }: Wish = {}): Plan | Refusal {
  const snapshot = structuredClone(readRecording(folderOf(recording)));
  change?.(snapshot.objects);
  const evidence = evidenceFrom(snapshot, {}, recording)!;
  const report = reportOf(evidence);
  const cause = causeToCure(report)!;
  return actionOf(id).plan({ evidence, report, cause, limits: { ...DEFAULT_LIMITS, ...limits }, choice });
}

function plan(recording: string, id: ActionId, wish: Wish = {}): Plan {
  const made = planned(recording, id, wish);
  if (isRefusal(made)) throw new Error(made.refusal);
  return made;
}

/** The raw objects of a recording as a plan meets them at the moment of the write. */
function now(recording: string, { target }: Plan): Now {
  const objects = objectsOf(recording) as unknown as KubeObject[];
  const found = objects.find((o) => o.kind === target.kind && o.metadata.name === target.name)!;
  return { target: found, related: objects.filter((o) => o !== found) };
}

/** What a change sets on the template, without its guards. */
function written(recording: string, made: Plan) {
  const change = actionOf(made.action).change(made, now(recording, made));
  return stepsOf(change).flatMap((step) =>
    step.is === 'patch'
      ? step.operations
          .filter((o) => o.op !== 'test' && !o.path.startsWith('/metadata/annotations'))
          .map(({ op, path, value }) => [op, path, value])
      : step.is === 'delete-pod'
        ? [['delete', step.name, step.uid]]
        : [['create', step.name]],
  );
}

const container = (i: number): string => `/spec/template/spec/containers/${i}`;
const limitOf = (objects: KubeObject[], kind: string, change: (spec: JsonObject) => void): void => {
  for (const object of objects) if (object.kind === kind) change(object.spec as JsonObject);
};

describe('what is planned and written', () => {
  test.each<[string, string, ActionId, Wish, string, unknown[]]>([
    [
      'a memory limit is doubled in the unit of its user',
      'oom-startup-python',
      'raise-memory-limit',
      {},
      '~ embedding-api: memory limit 160Mi → 320Mi',
      [['replace', `${container(0)}/resources/limits/memory`, '320Mi']],
    ],
    [
      'the limit of the container that was killed, not of its neighbour',
      'multi-container-one-oom',
      'raise-memory-limit',
      {},
      '~ feature-cache: memory limit 100Mi → 200Mi',
      [['replace', `${container(1)}/resources/limits/memory`, '200Mi']],
    ],
    [
      'a starved CPU limit goes up to something that can be felt',
      'cpu-throttled-probe',
      'raise-cpu-limit',
      {},
      '~ heatmap: CPU limit 10m → 100m',
      [['replace', `${container(0)}/resources/limits/cpu`, '100m']],
    ],
    [
      'a JVM heap grows in the variable that sets it',
      'jvm-heap-space',
      'raise-heap-limit',
      {},
      '~ analytics: JAVA_TOOL_OPTIONS -Xmx64m → -Xmx128m',
      [['replace', `${container(0)}/env/0/value`, '-Xmx128m -XX:+ExitOnOutOfMemoryError']],
    ],
    [
      'a V8 heap grows in NODE_OPTIONS',
      'node-heap',
      'raise-heap-limit',
      {},
      '~ quotes: NODE_OPTIONS --max-old-space-size=48 → --max-old-space-size=96',
      [['replace', `${container(0)}/env/0/value`, '--max-old-space-size=96']],
    ],
    [
      'a JVM without a heap setting is given a share of its limit',
      'jvm-heap-exit1',
      'raise-heap-limit',
      {},
      '+ export: env JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75.0',
      [['add', `${container(0)}/env`, [{ name: 'JAVA_TOOL_OPTIONS', value: '-XX:MaxRAMPercentage=75.0' }]]],
    ],
    [
      'a probe is pointed at the port on which the program says it listens',
      'liveness-wrong-port',
      'fix-probe',
      {},
      '~ cart-api: liveness probe port 8081 → 8080',
      [['replace', `${container(0)}/livenessProbe/httpGet/port`, 8080]],
    ],
    [
      'a startup probe is corrected as a startup probe',
      'startup-probe-failing',
      'fix-probe',
      {},
      '~ picking: startup probe port 8080 → 9090',
      [['replace', `${container(0)}/startupProbe/httpGet/port`, 9090]],
    ],
    [
      'a probe speaks the scheme of its port',
      'liveness-scheme-http',
      'fix-probe',
      {},
      '~ nginx: liveness probe scheme HTTP → HTTPS',
      [['replace', `${container(0)}/livenessProbe/httpGet/scheme`, 'HTTPS']],
    ],
    [
      'a slow answer is waited for',
      'liveness-timeout',
      'fix-probe',
      {},
      '~ tax-api: liveness probe timeoutSeconds 1 → 5',
      [['replace', `${container(0)}/livenessProbe/timeoutSeconds`, 5]],
    ],
    [
      'a slow start gets a startupProbe of its own',
      'liveness-delay-too-short',
      'fix-probe',
      {},
      '+ inventory: startupProbe like the liveness probe, up to 300 s',
      [
        [
          'add',
          `${container(0)}/startupProbe`,
          {
            httpGet: { path: '/actuator/health', port: 8080, scheme: 'HTTP' },
            periodSeconds: 10,
            failureThreshold: 30,
            successThreshold: 1,
            timeoutSeconds: 1,
          },
        ],
      ],
    ],
    [
      'a variable reads the key that the ConfigMap has',
      'config-key-renamed-optional',
      'fix-config',
      {},
      '~ product-feed: ConfigMap product-feed-config key db-host → db_host',
      [['replace', `${container(0)}/env/0/valueFrom/configMapKeyRef/key`, 'db_host']],
    ],
    [
      'a variable reads the key that the Secret has, and the Secret is neither read nor written',
      'secret-key-missing',
      'fix-config',
      {},
      '~ vouchers: Secret vouchers-upstream key api-token → apiToken',
      [['replace', `${container(0)}/env/0/valueFrom/secretKeyRef/key`, 'apiToken']],
    ],
    [
      'a missing file is made from the key that is there',
      'rust-missing-config',
      'fix-config',
      {},
      '~ sampler: ConfigMap sampler-config key sampler.toml → config.toml',
      [
        [
          'add',
          '/spec/template/spec/volumes/0/configMap/items',
          [
            { key: 'config.toml', path: 'config.toml' },
            { key: 'config.toml', path: 'sampler.toml' },
          ],
        ],
      ],
    ],
    [
      'a volume is given to the group of the process',
      'volume-permission-hostpath',
      'fix-security-context',
      {},
      '~ pod: fsGroup unset → 1000',
      [['add', '/spec/template/spec/securityContext/fsGroup', 1000]],
    ],
    [
      'an empty volume is mounted where writing was refused',
      'readonly-rootfs-nginx',
      'add-writable-volume',
      {},
      '+ volume writable-var-lib-nginx-body: emptyDir\n+ nginx: mount writable-var-lib-nginx-body at /var/lib/nginx/body',
      [
        ['add', '/spec/template/spec/volumes', [{ name: 'writable-var-lib-nginx-body', emptyDir: {} }]],
        [
          'add',
          `${container(0)}/volumeMounts`,
          [{ name: 'writable-var-lib-nginx-body', mountPath: '/var/lib/nginx/body' }],
        ],
      ],
    ],
    [
      'a CronJob that storms is suspended',
      'cronjob-failing',
      'suspend',
      {},
      '~ suspend: false → true',
      [['add', '/spec/suspend', true]],
    ],
  ])('%s', (_name, recording, id, wish, diff, operations) => {
    const made = plan(recording, id, wish);
    expect(made.diff).toBe(diff);
    expect(written(recording, made)).toEqual(operations);
    for (const words of [made.title, made.effect, made.blastRadius, made.verification, made.undo])
      expect(words).not.toBe('');
  });

  test('a rollback puts the template of the healthy revision back, whole', () => {
    const made = plan('bad-rollout-env-removed', 'rollback');
    const [operation] = written('bad-rollout-env-removed', made);
    expect(operation).toMatchObject(['replace', '/spec/template', { spec: expect.anything() }]);
    expect(JSON.stringify(operation)).toContain('AVATAR_BUCKET');
    expect(JSON.stringify(operation)).not.toContain('pod-template-hash');
    // The plan itself names the revision and holds nothing of it.
    expect(JSON.stringify([made.intent, made.target, made.edits])).not.toContain('acme');
  });
});

describe('every template change', () => {
  const cases: [string, ActionId][] = [
    ['bad-rollout-env-removed', 'rollback'],
    ['oom-startup-python', 'raise-memory-limit'],
    ['cpu-throttled-probe', 'raise-cpu-limit'],
    ['jvm-heap-space', 'raise-heap-limit'],
    ['jvm-heap-exit1', 'raise-heap-limit'],
    ['liveness-wrong-port', 'fix-probe'],
    ['liveness-delay-too-short', 'fix-probe'],
    ['config-key-renamed-optional', 'fix-config'],
    ['rust-missing-config', 'fix-config'],
    ['volume-permission-hostpath', 'fix-security-context'],
    ['readonly-rootfs-nginx', 'add-writable-volume'],
    ['dependency-timeout-python', 'restart'],
    ['cronjob-failing', 'suspend'],
  ];
  test.each(cases)('of %s by %s is guarded by uid and mark, and made once', (recording, id) => {
    const made = plan(recording, id);
    const here = now(recording, made);
    const change = actionOf(id).change(made, here);
    if (change.is !== 'patch') throw new Error(change.is);
    expect(change.operations[0]).toEqual({ op: 'test', path: '/metadata/uid', value: made.target.uid });
    expect(JSON.stringify(change.operations.at(-1))).toContain(made.id);
    const marked = structuredClone(here);
    marked.target.metadata.annotations = {
      ...(marked.target.metadata.annotations as object),
      [PLAN_ANNOTATION]: made.id,
    };
    expect(actionOf(id).change(made, marked)).toEqual({ is: 'already-done' });
  });

  test.each(cases)('of %s by %s is void when the object or its template is another one', (recording, id) => {
    const made = plan(recording, id);
    const other = structuredClone(now(recording, made));
    other.target.metadata.uid = 'another';
    expect(actionOf(id).change(made, other)).toMatchObject({
      is: 'drift',
      because: expect.stringContaining('deleted and made again'),
    });
    const changed = structuredClone(now(recording, made));
    const spec = changed.target.spec as JsonObject;
    const template = ((spec.jobTemplate as JsonObject | undefined)?.spec ?? spec) as { template: JsonObject };
    template.template.metadata = { ...(template.template.metadata as object), annotations: { by: 'somebody' } };
    expect(actionOf(id).change(made, changed)).toMatchObject({
      is: 'drift',
      because: expect.stringContaining('template was changed'),
    });
  });

  test.each(
    cases.filter(([, id]) => id !== 'restart'),
  )('of %s by %s can be taken back by a plan of its own', (recording, id) => {
    const made = plan(recording, id);
    const undo = actionOf(id).undo(made, now(recording, made).target);
    if (isRefusal(undo)) throw new Error(undo.refusal);
    expect(undo.id).not.toBe(made.id);
    expect(undo.title).toMatch(/^Undo: /);
    expect(undo.target.uid).toBe(made.target.uid);
  });
});

describe('how far a limit may go', () => {
  const range = (item: JsonObject) => (objects: KubeObject[]) =>
    void objects.push({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'bounds', namespace: 'ml-embeddings', uid: 'lr' },
      spec: { limits: [{ type: 'Container', ...item }] },
    });
  const quota = (hard: string, used: string) => (objects: KubeObject[]) =>
    void objects.push({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'team', namespace: 'ml-embeddings', uid: 'q' },
      spec: {},
      status: { hard: { 'limits.memory': hard }, used: { 'limits.memory': used } },
    });
  const limit = (memory: string) => (objects: KubeObject[]) => {
    for (const kind of ['Deployment', 'ReplicaSet'])
      limitOf(objects, kind, (spec) => set((spec.template as JsonObject).spec as JsonObject, memory));
    limitOf(objects, 'Pod', (spec) => set(spec, memory));
  };
  const set = (spec: JsonObject, memory: string): void => {
    const [first] = spec.containers as { resources: { limits: { memory: string } } }[];
    first!.resources.limits.memory = memory;
  };

  test.each<[string, Wish, string]>([
    ['doubled', {}, '320Mi'],
    ['bounded by the configured factor', { limits: { memoryFactorMax: 1.5 } }, '240Mi'],
    ['bounded by a LimitRange', { change: range({ max: { memory: '256Mi' } }) }, '256Mi'],
    ['bounded by what the quota has left', { change: quota('1Gi', '924Mi') }, '260Mi'],
    ['in gibibytes where the user wrote gibibytes', { change: limit('1Gi') }, '2Gi'],
    ['never rounded up past a ceiling', { change: limit('1Gi'), limits: { memoryFactorMax: 1.5 } }, '1536Mi'],
  ])('%s', (_name, wish, to) => {
    expect(plan('oom-startup-python', 'raise-memory-limit', wish).intent.to).toBe(to);
  });

  test.each<[string, Wish, RegExp]>([
    [
      'the configured ceiling',
      { limits: { memoryBytesMax: 200 * 2 ** 20 } },
      /bounded by the configured ceiling at 200Mi/,
    ],
    ['a LimitRange', { change: range({ max: { memory: '192Mi' } }) }, /bounded by LimitRange bounds at 192Mi/],
    ['a quota', { change: quota('1Gi', '1Gi') }, /bounded by quota team \(limits\.memory\) at 160Mi/],
  ])('is refused where %s leaves less than half as much again', (_name, wish, words) => {
    expect(planned('oom-startup-python', 'raise-memory-limit', wish)).toEqual({
      refusal: expect.stringMatching(words),
    });
  });

  test('the heap that a limit implies is said', () => {
    expect(plan('oom-java-heap-above-limit', 'raise-memory-limit').effect).toMatch(/-Xmx\d+m: a heap of \d+Mi/);
  });
});

describe('what is not done, in words that end with the next step', () => {
  const deployment = (change: (spec: JsonObject, metadata: JsonObject) => void) => (objects: KubeObject[]) => {
    for (const o of objects) if (o.kind === 'Deployment') change(o.spec as JsonObject, o.metadata);
  };
  test.each<[string, string, ActionId, Wish, RegExp]>([
    [
      'a bare pod',
      'bare-pod-crash',
      'restart',
      {},
      /bare pod.*kubectl get pod traffic-replay -n debug-tools -o yaml > pod\.yaml/,
    ],
    [
      'a paused Deployment',
      'oom-startup-python',
      'raise-memory-limit',
      { change: deployment((spec) => Object.assign(spec, { paused: true })) },
      /paused.*kubectl rollout resume deployment\/embedding-api/,
    ],
    [
      'a workload that uses OnDelete',
      'daemonset-bad-update',
      'rollback',
      {
        change: (objects) => {
          for (const o of objects)
            if (o.kind === 'DaemonSet') Object.assign(o.spec as object, { updateStrategy: { type: 'OnDelete' } });
        },
      },
      /OnDelete.*kubectl delete pod node-agent-/,
    ],
    ['a Job', 'job-backoff-limit', 'rollback', {}, /Job: its template cannot be changed.*kubectl replace --force/],
    [
      'a CronJob',
      'cronjob-command-not-found',
      'rollback',
      {},
      /kubectl create job cleanup-now --from=cronjob\/cleanup/,
    ],
    [
      'a DeploymentConfig',
      'bare-pod-crash',
      'rollback',
      {
        change: (objects) => {
          for (const o of objects)
            if (o.kind === 'Pod') o.metadata.annotations = { 'openshift.io/deployment-config.name': 'replay' };
        },
      },
      /oc rollout undo dc\/replay -n debug-tools/,
    ],
    ['the first revision', 'config-missing-env-node', 'rollback', {}, /no earlier revision/],
    ['a revision that differs in nothing', 'configmap-edited-later', 'rollback', {}, /going back changes nothing/],
    [
      'a revision that is not there',
      'bad-rollout-env-removed',
      'rollback',
      { choice: { revision: '7' } },
      /no revision 7 .*It has: 1\./,
    ],
    [
      'a path that nobody saw working',
      'liveness-wrong-path',
      'fix-probe',
      {},
      /\/health\/live does not.*kubectl patch deployment wishlist-api/,
    ],
    [
      'a capability',
      'capability-dropped-chown',
      'fix-security-context',
      {},
      /widens what postgres may do.*kubectl patch statefulset/,
    ],
    [
      'a user that nobody knows',
      'run-as-nonroot-root-image',
      'fix-security-context',
      {},
      /which other user it works with is not known.*"runAsUser":UID/,
    ],
    [
      'a value that only a person knows',
      'config-missing-env-node',
      'fix-config',
      {},
      /kubectl set env deployment\/subscription-web .*STRIPE_API_KEY=VALUE/,
    ],
    [
      'a Secret',
      'secret-missing-envref',
      'fix-config',
      {},
      /Secrets are never written.*kubectl create secret generic invoice-db-credentials/,
    ],
    [
      'a DaemonSet that would come back to its node',
      'daemonset-bad-flag',
      'move-off-node',
      {},
      /same node again.*kubectl cordon/,
    ],
  ])('%s', (_name, recording, id, wish, words) => {
    expect(planned(recording, id, wish)).toEqual({ refusal: expect.stringMatching(words) });
  });
});

describe('what belongs to somebody else', () => {
  const owned = (objects: KubeObject[]): void => {
    for (const o of objects)
      if (o.kind === 'Deployment')
        o.metadata.annotations = {
          ...(o.metadata.annotations as object),
          'argocd.argoproj.io/tracking-id': 'embeddings:apps/Deployment:x/y',
        };
  };

  test('is handed over as a fragment of its manifest, with the name of who would revert it', () => {
    const made = plan('oom-startup-python', 'raise-memory-limit', { change: owned });
    expect(made.copyOnly).toEqual({
      owner: 'Argo CD application embeddings',
      change: [
        'spec:',
        '  template:',
        '    spec:',
        '      containers:',
        '        - name: embedding-api',
        '          resources:',
        '            limits:',
        '              memory: "320Mi"',
      ].join('\n'),
    });
    expect(made.warnings.join()).toContain('it will put its own version back');
  });

  test('is written where the configuration allows it, with that warning', () => {
    const made = plan('oom-startup-python', 'raise-memory-limit', { change: owned, limits: { writeOwned: true } });
    expect(made.copyOnly).toBeUndefined();
    expect(made.warnings.join()).toContain('Argo CD application embeddings');
  });

  test('is told beside the answer', () => {
    const snapshot = structuredClone(readRecording(folderOf('oom-startup-python')));
    owned(snapshot.objects);
    const { proposals } = reportOf(evidenceFrom(snapshot, {}, 'test')!);
    expect(proposals[0]).toMatchObject({
      action: 'raise-memory-limit',
      copyOnly: { owner: 'Argo CD application embeddings' },
    });
  });
});
