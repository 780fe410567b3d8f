// Approving in Slack as people do it: a real Slack app beside the Slack double, incidents in a real Redis, policies as
// files have them. What the gateway seals is then shown to the worker's check, as it is and tampered with.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { IncidentState } from '../src/core/incident/state.ts';
import { policyFile } from '../src/core/policy/file.ts';
import { type Policy, policyFrom } from '../src/core/policy/policy.ts';
import { requirementFor, requiresOf } from '../src/core/policy/requirement.ts';
import type { KubeObject } from '../src/core/snapshot.ts';
import { type Slack, startSlack } from '../src/demo/slack/server.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { factsFrom, sealsWith, signVote, whyNotApproved } from '../src/roles/approvals.ts';
import { boltLogger, createLog } from '../src/roles/log.ts';
import { openNotes } from '../src/roles/noting.ts';
import { createSlackApp, type SlackApp } from '../src/slack/app.ts';
import { KEY, plan, planned, storiesIn } from './support/audited.ts';
import { freshQueue } from './support/queue.ts';
import { show } from './support/show.ts';

const SECRETS = { signingSecret: 'shhh', botToken: 'xoxb-test', appToken: 'xapp-test' };
/** One channel for each plan: Slack takes about one message a second in each. */
const CHANNELS = Array.from({ length: 12 }, (_, index) => `C0OPS${index}`);
const rule = {
  name: 'avatars',
  clusters: ['prod'],
  namespaces: ['users-avatars'],
  actions: ['rollback'],
  approvers: { users: ['U0ANN', 'U0BOB', 'U0CLEO'], groups: ['S0CALL'] },
};
const policyOf = (more: object): Policy =>
  policyFrom(
    policyFile.parse({
      version: 1,
      read: CHANNELS.map((channel) => ({ channel, clusters: ['prod'], namespaces: ['*'] })),
      approve: [{ ...rule, ...more }],
    }),
    { remediation: true, expiresAfterSeconds: 900, memoryFactor: 4, memoryBytes: 2 ** 33, own: [] },
    { read: 'R', approve: 'A', remediation: 'off' },
  );

const workload: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'avatars', namespace: 'users-avatars', uid: '6f1e', labels: { tier: 'web' } },
  spec: { replicas: 2, template: {} },
};

let slack: Slack;
let app: SlackApp;
let queue: Awaited<ReturnType<typeof freshQueue>>;
let stories: ReturnType<typeof storiesIn>;
let policy = policyOf({});
beforeAll(async () => {
  queue = await freshQueue();
  stories = storiesIn(queue.redis);
  slack = await startSlack({
    mode: 'socket',
    ...SECRETS,
    commands: [],
    users: ['ANN', 'BOB', 'CLEO', 'DAN', 'EVE'].map((name) => ({ id: `U0${name}`, name: name.toLowerCase() })),
    channels: CHANNELS.map((id) => ({ id, name: id.toLowerCase() })),
    userGroups: [{ id: 'S0CALL', handle: 'on-call', users: ['U0DAN'] }],
  });
  const log = createLog('silent', 'test');
  app = await createSlackApp(
    { mode: 'socket', ...SECRETS, host: '127.0.0.1', port: 0, apiUrl: slack.apiUrl },
    {
      ask: () => Promise.reject(new Error('nothing is asked here')),
      read: async (incident) => (await stories.read(incident))?.state,
      tell: async (incident, event) => (await stories.transition(incident, event)).state,
      sentenceFor: (error) => String(error),
      policy: () => policy,
      history: async () => [],
      storm: async () => undefined,
      ...sealsWith([KEY]),
      now: () => new Date().toISOString(),
      log,
      boltLogger: boltLogger(log),
    },
    openNotes(queue.redis, [], log),
  );
  await app.start();
});
afterAll(async () => {
  await app?.stop();
  await slack?.stop();
  await queue?.stop();
});
afterEach(() => {
  policy = policyOf({});
});

let count = 0;
/** A plan that ann asked for waits for approvals under this policy. */
async function open(more: object, channel = 'C0OPS0') {
  policy = policyOf(more);
  const id = `approval-${++count}`;
  const facts = factsFrom(policy, workload);
  const requirement = requirementFor(policy, { cluster: 'prod', plan, facts }, new Date().toISOString());
  await planned(stories, id, { facts, requires: requiresOf(requirement) }, channel);
  return id;
}

