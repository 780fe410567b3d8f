// Writing to a cluster: only what was approved, only on what was meant, once, and never guessed about afterwards.
import { describe, expect, test } from 'vitest';
import { actions } from '../src/actions/index.ts';
import { reportOf } from '../src/answer.ts';
import type { ActionId } from '../src/core/action-id.ts';
import { APPROVED_ANNOTATION, type Change, PLAN_ANNOTATION } from '../src/core/change.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { at } from '../src/core/json.ts';
import { isRefusal, type Plan } from '../src/core/plan.ts';
import type { Cluster } from '../src/kube/clusters.ts';
import { collect } from '../src/kube/collect.ts';
import { dryRun, readForPlan, write } from '../src/kube/execute.ts';
import { configMaps, deployments, pods } from '../src/kube/kinds.ts';
import { getObject, listObjects, sendObject } from '../src/kube/objects.ts';
import { canDo } from '../src/kube/permissions.ts';
import { observe } from '../src/kube/recovery.ts';
import { type RecordedCluster, recordedCluster, serverThat } from './support/cluster.ts';

const limits = { memoryFactorMax: 8, memoryBytesMax: 8 * 2 ** 30 };
const oom = { namespace: 'search-embeddings', workload: { kind: 'Deployment', name: 'embedding-api' } };
const avatars = { namespace: 'users-avatars', workload: { kind: 'Deployment', name: 'avatars' } };

interface Planned {
  plan: Plan;
  change: Change;
}

async function planned(cluster: Cluster, target: typeof oom, id: ActionId): Promise<Planned> {
  const evidence = evidenceFrom(await collect(cluster, target), target, 'test')!;
  const report = reportOf(evidence, limits);
  const action = actions.find((a) => a.id === id)!;
  const plan = action.plan({ evidence, report, cause: report.causes[0]!, limits });
  if (isRefusal(plan)) throw new Error(plan.refusal);
  return { plan, change: action.change(plan, await readForPlan(cluster, plan)) };
}

const approval = (plan: Plan, at = new Date()) => ({ planId: plan.id, by: 'U1', at: at.toISOString() });
const writes = (cluster: RecordedCluster) =>
  cluster.requests().filter(({ method }) => method === 'PATCH' || method === 'DELETE');
const deployment = (cluster: Cluster, { namespace, workload }: typeof oom) =>
  getObject(cluster, { resource: deployments, namespace, name: workload.name });

