// What somebody might try between a plan and its write, and what changes in the meantime: who approves, under which policy,
// for which plan. Redis, clicks, jobs and the wire to Slack and the API server are real; writes are counted on the wire.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { IncidentState } from '../src/core/incident/state.ts';
import { type Plan, planId } from '../src/core/plan.ts';
import { deployments } from '../src/kube/kinds.ts';
import { sendObject } from '../src/kube/objects.ts';
import { sealAsk, signVote } from '../src/roles/approvals.ts';
import { planJob } from '../src/roles/jobs/plan.ts';
import { verifyJob } from '../src/roles/jobs/verify.ts';
import { KEY } from './support/audited.ts';
import { policyOf, startDeciding } from './support/deciding.ts';
import { freshQueue } from './support/queue.ts';

const rule = {
  name: 'avatars',
  clusters: ['prod'],
  namespaces: ['users-avatars'],
  actions: ['*'],
  approvers: { users: ['U0ANN', 'U0BOB', 'U0CLEO'], groups: ['S0CALL'] },
};
const withRule = (more: object = {}, file: object = {}) => policyOf({ ...file, approve: [{ ...rule, ...more }] });

let queue: Awaited<ReturnType<typeof freshQueue>>;
let here: Awaited<ReturnType<typeof startDeciding>>;
let people: { id: string; name: string }[];
let group: { id: string; handle: string; users: string[] };
beforeAll(async () => {
  queue = await freshQueue();
});
afterAll(() => queue?.stop());
afterEach(() => here?.stop());

let count = 0;
/** A plan that ann asked for waits for approvals. */
async function waiting(policy = withRule()) {
  group = { id: 'S0CALL', handle: 'on-call', users: ['U0DAN', 'U0EVE'] };
  people = ['ANN', 'BOB', 'CLEO', 'DAN', 'EVE'].map((name) => ({ id: `U0${name}`, name: name.toLowerCase() }));
  here = await startDeciding(queue.redis, `attack-${++count}`, { people, userGroups: [group], policy });
  expect((await here.ask('U0ANN')).phase).toBe('planned');
  return here;
}

describe('where changes are written in the name of whoever approves', () => {
  const named = (...users: string[]) =>
    withRule({}, { impersonate: users.map((user) => ({ user, as: `${user.toLowerCase()}@example.com` })) });

  test('a click of somebody without a Kubernetes user is refused with the cure', async () => {
    const { press, read } = await waiting(named('U0CLEO'));
    expect(await press('U0BOB', 'approve')).toMatch(/no Kubernetes user for U0BOB.*can add one.*approve who has one/);
    expect((await read()).plan?.approvals).toEqual([]);
  });

  test('the write is refused as well where the policy has changed since the click', async () => {
    const { press, apply, writes, world } = await waiting();
    await press('U0BOB', 'approve');
    world.policy = named('U0CLEO');
    const after = await apply();
    expect(after).toMatchObject({
      phase: 'diagnosed',
      sentence: expect.stringMatching(/for U0BOB.*Nothing was written/),
    });
    expect(writes()).toEqual([]);
  });
});

describe('what changes between the click and the write', () => {
  const hour = 3_600_000;
  const frozen = (fromMs: number, toMs: number) => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    return withRule({ freeze: [{ from: at(fromMs), to: at(toMs), because: 'release' }] });
  };

  test.each([
    ['the kill switch is thrown', () => withRule({}, { remediation: 'off' }), /Changes are switched off/],
    ['a freeze begins', () => frozen(-hour, hour), /Changes are frozen: until .* \(release\)/],
    ['the rule is gone', () => withRule({ namespaces: ['shop'] }), /No rule lets anybody approve rollback/],
    [
      'the namespace is protected',
      () => withRule({ namespaces: ['users-*'] }, { protect: ['users-avatars'] }),
      /protected namespace/,
    ],
    [
      'the approver is no longer named',
      () => withRule({ approvers: { users: ['U0CLEO'] } }),
      /<@U0BOB> may no longer approve/,
    ],
    ['two are asked for', () => withRule({ minimum: 2 }), /1 more approval is needed/],
    ['a label is asked for', () => withRule({ labels: { tier: 'payments' } }), /No rule lets anybody approve/],
    ['the name is to be typed', () => withRule({ typedConfirmation: true }), /was not typed/],
  ])('%s: nothing is written', async (_, policy, sentence) => {
    const { press, apply, writes, world } = await waiting();
    await press('U0BOB', 'approve');
    world.policy = policy();
    const after = await apply();
    expect(after).toMatchObject({ phase: 'diagnosed', sentence: expect.stringMatching(sentence) });
    expect(after.sentence).toMatch(/Nothing was written/);
    expect(writes()).toEqual([]);
  });

  test('a freeze that ends before the write is no hindrance', async () => {
    const { press, apply, writes, world } = await waiting();
    await press('U0BOB', 'approve');
    world.policy = frozen(-hour, -1);
    expect((await apply()).phase).toBe('verifying');
    expect(writes()).toHaveLength(1);
  });
});