const stateOf = async (id: string): Promise<IncidentState> => (await stories.read(id))!.state;
/** What the worker would say of it. */
const judge = (state: IncidentState, at = policy, keys = [KEY], now = new Date().toISOString()): string =>
  whyNotApproved({ keys, policy: at }, state, workload, now) ?? 'written';

/** Approved by bob, as the gateway seals it. */
async function approved(more: object = {}): Promise<IncidentState> {
  const id = await open(more);
  const state = await stateOf(id);
  const vote = { by: 'U0BOB', groups: [], typed: false, at: new Date().toISOString(), channel: 'C0OPS0' };
  const signed = signVote([KEY], state, state.plan!, { ...vote, policyHash: policy.hash });
  return (await stories.transition(id, { type: 'approved', planId: plan.id, by: 'U0BOB', minimum: 1, signed })).state;
}

/** The same with its message in a channel of its own, to press buttons on. */
async function waiting(more: object = {}) {
  const channel = CHANNELS[count % CHANNELS.length]!;
  const id = await open(more, channel);
  for (const message of ['card', 'plan.1'] as const) {
    const { state } = (await stories.read(id))!;
    const { [message]: _, ...messages } = state.messages;
    const ts = await show(app.client, { ...state, messages }, message);
    await stories.transition(id, { type: 'posted', message, ts });
  }
  const message = slack.messages(channel).findLast((m) => buttonOf(m, /^Approve$/)) as Message;
  const state = () => stateOf(id);
  const told = (user: string) => slack.messages(channel, user).filter((m) => m.ephemeralFor === user);
  const look = async () => {
    const { phase, plan } = await state();
    return JSON.stringify([phase, plan?.approvals.length]);
  };
  const send = (user: string, title: RegExp) => slack.send.click(user, message, buttonOf(message, title) ?? '');
  const enter = (user: string, text: string) =>
    slack.send.submitView(user, slack.views(user).at(-1)?.id ?? '', { text });
  /** What only this person is told about what they do. */
  const answer = async (user: string, does: () => Promise<unknown>): Promise<string> => {
    const before = told(user).length;
    await does();
    await expect.poll(() => told(user).length, { interval: 10 }).toBeGreaterThan(before);
    return slack.lines(told(user).at(-1)!).join('\n');
  };
  /** Does it and waits until the incident has changed or a modal is open. */
  const effect = async (user: string, does: () => Promise<unknown>): Promise<void> => {
    const [before, views] = [await look(), slack.views(user).length];
    await does();
    const changed = async () => (await look()) !== before || slack.views(user).length > views;
    await expect.poll(changed, { interval: 10 }).toBe(true);
  };
  const press = (user: string, title: RegExp) => effect(user, () => send(user, title));
  const asked = (user: string, title: RegExp) => answer(user, () => send(user, title));
  const submit = (user: string, text: string) => effect(user, () => enter(user, text));
  const mistyped = (user: string, text: string) => answer(user, () => enter(user, text));
  const judged = async (over: (state: IncidentState) => IncidentState = (s) => s) => judge(over(await state()));
  return { channel, press, asked, submit, mistyped, send, state, judged };
}

function buttonOf(message: Message, title: RegExp): string | undefined {
  for (const block of message.blocks)
    for (const element of (block.elements ?? []) as { type?: string; action_id?: string; text?: { text?: string } }[])
      if (element.type === 'button' && title.test(element.text?.text ?? '')) return element.action_id;
  return undefined;
}

