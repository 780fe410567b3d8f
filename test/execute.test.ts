// Each remedy carried out on a cluster: the right one recovers, a wrong one goes on crashing with the same words, every one
// can be taken back, and whatever died between two effects is found and finished, never done twice.
import { describe, expect, test } from 'vitest';
import { actions } from '../src/actions/index.ts';
import { causeToCure } from '../src/actions/propose.ts';
import { DEFAULT_LIMITS, reportOf } from '../src/answer.ts';
import { type ActionLimits, type Change, isRefusal, type Plan, stepsOf } from '../src/core/action.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { at } from '../src/core/json.ts';
import { nameOf, uidOf } from '../src/core/normalise/look.ts';
import type { ActionId } from '../src/core/rule.ts';
import type { KubeObject } from '../src/core/snapshot.ts';
import { judge } from '../src/core/verify.ts';
import { demoAccess } from '../src/demo/recordings.ts';
import type { Cluster } from '../src/kube/clusters.ts';
import { collect } from '../src/kube/collect.ts';
import { dryRun, readForPlan, type Written, write } from '../src/kube/execute.ts';
import { configMaps, cronJobs, deployments, pods, statefulSets } from '../src/kube/kinds.ts';
import { findObject, getObject, listObjects, sendObject } from '../src/kube/objects.ts';
import { observe } from '../src/kube/recovery.ts';
import { type RecordedCluster, recordedCluster } from './support/cluster.ts';

interface Place {
  namespace: string;
  workload: { kind: string; name: string };
}
interface Wish {
  limits?: Partial<ActionLimits>;
  choice?: { [name: string]: string };
}

const place = (namespace: string, kind: string, name: string): Place => ({ namespace, workload: { kind, name } });
const actionOf = (id: ActionId) => actions.find((action) => action.id === id)!;
const approval = (plan: Plan) => ({ planId: plan.id, by: 'U1', at: new Date().toISOString(), signed: null });

async function open(recording: string): Promise<{ double: RecordedCluster; worker: Cluster; admin: Cluster }> {
  const double = await recordedCluster([recording], { access: { worker: demoAccess() }, clockSpeed: 50 });
  return { double, worker: double.open({ context: 'worker' }), admin: double.open({ context: 'admin' }) };
}

async function look(cluster: Cluster, target: Place) {
  const evidence = evidenceFrom(await collect(cluster, target), target, 'test')!;
  return { evidence, report: reportOf(evidence) };
}

async function plan(cluster: Cluster, target: Place, id: ActionId, { limits, choice }: Wish = {}): Promise<Plan> {
  const { evidence, report } = await look(cluster, target);
  const cause = causeToCure(report)!;
  const draft = actionOf(id).plan({ evidence, report, cause, limits: { ...DEFAULT_LIMITS, ...limits }, choice });
  if (isRefusal(draft)) throw new Error(draft.refusal);
  const complete = actionOf(id).complete?.(draft, await readForPlan(cluster, draft)) ?? draft;
  if (isRefusal(complete)) throw new Error(complete.refusal);
  return complete;
}

const changeNow = async (cluster: Cluster, made: Plan): Promise<Change> =>
  actionOf(made.action).change(made, await readForPlan(cluster, made));

async function carryOut(cluster: Cluster, made: Plan): Promise<Written> {
  const change = await changeNow(cluster, made);
  expect(await dryRun(cluster, change)).toMatchObject({ ok: true });
  return write(cluster, { plan: made, approval: approval(made), change });
}

/** The undo as it is approved later: aimed at what the write left behind. */
async function undoOf(cluster: Cluster, made: Plan, before: KubeObject): Promise<Plan> {
  const undo = actionOf(made.action).undo(made, before);
  if (isRefusal(undo)) throw new Error(undo.refusal);
  const { report } = await look(cluster, place(made.target.namespace, made.target.kind, made.target.name));
  expect(report.target.workload.name).toBe(made.target.name);
  const seen = await observe(cluster, place(made.target.namespace, made.target.kind, made.target.name), '');
  return { ...undo, target: { ...undo.target, templateHash: seen.templateHash } };
}

