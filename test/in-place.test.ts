// A higher limit for a pod that its workload leaves as it is: the template first, then the running container, once.
import { describe, expect, test } from 'vitest';
import { stepsOf } from '../src/core/change.ts';
import { at } from '../src/core/json.ts';
import { uidOf } from '../src/core/normalise/look.ts';
import { isRefusal, type Plan } from '../src/core/plan.ts';
import type { KubeObject } from '../src/core/snapshot.ts';
import { judge } from '../src/core/verify.ts';
import type { Cluster } from '../src/kube/clusters.ts';
import { dryRun, readForPlan, write } from '../src/kube/execute.ts';
import { pods } from '../src/kube/kinds.ts';
import { findObject, sendObject } from '../src/kube/objects.ts';
import { canDo } from '../src/kube/permissions.ts';
import { observe } from '../src/kube/recovery.ts';
import { wantedLimits } from '../src/kube/resized.ts';
import { planned } from './support/actions.ts';
import { held, openHeld, type Wish } from './support/held.ts';
import { actionOf, approval, carryOut, changeNow, look, patchAs, plan, undoOf, until } from './support/remedies.ts';

const podOf = (cluster: Cluster, { inPlace, target }: Plan) =>
  findObject(cluster, { resource: pods, namespace: target.namespace, name: inPlace!.name });
const limitsOf = async (cluster: Cluster, made: Plan) =>
  at(await podOf(cluster, made), 'spec', 'containers', 0, 'resources');

/** Refused in words; throws when a plan is made. */
async function refused(wish: Wish, change: (objects: Awaited<ReturnType<typeof look>>) => void = () => {}) {
  const { worker, target } = await openHeld(held.memory, wish);
  const seen = await look(worker, target);
  change(seen);
  const { evidence, report } = seen;
  const limits = { memoryFactorMax: 4, memoryBytesMax: 2 ** 34 };
  const made = actionOf('raise-memory-limit').plan({ evidence, report, cause: report.causes[0]!, limits });
  if (!isRefusal(made)) throw new Error(made.title);
  return made.refusal;
}

/** Watches as the worker does, past the moment at which the container would have died. */
async function outcome(cluster: Cluster, made: Plan, appliedAt: string) {
  const { namespace, kind, name } = made.target;
  let judged: ReturnType<typeof judge> | undefined;
  await until(async () => {
    const sight = await observe(cluster, { namespace, workload: { kind, name } }, appliedAt, wantedLimits(made));
    judged = judge(sight, { appliedAt, steadySeconds: 4 });
    return judged.is !== 'waiting';
  });
  return judged!;
}