describe('approving', () => {
  test('is for somebody else than whoever asked, unless the rule says otherwise', async () => {
    const one = await waiting();
    expect(await one.asked('U0ANN', /^Approve$/)).toBe(
      'You asked for this plan, so somebody else has to approve it: @bob, @cleo, members of the user group S0CALL.',
    );
    expect((await one.state()).phase).toBe('planned');
    await one.press('U0BOB', /^Approve$/);
    expect(await one.state()).toMatchObject({ phase: 'applying', approval: { by: 'U0BOB' } });
    expect(await one.judged()).toBe('written');

    const two = await waiting({ requesterCounts: true });
    await two.press('U0ANN', /^Approve$/);
    expect((await two.state()).phase).toBe('applying');
  });

  test('by a member of the user group counts, and by nobody else', async () => {
    const { press, asked, state, judged } = await waiting();
    expect(await asked('U0EVE', /^Approve$/)).toMatch(/^You may not approve this\. Those who may: @ann, @bob, @cleo/);
    await press('U0DAN', /^Approve$/);
    expect((await state()).approval).toMatchObject({
      by: 'U0DAN',
      signed: { groups: ['S0CALL'], channel: expect.stringMatching(/^C0OPS/) },
    });
    expect(await judged()).toBe('written');
  });

  test('by two people takes two people', async () => {
    const { asked, press, state, judged } = await waiting({ minimum: 2 });
    expect(await asked('U0BOB', /^Approve$/)).toMatch(/^Your approval counts\. 1 more person has to approve: /);
    expect(await asked('U0BOB', /^Approve$/)).toMatch(/^You have approved this already\./);
    expect(await state()).toMatchObject({ phase: 'planned', plan: { approvals: [{ by: 'U0BOB' }] } });
    await press('U0CLEO', /^Approve$/);
    expect(await state()).toMatchObject({
      phase: 'applying',
      plan: { approvals: [{ by: 'U0BOB' }, { by: 'U0CLEO' }] },
    });
    expect(await judged()).toBe('written');
    expect(await judged(onlyFirst)).toBe('1 more approval is needed. Ask for the plan again.');
    expect(await judged(twice)).toBe('1 more approval is needed. Ask for the plan again.');
  });

  test('of a grave change asks for the name of the workload first', async () => {
    const { press, submit, mistyped, state, judged } = await waiting({ typedConfirmation: true });
    await press('U0BOB', /^Approve$/);
    expect(await mistyped('U0BOB', 'avatar')).toBe('That is not its name. Type exactly: avatars');
    expect((await state()).phase).toBe('planned');
    await press('U0BOB', /^Approve$/);
    await submit('U0BOB', ' avatars ');
    expect((await state()).approval).toMatchObject({ by: 'U0BOB', signed: { typed: true } });
    expect(await judged()).toBe('written');
  });

  test('twice at once is one approval', async () => {
    const { send, state } = await waiting();
    await Promise.all(['U0BOB', 'U0BOB', 'U0CLEO'].map((user) => send(user, /^Approve$/)));
    await expect.poll(async () => (await state()).phase).toBe('applying');
    expect((await state()).plan?.approvals).toHaveLength(1);
  });
});

describe('a no', () => {
  test('of an approver ends the plan with the reason, and pings nobody with it', async () => {
    const { channel, press, asked, submit, state } = await waiting();
    expect(await asked('U0EVE', /^Reject/)).toMatch(/^You may not reject this\./);
    await press('U0BOB', /^Reject/);
    await submit('U0BOB', 'not before <!channel> lunch');
    const after = await state();
    expect(after).toMatchObject({ phase: 'diagnosed', plan: null });
    expect(after.sentence).toBe(
      'Not done: <@U0BOB> said no to “Roll back to revision 1”: not before <!channel> lunch.',
    );
    await show(app.client, after, 'plan.1');
    const shown = slack.messages(channel).find((m) => m.ts === after.messages['plan.1'])!;
    expect(shown.text).toContain('&lt;!channel&gt;');
    expect(slack.pings(shown)).toMatchObject({ users: ['U0BOB'] });
    expect(buttonOf(shown, /./)).toBeUndefined();
  });

  test('of whoever asked takes the plan back', async () => {
    const { press, asked, state } = await waiting();
    expect(await asked('U0BOB', /^Withdraw$/)).toBe(
      'Only whoever asked for this plan may withdraw it. Approvers can reject it.',
    );
    await press('U0ANN', /^Withdraw$/);
    expect(await state()).toMatchObject({ phase: 'diagnosed', sentence: expect.stringContaining('withdrew') });
  });
});

const onlyFirst = (s: IncidentState): IncidentState =>
  changed(s, (p) => ({ ...p, approvals: p.approvals.slice(0, 1) }));
const twice = (s: IncidentState): IncidentState =>
  changed(s, (p) => ({ ...p, approvals: [p.approvals[0]!, p.approvals[0]!] }));

