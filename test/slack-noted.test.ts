// What Slack saw acknowledged is in Redis, and what is in Redis is carried out: commands, presses and answers in modals,
// with a Redis that freezes, a gateway that dies in between, Slack sending again, and notes that somebody else wrote.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { signatureHeaders } from '../src/demo/slack/http-mode.ts';
import { type Slack, startSlack } from '../src/demo/slack/server.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { connect, type RedisConnections } from '../src/queue/redis.ts';
import { openNotes } from '../src/roles/noting.ts';
import { sentenceFor } from '../src/roles/sentences.ts';
import { createSlackApp, type SlackApp } from '../src/slack/app.ts';
import type { Gesture } from '../src/slack/gesture.ts';
import { KEY, storiesIn } from './support/audited.ts';
import { SLACK_SECRETS } from './support/bot-settings.ts';
import { freePort } from './support/ports.ts';
import { type RedisServer, redisServer } from './support/redis-server.ts';
import { show } from './support/show.ts';
import { policyOfReaders, portsOver, silent } from './support/slack-ports.ts';
import { recorded, request } from './support/slack-story.ts';

const OPS = 'C0OPS';
const { report } = recorded('bad-rollout-env-removed');

let server: RedisServer;
let redis: RedisConnections;
let stories: ReturnType<typeof storiesIn>;
let slack: Slack;
let app: SlackApp;
let httpPort: number;
/** Every request that was opened as an incident, as often as it was asked for. */
const asked: string[] = [];

const policy = policyOfReaders([{ channel: OPS, user: '', cluster: 'prod', namespace: '*' }]);
const ports = () =>
  portsOver(stories, {
    ask: async ({ deliveryId }) => void asked.push(deliveryId),
    sentenceFor,
    policy: () => policy,
  });
const notes = () => openNotes(redis, [KEY], silent);

beforeAll(async () => {
  server = await redisServer();
  redis = await connect(server.url);
  stories = storiesIn(redis);
  slack = await startSlack({
    mode: 'socket',
    ...SLACK_SECRETS,
    commands: ['/crashloop'],
    users: [{ id: 'U0ANN', name: 'ann' }],
    channels: [{ id: OPS, name: 'ops' }],
    rateLimits: false,
  });
  httpPort = await freePort();
  const where = { ...SLACK_SECRETS, host: '127.0.0.1', port: httpPort, apiUrl: slack.apiUrl };
  app = await createSlackApp({ mode: 'socket', ...where }, ports(), notes());
  await app.start();
  const http = await createSlackApp({ mode: 'http', ...where }, ports(), notes());
  await http.start();
  cleanUps.push(http.stop);
});
const cleanUps: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
  await app?.stop();
  await slack?.stop();
  await redis?.close();
  await server?.stop();
});

const inbox = () => redis.ask((client) => client.zrange(redis.keys.inbox, '0', '-1'));
const told = (): string[] =>
  slack
    .messages(OPS, 'U0ANN')
    .filter((m) => m.ephemeralFor)
    .map((m) => slack.lines(m).join('\n'));
const stateOf = async (id: string) => (await stories.read(id))?.state;
/** An incident of an alert, with its card. */
async function shown(id: string): Promise<Message> {
  const alert = { severity: 'warning', labels: {}, at: '2026-11-21T02:00:00Z' };
  const wanted = {
    ...request(),
    place: { teamId: 'T0DEMO', channel: OPS },
    alert,
    by: { kind: 'alert' as const, id: 'test' },
  };
  wanted.wanted.cluster = 'prod';
  await stories.transition(id, { type: 'asked', id, request: wanted });
  const { namespace, pod, workload } = report.target;
  await stories.transition(id, { type: 'diagnosed', target: { cluster: 'prod', namespace, pod, workload }, report });
  const ts = await show(app.client, (await stateOf(id))!, 'card');
  await stories.transition(id, { type: 'posted', message: 'card', ts });
  return slack.messages(OPS).find((m) => m.ts === ts) as Message;
}

