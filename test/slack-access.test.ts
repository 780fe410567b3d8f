// Who may ask and who may approve, with a real Slack app beside the Slack double. Whatever is not allowed is refused in
// a sentence that names nothing of the cluster.

import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPolicy } from '../src/config/policy.ts';
import { decideClick } from '../src/core/policy/decide.ts';
import type { Policy } from '../src/core/policy/policy.ts';
import { requirementFor } from '../src/core/policy/requirement.ts';
import type { Request } from '../src/core/request.ts';
import { type Slack, startSlack } from '../src/demo/slack/server.ts';
import { sealsWith } from '../src/roles/approvals.ts';
import { boltLogger, createLog } from '../src/roles/log.ts';
import { openNotes } from '../src/roles/noting.ts';
import { groupsOf, readScope, standingOf } from '../src/slack/access.ts';
import { createSlackApp, type SlackApp } from '../src/slack/app.ts';
import type { Ports } from '../src/slack/ports.ts';
import { freshQueue } from './support/queue.ts';

const TEAM = 'T0DEMO';
const SECRETS = { signingSecret: 'shhh', botToken: 'xoxb-test', appToken: 'xapp-test' };

const people = [
  { id: 'U0ANN', name: 'ann' },
  { id: 'U0BOB', name: 'bob' },
  { id: 'U0GUEST', name: 'guest', isRestricted: true },
  { id: 'U0ONE', name: 'one-channel-guest', isUltraRestricted: true },
  { id: 'U0EX', name: 'ex', deleted: true },
  { id: 'U0OTHER', name: 'other', teamId: 'T0OTHER', isStranger: true },
  { id: 'U0GRID', name: 'grid', teamId: 'T0SISTER' },
  { id: 'U0ROBOT', name: 'robot', isBot: true },
];

const channels = [
  { id: 'C0OPS', name: 'ops' },
  { id: 'C0PAIR', name: 'pair' },
  { id: 'C0EMPTY', name: 'empty' },
  { id: 'C0SHARED', name: 'shared', isExtShared: true, isShared: true },
  { id: 'C0OUT', name: 'not-invited', botIsMember: false },
  { id: 'C0SECRET', name: 'secret', isPrivate: true, botIsMember: false },
  { id: 'C0GONE', name: 'gone' },
];

const everybody = (channel: string, cluster = 'prod', namespace = '*') => ({ channel, user: '', cluster, namespace });

const userGroups = [
  { id: 'S0CALL', handle: 'on-call', users: ['U0ANN'] },
  { id: 'S0OLD', handle: 'former', users: ['U0ANN'], disabled: true },
];

const read = [
  everybody('C0OPS'),
  everybody('C0SHARED'),
  everybody('C0OUT'),
  everybody('C0SECRET'),
  everybody('C0NOWHERE'),
  { channel: 'C0PAIR', user: 'U0ANN', cluster: 'prod', namespace: 'shop' },
  { channel: 'C0PAIR', user: 'U0ANN', cluster: 'prod', namespace: 'cart' },
  { channel: 'C0PAIR', user: 'U0BOB', cluster: 'staging', namespace: 'shop' },
];
const approvers = ['U0ANN', 'U0GUEST', 'U0EX', 'U0OTHER', 'U0ROBOT', 'U0NOBODY'];

function policyWith(approvers: string[]): Policy {
  const defaults = { remediation: true, expiresAfterSeconds: 900, memoryFactor: 4, memoryBytes: 2 ** 33, own: [] };
  const loaded = loadPolicy({ path: '', read, approvers, clusters: [], defaults });
  if (!loaded.ok) throw new Error(loaded.problems.join());
  return loaded.policy;
}
const rules = policyWith(approvers);

const NOW = '2026-11-21T02:28:25Z';
const subject = {
  cluster: 'prod',
  plan: { action: 'restart' as const, risk: 'low' as const, intent: {}, target: { namespace: 'shop', name: 'api' } },
  facts: { labels: {}, replicas: 1, managedBy: [] },
};

/** What a click on Approve comes to, with what Slack says at this moment. */
async function click(client: WebClient, policy: Policy, { user, teamId }: { user: string; teamId: string }) {
  const person = { id: user, standing: await standingOf(client, { user, teamId }), groups: [] };
  const pending = { name: 'api', askedBy: 'U0REQ', expiresAt: '2026-11-21T02:43:25Z', votes: [] };
  return decideClick(requirementFor(policy, subject, NOW), pending, person, { now: NOW, typed: undefined });
}

const GUEST = 'Guests may not use Loopbreaker. Ask a full member of the workspace.';
const MEMBERS = 'Only members of this workspace may use Loopbreaker.';
const NO_RULE = /^I may not read anything from this channel\./;
const NAMESPACE = /^I may not read that namespace from this channel\./;
const SHARED = /^This channel is shared with another company/;
const NOBODY_KNOWS = /^I could not ask Slack who you are, so the answer is no for now\./;

