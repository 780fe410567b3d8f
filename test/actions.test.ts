// What each remedy plans from recorded evidence, and what it writes to the object as it is.
import { describe, expect, test } from 'vitest';
import type { ActionId } from '../src/core/action-id.ts';
import { PLAN_ANNOTATION } from '../src/core/change.ts';
import type { JsonObject } from '../src/core/json.ts';
import { isRefusal } from '../src/core/plan.ts';
import { actionOf, now, plan, type Wish, written } from './support/actions.ts';

const container = (i: number): string => `/spec/template/spec/containers/${i}`;
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