describe('a paused Deployment whose container runs between two kills', () => {
  test('gets the limit in its template and then in the running pod, which recovers without a restart', async () => {
    const { worker, double, target } = await openHeld(held.memory);
    const made = await plan(worker, target, 'raise-memory-limit');
    const before = (await podOf(worker, made))!;
    expect(made.blastRadius).toMatch(
      /^1 of 1 pod of Deployment stream-processor: \S+, which keeps running; \d serves? now/,
    );
    expect(made.warnings.join()).toContain('stays paused: its template keeps the new limit');
    expect(made.verification).toContain('What the resize says of itself is not believed');
    expect(made.undo).toMatch(/^Set the limit of the template back to 128Mi\. \S+ keeps 256Mi until it is replaced\.$/);
    expect(stepsOf(await changeNow(worker, made)).map(({ is }) => is)).toEqual(['patch', 'resize-pod']);

    const appliedAt = new Date().toISOString();
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    expect(await outcome(worker, made, appliedAt)).toMatchObject({ is: 'recovered' });
    const after = (await podOf(worker, made))!;
    expect(uidOf(after)).toBe(uidOf(before));
    expect(at(after, 'status', 'containerStatuses', 0, 'restartCount')).toBe(4);
    expect(at(after, 'spec', 'containers', 0, 'resources', 'limits')).toEqual({ memory: '256Mi' });
    expect(
      at((await readForPlan(worker, made)).target, 'spec', 'template', 'spec', 'containers', 0, 'resources'),
    ).toEqual({ limits: { memory: '256Mi' }, requests: { memory: '128Mi' } });
    const writes = double.requests().filter((r) => r.method === 'PATCH' && !JSON.stringify(r).includes('dryRun'));
    expect(writes.map(({ path }) => path.split('/').slice(-2).join('/'))).toEqual([
      'deployments/stream-processor',
      expect.stringMatching(/^stream-processor-\S+\/resize$/),
    ]);
  });

  test('whose worker died between the two writes is finished, and only that', async () => {
    const { worker } = await openHeld(held.memory);
    const made = await plan(worker, target(), 'raise-memory-limit');
    const [patch] = stepsOf(await changeNow(worker, made));
    expect(await write(worker, { plan: made, approval: approval(made), change: patch! })).toMatchObject({ ok: true });
    expect(at(await limitsOf(worker, made), 'limits', 'memory')).toBe('128Mi');
    const rest = await changeNow(worker, made);
    expect(stepsOf(rest).map(({ is }) => is)).toEqual(['resize-pod']);
    expect(await write(worker, { plan: made, approval: approval(made), change: rest })).toMatchObject({ ok: true });
    expect(await changeNow(worker, made)).toEqual({ is: 'already-done' });
    // A late second try finds that the pod asks for it already.
    expect(await write(worker, { plan: made, approval: approval(made), change: rest })).toMatchObject({ ok: true });
  });
  const target = () => ({ namespace: 'events-stream', workload: { kind: 'Deployment', name: 'stream-processor' } });

  test('whose container ends before anything is written is left alone, in words', async () => {
    const { worker, double } = await openHeld(held.memory);
    const made = await plan(worker, target(), 'raise-memory-limit');
    endOf(double, made);
    expect(await changeNow(worker, made)).toMatchObject({
      is: 'refused',
      because: expect.stringMatching(/^processor of \S+ is not running at this moment.*Ask again while it runs\.$/),
    });
  });

  test('whose container ends between the two writes is told how the template reaches its pod', async () => {
    const { worker, double } = await openHeld(held.memory);
    const made = await plan(worker, target(), 'raise-memory-limit');
    const change = await changeNow(worker, made);
    endOf(double, made);
    expect(await write(worker, { plan: made, approval: approval(made), change })).toMatchObject({
      ok: false,
      because: 'drift',
      done: 1,
      why: expect.stringMatching(/^1 of 2 steps are done\. The container of pod \S+ ended in that moment/),
    });
    expect(at(await limitsOf(worker, made), 'limits', 'memory')).toBe('128Mi');
    expect(await changeNow(worker, made)).toMatchObject({
      is: 'refused',
      because: expect.stringMatching(
        /^The template has the new limit, but .*: kubectl rollout resume deployment\/stream-processor -n events-stream$/,
      ),
    });
  });

  test('is taken back in its template; the running pod keeps its memory until it is replaced', async () => {
    const { worker } = await openHeld(held.memory);
    const made = await plan(worker, target(), 'raise-memory-limit');
    const { target: raw } = await readForPlan(worker, made);
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    const undo = await undoOf(worker, made, raw);
    expect(undo.effect).toMatch(/^The template asks for 128Mi again\. \S+ keeps 256Mi until it is replaced\.$/);
    expect(stepsOf(await changeNow(worker, undo)).map(({ is }) => is)).toEqual(['patch']);
    expect(await carryOut(worker, undo)).toMatchObject({ ok: true });
    expect(at(await limitsOf(worker, made), 'limits', 'memory')).toBe('256Mi');
  });

  test('that restarts for a resize is restarted once, says so before, and recovers', async () => {
    const { worker } = await openHeld(held.memory, {
      pod: ({ containers: [container] }) => {
        container!.resizePolicy = [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }];
      },
    });
    const made = await plan(worker, target(), 'raise-memory-limit');
    expect(made.warnings).toContain('processor is restarted once by this: its resizePolicy says so.');
    const appliedAt = new Date().toISOString();
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    await until(async () => at(await podOf(worker, made), 'status', 'containerStatuses', 0, 'restartCount') === 5);
    expect(await outcome(worker, made, appliedAt)).toMatchObject({ is: 'recovered' });
  });

  test('whose container waits is resized in vain, whatever its status says: it crashes again and has not recovered', async () => {
    const { worker, admin, double } = await openHeld(held.memory, { livesSeconds: 200 });
    const made = await plan(worker, target(), 'raise-memory-limit');
    await until(
      async () => at(await podOf(worker, made), 'status', 'containerStatuses', 0, 'state', 'waiting') !== undefined,
    );
    const appliedAt = new Date().toISOString();
    await sendObject(admin, {
      verb: 'patch',
      resource: pods,
      subresource: 'resize',
      namespace: 'events-stream',
      name: made.inPlace!.name,
      contentType: 'application/strategic-merge-patch+json',
      body: { spec: { containers: [{ name: 'processor', resources: { limits: { memory: '640Mi' } } }] } },
    });
    await until(async () => JSON.stringify(double.store.list('events')).includes('ResizeCompleted'));
    const status = at(await podOf(worker, made), 'status', 'containerStatuses', 0, 'resources', 'limits', 'memory');
    expect(status).toBe('640Mi');
    expect(await outcome(worker, made, appliedAt)).toMatchObject({ is: 'failed' });
  });
});

