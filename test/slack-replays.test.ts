// What comes twice, too late or from the wrong place changes nothing: commands that Slack sends again, double clicks,
// buttons of cards that have moved on, buttons carried elsewhere, and people who lost their right in between.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { IncidentEvent } from '../src/core/incident/events.ts';
import { startRole } from '../src/demo/bot.ts';
import { signatureHeaders } from '../src/demo/slack/http-mode.ts';
import { type Slack, startSlack } from '../src/demo/slack/server.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { openNotes } from '../src/roles/noting.ts';
import { createSlackApp, type SlackApp } from '../src/slack/app.ts';
import { storiesIn } from './support/audited.ts';
import { SLACK_SECRETS } from './support/bot-settings.ts';
import { freePort } from './support/ports.ts';
import { freshQueue } from './support/queue.ts';
import { freshRedis } from './support/redis.ts';
import { show } from './support/show.ts';
import { policyOfReaders, portsOver, silent } from './support/slack-ports.ts';
import { type Recorded, recorded, request } from './support/slack-story.ts';

const STALE = 'This button is out of date: the card shows what can be done now.';
const NAMESPACE = /^I may not read that namespace from this channel\./;

describe('a command that Slack sends again', () => {
  test('opens one incident and answers nobody with an error', async () => {
    const redis = await freshRedis();
    onTestFinished(redis.stop);
    const port = await freePort();
    const slack = await startSlack({
      mode: 'http',
      ...SLACK_SECRETS,
      appUrl: `http://127.0.0.1:${port}/slack/events`,
      commands: ['/crashloop'],
      users: [{ id: 'U0ANN', name: 'ann' }],
      channels: [{ id: 'C0OPS', name: 'ops' }],
    });
    onTestFinished(slack.stop);
    const gateway = await startRole('gateway', {
      PATH: process.env.PATH ?? '',
      REDIS_URL: redis.url,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: SLACK_SECRETS.botToken,
      SLACK_SIGNING_SECRET: SLACK_SECRETS.signingSecret,
      LOOPBREAKER_SLACK_MODE: 'http',
      LOOPBREAKER_SLACK_HOST: '127.0.0.1',
      LOOPBREAKER_SLACK_PORT: String(port),
      LOOPBREAKER_READ: 'C0OPS=prod/*',
      LOOPBREAKER_LOG_LEVEL: 'silent',
    });
    onTestFinished(gateway.stop);
    const answers: string[] = [];
    const listener = createServer((asked, answer) => {
      asked.on('data', (chunk) => answers.push(String(chunk)));
      asked.on('end', () => answer.end('ok'));
    });
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
    onTestFinished(() => void listener.close());

    const body = new URLSearchParams({
      command: '/crashloop',
      text: 'avatars',
      team_id: 'T0DEMO',
      channel_id: 'C0OPS',
      user_id: 'U0ANN',
      trigger_id: '1700000000.123.abcdef',
      response_url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`,
    }).toString();
    const deliver = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...signatureHeaders(SLACK_SECRETS.signingSecret, body, Math.floor(Date.now() / 1000)),
        },
      });
      return answer.status;
    };
    expect(await Promise.all([deliver(), deliver()])).toEqual([200, 200]);
    await expect.poll(() => slack.messages('C0OPS').length, { timeout: 10_000 }).toBe(1);
    expect(await deliver()).toBe(200);
    // A command of its own is answered after everything before it.
    await slack.send.command('U0ANN', 'C0OPS', '/crashloop geoip');
    await expect.poll(() => slack.messages('C0OPS').length, { timeout: 10_000 }).toBe(2);
    expect(answers).toEqual([]);
    expect(slack.messages('C0OPS', 'U0ANN')).toHaveLength(2);
  });
});

describe('a click', () => {
  const people = [
    { id: 'U0ANN', name: 'ann' },
    { id: 'U0BOB', name: 'bob' },
    { id: 'U0EVE', name: 'eve', isRestricted: false },
  ];
  const channels = ['C0ONE', 'C0TWO', 'C0THREE', 'C0FOUR', 'C0PAIR'];
  const read = [
    ...channels.slice(0, 4).map((channel) => ({ channel, user: '', cluster: 'prod', namespace: '*' })),
    { channel: 'C0PAIR', user: 'U0ANN', cluster: 'prod', namespace: 'shop' },
    { channel: 'C0PAIR', user: 'U0ANN', cluster: 'prod', namespace: 'billing' },
    { channel: 'C0PAIR', user: 'U0BOB', cluster: 'prod', namespace: 'shop' },
  ];
  let slack: Slack;
  let app: SlackApp;
  let queue: Awaited<ReturnType<typeof freshQueue>>;
  let stories: ReturnType<typeof storiesIn>;
  let avatars: Recorded;
  beforeAll(async () => {
    avatars = recorded('bad-rollout-env-removed');
    queue = await freshQueue();
    stories = storiesIn(queue.redis);
    slack = await startSlack({
      mode: 'socket',
      ...SLACK_SECRETS,
      commands: [],
      users: people,
      channels: channels.map((id) => ({ id, name: id.toLowerCase() })),
    });
    const policy = policyOfReaders(read);
    app = await createSlackApp(
      { mode: 'socket', ...SLACK_SECRETS, host: '127.0.0.1', port: 0, apiUrl: slack.apiUrl },
      portsOver(stories, { policy: () => policy }),
      openNotes(queue.redis, [], silent),
    );
    await app.start();
  });
  afterAll(async () => {
    await app?.stop();
    await slack?.stop();
    await queue?.stop();
  });

  /** An incident in this channel after these events, with its card. */
  async function shown(id: string, channel: string, events: IncidentEvent[]): Promise<Message> {
    const asked = { ...request(), place: { teamId: 'T0DEMO', channel } };
    asked.wanted.allowedNamespaces = channel === 'C0PAIR' ? ['shop', 'billing'] : ['*'];
    asked.wanted.cluster = 'prod';
    for (const event of [{ type: 'asked' as const, id, request: asked }, ...events])
      await stories.transition(id, event);
    const ts = await show(app.client, (await stories.read(id))!.state, 'card');
    await stories.transition(id, { type: 'posted', message: 'card', ts });
    return slack.messages(channel).find((m) => m.ts === ts) as Message;
  }
  const diagnosed = (): IncidentEvent => {
    const { namespace, pod, workload } = avatars.report.target;
    return { type: 'diagnosed', target: { cluster: 'prod', namespace, pod, workload }, report: avatars.report };
  };
  const phaseOf = async (id: string) => (await stories.read(id))?.state.phase;
  const press = (user: string, message: Message, title: RegExp) =>
    slack.send.click(user, message, idOf(message, title));
  /** What only this person is told when they do this. */
  async function told(user: string, channel: string, does: () => Promise<unknown>): Promise<string> {
    const own = () => slack.messages(channel, user).filter((m) => m.ephemeralFor === user);
    const before = own().length;
    await does();
    await expect.poll(() => own().length, { interval: 10 }).toBeGreaterThan(before);
    return slack.lines(own().at(-1)!).join('\n');
  }
  /** Plan jobs that were asked for, of one incident. */
  async function planJobs(id: string): Promise<number> {
    const all = await queue.redis.ask((client) => client.zrange(queue.redis.keys.outbox, '0', '-1'));
    return all.filter((envelope) => envelope.includes(id) && /"job":"plan"/.test(envelope)).length;
  }

  test('twice at once on a remedy asks for one plan', async () => {
    const card = await shown('incident-double', 'C0ONE', [diagnosed()]);
    await Promise.all([press('U0ANN', card, /^Roll back/), press('U0BOB', card, /^Roll back/)]);
    await expect.poll(() => phaseOf('incident-double')).toBe('planning');
    expect(await told('U0ANN', 'C0ONE', () => press('U0ANN', card, /^Roll back/))).toBe(STALE);
    expect(await planJobs('incident-double')).toBe(1);
  });

  test('on a card that has moved on is answered, and changes nothing', async () => {
    const card = await shown('incident-stale', 'C0TWO', [diagnosed()]);
    await stories.transition('incident-stale', { type: 'diagnose-again', by: 'U0BOB' });
    expect(await told('U0ANN', 'C0TWO', () => press('U0ANN', card, /^Roll back/))).toBe(STALE);
    expect(await phaseOf('incident-stale')).toBe('asked');
    expect(await planJobs('incident-stale')).toBe(0);
  });

  test('on a button that was carried into another message, or another channel, is refused', async () => {
    const card = await shown('incident-carried', 'C0THREE', [diagnosed()]);
    const client: WebClient = app.client;
    const value = JSON.stringify(card.blocks).match(/"value":"(incident-carried\.[0-9a-f]{16})"/)?.[1] ?? '';
    for (const channel of ['C0THREE', 'C0FOUR']) {
      const text = { type: 'plain_text' as const, text: 'Free coffee' };
      const { ts } = await client.chat.postMessage({
        channel,
        text: 'coffee',
        blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'plan-0', text, value }] }],
      });
      const bait = slack.messages(channel).find((m) => m.ts === ts) as Message;
      expect(await told('U0ANN', channel, () => press('U0ANN', bait, /coffee/))).toBe(STALE);
    }
    expect(await phaseOf('incident-carried')).toBe('diagnosed');
  });

  test('of somebody who has become a guest since the card came is refused', async () => {
    const card = await shown('incident-guest', 'C0FOUR', [diagnosed()]);
    const eve = people.find((one) => one.id === 'U0EVE');
    if (eve) eve.isRestricted = true;
    expect(await told('U0EVE', 'C0FOUR', () => press('U0EVE', card, /^Roll back/))).toMatch(/^Guests may not/);
    expect(await phaseOf('incident-guest')).toBe('diagnosed');
  });

  test('chooses only from what this person may read, whoever asked', async () => {
    const match = (namespace: string) => ({ cluster: 'prod', namespace, kind: 'Deployment', name: 'api', trouble: '' });
    const matches = [match('shop'), match('billing')];
    const card = await shown('incident-pick', 'C0PAIR', [{ type: 'found-many', matches }]);
    const menu = card.blocks.flatMap(
      (b) => (b.elements ?? []) as { options?: { text: { text: string }; value: string }[] }[],
    );
    const choose = (user: string, what: string) => {
      const choice = menu.flatMap((e) => e.options ?? []).find((o) => o.text.text.startsWith(what))?.value ?? '';
      return slack.send.click(user, card, 'pick', { choice });
    };
    expect(await told('U0BOB', 'C0PAIR', () => choose('U0BOB', 'billing/'))).toMatch(NAMESPACE);
    expect(await phaseOf('incident-pick')).toBe('choosing');
    await choose('U0ANN', 'billing/');
    await expect.poll(() => phaseOf('incident-pick')).toBe('asked');
    expect((await stories.read('incident-pick'))?.state.request.wanted.namespace).toBe('billing');
  });

  test('asks again only for what this person may read', async () => {
    const card = await shown('incident-again', 'C0PAIR', [
      { type: 'refused', sentence: 'The cluster did not answer.' },
    ]);
    expect(await told('U0BOB', 'C0PAIR', () => press('U0BOB', card, /^Try again$/))).toMatch(NAMESPACE);
    await press('U0ANN', card, /^Try again$/);
    await expect.poll(() => phaseOf('incident-again')).toBe('asked');
  });
});

/** Action id of the button with this title. */
function idOf(message: Message, title: RegExp): string {
  for (const block of message.blocks)
    for (const element of (block.elements ?? []) as { action_id?: string; text?: { text?: string } }[])
      if (title.test(element.text?.text ?? '')) return element.action_id ?? '';
  return '';
}