describe('an approved plan', () => {
  test.each(['rollback', 'restart'] as const)('%s: tried without effect, then carried out once', async (id) => {
    const cluster = await recordedCluster(['bad-rollout-env-removed']);
    const open = cluster.open({ context: 'writer' });
    const { plan, change } = await planned(open, avatars, id);
    const before = await deployment(open, avatars);

    expect(await dryRun(open, change)).toMatchObject({ ok: true });
    expect((await deployment(open, avatars)).metadata.generation).toBe(before.metadata.generation);

    const yes = approval(plan);
    const written = await write(open, { plan, change, approval: yes });
    expect(written).toMatchObject({ ok: true, result: { uid: plan.target.uid } });
    const after = await deployment(open, avatars);
    expect(after.metadata.annotations).toMatchObject({ [PLAN_ANNOTATION]: plan.id, [APPROVED_ANNOTATION]: yes.at });
    if (id === 'rollback') expect(written).toMatchObject({ result: { templateHash: plan.intent.revisionHash } });

    const [patch] = writes(cluster).slice(-1);
    expect(patch).toMatchObject({
      contentType: 'application/json-patch+json',
      query: { fieldManager: 'loopbreaker', fieldValidation: 'Strict' },
    });
    // The same change again meets its own mark: done, not done twice.
    expect(await write(open, { plan, change, approval: yes })).toMatchObject({ ok: true });
    expect((await deployment(open, avatars)).metadata.generation).toBe(after.metadata.generation);
    const again = actions.find((a) => a.id === id)!.change(plan, await readForPlan(open, plan));
    expect(again).toEqual({ is: 'already-done' });
    expect(await write(open, { plan, change: again, approval: approval(plan) })).toEqual({
      ok: true,
      result: undefined,
    });
  });

  test('a workload that was changed since is drift, and nothing is written', async () => {
    const cluster = await recordedCluster(['bad-rollout-env-removed']);
    const open = cluster.open({ context: 'writer' });
    const { plan, change } = await planned(open, avatars, 'rollback');
    await sendObject(cluster.open({ context: 'admin' }), {
      verb: 'patch',
      resource: deployments,
      namespace: avatars.namespace,
      name: 'avatars',
      contentType: 'application/strategic-merge-patch+json',
      body: { spec: { template: { metadata: { annotations: { changed: 'by-somebody' } } } } },
    });
    const drift = {
      ok: false,
      because: 'drift',
      why: 'The template of Deployment avatars has changed since the plan.',
    };
    expect(await dryRun(open, change)).toEqual(drift);
    expect(await write(open, { plan, change, approval: approval(plan) })).toEqual(drift);
    expect((await deployment(open, avatars)).metadata.annotations).not.toHaveProperty(PLAN_ANNOTATION);
  });

  test('a patch that the API server rejects for itself is not called drift, and its content is not repeated', async () => {
    const cluster = await recordedCluster(['bad-rollout-env-removed']);
    const open = cluster.open({ context: 'writer' });
    const { change } = await planned(open, avatars, 'restart');
    if (change.is !== 'patch') throw new Error('not a patch');
    const bad = { op: 'add' as const, path: '/spec/template/spec/containers/0/imagee', value: 'hunter2-hunter2' };
    const written = await dryRun(open, { ...change, operations: [...change.operations, bad] });
    expect(written).toMatchObject({ ok: false, because: 'rejected', why: expect.stringContaining('unknown field') });
    expect(JSON.stringify(written)).not.toContain('hunter2');
  });

  test('a ConfigMap that was changed in that moment is drift; one that the API server does not want so is not', async () => {
    const cluster = await recordedCluster(['config-key-renamed-optional']);
    const open = cluster.open({ context: 'admin' });
    const place = { resource: configMaps, namespace: 'catalog-feed', name: 'product-feed-config' };
    const found = await getObject(open, place);
    const target = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: place.namespace,
      name: place.name,
      uid: String(found.metadata.uid),
      templateHash: '',
    };
    const guard = { op: 'test' as const, path: '/metadata/uid', value: target.uid };
    const tried = (...operations: { op: 'test' | 'add'; path: string; value: string }[]) =>
      dryRun(open, { is: 'patch', target, operations: [guard, ...operations] });
    const value = String(at(found, 'data', 'db_host'));
    const add = { op: 'add' as const, path: '/data/db-host', value };
    expect(await tried({ op: 'test', path: '/data/db_host', value: 'before' }, add)).toEqual({
      ok: false,
      because: 'drift',
      why: 'ConfigMap product-feed-config was changed since the plan.',
    });
    expect(await tried({ op: 'test', path: '/data/db_host', value }, { ...add, path: '/data/no~1key' })).toMatchObject({
      ok: false,
      because: 'rejected',
    });
    expect(await tried({ op: 'test', path: '/data/db_host', value }, add)).toMatchObject({ ok: true });
  });

  test('without permission it says which, and the cluster stays as it was', async () => {
    const cluster = await recordedCluster(['bad-rollout-env-removed']);
    const { plan, change } = await planned(cluster.open(), avatars, 'rollback');
    expect(await write(cluster.open(), { plan, change, approval: approval(plan) })).toMatchObject({
      ok: false,
      because: 'forbidden',
      why: expect.stringMatching(
        /^Not permitted \(403\): patch deployments in users-avatars; grant it with: kubectl create role/,
      ),
    });
  });
});