describe('what a kubelet says of a resize', () => {
  const place = { namespace: 'events-stream', workload: { kind: 'Deployment', name: 'stream-processor' } };

  test('is believed where it is a no, with its reason', async () => {
    const { worker, double } = await openHeld(held.memory);
    const made = await plan(worker, place, 'raise-memory-limit');
    const about = { metadata: { namespace: 'events-stream', name: made.inPlace!.name } } as never;
    double.store.edit('pods', about, (draft) => {
      const condition = {
        type: 'PodResizePending',
        status: 'True',
        reason: 'Deferred',
        message: 'Node has not enough',
      };
      draft.status?.conditions?.push(condition as never);
    });
    const since = new Date().toISOString();
    const sight = await observe(worker, place, since, wantedLimits(made));
    expect(sight.notInForce).toMatch(/^processor of \S+ still has 128Mi of memory \(Deferred: Node has not enough\)$/);
  });

  test('and restarts from before the change count for nothing', async () => {
    const { worker } = await openHeld(held.memory);
    const sight = await observe(worker, place, new Date().toISOString());
    expect(sight.containers.map(({ restartCount }) => restartCount)).toEqual([0]);
    expect(sight.currentPodUids).toEqual(sight.podUids);
  });

  test('and a template that a paused Deployment holds back is not taken for what its pods run', async () => {
    const { worker, admin } = await openHeld(held.memory);
    const containers = [{ name: 'processor', image: 'another:2' }];
    await patchAs(admin, place, { spec: { template: { spec: { containers } } } });
    const sight = await observe(worker, place, new Date().toISOString());
    expect(sight.podUids).toHaveLength(1);
    expect(sight.currentPodUids).toEqual([]);
  });
});

test('a StatefulSet that uses OnDelete is offered it as well, and says what its other pods wait for', () => {
  const made = planned('oom-leak-later', 'raise-memory-limit', { change: asOnDelete });
  if (isRefusal(made)) throw new Error(made.refusal);
  expect(made).toMatchObject({ title: 'Memory limit to 256Mi', target: { kind: 'StatefulSet' } });
  expect(made.inPlace).toMatchObject({ kind: 'Pod' });
  expect(made.warnings.join()).toContain('uses OnDelete: its other pods get the new limit when somebody deletes them');
});

