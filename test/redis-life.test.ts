// One life in a Redis with the least rights: those that docs/redis.md tells to give are enough for the whole path and for
// nothing else in that Redis, and what the life leaves there is what the document says, for as long as it says.

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRole } from '../src/demo/bot.ts';
import { ANN, BOB, type Bot, buttonOf, OPS, startBot } from './support/bot.ts';
import { textOf } from './support/manifests.ts';
import { DURABLE, type RedisServer, redisServer } from './support/redis-server.ts';

const LINE = /^ACL SETUSER loopbreaker .+$/m.exec(textOf('docs/redis.md'))?.[0] ?? '';

let server: RedisServer;
let admin: Redis;
let bot: Bot;
beforeAll(async () => {
  server = await redisServer({ config: DURABLE });
  admin = new Redis(server.url);
  const [, ...words] = LINE.replace('PASSWORD', 'pw').split(' ');
  await admin.call('ACL', ...words);
  await admin.acl('SETUSER', 'default', 'off');
  bot = await startBot(['bad-rollout-env-removed', 'oom-startup-python'], {
    settings: { REDIS_URL: `redis://loopbreaker:pw@127.0.0.1:${server.port}` },
  });
});
afterAll(async () => {
  await bot?.stop();
  admin.disconnect();
  await server.stop();
});

const button = (title: RegExp) => bot.until(() => bot.all().find((message) => buttonOf(message, title)));

test('the whole path works under them: watcher, command, alert, plan, approval, recovery', async () => {
  const watcher = await startRole('watcher', bot.env);
  bot.onStop(watcher.stop);
  await bot.slack.send.command(ANN, OPS, '/crashloop avatars');
  await bot.press(ANN, await button(/^Roll back/), /^Roll back/);
  await bot.press(BOB, await button(/^Approve$/), /^Approve$/);
  await bot.saying(/recovered at/);
  const { namespace } = bot.cluster.recordings[1]!;
  const [pod] = (await bot.kubectl('GET', `/api/v1/namespaces/${namespace}/pods`)).json.items;
  const labels = { namespace, pod: pod.metadata.name, container: 'embedding-api' };
  expect(await bot.alert([{ fingerprint: 'f1', labels }])).toBe(200);
  await bot.saying(/embedding-api/);
  await bot.slack.send.command(ANN, OPS, '/crashloop list');
  expect(await admin.acl('LOG')).toEqual([]);
});

test('every key of that life ends by itself, or is one that holds a bounded number of things', async () => {
  const kept = keptKeys();
  const keys = await admin.keys('*');
  expect(keys.length).toBeGreaterThan(30);
  for (const key of keys) {
    const row = kept.find(({ pattern }) => pattern.test(key));
    expect(row, `${key} is not in the table of docs/redis.md`).toBeDefined();
    if (row!.days === undefined) continue;
    const seconds = await admin.ttl(key);
    expect(seconds, key).toBeGreaterThan(0);
    expect(seconds, key).toBeLessThanOrEqual(row!.days * 86_400);
  }
});

test('the table of keys in the document is that of the code', () => {
  const code = [...textOf('src/queue/keys.ts').matchAll(/^\/\/ {3}\{loopbreaker\}:(\S+)\s+(\S+)/gm)]
    .filter(([, , type]) => type !== 'channel')
    .map(([, key]) => key);
  expect(code.length).toBeGreaterThan(25);
  expect(keptKeys().map(({ name }) => name)).toEqual(expect.arrayContaining(code));
  expect(code).toEqual(expect.arrayContaining(keptKeys().map(({ name }) => name)));
});

/** Rows of the document; `days` where a key must have an end. */
function keptKeys(): { name: string; pattern: RegExp; days: number | undefined }[] {
  return [...textOf('docs/redis.md').matchAll(/^\| `([a-z]\S+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(
    ([, name = '', kept = '']) => {
      const days = /^(?:mostly )?(\d+) days?\b/.exec(kept)?.[1];
      const words = name.split(/[A-Z…]+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return {
        name,
        pattern: new RegExp(`^\\{loopbreaker\\}:${words.join('.+')}$`),
        days: days ? Number(days) : undefined,
      };
    },
  );
}

test('other keys, settings and the whole of the data are out of reach', async () => {
  const as = new Redis(`redis://loopbreaker:pw@127.0.0.1:${server.port}`);
  for (const command of [
    ['GET', 'somebody-elses'],
    ['SET', 'somebody-elses', 'x'],
    ['FLUSHALL'],
    ['KEYS', '*'],
    ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
    ['MONITOR'],
    ['SCRIPT', 'FLUSH'],
    ['FUNCTION', 'FLUSH'],
    ['ACL', 'LIST'],
    ['SHUTDOWN', 'NOSAVE'],
    ['REPLICAOF', 'NO', 'ONE'],
    ['SUBSCRIBE', 'somebody-elses'],
  ] as const)
    await expect(as.call(command[0], ...command.slice(1)), command.join(' ')).rejects.toThrow(/^NOPERM/);
  as.disconnect();
});
