// StatefulSets replace no pod that never became ready: what is written then, once, whatever dies in between.
import { describe, expect, test } from 'vitest';
import { stepsOf } from '../src/core/change.ts';
import { at } from '../src/core/json.ts';
import { uidOf } from '../src/core/normalise/look.ts';
import type { KubeObject } from '../src/core/snapshot.ts';
import type { Cluster } from '../src/kube/clusters.ts';
import { readForPlan, write } from '../src/kube/execute.ts';
import { pods, statefulSets } from '../src/kube/kinds.ts';
import { findObject, getObject } from '../src/kube/objects.ts';
import { observe } from '../src/kube/recovery.ts';
import type { RecordedCluster } from './support/cluster.ts';
import {
  approval,
  carryOut,
  changeNow,
  open,
  type Place,
  patchAs,
  place,
  plan,
  undoOf,
  until,
} from './support/remedies.ts';
import { worlds } from './support/worlds.ts';

const recorded = place('queue-redis', 'StatefulSet', 'queue-redis');
const secondTemplate = { spec: { template: { spec: { containers: [{ name: 'redis', image: 'redis:9' }] } } } };
const uidOfPod = async (cluster: Cluster, { namespace }: Place): Promise<string> => {
  const pod = await findObject(cluster, { resource: pods, namespace, name: 'queue-redis-0' });
  return pod ? uidOf(pod) : '';
};

describe('a StatefulSet that starts its pods in order', () => {
  const redis = recorded;
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
    await patchAs(opened.admin, redis, secondTemplate);
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
});

describe.each(worlds)('such a StatefulSet on $where', ({ open }) => {
  /** A second revision, which its broken pod never gets to run. */
  async function withSecondRevision() {
    const { worker, admin, here } = await open('statefulset-redis-corrupt-aof');
    const redis = here(recorded);
    await patchAs(admin, redis, secondTemplate);
    await until(async () => (await observe(worker, redis, '')).observed);
    return { worker, admin, redis };
  }

  test('gets its template back, and its stuck pod makes way once', async () => {
    const { worker, redis } = await withSecondRevision();
    const stuck = await uidOfPod(worker, redis);
    const made = await plan(worker, redis, 'rollback');
    const { generation } = (await readForPlan(worker, made)).target.metadata;
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    await until(async () => ![stuck, ''].includes(await uidOfPod(worker, redis)));
    expect(await changeNow(worker, made)).toEqual({ is: 'already-done' });
    expect((await readForPlan(worker, made)).target.metadata.generation).toBe(Number(generation) + 1);
  });

  test('whose partition would keep the pod as it is is refused in words', async () => {
    const { worker, admin, redis } = await withSecondRevision();
    const made = await plan(worker, redis, 'rollback');
    await patchAs(admin, redis, { spec: { updateStrategy: { rollingUpdate: { partition: 1 } } } });
    const words = /partition of 1.*kubectl patch statefulset queue-redis/;
    expect(await changeNow(worker, made)).toMatchObject({ is: 'refused', because: expect.stringMatching(words) });
    await expect(plan(worker, redis, 'rollback')).rejects.toThrow(words);
  });

  test('is taken back with the pod that runs by then', async () => {
    const { worker, redis } = await withSecondRevision();
    const stuck = await uidOfPod(worker, redis);
    const made = await plan(worker, redis, 'rollback');
    const { target: raw } = await readForPlan(worker, made);
    await carryOut(worker, made);
    await until(async () => ![stuck, ''].includes(await uidOfPod(worker, redis)));
    const undo = await undoOf(worker, made, raw);
    expect(stepsOf(await changeNow(worker, undo)).map(({ is }) => is)).toEqual(['patch', 'delete-pod']);
    expect(await carryOut(worker, undo)).toMatchObject({ ok: true });
    const now = await getObject(worker, { resource: statefulSets, namespace: redis.namespace, name: 'queue-redis' });
    expect(JSON.stringify(at(now, 'spec', 'template'))).toContain('redis:9');
  });
});