/** The recorded Deployment as a StatefulSet that owns its pod itself, on a server that can resize. */
function asOnDelete(objects: KubeObject[]): void {
  const set = objects.find(({ kind }) => kind === 'Deployment')!;
  Object.assign(set, { kind: 'StatefulSet' });
  Object.assign(set.spec as object, { updateStrategy: { type: 'OnDelete' }, strategy: undefined });
  const pod = objects.find(({ kind }) => kind === 'Pod')!;
  const { name, uid } = set.metadata;
  Object.assign(pod.metadata, {
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid, controller: true }],
  });
  const [status] = (pod.status as { containerStatuses: { state: object }[] }).containerStatuses;
  status!.state = { running: { startedAt: '2026-11-21T02:35:38Z' } };
  objects.push({ kind: 'APIResourceList', metadata: { name: 'v1' }, resources: [{ name: 'pods/resize' }] });
}

describe('a Guaranteed pod whose container is throttled', () => {
  const asksForAll = (spec: { [name: string]: unknown }): void => {
    const resources = at(spec, 'template', 'spec', 'containers', 0, 'resources') as { [name: string]: unknown };
    resources.requests = resources.limits;
  };
  const target = { namespace: 'heatmap', workload: { kind: 'Deployment', name: 'heatmap' } };

  test('keeps its class: request and limit rise together, and go back together', async () => {
    const { worker } = await openHeld(held.cpu, { workload: asksForAll });
    const made = await plan(worker, target, 'raise-cpu-limit');
    expect(made.diff.split('\n')).toEqual(['~ heatmap: CPU limit 10m → 100m', '~ heatmap: CPU request 10m → 100m']);
    const { target: raw } = await readForPlan(worker, made);
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    const whole = (value: string) => ({ cpu: value, memory: '96Mi' });
    expect(await limitsOf(worker, made)).toEqual({ limits: whole('100m'), requests: whole('100m') });
    const undo = await undoOf(worker, made, raw);
    expect(stepsOf(await changeNow(worker, undo)).map(({ is }) => is)).toEqual(['patch', 'resize-pod']);
    expect(await carryOut(worker, undo)).toMatchObject({ ok: true });
    expect(await limitsOf(worker, made)).toEqual({ limits: whole('10m'), requests: whole('10m') });
  });

  test('keeps its class where its template leaves the request to the limit', async () => {
    const { worker } = await openHeld(held.cpu);
    const made = await plan(worker, target, 'raise-cpu-limit');
    expect(made.effect).toContain('it asks for none of its own, so it also reserves that much on its node');
    expect(made.edits).toHaveLength(1);
    expect(await carryOut(worker, made)).toMatchObject({ ok: true });
    expect(at(await limitsOf(worker, made), 'requests', 'cpu')).toBe('100m');
  });

  test('would be refused by the API server in any other way', async () => {
    const { worker, admin } = await openHeld(held.cpu);
    const made = await plan(worker, target, 'raise-cpu-limit');
    const resized = (containers: object[]) =>
      sendObject(admin, {
        verb: 'patch',
        resource: pods,
        subresource: 'resize',
        namespace: 'heatmap',
        name: made.inPlace!.name,
        contentType: 'application/strategic-merge-patch+json',
        body: { metadata: { annotations: { seen: 'no' } }, spec: { containers } },
      });
    await expect(resized([{ name: 'heatmap', resources: { limits: { cpu: '20m' } } }])).rejects.toThrow(
      'Pod QOS Class may not change as a result of resizing',
    );
    await expect(resized([{ name: 'heatmap', resources: { limits: { cpu: null } } }])).rejects.toThrow(
      'resource limits cannot be removed',
    );
    // Whatever else is asked for is dropped: a pod can carry no mark of its plan.
    const both = { limits: { cpu: '20m' }, requests: { cpu: '20m' } };
    const after = await resized([{ name: 'heatmap', image: 'another', resources: both }]);
    expect(at(after, 'metadata', 'annotations', 'seen')).toBeUndefined();
    expect(at(after, 'spec', 'containers', 0, 'image')).not.toBe('another');
    expect(at(after, 'spec', 'containers', 0, 'resources', 'limits', 'cpu')).toBe('20m');
  });
});

