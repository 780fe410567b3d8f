// Each remedy carried out on a cluster: the right one recovers, a wrong one goes on crashing with the same words, and every
// one can be taken back.
import { describe, expect, test } from 'vitest';
import type { ActionId } from '../src/core/action-id.ts';
import { at } from '../src/core/json.ts';
import { nameOf } from '../src/core/normalise/look.ts';
import type { Plan } from '../src/core/plan.ts';
import { readForPlan, write } from '../src/kube/execute.ts';
import { configMaps, cronJobs, deployments, pods } from '../src/kube/kinds.ts';
import { getObject, listObjects, sendObject } from '../src/kube/objects.ts';
import { observe } from '../src/kube/recovery.ts';
import { changedRecording } from './support/cluster.ts';
import {
  actionOf,
  approval,
  carryOut,
  changeNow,
  look,
  outcome,
  type Place,
  patchAs,
  place,
  plan,
  undoOf,
  until,
  type Wish,
} from './support/remedies.ts';
import { worlds } from './support/worlds.ts';

const whole = worlds.filter(({ isWhole }) => isWhole);

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

describe.each(worlds)('carried out on $where', ({ open, isWhole }) => {
  const right = 'recovered';
  const wrong = 'failed';
  const rows: [string, string, Place, ActionId, Wish, 'recovered' | 'failed'][] = [
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
  ];
  // Who else reads the ConfigMap is looked up, CronJobs included.
  if (isWhole)
    rows.push(['a key of another name: adding it', 'config-key-renamed-optional', feed, 'fix-config', asKey, right]);
  test.each(rows)('%s', async (_name, recording, recorded, id, wish, expected) => {
    const { worker, here } = await open(recording);
    const target = here(recorded);
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
});

describe.each(whole)('what needs all that is read, on $where', ({ open }) => {
  test('a restart is not offered before the dependency is back, and helps then', async () => {
    const { worker, admin, here } = await open('dependency-refused-postgres');
    const ledger = here(place('billing-ledger', 'Deployment', 'ledger-api'));
    const database = here(place('billing-ledger', 'StatefulSet', 'ledger-db'));
    const restart = async () =>
      (await look(worker, ledger)).report.proposals.find(({ action }) => action === 'restart')?.refusal;
    expect(await restart()).toMatch(/^Restart will not help yet: Service ledger-db has no ready endpoint/);
    await patchAs(admin, database, { spec: { replicas: 1 } });
    await until(async () => (await observe(worker, database, '')).ready === 1);
    const made = await plan(worker, ledger, 'restart').catch(() => undefined);
    // The pod may have met its database by itself in the meantime: then there is nothing left to restart.
    if (!made) return expect((await look(worker, ledger)).report.verdict.cause).toMatch(/^none/);
    const appliedAt = new Date(worker.clock.nowMs()).toISOString();
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    expect(await outcome(worker, ledger, appliedAt)).toBe('recovered');
  });

  test('a key that was added to a ConfigMap is taken out again, unless somebody changed it', async () => {
    const { worker, admin, here } = await open('config-key-renamed-optional');
    const { namespace } = here(feed);
    const map = { resource: configMaps, namespace, name: 'product-feed-config' };
    const made = await plan(worker, here(feed), 'fix-config', { choice: { how: 'key' } });
    expect(made.blastRadius).toContain('ConfigMap product-feed-config is read by Deployment product-feed');
    const { target: raw } = await readForPlan(worker, made);
    await carryOut(worker, made);
    const keys = async () => Object.keys((await getObject(worker, map)).data as object);
    expect(await keys()).toContain('db-host');
    const undo = await undoOf(worker, made, raw);
    const foreign = { verb: 'patch' as const, ...map, contentType: 'application/merge-patch+json' };
    const { data } = await getObject(worker, map);
    await sendObject(admin, { ...foreign, body: { data: { 'db-host': 'elsewhere' } } });
    expect(await changeNow(worker, undo)).toMatchObject({ is: 'drift' });
    await sendObject(admin, { ...foreign, body: { data } });
    expect(await carryOut(worker, undo)).toMatchObject({ ok: true });
    expect(await keys()).not.toContain('db-host');
  });

  test('a CronJob is suspended, and resumed by its undo', async () => {
    const { worker, admin, here } = await open('cronjob-failing');
    const backup = here(place('ops-backup', 'CronJob', 'db-backup'));
    const cronJob = { resource: cronJobs, namespace: backup.namespace, name: 'db-backup' };
    const read = () => getObject(worker, cronJob);
    const made = await plan(worker, backup, 'suspend');
    const before = await read();
    await carryOut(worker, made);
    expect(at(await read(), 'spec', 'suspend')).toBe(true);
    const undo = actionOf('suspend').undo(made, before) as Plan;
    await carryOut(worker, undo);
    expect(at(await read(), 'spec', 'suspend')).toBe(false);
    // Suspended by hand after that: whoever did so is not overruled.
    const again = actionOf('suspend').undo(undo, await read()) as Plan;
    const contentType = 'application/merge-patch+json';
    await sendObject(admin, { verb: 'patch', ...cronJob, contentType, body: { spec: { suspend: true } } });
    expect(await changeNow(worker, again)).toMatchObject({ is: 'drift', because: expect.stringContaining('somebody') });
  });
});

describe.each(worlds)('taken back on $where', ({ open }) => {
  test.each<[ActionId, string, Place]>([
    ['rollback', 'bad-rollout-env-removed', avatars],
    ['raise-memory-limit', 'oom-startup-python', embedding],
    ['fix-probe', 'liveness-wrong-port', cart],
    ['fix-probe', 'liveness-delay-too-short', inventory],
    ['fix-config', 'config-key-renamed-optional', feed],
    ['add-writable-volume', 'readonly-rootfs-nginx', place('edge-docs', 'Deployment', 'docs-site')],
    ['raise-cpu-limit', 'cpu-throttled-probe', place('heatmap', 'Deployment', 'heatmap')],
    ['raise-heap-limit', 'jvm-heap-space', place('orders-analytics', 'Deployment', 'order-analytics')],
    ['raise-heap-limit', 'jvm-heap-exit1', place('orders-export', 'Deployment', 'order-export')],
    ['fix-security-context', 'volume-permission-hostpath', place('files-uploads', 'Deployment', 'uploads')],
  ])('%s of %s leaves the template as it was', async (id, recording, recorded) => {
    const { worker, here } = await open(recording);
    const target = here(recorded);
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

  test('disable-service-links leaves the template as it was', async () => {
    const { worker, here } = await open(
      changedRecording('silent-exit', (objects, write) => {
        const words = 'strconv.Atoi: parsing "tcp://10.96.12.7:6379": invalid syntax';
        for (const { kind, metadata } of objects)
          if (kind === 'Pod')
            for (const run of ['previous', 'current']) write(`${metadata.name}.gift-cards.${run}`, `${words}\n`);
      }),
    );
    const gift = here(place('gift-cards', 'Deployment', 'gift-cards'));
    const made = await plan(worker, gift, 'disable-service-links');
    const { target: raw } = await readForPlan(worker, made);
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    const spec = async () => at((await readForPlan(worker, made)).target, 'spec', 'template', 'spec');
    expect(await spec()).toMatchObject({ enableServiceLinks: false });
    expect(await carryOut(worker, await undoOf(worker, made, raw))).toMatchObject({ ok: true });
    expect(await spec()).toEqual(at(raw, 'spec', 'template', 'spec'));
  });

  test('a limit that the API server writes another way, 1024Mi as 1Gi, can be taken back', async () => {
    const { worker, here } = await open(
      changedRecording('oom-startup-python', (objects) => {
        const text = JSON.stringify(objects).replaceAll('"memory":"160Mi"', '"memory":"512Mi"');
        objects.splice(0, objects.length, ...JSON.parse(text));
      }),
    );
    const made = await plan(worker, here(embedding), 'raise-memory-limit');
    expect(made.intent).toMatchObject({ from: '512Mi', to: '1024Mi' });
    const { target: raw } = await readForPlan(worker, made);
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    const limit = async () =>
      at((await readForPlan(worker, made)).target, 'spec', 'template', 'spec', 'containers', 0, 'resources', 'limits');
    expect(await limit()).toMatchObject({ memory: '1Gi' });
    expect(await carryOut(worker, await undoOf(worker, made, raw))).toMatchObject({ ok: true });
    expect(await limit()).toMatchObject({ memory: '512Mi' });
  });

  test('an undo after somebody else changed the workload is refused', async () => {
    const { worker, admin, here } = await open('oom-startup-python');
    const made = await plan(worker, here(embedding), 'raise-memory-limit');
    const { target: raw } = await readForPlan(worker, made);
    await carryOut(worker, made);
    const undo = await undoOf(worker, made, raw);
    await patchAs(admin, here(embedding), { spec: { template: { metadata: { annotations: { by: 'somebody' } } } } });
    expect(await changeNow(worker, undo)).toMatchObject({
      is: 'drift',
      because: 'the template was changed since the plan was made',
    });
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

describe.each(worlds)('what cures nothing by itself on $where', ({ open }) => {
  test('a copy sleeps beside the pod, belongs to nobody, holds no token, and is deleted by its undo', async () => {
    const { worker, here } = await open('silent-exit');
    const gift = here(place('gift-cards', 'Deployment', 'gift-cards'));
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
});

test.each(worlds)('what is owned by somebody else is not written, even with an approval, on $where', async ({
  open,
}) => {
  const { worker, admin, here } = await open('oom-startup-python');
  const target = here(embedding);
  const argo = { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'ml:apps/Deployment:a/b' } } };
  await patchAs(admin, target, argo);
  const made = await plan(worker, target, 'raise-memory-limit');
  const generation = async () => (await readForPlan(worker, made)).target.metadata.generation;
  const before = await generation();
  expect(
    await write(worker, { plan: made, approval: approval(made), change: await changeNow(worker, made) }),
  ).toMatchObject({
    ok: false,
    because: 'rejected',
    why: expect.stringContaining('owned by Argo CD application ml'),
  });
  expect(await generation()).toBe(before);
});
