// A limit changed in a running pod on a real API server: one that serves the resize takes both guarded patches; an older one
// gets the refusal that it always got. Run only where KUBECONFIG_TEST names a cluster.
import { expect, test } from 'vitest';
import { stepsOf } from '../src/core/change.ts';
import { at } from '../src/core/json.ts';
import { isRefusal } from '../src/core/plan.ts';
import { readForPlan, write } from '../src/kube/execute.ts';
import { pods } from '../src/kube/kinds.ts';
import { getObject } from '../src/kube/objects.ts';
import { held, heldRecording, livedFor } from './support/held.ts';
import { kubeconfigOfTest } from './support/real/server.ts';
import { realWorld } from './support/real/world.ts';
import { actionOf, approval, carryOut, changeNow, look, patchAs, place, plan, until } from './support/remedies.ts';

test('the running pod of a paused Deployment takes a limit where the server can do that', async () => {
  // A Deployment that is paused from the start makes no pod at all.
  const workload = (spec: { [field: string]: unknown }): void => void delete spec.paused;
  const folder = heldRecording(held.memory, { pod: livedFor(500), workload });
  const { server, namespace, admin, worker } = await realWorld(kubeconfigOfTest()!, folder);
  const { json } = await server.call('GET', '/api/v1');
  const isServed = json.resources.some(({ name }: { name: string }) => name === 'pods/resize');
  const target = place(namespace, 'Deployment', 'stream-processor');
  await until(async () => {
    const { evidence, report } = await look(admin, target);
    const state = evidence.containers[0]?.state;
    return report.verdict.cause === 'oom-killed' && state?.state === 'seen' && state.value.is === 'running';
  });
  await patchAs(admin, target, { spec: { paused: true } });

  if (!isServed) {
    const { evidence, report } = await look(worker, target);
    const limits = { memoryFactorMax: 4, memoryBytesMax: 2 ** 34 };
    const made = actionOf('raise-memory-limit').plan({ evidence, report, cause: report.causes[0]!, limits });
    expect(isRefusal(made) && made.refusal).toMatch(/^stream-processor is paused.*kubectl rollout resume/);
    return;
  }
  const made = await plan(admin, target, 'raise-memory-limit');
  const change = await changeNow(admin, made);
  expect(stepsOf(change).map(({ is }) => is)).toEqual(['patch', 'resize-pod']);
  expect(await carryOut(admin, made)).toMatchObject({ ok: true });
  const pod = await getObject(admin, { resource: pods, namespace, name: made.inPlace!.name });
  expect(at(pod, 'spec', 'containers', 0, 'resources', 'limits', 'memory')).toBe('256Mi');
  expect(at((await readForPlan(admin, made)).target, 'spec', 'paused')).toBe(true);
  expect(await write(admin, { plan: made, approval: approval(made), change })).toMatchObject({ ok: true });
});