/** Watches until it is judged; the bound is no expectation, only the end of a test that would never end. */
async function outcome(cluster: Cluster, target: Place, appliedAt: string): Promise<string> {
  for (let left = 400; left > 0; left--) {
    const judged = judge(await observe(cluster, target, appliedAt), { appliedAt, steadySeconds: 2 });
    if (judged.is !== 'waiting') return judged.is;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return 'waiting';
}

const avatars = place('users-avatars', 'Deployment', 'avatars');
const embedding = place('ml-embeddings', 'Deployment', 'embedding-api');
const feed = place('catalog-feed', 'Deployment', 'product-feed');

describe('carried out', () => {
  test.each<[string, Place, ActionId, Wish, 'recovered' | 'failed']>([
    ['bad-rollout-env-removed', avatars, 'rollback', {}, 'recovered'],
    ['bad-rollout-env-removed', avatars, 'restart', {}, 'failed'],
    ['bad-rollout-image', place('users-profile', 'Deployment', 'profile-api'), 'rollback', {}, 'recovered'],
    ['daemonset-bad-update', place('node-agent', 'DaemonSet', 'node-agent'), 'rollback', {}, 'recovered'],
    ['daemonset-bad-update', place('node-agent', 'DaemonSet', 'node-agent'), 'restart', {}, 'failed'],
    ['oom-startup-python', embedding, 'raise-memory-limit', {}, 'recovered'],
    ['oom-startup-python', embedding, 'raise-memory-limit', { limits: { memoryFactorMax: 1.5 } }, 'failed'],
    [
      'multi-container-one-oom',
      place('ml-serving', 'Deployment', 'feature-serving'),
      'raise-memory-limit',
      {},
      'failed',
    ],
    ['liveness-wrong-port', place('shop-cart', 'Deployment', 'cart-api'), 'fix-probe', {}, 'recovered'],
    ['liveness-delay-too-short', place('warehouse-inventory', 'Deployment', 'inventory'), 'fix-probe', {}, 'recovered'],
    ['config-key-renamed-optional', feed, 'fix-config', {}, 'recovered'],
    ['config-key-renamed-optional', feed, 'fix-config', { choice: { how: 'key' } }, 'recovered'],
    ['bad-rollout-env-removed', avatars, 'move-off-node', {}, 'failed'],
  ])('%s in %o: %s %o is judged %s', async (recording, target, id, wish, expected) => {
    const { worker } = await open(recording);
    const { report } = await look(worker, target);
    const made = await plan(worker, target, id, wish);
    const appliedAt = new Date(worker.clock.nowMs()).toISOString();
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    expect(await outcome(worker, target, appliedAt)).toBe(expected);
    const after = (await look(worker, target)).report;
    if (expected === 'recovered') expect(after.verdict.cause).toMatch(/^none/);
    else expect(after.verdict.cause).toBe(report.verdict.cause);
    expect(await changeNow(worker, made)).toEqual({ is: 'already-done' });
  });

  test('a restart is not offered before the dependency is back, and helps then', async () => {
    const { worker, admin } = await open('dependency-refused-postgres');
    const ledger = place('billing-ledger', 'Deployment', 'ledger-api');
    const restart = async () =>
      (await look(worker, ledger)).report.proposals.find(({ action }) => action === 'restart')?.refusal;
    expect(await restart()).toMatch(/^Restart will not help yet: Service ledger-db has no ready endpoint/);
    await patchAs(admin, place('billing-ledger', 'StatefulSet', 'ledger-db'), { spec: { replicas: 1 } });
    await until(
      async () => (await observe(worker, place('billing-ledger', 'StatefulSet', 'ledger-db'), '')).ready === 1,
    );
    const made = await plan(worker, ledger, 'restart').catch(() => undefined);
    // The pod may have met its database by itself in the meantime: then there is nothing left to restart.
    if (!made) return expect((await look(worker, ledger)).report.verdict.cause).toMatch(/^none/);
    const appliedAt = new Date(worker.clock.nowMs()).toISOString();
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    expect(await outcome(worker, ledger, appliedAt)).toBe('recovered');
  });
});

describe('taken back', () => {
  test.each<[string, Place, ActionId, Wish]>([
    ['bad-rollout-env-removed', avatars, 'rollback', {}],
    ['oom-startup-python', embedding, 'raise-memory-limit', {}],
    ['liveness-wrong-port', place('shop-cart', 'Deployment', 'cart-api'), 'fix-probe', {}],
    ['liveness-delay-too-short', place('warehouse-inventory', 'Deployment', 'inventory'), 'fix-probe', {}],
    ['config-key-renamed-optional', feed, 'fix-config', {}],
    ['readonly-rootfs-nginx', place('edge-docs', 'Deployment', 'docs-site'), 'add-writable-volume', {}],
  ])('%s in %o: after %s the template is as it was', async (recording, target, id, wish) => {
    const { worker } = await open(recording);
    const before = await observe(worker, target, '');
    const made = await plan(worker, target, id, wish);
    const { target: raw } = await readForPlan(worker, made);
    const specBefore = at(raw, 'spec', 'template', 'spec');
    await carryOut(worker, made);
    expect((await observe(worker, target, '')).templateHash).not.toBe(before.templateHash);
    const undo = await undoOf(worker, made, raw);
    expect(await carryOut(worker, undo)).toMatchObject({ ok: true });
    const now = await getObject(worker, {
      resource: deployments,
      namespace: target.namespace,
      name: target.workload.name,
    });
    expect(withoutEmpty(at(now, 'spec', 'template', 'spec'))).toEqual(withoutEmpty(specBefore));
  });

  test('an undo after somebody else changed the workload is refused', async () => {
    const { worker, admin } = await open('oom-startup-python');
    const made = await plan(worker, embedding, 'raise-memory-limit');
    const { target: raw } = await readForPlan(worker, made);
    await carryOut(worker, made);
    const undo = await undoOf(worker, made, raw);
    await patchAs(admin, embedding, { spec: { template: { metadata: { annotations: { by: 'somebody' } } } } });
    expect(await changeNow(worker, undo)).toMatchObject({
      is: 'drift',
      because: 'the template was changed since the plan was made',
    });
  });

  test('a key that was added to a ConfigMap is taken out again, unless somebody changed it', async () => {
    const { worker, admin } = await open('config-key-renamed-optional');
    const made = await plan(worker, feed, 'fix-config', { choice: { how: 'key' } });
    expect(made.blastRadius).toContain('ConfigMap product-feed-config is read by Deployment product-feed');
    const { target: raw } = await readForPlan(worker, made);
    await carryOut(worker, made);
    const keys = async () =>
      Object.keys(
        (await getObject(worker, { resource: configMaps, namespace: feed.namespace, name: 'product-feed-config' }))
          .data as object,
      );
    expect(await keys()).toContain('db-host');
    const undo = await undoOf(worker, made, raw);
    const foreign = {
      verb: 'patch' as const,
      resource: configMaps,
      namespace: feed.namespace,
      name: 'product-feed-config',
      contentType: 'application/merge-patch+json',
    };
    const { data } = await getObject(worker, {
      resource: configMaps,
      namespace: feed.namespace,
      name: 'product-feed-config',
    });
    await sendObject(admin, { ...foreign, body: { data: { 'db-host': 'elsewhere' } } });
    expect(await changeNow(worker, undo)).toMatchObject({ is: 'drift' });
    await sendObject(admin, { ...foreign, body: { data } });
    expect(await carryOut(worker, undo)).toMatchObject({ ok: true });
    expect(await keys()).not.toContain('db-host');
  });
});

/** An object that only held what was taken away again may stay behind empty. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner)] as const);
  return Object.fromEntries(
    kept.filter(
      ([key, inner]) => key === 'emptyDir' || (JSON.stringify(inner) !== '{}' && JSON.stringify(inner) !== '[]'),
    ),
  );
}

const patchAs = (cluster: Cluster, { namespace, workload }: Place, body: object) =>
  sendObject(cluster, {
    verb: 'patch',
    resource: workload.kind === 'StatefulSet' ? statefulSets : deployments,
    namespace,
    name: workload.name,
    contentType: 'application/strategic-merge-patch+json',
    body,
  });

describe('a StatefulSet that starts its pods in order', () => {
  const redis = place('queue-redis', 'StatefulSet', 'queue-redis');
  const podNow = (cluster: Cluster) =>
    findObject(cluster, { resource: pods, namespace: 'queue-redis', name: 'queue-redis-0' });
  const writesOf = (double: RecordedCluster) =>
    double
      .requests()
      .filter(
        (r) =>
          (r.method === 'PATCH' || r.method === 'DELETE') && !JSON.stringify(r).includes('dryRun') && r.status < 300,
      );

  /** A second revision, which its broken pod never gets to run. */
  async function withSecondRevision() {
    const opened = await open('statefulset-redis-corrupt-aof');
    await patchAs(opened.admin, redis, {
      spec: { template: { spec: { containers: [{ name: 'redis', image: 'redis:9' }] } } },
    });
    return { ...opened, writesOf: () => writesOf(opened.double).slice(1) };
  }

  test('gets its template back, and its stuck pod is deleted once, by its uid', async () => {
    const { worker, writesOf } = await withSecondRevision();
    const stuck = uidOf((await podNow(worker))!);
    const made = await plan(worker, redis, 'rollback');
    expect(made.also).toEqual([expect.objectContaining({ kind: 'Pod', name: 'queue-redis-0', uid: stuck })]);
    expect(made.warnings.join()).toContain('queue-redis-0 is deleted too, once');
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    expect(writesOf().map(({ method }) => method)).toEqual(['PATCH', 'DELETE']);
    await until(async () => uidOf((await podNow(worker)) ?? ({ metadata: {} } as KubeObject)) !== stuck);
    expect(await changeNow(worker, made)).toEqual({ is: 'already-done' });
  });

  test('whose worker died between the two effects is finished, and only that', async () => {
    const { worker, writesOf } = await withSecondRevision();
    const made = await plan(worker, redis, 'rollback');
    const change = await changeNow(worker, made);
    const [patch] = stepsOf(change);
    expect(stepsOf(change).map(({ is }) => is)).toEqual(['patch', 'delete-pod']);
    expect(await write(worker, { plan: made, approval: approval(made), change: patch! })).toMatchObject({ ok: true });
    const rest = await changeNow(worker, made);
    expect(stepsOf(rest).map(({ is }) => is)).toEqual(['delete-pod']);
    expect(await write(worker, { plan: made, approval: approval(made), change: rest })).toMatchObject({ ok: true });
    // A late second try of the whole change does nothing more to the pod that came since.
    const before = writesOf().length;
    await until(async () => (await podNow(worker)) !== undefined);
    expect(await write(worker, { plan: made, approval: approval(made), change })).toMatchObject({ ok: true });
    expect(
      writesOf()
        .slice(before)
        .filter(({ method }) => method === 'DELETE'),
    ).toEqual([]);
  });

  test('is restarted by deleting the one pod, and what that loses is said', async () => {
    const { worker, double } = await open('statefulset-redis-corrupt-aof');
    const made = await plan(worker, redis, 'restart');
    expect(made.warnings.join()).toContain('outside persistent volumes is lost');
    const stuck = uidOf((await podNow(worker))!);
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    expect(writesOf(double).map(({ method }) => method)).toEqual(['PATCH', 'DELETE']);
    await until(async () => ![stuck, ''].includes(uidOf((await podNow(worker)) ?? ({ metadata: {} } as KubeObject))));
    expect(await changeNow(worker, made)).toEqual({ is: 'already-done' });
  });

  test('whose partition would keep the pod as it is is refused in words', async () => {
    const { worker, admin } = await withSecondRevision();
    await patchAs(admin, redis, { spec: { updateStrategy: { rollingUpdate: { partition: 1 } } } });
    const made = await plan(worker, redis, 'rollback');
    expect(await changeNow(worker, made)).toMatchObject({
      is: 'refused',
      because: expect.stringMatching(/partition of 1.*kubectl patch statefulset queue-redis/),
    });
  });

  test('is taken back with the pod that runs by then', async () => {
    const { worker } = await withSecondRevision();
    const made = await plan(worker, redis, 'rollback');
    const { target: raw } = await readForPlan(worker, made);
    await carryOut(worker, made);
    await until(async () => (await podNow(worker)) !== undefined);
    const undo = await undoOf(worker, made, raw);
    expect(stepsOf(await changeNow(worker, undo)).map(({ is }) => is)).toEqual(['patch', 'delete-pod']);
    expect(await carryOut(worker, undo)).toMatchObject({ ok: true });
    const now = await getObject(worker, { resource: statefulSets, namespace: 'queue-redis', name: 'queue-redis' });
    expect(JSON.stringify(at(now, 'spec', 'template'))).toContain('redis:9');
  });
});

