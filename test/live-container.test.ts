// A container that joins the live pod to look into it: only where somebody has switched that on, as an approved plan, once.
import { expect, test } from 'vitest';
import { actions } from '../src/actions/index.ts';
import { propose } from '../src/actions/propose.ts';
import { DEFAULT_LIMITS } from '../src/answer.ts';
import { type ChangeStep, stepsOf } from '../src/core/change.ts';
import { at } from '../src/core/json.ts';
import { isRefusal } from '../src/core/plan.ts';
import { write } from '../src/kube/execute.ts';
import { pods } from '../src/kube/kinds.ts';
import { getObject } from '../src/kube/objects.ts';
import { rules } from '../src/rules/index.ts';
import { actionOf, approval, carryOut, changeNow, look, open, place, plan } from './support/remedies.ts';

const IMAGE = `busybox:1.37.0-musl@sha256:${'0'.repeat(64)}`;
const gift = place('gift-cards', 'Deployment', 'gift-cards');
const limits = { joinsPods: true, debugImage: IMAGE };
const live = { limits, choice: { variant: 'live' } };

async function joinable() {
  const { worker, double } = await open('silent-exit');
  const wanted = await plan(worker, gift, 'debug-copy', live);
  const { namespace, name } = wanted.target;
  return { worker, double, wanted, pod: () => getObject(worker, { resource: pods, namespace, name }) };
}

test('is offered only where it is switched on', async () => {
  const { worker } = await open('silent-exit');
  const { evidence, report } = await look(worker, gift);
  const ways = (over: object): string[] =>
    propose(evidence, report, { rules, actions, limits: { ...DEFAULT_LIMITS, ...over } }).flatMap(({ choices = [] }) =>
      choices.map(({ title }) => title),
    );
  expect(ways(limits)).toContain('Join the live pod');
  expect(ways({ debugImage: IMAGE })).not.toContain('Join the live pod');
  expect(ways({ joinsPods: true })).not.toContain('Join the live pod');
  await expect(plan(worker, gift, 'debug-copy', { choice: { variant: 'live' } })).rejects.toThrow(
    /is switched off\. Set LOOPBREAKER_EPHEMERAL_CONTAINERS=on/,
  );
});

test('sleeps beside the container, under the strictest security level, and is made once', async () => {
  const { worker, wanted, pod } = await joinable();
  expect(wanted.risk).toBe('high');
  expect(wanted.diff).toMatch(/ephemeral container loopbreaker-\w{8} from busybox:1\.37\.0-musl@sha256:/);
  const before = await pod();
  expect(await carryOut(worker, wanted)).toMatchObject({ ok: true });
  const after = await pod();
  expect(at(after, 'spec', 'ephemeralContainers')).toEqual([
    expect.objectContaining({
      image: IMAGE,
      command: ['/bin/busybox', 'sleep', '1800'],
      targetContainerName: 'gift-cards',
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        runAsUser: 65534,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    }),
  ]);
  expect(at(after, 'spec', 'containers')).toEqual(at(before, 'spec', 'containers'));
  expect(await changeNow(worker, wanted)).toEqual({ is: 'already-done' });
  const name = String(at(after, 'spec', 'ephemeralContainers', 0, 'name'));
  expect(actionOf('debug-copy').report!(wanted)).toContain(
    `kubectl exec -it ${wanted.target.name} -n gift-cards -c ${name} -- /bin/busybox sh`,
  );
});

test('is found done by a second try whose first answer was lost', async () => {
  const { worker, wanted } = await joinable();
  const change = await changeNow(worker, wanted);
  const approved = { plan: wanted, approval: approval(wanted), change };
  expect(await write(worker, approved)).toMatchObject({ ok: true });
  expect(await write(worker, approved)).toMatchObject({ ok: true });
});

test('joins no other pod, from no other image, and brings nothing else', async () => {
  const { worker, wanted, pod } = await joinable();
  const [step] = stepsOf(await changeNow(worker, wanted));
  if (step?.is !== 'join-pod') throw new Error('it is to join');
  const [guard, add] = step.operations;
  const other = (over: Partial<typeof step>): ChangeStep => ({ ...step, ...over });
  const image = { ...add!, value: [{ ...(add!.value as object[])[0], image: 'evil' }] };
  for (const strange of [
    other({ name: 'another' }),
    other({ uid: 'another' }),
    other({ operations: [guard!, image] }),
    other({ operations: [add!] }),
    other({ operations: [guard!, add!, { op: 'replace', path: '/spec/containers/0/image', value: 'evil' }] }),
  ])
    expect(await write(worker, { plan: wanted, approval: approval(wanted), change: strange })).toMatchObject({
      ok: false,
      because: 'rejected',
    });
  expect(at(await pod(), 'spec', 'ephemeralContainers')).toBeUndefined();
});

test('cannot be taken back, and says so', async () => {
  const { wanted, pod } = await joinable();
  const undo = actionOf('debug-copy').undo(wanted, await pod());
  expect(isRefusal(undo) && undo.refusal).toMatch(/cannot be taken out of it: it ends by itself/);
});