let slack: Slack;
let app: SlackApp;
let queue: Awaited<ReturnType<typeof freshQueue>>;
const asked: Request[] = [];
beforeAll(async () => {
  slack = await startSlack({ mode: 'socket', ...SECRETS, commands: ['/crashloop'], users: people, channels });
  const log = createLog('silent', 'test');
  const ports: Ports = {
    ask: async (request) => void asked.push(request),
    read: async () => undefined,
    tell: () => Promise.reject(new Error('nothing is told here')),
    sentenceFor: () => 'Something went wrong on my side.',
    policy: () => rules,
    history: async () => [],
    storm: async () => undefined,
    ...sealsWith([]),
    now: () => '2026-11-21T02:28:25Z',
    log,
    boltLogger: boltLogger(log),
  };
  const where = { mode: 'socket' as const, ...SECRETS, host: '127.0.0.1', port: 0, apiUrl: slack.apiUrl };
  queue = await freshQueue();
  app = await createSlackApp(where, ports, openNotes(queue.redis, [], log));
  await app.start();
});
afterAll(async () => {
  await app?.stop();
  await slack?.stop();
  await queue?.stop();
});

/** What this person alone is told, or what is asked on their behalf. */
async function ask(user: string, channel: string, text: string): Promise<string | Request['wanted']> {
  const [told, requests] = [own(user, channel).length, asked.length];
  await slack.send.command(user, channel, `/crashloop ${text}`);
  for (let left = 3_000; left > 0; left--) {
    const said = own(user, channel)[told];
    if (said) return slack.lines(said).join('\n');
    const request = asked[requests];
    if (request) return request.wanted;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('nothing was answered');
}

const own = (user: string, channel: string) => slack.messages(channel, user).filter((m) => m.ephemeralFor === user);

describe('a command', () => {
  test.each([
    ['a member asks where everybody may', 'U0ANN', 'C0OPS', 'checkout-api', ['*']],
    ['a member asks for one namespace', 'U0BOB', 'C0OPS', '-n billing checkout-api', ['*']],
    ['a rule for one person holds for that person', 'U0ANN', 'C0PAIR', 'shop/checkout-api', ['shop', 'cart']],
    ['and without a namespace, for all that the rule names', 'U0ANN', 'C0PAIR', 'checkout-api', ['shop', 'cart']],
  ])('%s', async (_, user, channel, text, allowedNamespaces) => {
    expect(await ask(user, channel, text)).toMatchObject({ cluster: 'prod', name: 'checkout-api', allowedNamespaces });
  });

  test.each([
    ['a guest', 'U0GUEST', 'C0OPS', 'checkout-api', GUEST],
    ['a guest of one channel', 'U0ONE', 'C0OPS', 'checkout-api', GUEST],
    ['somebody of another company', 'U0OTHER', 'C0OPS', 'checkout-api', MEMBERS],
    ['somebody of another workspace of the same company', 'U0GRID', 'C0OPS', 'checkout-api', MEMBERS],
    ['a bot', 'U0ROBOT', 'C0OPS', 'checkout-api', MEMBERS],
    ['a channel without a rule', 'U0ANN', 'C0EMPTY', 'checkout-api', NO_RULE],
    ['a rule for somebody else', 'U0GUEST', 'C0PAIR', 'checkout-api', NO_RULE],
    ['a channel shared with another company', 'U0ANN', 'C0SHARED', 'checkout-api', SHARED],
    ['a channel that I am not in', 'U0ANN', 'C0OUT', 'checkout-api', /^I am not in this channel\. Invite me first/],
    [
      'a private channel that I am not in',
      'U0ANN',
      'C0SECRET',
      'checkout-api',
      /^I could not ask Slack about this channel/,
    ],
    ['a namespace beside the rule', 'U0ANN', 'C0PAIR', '-n billing checkout-api', NAMESPACE],
    ['the same, written otherwise', 'U0ANN', 'C0PAIR', 'billing/checkout-api', NAMESPACE],
    ['a namespace that is allowed in another cluster', 'U0BOB', 'C0PAIR', 'cart/checkout-api', NAMESPACE],
    [
      'a cluster beside the rule',
      'U0ANN',
      'C0PAIR',
      '--cluster staging checkout-api',
      /^I may not read a cluster of that name.*I read: prod\./,
    ],
    [
      'a kubeconfig context',
      'U0ANN',
      'C0OPS',
      '--context kind-prod checkout-api',
      /^I may not read a cluster of that name/,
    ],
  ])('%s is refused, and the refusal names nothing of the cluster', async (_, user, channel, text, sentence) => {
    const before = asked.length;
    const said = await ask(user, channel, text);
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
    expect(said).not.toMatch(/checkout-api|billing|shop|cart|staging|kind-prod/);
    expect(asked.length).toBe(before);
  });

  test('what is typed wrongly is answered with what was typed, harmlessly, and with the usage', async () => {
    const said = await ask('U0ANN', 'C0OPS', '--<!channel>`x`');
    expect(said).toMatch(/^I do not know --<!channel>x\.\n\/crashloop – /);
    const last = own('U0ANN', 'C0OPS').at(-1);
    expect(last?.text).toContain('&lt;!channel&gt;');
    expect(await ask('U0ANN', 'C0OPS', 'help')).toMatch(/\/crashloop POD, NAMESPACE\/POD or KIND\/NAME/);
  });
});

describe('when Slack does not say who somebody is, the answer is no', () => {
  const to = (apiUrl: string) =>
    new WebClient('xoxb-test', {
      slackApiUrl: apiUrl,
      timeout: 500,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    });
  const ann = { user: 'U0ANN', channel: 'C0OPS', teamId: TEAM };

  test('because Slack cannot be reached', async () => {
    const gone = to('http://127.0.0.1:9/api/');
    expect(await readScope(gone, rules, ann)).toMatchObject({
      allowed: false,
      sentence: expect.stringMatching(NOBODY_KNOWS),
    });
    expect(await click(gone, rules, ann)).toEqual({ is: 'no', sentence: expect.stringMatching(NOBODY_KNOWS) });
    expect(await groupsOf(gone, 'U0ANN', ['S0CALL'])).toBeNull();
  });

  test('because Slack knows no such person, or no such channel', async () => {
    const client = to(slack.apiUrl);
    expect(await readScope(client, rules, { ...ann, user: 'U0NOBODY' })).toMatchObject({
      allowed: false,
      sentence: expect.stringMatching(NOBODY_KNOWS),
    });
    expect(await readScope(client, rules, { ...ann, channel: 'C0NOWHERE' })).toMatchObject({
      allowed: false,
      sentence: expect.stringMatching(/^I could not ask Slack about this channel/),
    });
  });

  test('because Slack asks for patience', async () => {
    const client = to(slack.apiUrl);
    while ((await client.users.info({ user: 'U0ANN' }).catch(() => undefined))?.ok);
    expect(await readScope(client, rules, ann)).toMatchObject({
      allowed: false,
      sentence: expect.stringMatching(NOBODY_KNOWS),
    });
  });
});

describe('an approval', () => {
  let fresh: Slack;
  beforeAll(async () => {
    fresh = await startSlack({ mode: 'socket', ...SECRETS, commands: [], users: people, channels, userGroups });
  });
  afterAll(() => fresh?.stop());
  const client = () => new WebClient('xoxb-test', { slackApiUrl: fresh.apiUrl, retryConfig: { retries: 0 } });
  const decide = (user: string, policy = rules) => click(client(), policy, { user, teamId: TEAM });

  test('is for those on the list', async () => {
    expect(await decide('U0ANN')).toEqual({ is: 'counts', missing: 0 });
  });

  test('is refused to everybody else, with the names of those who may', async () => {
    expect(await decide('U0BOB', policyWith(['U0ANN']))).toEqual({
      is: 'no',
      sentence: 'You may not approve this. Those who may: <@U0ANN>.',
    });
  });

  test('is refused to all while the list is empty, with how to fill it', async () => {
    expect(await decide('U0ANN', policyWith([]))).toEqual({
      is: 'no',
      sentence: expect.stringMatching(/^Nobody may approve yet\..*LOOPBREAKER_APPROVERS/),
    });
  });

  test('of a user group is asked of Slack by its id, and a group that cannot be asked is a no', async () => {
    expect(await groupsOf(client(), 'U0ANN', ['S0CALL'])).toEqual(['S0CALL']);
    expect(await groupsOf(client(), 'U0BOB', ['S0CALL'])).toEqual([]);
    expect(await groupsOf(client(), 'U0ANN', ['S0OLD'])).toBeNull();
    expect(await groupsOf(client(), 'U0ANN', ['S0CALL', 'S0NONE'])).toBeNull();
  });

  test.each([
    ['a guest', 'U0GUEST', GUEST],
    ['somebody who has left', 'U0EX', 'This account is deactivated.'],
    ['somebody of another company', 'U0OTHER', MEMBERS],
    ['a bot', 'U0ROBOT', MEMBERS],
    ['an id that Slack does not know', 'U0NOBODY', NOBODY_KNOWS],
  ])('is refused to %s, list or not', async (_, user, sentence) => {
    expect(await decide(user)).toEqual({
      is: 'no',
      sentence: typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    });
  });
});
