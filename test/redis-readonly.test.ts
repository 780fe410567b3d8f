// A fail-over leaves the roles connected to a Redis that has become a replica: it reads and does not write. Nothing is taken
// that cannot be kept, and once it writes again everything goes on by itself, once.

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bot, startBot } from './support/bot.ts';
import { type RedisServer, redisServer } from './support/redis-server.ts';

let server: RedisServer;
let admin: Redis;
let bot: Bot;
beforeAll(async () => {
  server = await redisServer();
  admin = new Redis(server.url);
  bot = await startBot([], { crowd: 80, settings: { REDIS_URL: server.url } });
});
afterAll(async () => {
  await bot?.stop();
  admin?.disconnect();
  await server?.stop();
});

const LIST = /broken already when I began to watch/;
const appOf = (index: number): string => `app-${index / bot.cluster.crowd.podsPerDeployment}`;
const cardsOf = (index: number) =>
  bot.cards().filter((one) => new RegExp(`\\b${appOf(index)}\\b`).test(bot.text(one)) && !LIST.test(bot.text(one)));
const alert = (index: number): Promise<number> => {
  const { namespace, name } = bot.cluster.crowd.placeOf(index);
  return bot.alert([{ fingerprint: `f${index}`, labels: { namespace, pod: name, container: 'main' } }]);
};

test('what cannot be written is refused or waits, and is told once when it can be', async () => {
  bot.cluster.crowd.crash(0, 9);
  const watcher = await bot.watch();
  await bot.saying(LIST);

  await admin.call('REPLICAOF', '127.0.0.1', '1');
  // What the watcher finds, what a sender brings and what a sender brings again.
  bot.cluster.crowd.crash(4, 3);
  bot.cluster.crowd.crash(8, 3);
  expect(await alert(8)).toBe(503);
  bot.cluster.crowd.crash(12, 3);
  expect(await alert(12)).toBe(503);
  await admin.call('REPLICAOF', 'NO', 'ONE');

  await expect.poll(() => alert(12), { interval: 500 }).toBe(200);
  for (const index of [4, 8, 12]) await bot.until(() => cardsOf(index)[0]);
  bot.cluster.crowd.crash(16, 3);
  await bot.until(() => cardsOf(16)[0]);
  for (const index of [4, 8, 12, 16]) expect(cardsOf(index)).toHaveLength(1);
  for (const role of [bot.worker, bot.gateway, watcher]) expect(role.child.exitCode).toBeNull();
}, 480_000);
