// What leaves for Slack: once, in order, no faster than Slack allows, and never lost.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { outboxCommand } from '../src/cli/outbox.ts';
import { type Slack, startSlack } from '../src/demo/slack/server.ts';
import { outboxIn, TOKENS } from './support/outbox.ts';
import { freePort } from './support/ports.ts';
import { freshQueue } from './support/queue.ts';

const CHANNELS = Array.from({ length: 10 }, (_, index) => ({ id: `C0CH${index}`, name: `ch${index}` }));
const [A, B] = ['C0CH0', 'C0CH1'];
const HISTORY = ['channels:history', 'groups:history'];
const SCOPES = ['commands', 'chat:write', 'channels:read', 'groups:read', 'users:read', 'usergroups:read'];

let queue: Awaited<ReturnType<typeof freshQueue>>;
let outbox: ReturnType<typeof outboxIn>;
let slack: Slack;
let closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  queue = await freshQueue();
  outbox = outboxIn(queue.redis);
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
  await queue.stop();
});

async function startSlackWith(scopes = [...SCOPES, ...HISTORY]): Promise<void> {
  slack = await startSlack({
    mode: 'socket',
    ...TOKENS,
    commands: [],
    users: [],
    channels: structuredClone(CHANNELS),
    scopes,
  });
  closing.push(slack.stop);
}
function startPostmen(): void {
  closing.push(outbox.postmen(slack.apiUrl).close);
}
const quiet = () => expect.poll(() => outbox.posts.backlog(), { timeout: 90_000, interval: 50 }).toEqual([]);
const texts = (channel: string) => slack.messages(channel).map(({ text }) => text);
const calls = (method: string, channel?: string) =>
  slack.requests().filter((r) => r.method === method && (!channel || r.args.channel === channel));
const refusedForPace = () => slack.requests().filter(({ result }) => result === 'ratelimited').length;

describe('what is wanted', () => {
  beforeEach(() => startSlackWith());

  test('a thousand updates of one channel end in the newest look of each message, with few edits', async () => {
    startPostmen();
    const ids = Array.from({ length: 10 }, (_, index) => `o${index}/card`);
    for (let round = 1; round <= 100; round++)
      await Promise.all(ids.map((id) => outbox.say(id, { channel: A, text: `${id} ${round}` })));
    await quiet();
    expect(texts(A).sort()).toEqual(ids.map((id) => `${id} 100`).sort());
    expect(calls('chat.update').length).toBeLessThan(100);
    expect(refusedForPace()).toBe(0);
  });

  test('replies come after the message that they answer, and in the order in which they were wanted', async () => {
    for (const name of ['reply', 'more']) await outbox.say(`o1/${name}`, { channel: A, text: name, parent: 'o1/card' });
    await outbox.say('o1/card', { channel: A, text: 'card' });
    startPostmen();
    await quiet();
    expect(texts(A)).toEqual(['card', 'reply', 'more']);
    const [card, ...replies] = slack.messages(A);
    expect(replies.map(({ threadTs }) => threadTs)).toEqual([card?.ts, card?.ts]);
    expect(await outbox.texts.told('o1/card')).toEqual([card?.ts]);
  });

  test('an edit that looks as before is not sent', async () => {
    startPostmen();
    await outbox.say('o1/card', { channel: A, text: 'same' });
    await quiet();
    await outbox.say('o1/card', { channel: A, text: 'same' });
    await quiet();
    expect(calls('chat.update')).toEqual([]);
    expect(texts(A)).toEqual(['same']);
  });

  test('several gateways share the pace, and each message stands there once', async () => {
    for (let index = 0; index < 3; index++) startPostmen();
    const ids = Array.from({ length: 24 }, (_, index) => `o${index}/card`);
    await Promise.all(ids.map((id, index) => outbox.say(id, { channel: index % 2 ? A : B, text: id })));
    await quiet();
    expect([...texts(A), ...texts(B)].sort()).toEqual([...ids].sort());
    expect(refusedForPace()).toBe(0);
  });
});

