// How far a remedy goes, what it refuses in words, and what it hands over because it belongs to somebody else.
import { describe, expect, test } from 'vitest';
import { reportOf } from '../src/answer.ts';
import { readRecording } from '../src/cli/recording.ts';
import type { ActionId } from '../src/core/action-id.ts';
import { stepsOf } from '../src/core/change.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import type { JsonObject } from '../src/core/json.ts';
import type { Plan } from '../src/core/plan.ts';
import type { KubeObject } from '../src/core/snapshot.ts';
import { actionOf, now, plan, planned, type Wish } from './support/actions.ts';
import { folderOf, objectsOf } from './support/cluster.ts';

const limitOf = (objects: KubeObject[], kind: string, change: (spec: JsonObject) => void): void => {
  for (const object of objects) if (object.kind === kind) change(object.spec as JsonObject);
};

describe('how far a limit may go', () => {
  const range = (item: JsonObject) => (objects: KubeObject[]) =>
    void objects.push({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'bounds', namespace: 'ml-embeddings', uid: 'lr' },
      spec: { limits: [{ type: 'Container', ...item }] },
    });
  const quota =
    (hard: string, used: string, spec: JsonObject = {}) =>
    (objects: KubeObject[]) =>
      void objects.push({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'team', namespace: 'ml-embeddings', uid: 'q' },
        spec,
        status: { hard: { 'limits.memory': hard }, used: { 'limits.memory': used } },
      });
  const recreating = (also: (objects: KubeObject[]) => void) => (objects: KubeObject[]) => {
    limitOf(objects, 'Deployment', (spec) => Object.assign(spec, { strategy: { type: 'Recreate' } }));
    also(objects);
  };
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
    ['bounded by what the quota has left beside the old pod', { change: quota('1Gi', '764Mi') }, '260Mi'],
    [
      'bounded by what the quota has left once the old pod is gone',
      { change: recreating(quota('1Gi', '924Mi')) },
      '260Mi',
    ],
    ['not bounded by a quota for other pods', { change: quota('1Gi', '1Gi', { scopes: ['Terminating'] }) }, '320Mi'],
    [
      'bounded by a LimitRange for the whole pod',
      { change: range({ type: 'Pod', max: { memory: '256Mi' } }) },
      '256Mi',
    ],
    ['bounded by the largest node', { limits: { largestNode: { name: 'big', memory: 300 * 2 ** 20 } } }, '300Mi'],
    ['in gibibytes where the user wrote a half of one', { change: limit('1.5Gi') }, '3Gi'],
    ['in kibibytes where the user wrote kibibytes', { change: limit('163840Ki') }, '327680Ki'],
    ['in mebibytes where the user wrote a number', { change: limit(128974848 as unknown as string) }, '246Mi'],
    ['in mebibytes where the user wrote bytes', { change: limit('128974848') }, '246Mi'],
    ['in mebibytes where the user wrote an exponent', { change: limit('1e9') }, '1908Mi'],
    ['in mebibytes where the user wrote thousandths of bytes', { change: limit('167772160000m') }, '320Mi'],
    ['in decimal units where the user wrote those', { change: limit('1G'), limits: { memoryFactorMax: 1.5 } }, '1500M'],
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
    [
      'a quota, in which the old pod counts while the new one starts,',
      { change: quota('1Gi', '924Mi') },
      /bounded by quota team \(limits\.memory, in which an old pod counts until a new one is ready\) at 100Mi/,
    ],
    [
      'a quota, where all pods are stopped first,',
      { change: recreating(quota('1Gi', '1Gi')) },
      /bounded by quota team \(limits\.memory\) at 160Mi/,
    ],
    [
      'the largest node',
      { limits: { largestNode: { name: 'big', memory: 200 * 2 ** 20 } } },
      /bounded by the largest node, big, at 200Mi/,
    ],
  ])('is refused where %s leaves less than half as much again', (_name, wish, words) => {
    expect(planned('oom-startup-python', 'raise-memory-limit', wish)).toEqual({
      refusal: expect.stringMatching(words),
    });
  });

  const running = (change: (container: JsonObject) => void) => (objects: KubeObject[]) => {
    for (const o of objects) {
      const spec = o.spec as (JsonObject & { template?: { spec: JsonObject } }) | undefined;
      const list = (o.kind === 'Pod' ? spec?.containers : spec?.template?.spec.containers) as JsonObject[] | undefined;
      if (list?.[0]) change(list[0]);
    }
  };
  test.each([
    ['java', '160Mi', /A JVM without -Xmx takes 124Mi of the limit/],
    ['java', '1Gi', /A JVM without -Xmx takes 512Mi of the limit/],
    ['node', '160Mi', /V8 without --max-old-space-size takes half of the limit.*: 160Mi/],
    ['node', '3Gi', /at most 2 GiB below 15 GiB: 2048Mi/],
  ])('the heap that %s takes of twice %s is said', (program, memory, words) => {
    const change = (objects: KubeObject[]): void => {
      limit(memory)(objects);
      running((container) => Object.assign(container, { command: [program, 'main'] }))(objects);
    };
    expect(plan('oom-startup-python', 'raise-memory-limit', { change }).effect).toMatch(words);
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

describe('one key of a ConfigMap', () => {
  const key = { choice: { how: 'key' } };
  const feed = 'config-key-renamed-optional';
  const configMap = (change: (found: KubeObject) => void) => (objects: KubeObject[]) => {
    for (const o of objects) if (o.kind === 'ConfigMap' && o.metadata.name === 'product-feed-config') change(o);
  };

  test('is added with the content of its neighbour before the workload starts anew, and the plan holds a hash only', () => {
    const draft = plan(feed, 'fix-config', key);
    const made = actionOf('fix-config').complete!(draft, now(feed, draft)) as Plan;
    const change = actionOf('fix-config').change(made, now(feed, made));
    expect(stepsOf(change).map((step) => step.is === 'patch' && step.target.kind)).toEqual(['ConfigMap', 'Deployment']);
    expect(made.intent.valueHash).toMatch(/^[0-9a-f]{32}$/);
    const { data } = objectsOf(feed).find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'product-feed-config',
    ) as unknown as { data: { [key: string]: string } };
    expect(JSON.stringify(change)).toContain(data.db_host);
    expect(JSON.stringify(made)).not.toContain(data.db_host);
  });

  test('is not added once its neighbour says something else', () => {
    const draft = plan(feed, 'fix-config', key);
    const made = actionOf('fix-config').complete!(draft, now(feed, draft)) as Plan;
    const later = structuredClone(now(feed, made));
    configMap((found) => Object.assign(found, { data: { db_host: 'another' } }))(later.related);
    expect(actionOf('fix-config').change(made, later)).toMatchObject({
      is: 'drift',
      because: expect.stringContaining('db_host of the ConfigMap was changed'),
    });
  });

  test('of an immutable one is refused', () => {
    const wish = { ...key, change: configMap((found) => Object.assign(found, { immutable: true })) };
    expect(planned(feed, 'fix-config', wish)).toEqual({
      refusal: expect.stringContaining('is immutable: make a new one'),
    });
  });

  test('of one that Helm owns is refused', () => {
    const draft = plan(feed, 'fix-config', key);
    const owned = structuredClone(now(feed, draft));
    configMap((found) => Object.assign(found.metadata, { annotations: { 'meta.helm.sh/release-name': 'catalog' } }))(
      owned.related,
    );
    expect(actionOf('fix-config').complete!(draft, owned)).toEqual({
      refusal: expect.stringContaining('belongs to Helm release catalog'),
    });
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