describe('what changes while a written change is watched', () => {
  const avatars = { resource: deployments, namespace: 'users-avatars', name: 'avatars' };
  const patch = (body: object) =>
    sendObject(here.admin, { verb: 'patch', ...avatars, contentType: 'application/merge-patch+json', body });
  async function watchedOn(): Promise<IncidentState> {
    for (;;) {
      const state = await here.read();
      if (state.phase !== 'verifying') return state;
      await verifyJob(here.work, state, state.operation!.plan.id, new AbortController().signal);
    }
  }

  test('the template, by somebody else: what runs then is not called our recovery', async () => {
    const { press, apply } = await waiting();
    await press('U0BOB', 'approve');
    expect((await apply()).phase).toBe('verifying');
    await patch({ spec: { template: { spec: { terminationGracePeriodSeconds: 31 } } } });
    const { phase, operation } = await watchedOn();
    expect(phase).toBe('not-recovered');
    expect(operation?.outcome?.words).toMatch(/^The template was changed again while I watched/);
  });

  test('a stamp on the template alone, as a restart leaves it: the same runs, and has recovered', async () => {
    const { press, apply } = await waiting();
    await press('U0BOB', 'approve');
    await apply();
    await patch({ spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } } });
    expect((await watchedOn()).phase).toBe('recovered');
  });

  test('the number of replicas: each of them must be steady, and then it has recovered', async () => {
    const { press, apply } = await waiting();
    await press('U0BOB', 'approve');
    await apply();
    await patch({ spec: { replicas: 3 } });
    const { phase, operation } = await watchedOn();
    expect([phase, operation?.outcome?.words]).toEqual(['recovered', expect.stringMatching(/^Ready 3 of 3, /)]);
  });
});

describe('of two who must approve', () => {
  const two = () => withRule({ minimum: 2, requesterCounts: true });

  test('whoever asked counts once, however often they press', async () => {
    const { press, read } = await waiting(two());
    await press('U0ANN', 'approve');
    expect(await press('U0ANN', 'approve')).toMatch(/^You have approved this already/);
    const again = read().then((state) => here.tell({ type: 'approved', planId: state.plan!.plan.id, by: 'U0ANN' }));
    expect((await again).plan?.approvals).toHaveLength(1);
  });

  test.each([
    ['has been deactivated', () => void Object.assign(people.find(({ id }) => id === 'U0DAN')!, { deleted: true })],
    ['has left the user group', () => void group.users.splice(0)],
  ])('the first %s before the second approves: their approval counts no more', async (_, happens) => {
    const { press, read, apply, writes } = await waiting(two());
    await press('U0DAN', 'approve');
    expect((await read()).plan?.approvals).toHaveLength(1);
    happens();
    expect(await press('U0BOB', 'approve')).toMatch(
      /<@U0DAN>, who approved before, may no longer.*Reject this plan, and ask for it again/,
    );
    expect((await read()).phase).toBe('planned');
    await apply();
    expect(writes()).toEqual([]);
  });
});

