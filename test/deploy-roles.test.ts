// The Roles of deploy/ on an API server: enough for what Loopbreaker does, and not a right more than that.
import { expect, test } from 'vitest';
import { actions } from '../src/actions/index.ts';
import { DEFAULT_LIMITS, reportOf } from '../src/answer.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { isRefusal } from '../src/core/plan.ts';
import type { Wanted } from '../src/core/request.ts';
import type { Rule } from '../src/demo/cluster/access.ts';
import type { Cluster } from '../src/kube/clusters.ts';
import { collect } from '../src/kube/collect.ts';
import { dryRun, readForPlan } from '../src/kube/execute.ts';
import { findTargets } from '../src/kube/find.ts';
import { canDo } from '../src/kube/permissions.ts';
import { observe } from '../src/kube/recovery.ts';
import { recordedCluster } from './support/cluster.ts';
import { manifests, type Yaml } from './support/manifests.ts';

const rulesOf = (...names: string[]): Rule[] =>
  manifests()
    .filter(({ object }) => /Role$/.test(object.kind) && names.includes(object.metadata.name))
    .flatMap(({ object }) => object.rules);

const reader = rulesOf('loopbreaker-read', 'loopbreaker-read-cluster');
const watcher = rulesOf('loopbreaker-watch', 'loopbreaker-watch-cluster');
const writer = [...reader, ...rulesOf('loopbreaker-write')];

test('no Role has a wildcard, reads Secrets, runs anything in a container, or changes rights', () => {
  // What looks into pods is opt-in by itself: a copy, the one right to make anything, and a container that joins the pod.
  expect(rulesOf('loopbreaker-debug-copy')).toEqual([
    { apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete'] },
  ]);
  expect(rulesOf('loopbreaker-ephemeral')).toEqual([
    { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] },
  ]);
  const looking = ['loopbreaker-debug-copy', 'loopbreaker-ephemeral'];
  const others = manifests().filter(({ object }) => !looking.includes(object.metadata.name));
  const rules: Yaml[] = others.flatMap(({ object }) => object.rules ?? []);
  expect(rules.length).toBeGreaterThan(5);
  for (const { apiGroups, resources, verbs, ...rest } of rules) {
    // An Event says what was done, and changes nothing.
    if (apiGroups.includes('events.k8s.io')) {
      expect({ resources, verbs }).toEqual({ resources: ['events'], verbs: ['create'] });
      continue;
    }
    expect(rest).toEqual({});
    expect([...apiGroups, ...resources, ...verbs].filter((word) => word.includes('*'))).toEqual([]);
    expect(resources).not.toContain('secrets');
    expect(resources.filter((r: string) => /exec|attach|portforward|proxy|ephemeral|token/.test(r))).toEqual([]);
    expect(apiGroups).not.toContain('rbac.authorization.k8s.io');
    expect(verbs.filter((v: string) => /impersonate|escalate|bind|create|update|deletecollection/.test(v))).toEqual([]);
  }
});

test('the Roles for reading and watching only read', () => {
  expect(watcher.length).toBeGreaterThan(2);
  for (const { verbs } of [...reader, ...watcher])
    expect(verbs.filter((v) => !['get', 'list', 'watch'].includes(v))).toEqual([]);
});

test('whatever is asked and read under the read Role alone is refused nowhere', async () => {
  const recordings = [
    'config-missing-env-node',
    'cronjob-failing',
    'daemonset-bad-flag',
    'dependency-refused-postgres',
    'statefulset-redis-corrupt-aof',
    'volume-configmap-missing',
  ];
  const cluster = await recordedCluster(recordings, { access: { reader }, metrics: true });
  const open = cluster.open({ context: 'reader' });
  await findTargets(open, anything);
  for (const { namespace, workload } of cluster.recordings) {
    const target = await targetOf(open, namespace, workload);
    await collect(open, target);
    await observe(open, target, '2026-01-01T00:00:00Z');
  }
  const refused = cluster.requests().filter(({ status }) => status === 401 || status === 403);
  expect(refused.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  expect(cluster.requests().length).toBeGreaterThan(100);
});

test('a remedy is refused under the read Role, and accepted where the write Role is added', async () => {
  const cluster = await recordedCluster(['oom-startup-python'], { access: { reader, writer } });
  const { namespace, workload } = cluster.recordings[0]!;
  const asked = async (context: string) => {
    const open = cluster.open({ context });
    const target = await targetOf(open, namespace, workload);
    const evidence = evidenceFrom(await collect(open, target), target, 'test')!;
    const report = reportOf(evidence);
    const action = actions.find(({ id }) => id === 'raise-memory-limit')!;
    const plan = action.plan({ evidence, report, cause: report.causes[0]!, limits: DEFAULT_LIMITS });
    if (isRefusal(plan)) throw new Error(plan.refusal);
    const able = await canDo(open, action.permissions.find(({ resource }) => resource === 'deployments')!, namespace);
    return { allowed: able.allowed, tried: await dryRun(open, action.change(plan, await readForPlan(open, plan))) };
  };
  expect(await asked('reader')).toMatchObject({ allowed: false, tried: { ok: false, because: 'forbidden' } });
  expect(await asked('writer')).toMatchObject({ allowed: true, tried: { ok: true } });
});

const anything: Wanted = {
  cluster: 'test',
  namespace: '',
  kind: 'Pod',
  name: '',
  container: '',
  selector: '',
  allowedNamespaces: ['*'],
};

test('a resize of a running pod is accepted only where its own Role is added to the write Role', async () => {
  const access = { writer, resizer: [...writer, ...rulesOf('loopbreaker-resize')] };
  expect(rulesOf('loopbreaker-resize')).toEqual([{ apiGroups: [''], resources: ['pods/resize'], verbs: ['patch'] }]);
  const cluster = await recordedCluster(['oom-startup-python'], { access });
  const resize = actions.flatMap(({ permissions }) => permissions).find(({ resource }) => resource === 'pods/resize')!;
  const able = async (context: string) =>
    (await canDo(cluster.open({ context }), resize, cluster.recordings[0]!.namespace)).allowed;
  expect([await able('writer'), await able('resizer')]).toEqual([false, true]);
});

async function targetOf(cluster: Cluster, namespace: string, name: string) {
  const found = await findTargets(cluster, { ...anything, namespace, name });
  if (found.is !== 'one') throw new Error(`${namespace}/${name}: ${JSON.stringify(found)}`);
  return found.target;
}