describe('when Slack asks for patience', () => {
  test('the one channel waits as long as Slack said, and no other', async () => {
    await startSlackWith();
    slack.mishaps.plan({ method: 'chat.postMessage', channel: A, is: 'rate-limited', seconds: 3 });
    startPostmen();
    await outbox.say('o1/card', { channel: A, text: 'held' });
    await expect.poll(() => calls('chat.postMessage', A).length).toBeGreaterThan(0);
    await outbox.say('o2/card', { channel: B, text: 'free' });
    await quiet();
    const [refused, taken] = calls('chat.postMessage', A);
    const [other] = calls('chat.postMessage', B);
    expect(taken!.at - refused!.at).toBeGreaterThanOrEqual(3_000);
    expect(other!.at).toBeLessThan(taken!.at);
    expect(texts(A)).toEqual(['held']);
  });

  test('new messages of a channel go on while its edits wait', async () => {
    await startSlackWith();
    startPostmen();
    await outbox.say('o1/card', { channel: A, text: 'first' });
    await quiet();
    slack.mishaps.plan({ method: 'chat.update', channel: A, is: 'rate-limited', seconds: 3 });
    await outbox.say('o1/card', { channel: A, text: 'second' });
    await expect.poll(() => calls('chat.update').length).toBeGreaterThan(0);
    await outbox.say('o2/card', { channel: A, text: 'another' });
    await quiet();
    const [, another] = calls('chat.postMessage', A);
    expect(another!.at).toBeLessThan(calls('chat.update')[1]!.at);
    expect(texts(A)).toEqual(['second', 'another']);
  });
});

describe('an answer that never comes', () => {
  const mishaps = [
    { is: 'answer-lost' as const, done: true },
    { is: 'answer-lost' as const, done: false },
    { is: 'status' as const, status: 503, done: true },
    { is: 'error' as const, error: 'internal_error', done: true },
    { is: 'silent' as const, done: true },
  ];

  test.each(mishaps)('$is, done $done: with leave to read the channel nothing is doubled', async (mishap) => {
    await startSlackWith();
    startPostmen();
    await outbox.say('o1/card', { channel: A, text: 'card' });
    await quiet();
    for (const [id, parent] of [
      ['o2/card', ''],
      ['o1/reply', 'o1/card'],
    ] as const) {
      slack.mishaps.plan({ method: 'chat.postMessage', ...mishap });
      await outbox.say(id, { channel: A, text: id, ...(parent ? { parent } : {}) });
      await quiet();
    }
    expect(texts(A)).toEqual(['card', 'o2/card', 'o1/reply']);
    expect(JSON.stringify(slack.messages(A))).not.toContain('may stand here twice');
    await outbox.say('o2/card', { channel: A, text: 'edited' });
    await quiet();
    expect(texts(A)).toEqual(['card', 'edited', 'o1/reply']);
  });

  test('without that leave it is repeated once, says so, and only the repeat is kept up to date', async () => {
    await startSlackWith(SCOPES);
    slack.mishaps.plan({ method: 'chat.postMessage', is: 'answer-lost', done: true });
    startPostmen();
    await outbox.say('o1/card', { channel: A, text: 'card' });
    await quiet();
    const [first, repeat, ...more] = slack.messages(A);
    expect(more).toEqual([]);
    expect(slack.lines(first!).join('\n')).not.toContain('may stand here twice');
    expect(slack.lines(repeat!)[0]).toBe(
      'This may stand here twice: I was interrupted while posting it. Only this one is kept up to date.',
    );
    await outbox.say('o1/card', { channel: A, text: 'edited' });
    await quiet();
    expect(texts(A)).toEqual(['card', 'edited']);
    expect(slack.lines(slack.messages(A)[1]!)[0]).toContain('may stand here twice');
  });

  test('a Slack that cannot be reached at all is waited for, and nothing is doubled or marked', async () => {
    await startSlackWith(SCOPES);
    closing.push(outbox.postmen(`http://127.0.0.1:${await freePort()}/api/`).close);
    await outbox.say('o1/card', { channel: A, text: 'card' });
    await expect
      .poll(async () => (await outbox.posts.read({ owner: 'o1', name: 'card' }))?.failures)
      .toBeGreaterThan(0);
    await closing.pop()?.();
    startPostmen();
    await quiet();
    expect(texts(A)).toEqual(['card']);
    expect(JSON.stringify(slack.messages(A))).not.toContain('may stand here twice');
  });
});