describe('what is refused before anything is sent', () => {
  test('another plan, an old approval, another object, an unguarded change, an object of another namespace, a namespace that may not be used', async () => {
    const cluster = await recordedCluster(['bad-rollout-env-removed']);
    const open = cluster.open({ context: 'writer' });
    const { plan, change } = await planned(open, avatars, 'rollback');
    if (change.is !== 'patch') throw new Error('not a patch');
    const yes = approval(plan);
    const unguarded = { ...change, operations: change.operations.filter((o) => o.op !== 'test') };
    const unmarked = {
      ...change,
      operations: change.operations.filter((o) => !o.path.startsWith('/metadata/annotations')),
    };
    const elsewhere = { ...change, target: { ...change.target, name: 'other' } };
    for (const [asked, why] of [
      [{ plan, change, approval: { ...yes, planId: 'other' } }, 'The approval is for another plan.'],
      [
        { plan, change, approval: approval(plan, new Date(Date.now() - 16 * 60_000)) },
        'The approval is older than 15 minutes. Ask for it again.',
      ],
      [
        { plan, change, approval: { ...yes, at: 'yesterday' } },
        'The approval is older than 15 minutes. Ask for it again.',
      ],
      [{ plan, change: elsewhere, approval: yes }, 'The change is for another object than the plan.'],
      [{ plan, change: unguarded, approval: yes }, 'The change is not guarded by the uid and the mark of its plan.'],
      [{ plan, change: unmarked, approval: yes }, 'The change is not guarded by the uid and the mark of its plan.'],
    ] as const)
      expect(await write(open, asked)).toEqual({ ok: false, because: 'rejected', why });
    const along = { ...plan, also: [{ ...plan.target, kind: 'Pod', namespace: 'kube-system', name: 'coredns-0' }] };
    expect(await write(open, { plan: along, change, approval: yes })).toMatchObject({
      ok: false,
      why: 'The plan names objects of another namespace than that of its target.',
    });
    const narrow = cluster.open({ context: 'writer', allowNamespaces: ['shop'] });
    expect(await write(narrow, { plan, change, approval: yes })).toMatchObject({ ok: false });
    expect(writes(cluster)).toEqual([]);
  });

  test('a pod that does not belong to the planned workload is not deleted; its own pod is, by uid', async () => {
    const cluster = await recordedCluster(['statefulset-redis-corrupt-aof', 'bare-pod-crash']);
    const open = cluster.open({ context: 'writer' });
    const [redis] = (await listObjects(open, pods, 'queue-redis')).items;
    const [stranger] = (await listObjects(open, pods, 'debug-tools')).items;
    const owner = (redis!.metadata.ownerReferences as { uid: string }[])[0]!;
    const target = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      namespace: 'queue-redis',
      name: 'queue-redis',
      uid: owner.uid,
      templateHash: '',
    };
    const plan = { id: 'p1', target } as Plan;
    const deletion = (pod: typeof redis, uid = pod!.metadata.uid as string): Change => ({
      is: 'delete-pod',
      namespace: pod!.metadata.namespace as string,
      name: pod!.metadata.name as string,
      uid,
    });
    expect(await write(open, { plan, change: deletion(stranger), approval: approval(plan) })).toEqual({
      ok: false,
      because: 'rejected',
      why: 'Pod traffic-replay does not belong to StatefulSet queue-redis, which the plan is for.',
    });
    expect(await write(open, { plan, change: deletion(redis, 'another-uid'), approval: approval(plan) })).toMatchObject(
      {
        ok: false,
        because: 'drift',
      },
    );
    expect(writes(cluster).filter(({ status }) => status < 300)).toEqual([]);
    expect(await dryRun(open, deletion(redis))).toMatchObject({ ok: true });
    expect(await write(open, { plan, change: deletion(redis), approval: approval(plan) })).toMatchObject({ ok: true });
  });
});

