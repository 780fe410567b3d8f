// Copies of a pod to look into: what they are made of, what they prove, and how they go away again, also when the worker
// dies in between.
import { expect, test } from 'vitest';
import { stepsOf } from '../src/core/change.ts';
import type { DebugCopy } from '../src/core/copy.ts';
import type { IncidentEvent } from '../src/core/incident/events.ts';
import { offersOf } from '../src/core/incident/offers.ts';
import type { IncidentState } from '../src/core/incident/state.ts';
import { step } from '../src/core/incident/step.ts';
import { at } from '../src/core/json.ts';
import { nameOf, uidOf } from '../src/core/normalise/look.ts';
import type { Plan } from '../src/core/plan.ts';
import type { Policy } from '../src/core/policy/policy.ts';
import type { Cluster } from '../src/kube/clusters.ts';
import { pods } from '../src/kube/kinds.ts';
import { findObject, getObject, listObjects, sendObject } from '../src/kube/objects.ts';
import { cleanUpJob } from '../src/roles/jobs/copy.ts';
import { verifyJob } from '../src/roles/jobs/verify.ts';
import type { Work } from '../src/roles/jobs/work.ts';
import { createLog } from '../src/roles/log.ts';
import { planned } from './support/actions.ts';
import { request } from './support/audited.ts';
import { actionOf, carryOut, changeNow, look, open, type Place, place, plan, until } from './support/remedies.ts';

const cart = place('shop-cart', 'Deployment', 'cart-api');
const gift = place('gift-cards', 'Deployment', 'gift-cards');
const original = { choice: { variant: 'original' } };
const IMAGE = `registry.example.com/busybox:1.37.0-musl@sha256:${'a'.repeat(64)}`;

const podsOf = async (cluster: Cluster, { namespace }: Place) => (await listObjects(cluster, pods, namespace)).items;
const copyIn = async (cluster: Cluster, where: Place) =>
  (await podsOf(cluster, where)).find((pod) => nameOf(pod).includes('-copy-'));

/** The incident as it is once the copy was made, told by the production story. */
async function made(recording: string, where: Place, wish: Parameters<typeof plan>[3]) {
  const { worker, admin } = await open(recording);
  const { report } = await look(worker, where);
  const wanted = await plan(worker, where, 'debug-copy', wish);
  expect(await carryOut(worker, wanted)).toMatchObject({ ok: true });
  const pod = (await copyIn(worker, where))!;
  const copy: DebugCopy = {
    planId: wanted.id,
    namespace: where.namespace,
    name: nameOf(pod),
    uid: uidOf(pod),
  };
  const undo = actionOf('debug-copy').undo(wanted, pod) as Plan;
  const target = { cluster: 'prod', ...where };
  const expiresAt = new Date(Date.now() + 900_000).toISOString();
  let state: IncidentState | null = null;
  let effects: unknown[] = [];
  const told: IncidentEvent[] = [];
  const tell = async (event: IncidentEvent): Promise<IncidentState> => {
    told.push(event);
    ({ state, effects } = step(state, event, new Date().toISOString()));
    return state;
  };
  await tell({ type: 'asked', id: 'incident-1', request });
  await tell({ type: 'diagnosed', target, report });
  await tell({ type: 'plan-wanted', action: 'debug-copy', by: 'U0ANN' });
  await tell({ type: 'planned', plan: wanted, askedBy: 'U0ANN', dryRun: '', expiresAt });
  await tell({ type: 'approved', planId: wanted.id, by: 'U0BOB' });
  await tell({ type: 'writing', planId: wanted.id, undo, undoRefusal: '' });
  await tell({ type: 'applied', planId: wanted.id, templateHash: '', steadySeconds: 3, copy });
  let remediation: Policy['remediation'] = 'on';
  const work = {
    clusters: new Map([['prod', worker]]),
    policy: () => ({ remediation }) as Policy,
    tell: (_: string, event: IncidentEvent) => tell(event),
    log: createLog('silent', 'test'),
  } as unknown as Work;
  return {
    worker,
    admin,
    work,
    wanted,
    undo,
    copy,
    told,
    state: () => state as unknown as IncidentState,
    effects: () => effects,
    switchTo: (to: Policy['remediation']) => {
      remediation = to;
    },
  };
}

async function watched({ work, state, wanted }: Awaited<ReturnType<typeof made>>): Promise<IncidentState> {
  while (state().phase === 'verifying') await verifyJob(work, state(), wanted.id, new AbortController().signal);
  return state();
}

test('an image without a shell sleeps with one that is lent to it, under the strictest security level', async () => {
  const { worker } = await open('silent-exit');
  const wanted = await plan(worker, gift, 'debug-copy', { limits: { debugImage: IMAGE } });
  expect(wanted.diff).toContain(`init container from ${IMAGE}`);
  const [create] = stepsOf(await changeNow(worker, wanted));
  const spec = create?.is === 'create-pod' ? create.pod.spec : undefined;
  expect(at(spec, 'initContainers', 0)).toMatchObject({
    image: IMAGE,
    command: ['/bin/busybox', 'cp', '/bin/busybox', '/loopbreaker/busybox'],
    securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
  });
  expect(at(spec, 'containers', 0, 'command')).toEqual(['/loopbreaker/busybox', 'sleep', '1800']);
  expect(actionOf('debug-copy').report!(wanted)).toContain('-c gift-cards -- /loopbreaker/busybox sh');
  expect(await carryOut(worker, wanted)).toMatchObject({ ok: true });
  const phase = async () => at(await copyIn(worker, gift), 'status', 'phase');
  await until(async () => (await phase()) === 'Running');
});