describe('what Slack will not take', () => {
  const said: string[] = [];
  async function loopbreaker(...words: [string, string?, { all?: boolean; json?: boolean }?]) {
    said.length = 0;
    const write = process.stdout.write;
    process.stdout.write = (text) => said.push(String(text)) > 0;
    process.env.REDIS_URL = queue.url;
    try {
      return await outboxCommand(words[0], words[1], words[2] ?? {});
    } finally {
      process.stdout.write = write;
    }
  }
  const list = async () => {
    await loopbreaker('list', undefined, { json: true });
    return JSON.parse(said.join('')) as { dead: { message: string; why: string; sentence: string }[] };
  };
  const given = process.env.REDIS_URL;
  afterEach(() => {
    process.env.REDIS_URL = given;
  });

  test.each([
    ['not_in_channel', /I am not in the channel C0CH0. Invite me there/],
    ['is_archived', /archived. Unarchive it/],
    ['channel_not_found', /deleted, its id is wrong, or it is private/],
    ['token_revoked', /token was revoked. Install the app again/],
    ['msg_too_long', /too long.*report it/],
    ['invalid_blocks', /malformed.*report it/],
    ['something_new', /refuses the message \(something_new\)/],
  ])('%s is listed with its cure, and goes out when it is replayed', async (error, cure) => {
    await startSlackWith();
    slack.mishaps.plan({ method: 'chat.postMessage', is: 'error', error });
    startPostmen();
    await outbox.say('o1/card', { channel: A, text: 'card' });
    await outbox.say('o1/reply', { channel: A, text: 'reply', parent: 'o1/card' });
    await expect.poll(async () => (await list()).dead.map(({ message }) => message)).toEqual(['o1/card', 'o1/reply']);
    const { dead } = await list();
    expect(dead[0]).toMatchObject({ why: error, sentence: expect.stringMatching(cure) });
    expect(dead[1]).toMatchObject({ why: 'parent' });
    expect(texts(A)).toEqual([]);
    expect(await loopbreaker('replay', undefined, { all: true })).toBe(0);
    expect(said.join('')).toBe('2 messages go to Slack again.\n');
    await quiet();
    expect(texts(A)).toEqual(['card', 'reply']);
    await loopbreaker('list');
    expect(said.join('')).toBe('Nothing was given up.\n');
  });

  test('a message that was deleted in Slack is posted anew when it is replayed', async () => {
    await startSlackWith();
    startPostmen();
    await outbox.say('o1/card', { channel: A, text: 'card' });
    await quiet();
    await fetch(`${slack.apiUrl}chat.delete`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKENS.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: A, ts: slack.messages(A)[0]?.ts }),
    });
    await outbox.say('o1/card', { channel: A, text: 'edited' });
    await expect.poll(async () => (await list()).dead[0]?.why).toBe('message_not_found');
    expect(await loopbreaker('replay', 'o1/card')).toBe(0);
    await quiet();
    expect(texts(A)).toEqual(['edited']);
  });

  test('what changes by itself is tried again without a replay', async () => {
    await startSlackWith();
    slack.mishaps.plan({ method: 'chat.postMessage', is: 'error', error: 'not_in_channel' });
    startPostmen();
    await outbox.say('o1/card', { channel: A, text: 'card' });
    await expect.poll(async () => (await list()).dead.length).toBe(1);
    await outbox.say('o1/card', { channel: A, text: 'news' });
    await quiet();
    expect(texts(A)).toEqual(['news']);
    expect((await list()).dead).toEqual([]);
  });

  test('wrong words and unknown messages are answered in one sentence', async () => {
    const complaints: string[] = [];
    const write = process.stderr.write;
    process.stderr.write = (text) => complaints.push(String(text)) > 0;
    try {
      expect(await loopbreaker('empty')).toBe(2);
      expect(await loopbreaker('replay')).toBe(2);
      expect(await loopbreaker('replay', 'no-name')).toBe(2);
      expect(await loopbreaker('list', 'o1/card')).toBe(2);
      expect(await loopbreaker('replay', 'o9/card')).toBe(1);
    } finally {
      process.stderr.write = write;
    }
    expect(complaints).toHaveLength(5);
    expect(complaints[4]).toBe('loopbreaker: o9/card is not among what was given up. See: loopbreaker outbox list\n');
  });
});