interface Element {
  action_id?: string;
  value?: string;
  text?: { text: string };
  options?: { text: { text: string }; value: string }[];
}
/** A button, or an entry of a menu: its action, and the value that Slack would send. */
function found(card: Message, title: RegExp): { action: string; value: string } {
  for (const element of card.blocks.flatMap((b) => (b.elements ?? []) as Element[]))
    for (const one of [element, ...(element.options ?? [])])
      if (title.test(one.text?.text ?? '')) return { action: element.action_id ?? '', value: one.value ?? '' };
  throw new Error(`the card has no ${title}`);
}
const press = (card: Message, title: RegExp) => {
  const { action, value } = found(card, title);
  return slack.send.click('U0ANN', card, action, { choice: value });
};

const take = (card: Message, over: Partial<Extract<Gesture, { is: 'click' }>> = {}): Gesture => ({
  is: 'click',
  id: `click-${card.ts}`,
  at: new Date().toISOString(),
  user: 'U0ANN',
  userTeam: 'T0DEMO',
  channel: OPS,
  messageTs: card.ts,
  value: found(card, /^I take it$/).value,
  triggerId: '',
  ...over,
});

describe('while Redis does not answer', () => {
  const frozen = async (does: () => Promise<unknown>): Promise<unknown> => {
    server.freeze();
    try {
      return await does();
    } finally {
      server.thaw();
      await expect.poll(() => redis.ask((client) => client.ping()).catch(() => ''), { timeout: 10_000 }).toBe('PONG');
    }
  };

  test('a command is answered in its acknowledgement, and opens nothing', async () => {
    const before = [told().length, asked.length];
    const outcome = await frozen(() => slack.send.command('U0ANN', OPS, '/crashloop avatars'));
    expect(outcome).toEqual({ ok: true });
    expect(told().slice(before[0])).toEqual([expect.stringMatching(/^My queue \(Redis\) did not answer in time/)]);
    expect(asked).toHaveLength(before[1]!);
  });

  test('a press is told so before it is acknowledged, and the button can be pressed again', async () => {
    const card = await shown('incident-frozen');
    const before = told().length;
    expect(await frozen(() => press(card, /^I take it$/))).toEqual({ ok: true });
    expect(told().slice(before)).toEqual([expect.stringMatching(/^My queue \(Redis\)/)]);
    await press(card, /^I take it$/);
    await expect.poll(async () => (await stateOf('incident-frozen'))?.life.takenBy).toBe('U0ANN');
  });

  test('a modal stays open with what was typed, and says why', async () => {
    const card = await shown('incident-modal');
    await press(card, /^Mute/);
    await expect.poll(() => slack.views('U0ANN')).toHaveLength(1);
    const [view] = slack.views('U0ANN');
    const submit = () => slack.send.submitView('U0ANN', view!.id, { reason: 'the bucket moves' });
    expect(await frozen(submit)).toMatchObject({ ok: false, errors: { length: expect.stringMatching(/^My queue/) } });
    expect(slack.views('U0ANN')).toHaveLength(1);
    expect(await submit()).toEqual({ ok: true });
    await expect.poll(async () => (await stateOf('incident-modal'))?.life.mute?.reason).toBe('the bucket moves');
  });
});

