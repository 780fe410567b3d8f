// A Redis whose master dies while a workload is diagnosed: Sentinels name another one, the bot goes there by itself, and
// what had been passed on is neither lost nor done twice. Redis, its replica and its Sentinels are real processes.

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { QueueMisconfigured } from '../src/queue/errors.ts';
import { verifyJournal } from '../src/queue/journal.ts';
import { connect } from '../src/queue/redis.ts';
import { storedIncidents } from '../src/queue/stored.ts';
import { ANN, type Bot, buttonOf, OPS, startBot } from './support/bot.ts';
import { DURABLE, type RedisServer, redisServer } from './support/redis-server.ts';

const NAME = 'incidents';
const URL_BY_NAME = `redis://:pw@${NAME}`;
const own = ['requirepass pw', 'masterauth pw', ...DURABLE];

let servers: RedisServer[];
let sentinels: RedisServer[];
let bot: Bot;
const hosts = () => sentinels.map(({ port }) => ({ host: '127.0.0.1', port }));

beforeAll(async () => {
  const master = await redisServer({ config: own });
  const replica = await redisServer({ config: [...own, `replicaof 127.0.0.1 ${master.port}`] });
  servers = [master, replica];
  const watch = [
    `sentinel monitor ${NAME} 127.0.0.1 ${master.port} 2`,
    `sentinel auth-pass ${NAME} pw`,
    `sentinel down-after-milliseconds ${NAME} 1000`,
    `sentinel failover-timeout ${NAME} 10000`,
  ];
  sentinels = [];
  for (let i = 0; i < 3; i++)
    sentinels.push(await redisServer({ config: watch, sentinel: true, readyWhen: /\+monitor/ }));
  await vi.waitFor(async () => expect(await know(sentinels[0]!)).toEqual({ replicas: 1, sentinels: 2 }), {
    timeout: 30_000,
    interval: 200,
  });
  bot = await startBot(['bad-rollout-env-removed'], {
    settings: {
      REDIS_URL: URL_BY_NAME,
      LOOPBREAKER_REDIS_SENTINELS: hosts()
        .map(({ host, port }) => `${host}:${port}`)
        .join(','),
    },
    clockSpeed: 4,
  });
});
afterAll(async () => {
  await bot?.stop();
  for (const server of [...sentinels, ...servers]) await server.stop();
});

async function know(sentinel: RedisServer): Promise<{ replicas: number; sentinels: number }> {
  const admin = new Redis(sentinel.url);
  const count = async (what: string) => ((await admin.call('SENTINEL', what, NAME)) as unknown[]).length;
  const known = { replicas: await count('REPLICAS'), sentinels: await count('SENTINELS') };
  admin.disconnect();
  return known;
}

test('what a failover can lose is said, and a name that no Sentinel knows is refused as such', async () => {
  const redis = await connect({ url: URL_BY_NAME, sentinels: hosts() });
  expect(redis.where).toBe('incidents (by 3 Sentinels)');
  expect(redis.durability).toEqual({
    sure: false,
    sentence: expect.stringMatching(/a failover can lose what the old/),
  });
  await redis.close();
  await expect(connect({ url: 'redis://:pw@other', sentinels: hosts() }, { startWithinMs: 1_000 })).rejects.toThrow(
    /no Sentinel names its master/,
  );
  await expect(connect({ url: 'redis://:pw@incidents:6379', sentinels: hosts() })).rejects.toThrow(QueueMisconfigured);
});

test('a master that is killed in the middle of a diagnosis is replaced, and the card comes once', async () => {
  const looking = new Promise<void>((resolve) => {
    const deaf = bot.slack.listen(({ type }) => {
      if (type !== 'posted') return;
      deaf();
      resolve();
    });
  });
  await bot.slack.send.command(ANN, OPS, '/crashloop avatars');
  await looking;
  // What is acknowledged now is on the replica when this answers.
  const admin = new Redis(`redis://:pw@127.0.0.1:${servers[0]!.port}`);
  await admin.wait(1, 5_000);
  admin.disconnect();
  await servers[0]!.kill();

  await bot.until(() => bot.cards().find((message) => buttonOf(message, /^Roll back/)), 90_000);
  expect(bot.cards()).toHaveLength(1);
  expect(bot.text(bot.cards()[0]!)).toContain('AVATAR_BUCKET');

  const redis = await connect({ url: URL_BY_NAME, sentinels: hosts() });
  const stored = storedIncidents(redis, { schemaVersion: 1 });
  const [incident] = await stored.recent();
  const { entries } = await stored.journal(incident!.incident);
  expect(verifyJournal(entries, { end: incident! })).toEqual({ holds: true, entries: entries.length });
  await redis.close();
});