describe('a lost answer', () => {
  const target = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'api',
    uid: 'u-1',
    templateHash: 'h',
  };
  const plan = { id: 'plan-1', target } as Plan;
  const change: Change = {
    is: 'patch',
    target,
    operations: [
      { op: 'test', path: '/metadata/uid', value: 'u-1' },
      { op: 'add', path: '/metadata/annotations/x', value: 'plan-1' },
    ],
  };

  async function losing(after: object | undefined): Promise<unknown> {
    let patches = 0;
    const server = await serverThat((request, response) => {
      if (request.method === 'PATCH') patches++;
      if (request.method === 'PATCH' || !after) return void request.socket.destroy();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(after));
    });
    const written = await write(server.open(), { plan, change, approval: approval(plan) });
    expect(patches).toBe(1);
    return written;
  }

  test('is looked up: the mark says that it was carried out', async () => {
    const metadata = { name: 'api', uid: 'u-1', annotations: { [PLAN_ANNOTATION]: 'plan-1' } };
    expect(await losing({ metadata })).toMatchObject({ ok: true, result: { uid: 'u-1' } });
  });

  test('is looked up: no mark, so nothing happened', async () => {
    expect(await losing({ metadata: { name: 'api', uid: 'u-1' } })).toMatchObject({
      ok: false,
      because: 'unreachable',
    });
  });

  test('cannot be looked up either: then it is not known, and that is said', async () => {
    expect(await losing(undefined)).toMatchObject({ ok: false, because: 'unknown' });
  });
});

test('permissions are asked of the API server, and what cannot be found out counts as no', async () => {
  const cluster = await recordedCluster(['bad-rollout-env-removed']);
  const patch = { apiGroup: 'apps', resource: 'deployments', verbs: ['get', 'patch'] };
  expect(await canDo(cluster.open({ context: 'writer' }), patch, 'users-avatars')).toEqual({
    allowed: true,
    missing: [],
    why: '',
  });
  expect(await canDo(cluster.open(), patch, 'users-avatars')).toEqual({
    allowed: false,
    missing: ['patch'],
    why: 'not permitted: patch deployments in users-avatars',
  });
  const silent = await serverThat(() => undefined);
  expect(await canDo(silent.open({ timeoutMs: 200 }), patch, 'shop')).toEqual({
    allowed: false,
    missing: ['get', 'patch'],
    why: 'Cluster test did not answer within 0.2 s.',
  });
});

describe('what verification sees', () => {
  test('a crash looping workload: nothing ready, its restarts, its warnings, the template it has', async () => {
    const cluster = await recordedCluster(['bad-rollout-env-removed']);
    const open = cluster.open();
    const seen = await observe(open, avatars, '1970-01-01T00:00:00Z');
    expect(seen).toMatchObject({
      desired: 1,
      observed: true,
      restartsByPod: { 'avatars-5778979d57-9c9rc': expect.any(Number) },
    });
    expect(seen.podUids).toHaveLength(2);
    expect(seen.containers.find((c) => c.pod === 'avatars-5778979d57-9c9rc')).toMatchObject({
      name: 'avatars',
      state: 'waiting',
      reason: 'CrashLoopBackOff',
      exitCode: 1,
      ready: false,
    });
    expect(seen.warningsSince.map((w) => w.reason)).toContain('BackOff');
    expect((await observe(open, avatars, new Date(Date.now() + 60_000).toISOString())).warningsSince).toEqual([]);
    const { plan } = await planned(open, avatars, 'restart');
    expect(seen.templateHash).toBe(plan.target.templateHash);
  });

  test('a bare pod, a workload that is gone, and a pod that is gone', async () => {
    const open = (await recordedCluster(['bare-pod-crash'])).open();
    expect(await observe(open, { namespace: 'debug-tools', pod: 'traffic-replay' }, '')).toMatchObject({
      ready: 0,
      desired: 1,
      templateHash: '',
      podUids: [expect.any(String)],
    });
    const gone = { ready: 0, podUids: [], containers: [] };
    expect(await observe(open, { namespace: 'debug-tools', pod: 'x' }, '')).toMatchObject(gone);
    expect(await observe(open, avatars, '')).toMatchObject(gone);
  });
});