describe('what cures nothing by itself', () => {
  test('a copy sleeps beside the pod, belongs to nobody, holds no token, and is deleted by its undo', async () => {
    const gift = place('gift-cards', 'Deployment', 'gift-cards');
    const { worker } = await open('silent-exit');
    const { namespace } = gift;
    const made = await plan(worker, gift, 'debug-copy');
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    expect(await changeNow(worker, made)).toEqual({ is: 'already-done' });
    const all = (await listObjects(worker, pods, namespace)).items;
    const copy = all.find((pod) => nameOf(pod).includes('-copy-'))!;
    expect(copy.metadata.ownerReferences).toBeUndefined();
    expect(copy.metadata.labels).toEqual({
      'app.kubernetes.io/managed-by': 'loopbreaker',
      'loopbreaker.dev/copy': 'true',
    });
    expect(copy.spec).toMatchObject({
      restartPolicy: 'Never',
      activeDeadlineSeconds: 1800,
      automountServiceAccountToken: false,
    });
    expect(JSON.stringify(copy.spec)).not.toMatch(/serviceAccountToken"|Probe"|hostPort|ownerReferences/);
    expect(at(copy, 'spec', 'containers', 0, 'command')).toEqual(['sleep', '1800']);
    expect(actionOf('debug-copy').report!(made)).toContain(
      `kubectl exec -it ${nameOf(copy)} -n ${namespace} -c gift-cards -- sh`,
    );

    const undo = actionOf('debug-copy').undo(made, copy) as Plan;
    expect(await carryOut(worker, undo)).toMatchObject({ ok: true });
    expect(await changeNow(worker, undo)).toEqual({ is: 'already-done' });
  });

  test('a CronJob is suspended, and resumed by its undo', async () => {
    const { worker } = await open('cronjob-failing');
    const read = () => getObject(worker, { resource: cronJobs, namespace: 'ops-backup', name: 'db-backup' });
    const made = await plan(worker, place('ops-backup', 'CronJob', 'db-backup'), 'suspend');
    const before = await read();
    await carryOut(worker, made);
    expect(at(await read(), 'spec', 'suspend')).toBe(true);
    const undo = actionOf('suspend').undo(made, before) as Plan;
    await carryOut(worker, undo);
    expect(at(await read(), 'spec', 'suspend')).toBe(false);
  });
});

test('what is owned by somebody else is not written, even with an approval', async () => {
  const { worker, admin, double } = await open('oom-startup-python');
  const argo = { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'ml:apps/Deployment:a/b' } } };
  await patchAs(admin, embedding, argo);
  const made = await plan(worker, embedding, 'raise-memory-limit');
  const before = double.requests().filter(({ method }) => method === 'PATCH').length;
  expect(
    await write(worker, { plan: made, approval: approval(made), change: await changeNow(worker, made) }),
  ).toMatchObject({
    ok: false,
    because: 'rejected',
    why: expect.stringContaining('owned by Argo CD application ml'),
  });
  expect(double.requests().filter(({ method }) => method === 'PATCH')).toHaveLength(before);
});

/** The bound is no expectation, only the end of a test that would never end. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let left = 400; left > 0; left--) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('never seen');
}