type Pending = NonNullable<IncidentState['plan']>;
function changed(state: IncidentState, change: (pending: Pending) => Pending): IncidentState {
  return { ...state, plan: change(state.plan as Pending) };
}
function forged(state: IncidentState, over: object): IncidentState {
  return changed(state, (p) => ({
    ...p,
    approvals: p.approvals.map((one) => ({ ...one, ...over, signed: { ...one.signed!, ...over } })),
  }));
}

describe('what changes in Redis between the click and the write is noticed', () => {
  const NOT_MINE = /^An approval does not carry my seal/;
  test.each<[string, (state: IncidentState) => IncidentState, RegExp]>([
    ['another approver', (s) => forged(s, { by: 'U0CLEO' }), NOT_MINE],
    ['another time', (s) => forged(s, { at: '2026-01-01T00:00:00.000Z' }), NOT_MINE],
    ['a group that was never asked', (s) => forged(s, { groups: ['S0CALL'] }), NOT_MINE],
    ['a name that was never typed', (s) => forged(s, { typed: true }), NOT_MINE],
    ['another policy', (s) => forged(s, { policyHash: 'b'.repeat(64) }), NOT_MINE],
    [
      'no seal at all',
      (s) => changed(s, (p) => ({ ...p, approvals: p.approvals.map((a) => ({ ...a, signed: null })) })),
      NOT_MINE,
    ],
    ['another cluster', (s) => ({ ...s, target: { ...s.target!, cluster: 'staging' } }), NOT_MINE],
    ['another incident', (s) => ({ ...s, id: 'another-incident' }), NOT_MINE],
    [
      'another channel',
      (s) => ({ ...s, request: { ...s.request, place: { ...s.request.place, channel: 'C0EVE' } } }),
      NOT_MINE,
    ],
    ['another requester', (s) => changed(s, (p) => ({ ...p, askedBy: 'U0EVE' })), NOT_MINE],
    ['a later expiry', (s) => changed(s, (p) => ({ ...p, expiresAt: '2099-01-01T00:00:00.000Z' })), NOT_MINE],
    ['what the plan says', (s) => changed(s, (p) => ({ ...p, plan: { ...p.plan, diff: 'nothing' } })), NOT_MINE],
    [
      'what the plan does',
      (s) => changed(s, (p) => ({ ...p, plan: { ...p.plan, intent: { revision: '7' } } })),
      /^The plan was changed after it was made/,
    ],
    ['no approval', (s) => changed(s, (p) => ({ ...p, approvals: [] })), /^1 more approval is needed/],
  ])('%s', async (_, tamper, sentence) => {
    const state = await approved();
    expect(judge(state)).toBe('written');
    expect(judge(tamper(state))).toMatch(sentence);
  });

  test('a key that the worker does not know, or none', async () => {
    const state = await approved();
    const other = 'another-key-that-is-long-enough-01';
    expect(judge(state, policy, [other])).toMatch(NOT_MINE);
    expect(judge(state, policy, [other, KEY])).toBe('written');
    expect(judge(state, policy, [])).toMatch(/LOOPBREAKER_APPROVAL_KEY is not set/);
  });

  test('a policy that changed after the click decides anew', async () => {
    const state = await approved();
    expect(judge(state, policyOf({ approvers: { users: ['U0CLEO'] } }))).toMatch(/may no longer approve/);
    expect(judge(state, policyOf({ minimum: 2 }))).toMatch(/1 more approval/);
    expect(judge(state, policyOf({ typedConfirmation: true }))).toMatch(/was not typed/);
    expect(judge(state, policyOf({ labels: { tier: 'payments' } }))).toMatch(/^No rule lets anybody approve/);
    expect(judge(state, policyOf({ labels: { tier: 'web' } }))).toBe('written');
    expect(judge(state, policyOf({ ceilings: { replicas: 1 } }))).toMatch(/touches 2 replicas/);
  });

  test('an approval that waited too long', async () => {
    const later = new Date(Date.now() + 16 * 60_000).toISOString();
    expect(judge(await approved(), policy, [KEY], later)).toBe(
      'The approval is older than 15 minutes. Ask for the plan again.',
    );
  });
});