describe('in place is not offered', () => {
  test('by an API server that serves no resize: the refusal is what it always was', async () => {
    expect(await refused({ podResize: false })).toMatch(/^stream-processor is paused.*kubectl rollout resume/);
  });

  test('while the container waits, and it says why', async () => {
    const words = await refused({}, ({ evidence }) => {
      const [container] = evidence.containers;
      Object.assign(container!.state, { value: { is: 'waiting', reason: 'CrashLoopBackOff', message: '' } });
    });
    expect(words).toMatch(/^In place it cannot be changed: processor is not running at this moment.*is paused/);
  });

  test('where others of its pods are in trouble', async () => {
    const words = await refused({}, ({ evidence }) => {
      const sibling = {
        name: 'x',
        ready: false,
        restarts: 3,
        nodeName: '',
        trouble: 'OOMKilled',
        revision: '',
        createdAt: '',
      };
      Object.assign(evidence.siblings, { state: 'seen', value: [sibling] });
    });
    expect(words).toContain('In place it cannot be changed: 1 more of its pods is in trouble.');
  });

  test('of what Helm owns, unless the policy allows the direct write', async () => {
    const words = await refused({}, ({ evidence }) => {
      if (evidence.workload.state === 'seen') evidence.workload.value.managedBy = ['Helm release shop'];
    });
    expect(words).toMatch(/^stream-processor is paused/);
  });
});

describe('the executor', () => {
  test('needs a right of its own for a resize, and sends none without it', async () => {
    const { demoAccess } = await import('../src/demo/recordings.ts');
    const withoutResize = demoAccess().map((rule) => ({
      ...rule,
      resources: rule.resources.filter((resource) => resource !== 'pods/resize'),
    }));
    const { worker, target } = await openHeld(held.memory, { access: withoutResize });
    const made = await plan(worker, target, 'raise-memory-limit');
    const needed = actionOf('raise-memory-limit').permissions.find(({ resource }) => resource === 'pods/resize')!;
    expect(await canDo(worker, needed, target.namespace)).toMatchObject({ allowed: false, missing: ['patch'] });
    expect(await dryRun(worker, await changeNow(worker, made))).toMatchObject({ ok: false, because: 'forbidden' });
  });

  test.each([
    ['another pod', { name: 'other' }],
    ['another uid', { uid: 'another' }],
    ['a pod without a guard', { operations: [] }],
    [
      'an image',
      (uid: string) => ({
        operations: [
          { op: 'test' as const, path: '/metadata/uid', value: uid },
          { op: 'replace' as const, path: '/spec/containers/0/image', value: 'mine' },
        ],
      }),
    ],
  ])('resizes only what the plan names: %s is refused', async (_what, wrong) => {
    const { worker, target, double } = await openHeld(held.memory);
    const made = await plan(worker, target, 'raise-memory-limit');
    const step = stepsOf(await changeNow(worker, made)).find(({ is }) => is === 'resize-pod')!;
    const change = { ...step, ...(typeof wrong === 'function' ? wrong(made.inPlace!.uid) : wrong) } as typeof step;
    const sent = double.requests().length;
    expect(await write(worker, { plan: made, approval: approval(made), change })).toEqual({
      ok: false,
      because: 'rejected',
      why: 'The plan resizes no such pod so.',
    });
    expect(double.requests()).toHaveLength(sent);
  });
});

/** The kubelet notes that the run has ended. */
function endOf(double: Awaited<ReturnType<typeof openHeld>>['double'], { target, inPlace }: Plan): void {
  double.store.edit('pods', { metadata: { namespace: target.namespace, name: inPlace!.name } } as never, (draft) => {
    const status = draft.status?.containerStatuses?.[0];
    if (status) status.state = { waiting: { reason: 'CrashLoopBackOff' } };
  });
}
