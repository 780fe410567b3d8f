// The whole path over real HTTP and WebSocket: command, card, button, patched object, verified card. The bot runs as its
// own two processes; Slack and the cluster are doubles that speak the real protocols; Redis is real.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startRole } from '../src/demo/bot.ts';
import { startCluster } from '../src/demo/cluster/cluster.ts';
import { demoAccess } from '../src/demo/recordings.ts';
import { startSlack } from '../src/demo/slack/server.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { botSettings, SLACK_SECRETS } from './support/bot-settings.ts';
import { freePort } from './support/ports.ts';
import { freshRedis } from './support/redis.ts';

const [ANN, BOB, EVE, GUEST] = ['U0ANN', 'U0BOB', 'U0EVE', 'U0GUEST'];
const [OPS, SHARED, EMPTY] = ['C0OPS', 'C0SHARED', 'C0EMPTY'];
const recordings = new URL('recordings/', import.meta.url).pathname;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function startAll(mode: 'socket' | 'http', names: string[], { settings = {}, latencyMs = 0 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-path-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const redis = await freshRedis();
  cleanUps.push(redis.stop);
  const cluster = await startCluster({
    recordings: names.map((n) => join(recordings, n)),
    clockSpeed: 4,
    latencyMs,
    access: { worker: demoAccess() },
  });
  cleanUps.push(cluster.stop);
  const port = await freePort();
  const webhookPort = await freePort();
  const slack = await startSlack({
    mode,
    ...SLACK_SECRETS,
    ...(mode === 'http' ? { appUrl: `http://127.0.0.1:${port}/slack/events` } : {}),
    commands: ['/crashloop'],
    users: [
      { id: ANN, name: 'ann' },
      { id: BOB, name: 'bob' },
      { id: EVE, name: 'eve' },
      { id: GUEST, name: 'guest', isRestricted: true },
    ],
    channels: [
      { id: OPS, name: 'ops' },
      { id: SHARED, name: 'shared', isExtShared: true },
      { id: EMPTY, name: 'empty' },
    ],
  });
  cleanUps.push(slack.stop);
  const env = {
    ...(await botSettings({ folder, redisUrl: redis.url, cluster, slack })),
    SLACK_SIGNING_SECRET: SLACK_SECRETS.signingSecret,
    LOOPBREAKER_SLACK_MODE: mode,
    LOOPBREAKER_SLACK_HOST: '127.0.0.1',
    LOOPBREAKER_SLACK_PORT: String(port),
    LOOPBREAKER_READ: `${OPS}=prod/*; ${SHARED}=prod/*`,
    LOOPBREAKER_APPROVERS: `${ANN},${BOB}`,
    LOOPBREAKER_WEBHOOK_PORT: String(webhookPort),
    LOOPBREAKER_WEBHOOK_HOST: '127.0.0.1',
    LOOPBREAKER_WEBHOOK_TOKEN: 'a-token-of-the-test-itself',
    LOOPBREAKER_ALERT_CHANNEL: OPS,
    ...settings,
  };
  const worker = await startRole('worker', env);
  cleanUps.push(worker.stop);
  const gateway = await startRole('gateway', env);
  cleanUps.push(gateway.stop);
  const text = (message: Message): string => slack.lines(message).join('\n');
  const until = async (find: () => Message | undefined, patienceMs = 25_000): Promise<Message> => {
    const end = Date.now() + patienceMs;
    while (Date.now() < end) {
      const found = find();
      if (found) return found;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`not seen; the channel says:\n${slack.messages(OPS).map(text).join('\n---\n')}`);
  };
  const saying = (pattern: RegExp, user?: string, channel = OPS) =>
    until(() => slack.messages(channel, user).find((m) => pattern.test(text(m))));
  const press = async (user: string, message: Message, title: RegExp): Promise<void> => {
    const now = slack.messages(message.channel).find((m) => m.ts === message.ts) ?? message;
    await slack.send.click(user, now, buttonOf(now, title) ?? '');
  };
  const withButton = (title: RegExp) => until(() => slack.messages(OPS).find((m) => buttonOf(m, title)));
  return { slack, cluster, worker, gateway, env, webhookPort, text, until, saying, press, withButton };
}

function buttonOf(message: Message, title: RegExp): string | undefined {
  for (const block of message.blocks) {
    for (const element of (block.elements ?? []) as { type?: string; action_id?: string; text?: { text?: string } }[]) {
      if (element.type === 'button' && title.test(element.text?.text ?? '')) return element.action_id;
    }
  }
  return undefined;
}

const patches = (cluster: { requests(): { method: string; query?: unknown; path: string; status: number }[] }) =>
  cluster.requests().filter((r) => r.method === 'PATCH' && !JSON.stringify(r).includes('dryRun') && r.status === 200);

describe.each(['socket', 'http'] as const)('in %s mode', (mode) => {
  test('a command becomes a card with proof, an approved rollback is written once, and the card says recovered', async () => {
    const { slack, cluster, text, saying, press, withButton } = await startAll(mode, ['bad-rollout-env-removed']);
    await slack.send.command(ANN, OPS, '/crashloop avatars');
    const card = await withButton(/^Roll back/);
    expect(text(card)).toContain('AVATAR_BUCKET');
    expect(text(card)).toContain("KeyError: 'AVATAR_BUCKET'");
    expect(card.threadTs ?? card.ts).toBe(card.ts);
    await saying(/confirmed · env-missing/);

    await press(ANN, card, /^Roll back/);
    const plan = await withButton(/^Approve$/);
    expect(text(plan)).toContain('env AVATAR_BUCKET added');
    expect(patches(cluster)).toHaveLength(0);
    await press(EVE, plan, /^Approve$/);
    await saying(/You may not approve this/, EVE);
    expect(patches(cluster)).toHaveLength(0);

    await Promise.all([press(BOB, plan, /^Approve$/), press(BOB, plan, /^Approve$/), press(ANN, plan, /^Approve$/)]);
    const done = await saying(/recovered at/);
    expect(done.ts).toBe(card.ts);
    expect(patches(cluster)).toHaveLength(1);
    expect(buttonOf(done, /^Roll back/)).toBeUndefined();
  });
});

describe('who may read', () => {
  test('guests, shared channels and channels without a rule are refused without naming anything', async () => {
    const { slack, saying, cluster } = await startAll('socket', ['bad-rollout-env-removed']);
    const before = cluster.requests().length;
    await slack.send.command(GUEST, OPS, '/crashloop avatars');
    await saying(/Guests may not/, GUEST);
    await slack.send.command(ANN, SHARED, '/crashloop avatars');
    await saying(/shared with another company/, ANN, SHARED);
    await slack.send.command(ANN, EMPTY, '/crashloop avatars');
    await saying(/may not read anything from this channel/, ANN, EMPTY);
    expect(cluster.requests()).toHaveLength(before);
  });
});

describe('what is asked for', () => {
  test('a name that does not exist is answered with the nearest names, and several matches with a picker', async () => {
    const { slack, saying, press } = await startAll('socket', [
      'bad-rollout-env-removed',
      'oom-startup-python',
      'silent-exit',
    ]);
    await slack.send.command(ANN, OPS, '/crashloop avatarz');
    await press(ANN, await saying(/Near: .*avatars/), /avatars$/);
    await saying(/The variable AVATAR_BUCKET is not set/);
    await slack.send.command(ANN, OPS, '/crashloop');
    const picker = await saying(/things are in trouble/);
    expect(JSON.stringify(picker.blocks)).toContain('static_select');
  });

  test('a log line that shouts <!channel> pings nobody', async () => {
    const { slack, withButton } = await startAll('socket', ['bad-rollout-env-removed']);
    await slack.send.command(ANN, OPS, '/crashloop avatars');
    await withButton(/^Roll back/);
    for (const message of slack.messages(OPS)) expect(slack.pings(message)).toMatchObject({ users: [] });
  });
});

describe('a wrong remedy', () => {
  test('too little more memory never says recovered, and can be taken back', async () => {
    const { cluster, slack, saying, press, withButton } = await startAll('socket', ['oom-startup-python'], {
      settings: { LOOPBREAKER_MEMORY_FACTOR_MAX: '1.5' },
    });
    await slack.send.command(ANN, OPS, '/crashloop embedding-api');
    const card = await withButton(/^Memory limit to 240Mi/);
    await press(ANN, card, /^Memory limit/);
    await press(ANN, await withButton(/^Approve$/), /^Approve$/);
    const failed = await saying(/was not the cure/);
    expect(failed.ts).toBe(card.ts);
    expect(
      slack
        .messages(OPS)
        .map((m) => slack.lines(m).join(' '))
        .join(' '),
    ).not.toContain('recovered at');

    await press(BOB, failed, /^Undo/);
    await press(BOB, await withButton(/^Approve$/), /^Approve$/);
    await saying(/memory limit back to 160Mi.* approved by @bob/i);
    expect(patches(cluster)).toHaveLength(2);
  });
});

describe('alerts', () => {
  test('an Alertmanager webhook posts one card by itself, however often it comes', async () => {
    const { slack, webhookPort, saying } = await startAll('socket', ['bad-rollout-env-removed']);
    const pod = 'avatars-5778979d57-9c9rc';
    const body = JSON.stringify({
      version: '4',
      status: 'firing',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'KubePodCrashLooping', namespace: 'users-avatars', pod, container: 'avatars' },
          startsAt: '2026-11-21T02:30:00Z',
          fingerprint: 'abc123',
        },
      ],
    });
    const send = (token: string) =>
      fetch(`http://127.0.0.1:${webhookPort}/webhooks/alertmanager`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
    expect((await send('wrong')).status).toBe(401);
    expect((await send('a-token-of-the-test-itself')).status).toBe(200);
    expect((await send('a-token-of-the-test-itself')).status).toBe(200);
    await saying(/AVATAR_BUCKET/);
    expect(slack.messages(OPS).filter((m) => !m.threadTs || m.threadTs === m.ts)).toHaveLength(1);
  });
});

describe('what dies comes back', () => {
  test('a diagnosis whose worker is killed in the middle is finished by the next worker', async () => {
    const { slack, worker, env, saying, withButton, cluster } = await startAll('socket', ['bad-rollout-env-removed'], {
      latencyMs: 1_000,
    });
    await slack.send.command(ANN, OPS, '/crashloop avatars');
    await saying(/Looking at/);
    const asked = cluster.requests().length;
    while (cluster.requests().length === asked) await new Promise((done) => setTimeout(done, 20));
    worker.child.kill('SIGKILL');
    const second = await startRole('worker', env);
    cleanUps.push(second.stop);
    await withButton(/^Roll back/);
    expect(slack.messages(OPS).filter((m) => !m.threadTs || m.threadTs === m.ts)).toHaveLength(1);
  });
});