describe('what a gateway noted and did not finish', () => {
  /** As if it had been taken in longer ago than anybody has for it. */
  const leftBehind = async (): Promise<void> => {
    for (const text of await inbox())
      await redis.ask((client) => client.zadd(redis.keys.inbox, 'XX', 0, text)).catch(() => {});
  };
  const takenUp = async (): Promise<void> => {
    await leftBehind();
    const another = notes();
    another.start(app);
    onTestFinished(another.close);
    await expect.poll(inbox).toEqual([]);
  };

  test('is carried out by the next, once', async () => {
    const card = await shown('incident-left');
    await notes().note(take(card));
    expect((await stateOf('incident-left'))?.life.takenBy).toBe('');
    await takenUp();
    const state = await stories.read('incident-left');
    expect(state?.state.life.takenBy).toBe('U0ANN');
    await app.carryOut(take(card));
    expect((await stories.read('incident-left'))?.version).toBe(state?.version);
  });

  test('is told to whoever did it where it was too long ago', async () => {
    const card = await shown('incident-late');
    await notes().note(take(card, { at: new Date(Date.now() - 16 * 60_000).toISOString() }));
    await takenUp();
    expect(told().at(-1)).toMatch(/^I was away when you pressed or asked/);
    expect((await stateOf('incident-late'))?.life.takenBy).toBe('');
  });

  test('counts only with the seal of a gateway', async () => {
    const card = await shown('incident-forged');
    const genuine = take(card, { id: 'click-forged' });
    await openNotes(redis, ['another-key-of-another-bot-0123456'], silent).note(genuine);
    await redis.ask((client) => client.zadd(redis.keys.inbox, 0, 'no note at all'));
    const before = told().length;
    await takenUp();
    expect((await stateOf('incident-forged'))?.life.takenBy).toBe('');
    expect(told().slice(before)).toEqual([expect.stringMatching(/^I was away .* have not done it/)]);
  });
});

describe('what Slack sends again', () => {
  test('over its socket is acknowledged and done once', async () => {
    const before = asked.length;
    await slack.send.command('U0ANN', OPS, '/crashloop avatars');
    slack.socket.repeat();
    slack.socket.repeat();
    await slack.send.command('U0ANN', OPS, '/crashloop geoip');
    await expect.poll(() => asked.length).toBe(before + 2);
    await expect.poll(inbox).toEqual([]);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('by HTTP, with its number of the try, is answered and done once', async () => {
    const card = await shown('incident-again');
    const payload = {
      type: 'block_actions',
      user: { id: 'U0ANN', team_id: 'T0DEMO' },
      team: { id: 'T0DEMO' },
      api_app_id: 'A0DEMO',
      trigger_id: '17.again',
      channel: { id: OPS },
      message: { ts: card.ts },
      container: { type: 'message', message_ts: card.ts, channel_id: OPS },
      response_url: await listener(),
      actions: [{ type: 'button', action_id: 'take', block_id: 'b', value: found(card, /^I take it$/).value }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    expect(await post(body, { seconds: 0 })).toBe(200);
    await expect.poll(async () => (await stateOf('incident-again'))?.life.takenBy).toBe('U0ANN');
    const { version } = (await stories.read('incident-again'))!;
    expect(await post(body, { seconds: 0, retry: 1 })).toBe(200);
    expect(await post(body, { seconds: 0, retry: 2 })).toBe(200);
    expect((await stories.read('incident-again'))?.version).toBe(version);
    expect(heard).toEqual([]);
  });

  test.each([
    ['six minutes old', 401, -360],
    ['six minutes ahead of us', 401, 360],
    ['an hour ahead of us', 401, 3_600],
    ['four minutes old', 200, -240],
    ['four minutes ahead of us', 200, 240],
  ])('with a time that is %s is answered %i', async (_, status, seconds) => {
    const body = new URLSearchParams({
      command: '/crashloop',
      text: 'help',
      team_id: 'T0DEMO',
      channel_id: OPS,
      user_id: 'U0ANN',
      trigger_id: `time.${seconds}`,
      response_url: await listener(),
    }).toString();
    expect(await post(body, { seconds })).toBe(status);
  });

  const heard: string[] = [];
  async function listener(): Promise<string> {
    const listening = createServer((asked, answer) => {
      asked.on('data', (chunk) => heard.push(String(chunk)));
      asked.on('end', () => answer.end('ok'));
    });
    await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
    onTestFinished(() => void listening.close());
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
  }
  async function post(body: string, { seconds, retry = 0 }: { seconds: number; retry?: number }): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${httpPort}/slack/events`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...signatureHeaders(SLACK_SECRETS.signingSecret, body, Math.floor(Date.now() / 1_000) + seconds),
        ...(retry > 0 ? { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' } : {}),
      },
    });
    return answer.status;
  }
});
