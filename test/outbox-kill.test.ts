// Whoever posts is killed, between every two things it does, and whoever comes after finishes the work: nothing is lost,
// and nothing is doubled, or at most one message, which says so.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startRole } from '../src/demo/bot.ts';
import { type Slack, startSlack } from '../src/demo/slack/server.ts';
import { storiesIn } from './support/audited.ts';
import { outboxIn, TOKENS } from './support/outbox.ts';
import { freshQueue, killed } from './support/queue.ts';
import { request } from './support/slack-story.ts';
import { tcpProxy } from './support/tcp-proxy.ts';

const CHANNEL = 'C0OPS';
const HISTORY = ['channels:history', 'groups:history'];
const SCOPES = ['commands', 'chat:write', 'channels:read', 'groups:read', 'users:read', 'usergroups:read'];
const MARK = 'may stand here twice';

let queue: Awaited<ReturnType<typeof freshQueue>>;
let outbox: ReturnType<typeof outboxIn>;
let slack: Slack;
let closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  queue = await freshQueue();
  outbox = outboxIn(queue.redis, { holdMs: 300 });
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
  await queue.stop();
});

async function startSlackWith(scopes: string[]): Promise<void> {
  const channels = [{ id: CHANNEL, name: 'ops' }];
  const users = [{ id: 'U0ANN', name: 'ann' }];
  slack = await startSlack({ mode: 'socket', ...TOKENS, commands: [], users, channels, scopes, rateLimits: false });
  closing.push(slack.stop);
}

const isQuiet = async () => (await outbox.posts.backlog()).length === 0;
const quiet = () => expect.poll(isQuiet, { timeout: 60_000, interval: 20 }).toBe(true);

/**
 * Postmen in a process of their own, killed at its n-th step: before a command reaches Redis, before its answer comes
 * back, or when Slack has just taken a post. False when it had fewer steps.
 */
async function dieAt(n: number): Promise<boolean> {
  let step = 0;
  let dead = false;
  const count = async () => {
    step += 1;
    if (step !== n) return;
    dead = true;
    await killed(child);
  };
  const isWork = (chunk: Buffer) => /\}:(posts|message):/.test(chunk.toString('latin1'));
  let asked = false;
  const url = new URL(queue.url);
  const hooks = {
    onRequest: async (chunk: Buffer) => {
      asked = isWork(chunk);
      if (asked) await count();
    },
    onReply: async () => {
      if (asked) await count();
      asked = false;
    },
  };
  const proxy = await tcpProxy({ port: Number(url.port), host: url.hostname }, hooks);
  [url.hostname, url.port] = ['127.0.0.1', String(proxy.port)];
  const deaf = slack.listen(({ type }) => {
    if (type === 'posted') void count();
  });
  const file = fileURLToPath(new URL('./support/outbox-child.ts', import.meta.url));
  const env = { ...process.env, OUTBOX_TEST_REDIS: url.href, OUTBOX_TEST_SLACK: slack.apiUrl };
  const child = fork(file, [], { execArgv: ['--import', 'tsx'], env });
  await expect.poll(async () => dead || (await isQuiet()), { timeout: 60_000, interval: 10 }).toBe(true);
  deaf();
  await killed(child);
  await proxy.close();
  return dead;
}

/** One card with a reply for each step at which a postman may die; the next one finishes what it left. */
async function deaths(): Promise<{ owner: string; texts: string[]; marked: number }[]> {
  const found: { owner: string; texts: string[]; marked: number }[] = [];
  for (let n = 1; ; n++) {
    const owner = `o${n}`;
    const known = slack.messages(CHANNEL).length;
    await outbox.say(`${owner}/card`, { channel: CHANNEL, text: `${owner} card` });
    await outbox.say(`${owner}/reply`, { channel: CHANNEL, text: `${owner} reply`, parent: `${owner}/card` });
    const dead = await dieAt(n);
    const heir = outbox.postmen(slack.apiUrl, 50);
    await quiet();
    await heir.close();
    const messages = slack.messages(CHANNEL).slice(known);
    const told = await outbox.texts.told(`${owner}/card`);
    expect(messages.map(({ ts }) => ts)).toContain(told[0]);
    expect(told).toHaveLength(1);
    found.push({
      owner,
      texts: messages.map(({ text }) => text),
      marked: messages.filter((m) => slack.lines(m).join(' ').includes(MARK)).length,
    });
    if (!dead) return found;
  }
}

describe('a postman that is killed between any two of its steps', () => {
  test('doubles nothing where the app may read the channel', async () => {
    await startSlackWith([...SCOPES, ...HISTORY]);
    const found = await deaths();
    expect(found.length).toBeGreaterThan(15);
    for (const { owner, texts, marked } of found) {
      expect(texts, owner).toEqual([`${owner} card`, `${owner} reply`]);
      expect(marked, owner).toBe(0);
    }
  }, 600_000);

  test('doubles at most one message where it may not, and that one says so', async () => {
    await startSlackWith(SCOPES);
    const found = await deaths();
    let doubled = 0;
    for (const { owner, texts, marked } of found) {
      expect(new Set(texts), owner).toEqual(new Set([`${owner} card`, `${owner} reply`]));
      expect(texts.length, owner).toBeLessThanOrEqual(3);
      if (texts.length === 3) expect(marked, owner).toBe(1);
      doubled += texts.length - 2;
    }
    expect(doubled).toBeGreaterThan(0);
  }, 600_000);
});

test('a gateway that is killed each time Slack has just taken a post leaves every card once', async () => {
  await startSlackWith([...SCOPES, ...HISTORY]);
  const env = {
    PATH: process.env.PATH ?? '',
    REDIS_URL: queue.url,
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: TOKENS.botToken,
    SLACK_APP_TOKEN: TOKENS.appToken,
    LOOPBREAKER_LOG_LEVEL: 'fatal',
  };
  const stories = storiesIn(queue.redis);
  const ids = ['first', 'second', 'third'].map((name) => `incident-${name}`);
  for (const id of ids) {
    const asked = { ...request(), place: { teamId: 'T0DEMO', channel: CHANNEL }, deliveryId: id };
    await stories.transition(id, { type: 'asked', id, request: asked });
  }
  for (let deaths = 0; deaths < 2; deaths++) {
    const gateway = await startRole('gateway', env);
    const taken = new Promise<void>((resolve) => {
      const deaf = slack.listen(({ type }) => {
        if (type !== 'posted') return;
        gateway.child.kill('SIGKILL');
        deaf();
        resolve();
      });
    });
    await taken;
    await killed(gateway.child);
  }
  const last = await startRole('gateway', env);
  closing.push(last.stop);
  await expect
    .poll(async () => (await Promise.all(ids.map((id) => stories.read(id)))).every((s) => s?.state.messages.card), {
      timeout: 60_000,
    })
    .toBe(true);
  await quiet();
  const cards = slack.messages(CHANNEL);
  expect(cards).toHaveLength(3);
  const told = (await Promise.all(ids.map((id) => stories.read(id)))).map((s) => s?.state.messages.card);
  expect(cards.map(({ ts }) => ts).sort()).toEqual(told.sort());
});