test('the program lives without its probe: the probe is guilty, and that stands among the evidence', async () => {
  const all = await made('liveness-wrong-port', cart, original);
  const { phase, sentence, report, operation } = await watched(all);
  expect(phase).toBe('diagnosed');
  expect(sentence).toMatch(/^Without its probes cart-api lives, .* so far: the probe ends it, not the program\. /);
  expect(sentence).toContain(`kubectl delete pod ${all.copy.name} -n shop-cart`);
  expect(report?.context.at(-1)).toMatchObject({ kind: 'debug-copy', text: expect.stringContaining('the probe ends') });
  expect(operation?.undo?.intent.copy).toBe(all.copy.name);
});

test('the program ends without its probe as well: the program is guilty', async () => {
  const all = await made('silent-exit', gift, original);
  const { sentence, report } = await watched(all);
  expect(sentence).toMatch(/^Without its probes gift-cards ends as well \(.*exit code 1\): the program ends, not the /);
  expect(report?.context.at(-1)?.kind).toBe('debug-copy');
});

test('a copy is deleted once when its time is over, also when the worker dies before it could say so', async () => {
  const { worker, work, state, effects, wanted, copy, told } = await made('silent-exit', gift, {});
  expect(effects()).toContainEqual({ job: 'clean-up', planId: wanted.id, delayMs: 1_800_000 });
  const dying: Work = { ...work, tell: () => Promise.reject(new Error('killed')) };
  await expect(cleanUpJob(dying, state(), wanted.id)).rejects.toThrow('killed');
  await until(async () => {
    const left = await findObject(worker, { resource: pods, namespace: copy.namespace, name: copy.name });
    return left === undefined || left.metadata.deletionTimestamp !== undefined;
  });
  await cleanUpJob(work, state(), wanted.id);
  expect(told.at(-1)).toMatchObject({ type: 'copy-ended', gone: true });
  expect(state().copies).toEqual([]);
  const before = told.length;
  await cleanUpJob(work, state(), wanted.id);
  expect(told).toHaveLength(before);
});

test('a pod that somebody else put in the place of the copy stays', async () => {
  const { admin, work, state, wanted, copy, told } = await made('silent-exit', gift, {});
  const where = { resource: pods, namespace: copy.namespace, name: copy.name };
  await sendObject(admin, { verb: 'delete', ...where, query: { gracePeriodSeconds: '0' } });
  const container = { name: 'app', image: 'registry.example.com/app:1' };
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: copy.name }, spec: { containers: [container] } };
  await sendObject(admin, { verb: 'create', resource: pods, namespace: copy.namespace, body });
  await cleanUpJob(work, state(), wanted.id);
  expect(told.at(-1)).toMatchObject({ type: 'copy-ended', gone: true });
  expect(uidOf(await getObject(admin, where))).not.toBe(copy.uid);
});

test('nothing is deleted while changes are switched off; later it is', async () => {
  const { worker, work, state, wanted, switchTo } = await made('silent-exit', gift, {});
  switchTo('off');
  await expect(cleanUpJob(work, state(), wanted.id)).rejects.toThrow(/again in/);
  expect((await copyIn(worker, gift))?.metadata.deletionTimestamp).toBeUndefined();
  switchTo('on');
  await cleanUpJob(work, state(), wanted.id);
  expect(state().copies).toEqual([]);
});

test('the button that deletes the copy works although the pod it was made from is gone, and goes away with the copy', async () => {
  const all = await made('silent-exit', gift, {});
  const { worker, admin, undo, work, state, wanted } = all;
  await watched(all);
  expect(offersOf(state()).map(({ title }) => title)).toContain('Delete the copy…');
  const from = { resource: pods, namespace: gift.namespace, name: wanted.target.name };
  await sendObject(admin, { verb: 'delete', ...from, query: { gracePeriodSeconds: '0' } });
  expect(await carryOut(worker, undo)).toMatchObject({ ok: true });
  await cleanUpJob(work, state(), wanted.id);
  expect(offersOf(state()).map(({ title }) => title)).not.toContain('Delete the copy…');
});

test('a copy for which the quota has no room is refused in words', async () => {
  const refused = planned('silent-exit', 'debug-copy', {
    change: (objects) => {
      const namespace = gift.namespace;
      const status = { hard: { pods: '1' }, used: { pods: '1' } };
      const metadata = { name: 'small', namespace, uid: 'q' };
      objects.push({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: status.hard }, status });
    },
  });
  expect(refused).toEqual({
    refusal:
      'Quota small has no room for a copy: 1 of 1 pods are in use. Have it raised, or look into the pod itself with kubectl debug.',
  });
});
