// Each remedy carried out on a cluster: the right one recovers, a wrong one goes on crashing with the same words, and every
// one can be taken back.
import { describe, expect, test } from 'vitest';
import type { ActionId } from '../src/core/action-id.ts';
import { at } from '../src/core/json.ts';
import { nameOf } from '../src/core/normalise/look.ts';
import type { Plan } from '../src/core/plan.ts';
import type { Cluster } from '../src/kube/clusters.ts';
import { readForPlan, write } from '../src/kube/execute.ts';
import { configMaps, cronJobs, deployments, pods } from '../src/kube/kinds.ts';
import { getObject, listObjects, sendObject } from '../src/kube/objects.ts';
import { observe } from '../src/kube/recovery.ts';
import {
  actionOf,
  approval,
  carryOut,
  changeNow,
  look,
  open,
  outcome,
  type Place,
  patchAs,
  place,
  plan,
  undoOf,
  until,
  type Wish,
} from './support/remedies.ts';

const avatars = place('users-avatars', 'Deployment', 'avatars');
const embedding = place('ml-embeddings', 'Deployment', 'embedding-api');
const feed = place('catalog-feed', 'Deployment', 'product-feed');
const profile = place('users-profile', 'Deployment', 'profile-api');
const agent = place('node-agent', 'DaemonSet', 'node-agent');
const serving = place('ml-serving', 'Deployment', 'feature-serving');
const cart = place('shop-cart', 'Deployment', 'cart-api');
const inventory = place('warehouse-inventory', 'Deployment', 'inventory');
const half: Wish = { limits: { memoryFactorMax: 1.5 } };
const asKey: Wish = { choice: { how: 'key' } };

describe('carried out', () => {
  const right = 'recovered';
  const wrong = 'failed';
  test.each<[string, string, Place, ActionId, Wish, 'recovered' | 'failed']>([
    ['a variable that a rollout removed: going back', 'bad-rollout-env-removed', avatars, 'rollback', {}, right],
    ['a variable that a rollout removed: a restart', 'bad-rollout-env-removed', avatars, 'restart', {}, wrong],
    ['a variable that a rollout removed: another node', 'bad-rollout-env-removed', avatars, 'move-off-node', {}, wrong],
    ['a bad image: going back', 'bad-rollout-image', profile, 'rollback', {}, right],
    ['a bad update of a DaemonSet: going back', 'daemonset-bad-update', agent, 'rollback', {}, right],
    ['a bad update of a DaemonSet: a restart of the pod', 'daemonset-bad-update', agent, 'restart', {}, wrong],
    ['too little memory: twice as much', 'oom-startup-python', embedding, 'raise-memory-limit', {}, right],
    ['too little memory: half as much again', 'oom-startup-python', embedding, 'raise-memory-limit', half, wrong],
    [
      'three times too little memory: twice as much',
      'multi-container-one-oom',
      serving,
      'raise-memory-limit',
      {},
      wrong,
    ],
    ['a probe at the wrong port: the right one', 'liveness-wrong-port', cart, 'fix-probe', {}, right],
    ['a probe that is too early: a startupProbe', 'liveness-delay-too-short', inventory, 'fix-probe', {}, right],
    ['a key of another name: reading it', 'config-key-renamed-optional', feed, 'fix-config', {}, right],
    ['a key of another name: adding it', 'config-key-renamed-optional', feed, 'fix-config', asKey, right],
  ])('%s', async (_name, recording, target, id, wish, expected) => {
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
  test.each<[ActionId, string, Place]>([
    ['rollback', 'bad-rollout-env-removed', avatars],
    ['raise-memory-limit', 'oom-startup-python', embedding],
    ['fix-probe', 'liveness-wrong-port', cart],
    ['fix-probe', 'liveness-delay-too-short', inventory],
    ['fix-config', 'config-key-renamed-optional', feed],
    ['add-writable-volume', 'readonly-rootfs-nginx', place('edge-docs', 'Deployment', 'docs-site')],
  ])('%s of %s leaves the template as it was', async (id, recording, target) => {
    const { worker } = await open(recording);
    const before = await observe(worker, target, '');
    const made = await plan(worker, target, id);
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

const patchCronJob = (cluster: Cluster, body: object) =>
  sendObject(cluster, {
    verb: 'patch',
    resource: cronJobs,
    namespace: 'ops-backup',
    name: 'db-backup',
    contentType: 'application/merge-patch+json',
    body,
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
    const { worker, admin } = await open('cronjob-failing');
    const read = () => getObject(worker, { resource: cronJobs, namespace: 'ops-backup', name: 'db-backup' });
    const made = await plan(worker, place('ops-backup', 'CronJob', 'db-backup'), 'suspend');
    const before = await read();
    await carryOut(worker, made);
    expect(at(await read(), 'spec', 'suspend')).toBe(true);
    const undo = actionOf('suspend').undo(made, before) as Plan;
    await carryOut(worker, undo);
    expect(at(await read(), 'spec', 'suspend')).toBe(false);
    // Suspended by hand after that: whoever did so is not overruled.
    const again = actionOf('suspend').undo(undo, await read()) as Plan;
    await patchCronJob(admin, { spec: { suspend: true } });
    expect(await changeNow(worker, again)).toMatchObject({ is: 'drift', because: expect.stringContaining('somebody') });
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