describe('whoever writes to Redis', () => {
  test.each<[string, object]>([
    ['in the name of somebody else', { by: 'U0ANN' }],
    ['for another remedy', { action: 'restart' }],
    ['for another revision', { choice: { revision: '7' } }],
    ['without the word of a gateway', { seal: undefined }],
  ])('asks %s, and no plan is made', async (_, other) => {
    const { id, press, tell, read, work } = await waiting();
    await press('U0ANN', 'cancel');
    const asked = { action: 'rollback' as const, by: 'U0BOB' };
    const sealed = { ...asked, seal: sealAsk([KEY], id, asked), ...other };
    const state = await tell({ type: 'plan-wanted', ...sealed });
    await planJob(work, state, sealed, new AbortController().signal);
    const { phase, plan, sentence } = await read();
    expect([phase, plan, sentence]).toEqual(['diagnosed', null, expect.stringMatching(/^Who asked .* is not proven/)]);
  });

  /** Changes the incident behind everybody's back; its journal no longer fits, which the audit tells. */
  async function tampered(change: (state: IncidentState) => IncidentState): Promise<void> {
    const { client, keys } = queue.redis;
    const key = keys.incident(here.id);
    const state = JSON.parse((await client.hget(key, 'state')) ?? '') as IncidentState;
    await client.hset(key, 'state', JSON.stringify(change(state)));
  }
  const pending = (state: IncidentState, over: object): IncidentState => ({
    ...state,
    plan: { ...state.plan!, ...over },
  });
  /** Another change under the words that everybody reads, with an id that fits it. */
  const forged = (plan: Plan): Plan => {
    const other = { ...plan, container: 'another' };
    return { ...other, id: planId(other) };
  };

  test.each([
    ['another change under the same words', (s: IncidentState) => pending(s, { plan: forged(s.plan!.plan) })],
    [
      'other words for the same change',
      (s: IncidentState) => pending(s, { plan: { ...s.plan!.plan, diff: 'nothing', risk: 'low' } }),
    ],
    [
      'another requester, so that one may approve what one asked for',
      (s: IncidentState) => pending(s, { askedBy: 'U0EVE' }),
    ],
    ['more time', (s: IncidentState) => pending(s, { expiresAt: '2099-01-01T00:00:00.000Z' })],
    ['no seal', (s: IncidentState) => pending(s, { seal: undefined })],
  ])('puts %s into a plan: nobody can approve it', async (_, change) => {
    const { press, apply, read, writes } = await waiting(withRule());
    await tampered(change);
    const by = (await read()).plan!.askedBy === 'U0EVE' ? 'U0ANN' : 'U0BOB';
    expect(await press(by, 'approve')).toMatch(/^This plan does not carry my seal: .*ask for it again/);
    // Also where the gateway was passed by, with a key of theirs.
    const state = await read();
    const vote = { by, groups: [], typed: true, at: here.now(), channel: 'C0OPS', policyHash: here.world.policy.hash };
    const signed = signVote([KEY], state, state.plan!, vote);
    await here.tell({ type: 'approved', planId: state.plan!.plan.id, by, minimum: 1, signed });
    expect((await apply()).sentence).toMatch(/does not carry my seal/);
    expect(writes()).toEqual([]);
  });

  test('changes how a change is undone: the undo is not even proposed', async () => {
    const { press, apply, read, tell } = await waiting();
    await press('U0BOB', 'approve');
    await apply();
    await tell({ type: 'verified', recovered: true, words: 'Ready 1 of 1.' });
    await tampered((s) => ({ ...s, operation: { ...s.operation!, undo: forged(s.operation!.undo!) } }));
    expect(await press('U0BOB', 'undo')).toMatch(/^How to undo this does not carry my seal: .*by hand/);
    expect((await read()).phase).toBe('recovered');
  });

  test('puts approvals into another order: it is written in the name of whoever approved last', async () => {
    const mapped = ['U0BOB', 'U0CLEO'].map((user) => ({ user, as: `${user.toLowerCase()}@example.com` }));
    const { press, apply } = await waiting(withRule({ minimum: 2 }, { impersonate: mapped }));
    await press('U0BOB', 'approve');
    await press('U0CLEO', 'approve');
    await tampered((s) => pending(s, { approvals: s.plan!.approvals.toReversed() }));
    expect((await apply()).sentence).toMatch(/u0cleo@example\.com/);
  });

  test('puts back what was approved before it was undone: it is not written again', async () => {
    const { press, apply, tell, shown, read, writes } = await waiting();
    await press('U0BOB', 'approve');
    const approved = await read();
    await apply();
    await tell({ type: 'verified', recovered: true, words: 'Ready 1 of 1.' });
    await press('U0BOB', 'undo');
    await shown();
    await press('U0ANN', 'approve');
    expect((await apply()).phase).toBe('verifying');
    expect(writes()).toHaveLength(2);
    await tampered(() => approved);
    expect((await apply()).sentence).toMatch(/older than a change that was written since.*Ask for the plan again/);
    expect(writes()).toHaveLength(2);
  });
});

test('two changes of one workload that are approved at once: the one that comes second is out of date', async () => {
  const { press, apply, incident, writes } = await waiting();
  const other = await incident(`${here.id}-other`);
  await other.ask('U0CLEO', 'fix-config', { how: 'value', value: 'avatars-eu' });
  await Promise.all([press('U0BOB', 'approve'), other.press('U0BOB', 'approve')]);
  expect([(await here.read()).phase, (await other.read()).phase]).toEqual(['applying', 'applying']);
  const ended = await Promise.all([apply(), other.apply()]);
  expect(ended.map(({ phase }) => phase).sort()).toEqual(['planning', 'verifying']);
  expect(ended.find(({ phase }) => phase === 'planning')?.sentence).toMatch(/out of date: the template was changed/);
  expect(writes()).toHaveLength(1);
});
