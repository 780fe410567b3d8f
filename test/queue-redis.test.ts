// Redis as it is found: away, silent, full, locked, forgetful. The person who asked hears one sentence with the cure.

import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { QueueMisconfigured, QueueUnavailable } from '../src/queue/errors.ts';
import { connect, type RedisConnections } from '../src/queue/redis.ts';
import { parseRedisUrl } from '../src/queue/redis-url.ts';
import { storiesOn } from './support/queue.ts';
import { freshRedis, type TestRedis } from './support/redis.ts';
import { type TcpProxy, tcpProxy } from './support/tcp-proxy.ts';

describe('REDIS_URL', () => {
  test('user, password, port, database and TLS are read, and shown without the password', () => {
    expect(parseRedisUrl('rediss://bot:p%40ss@redis.example:7000/3')).toEqual({
      host: 'redis.example',
      port: 7000,
      db: 3,
      username: 'bot',
      password: 'p@ss',
      tls: {},
      where: 'redis.example:7000/3',
    });
    expect(parseRedisUrl('redis://[::1]')).toEqual({ host: '::1', port: 6379, db: 0, where: '::1:6379/0' });
  });

  test.each([
    ['localhost:6379', 'begins with localhost:'],
    ['not a url', 'is not a URL'],
    ['https://redis.example', 'begins with https:'],
    ['redis://:secret@host/db1', 'a database that is no number'],
    ['redis://:secret@host/0?family=6', 'parameters after "?"'],
    ['redis://:100%secret@host/0', 'Write it as %25'],
  ])('%s is refused with what is wrong and no password', (url, words) => {
    const read = () => parseRedisUrl(url);
    expect(read).toThrow(QueueMisconfigured);
    expect(read).toThrow(words);
    expect(read).not.toThrow('secret');
  });
});

describe('a Redis that must not be used', () => {
  let server: TestRedis;
  let admin: Redis;
  beforeAll(async () => {
    server = await freshRedis();
    admin = new Redis(server.url);
  });
  afterAll(async () => {
    await admin.quit();
    await server.stop();
  });

  test('one that throws keys away is refused', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const answer = connect(server.url);
    await expect(answer).rejects.toThrow(QueueMisconfigured);
    await expect(answer).rejects.toThrow(/maxmemory-policy is allkeys-lru.*Set it to noeviction/);
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await (await connect(server.url)).close();
  });

  test('one that does not say whether it throws keys away is refused; either INFO or CONFIG GET is enough', async () => {
    const url = new URL(server.url);
    [url.username, url.password] = ['bot', 'pw'];
    await admin.acl('SETUSER', 'bot', 'on', '>pw', '~*', '&*', '+@all', '-info', '-config');
    await expect(connect(url.href)).rejects.toThrow(/neither INFO nor CONFIG GET.*\+info/);
    await admin.acl('SETUSER', 'bot', '+config|get');
    await (await connect(url.href)).close();
    await admin.acl('SETUSER', 'bot', '-config', '+info');
    await (await connect(url.href)).close();
    await admin.acl('DELUSER', 'bot');
  });

  test('a wrong password is named as such and not shown', async () => {
    const url = new URL(server.url);
    url.password = 'guess';
    const answer = connect(url.href);
    await expect(answer).rejects.toThrow(/refuses the user or password. Correct them in REDIS_URL/);
    await expect(answer).rejects.not.toThrow(/guess/);
  });

  test('one that is not there at the start is named as away', async () => {
    const answer = connect('redis://127.0.0.1:1', { startWithinMs: 500 });
    await expect(answer).rejects.toThrow(QueueUnavailable);
    await expect(answer).rejects.toThrow(
      /Redis at 127.0.0.1:1\/0 cannot be used \(.*ECONNREFUSED.*\). Start it, or correct REDIS_URL/,
    );
  });

  test('one that is full says so, and takes events again when it has room', async () => {
    const redis = await connect(server.url);
    await admin.config('SET', 'maxmemory', '1mb');
    const answer = storiesOn(redis).transition('full', { say: 'x' });
    await expect(answer).rejects.toThrow(QueueUnavailable);
    await expect(answer).rejects.toThrow(/is full, so nothing was started.*more memory/);
    await admin.config('SET', 'maxmemory', '0');
    expect(await storiesOn(redis).transition('full', { say: 'x' })).toMatchObject({ version: 1 });
    await redis.close();
  });
});

describe('a Redis that goes away', () => {
  let server: TestRedis;
  let proxy: TcpProxy;
  let redis: RedisConnections;
  const problems: string[] = [];
  const away: (() => Promise<unknown>)[] = [
    () => storiesOn(redis).transition('i1', { say: 'x' }),
    () => storiesOn(redis).open('key', 'i1', { say: 'x' }),
    () => storiesOn(redis).once('delivery', 60),
    () => storiesOn(redis).claim('plan', 'me', 60_000),
    () => storiesOn(redis).read('i1'),
  ];

  beforeAll(async () => {
    server = await freshRedis();
    proxy = await tcpProxy({ port: Number(new URL(server.url).port), host: new URL(server.url).hostname });
    const url = new URL(server.url);
    [url.hostname, url.port] = ['127.0.0.1', String(proxy.port)];
    redis = await connect(url.href, { onProblem: (sentence) => problems.push(sentence) });
  });
  afterEach(() => {
    problems.length = 0;
  });
  afterAll(async () => {
    await redis.close();
    await proxy.close();
    await server.stop();
  });

  test('every question is refused with a sentence for the person who asked, and answered once Redis is back', async () => {
    await proxy.cut();
    await server.stop();
    for (const answer of away.map((question) => question())) {
      await expect(answer).rejects.toThrow(QueueUnavailable);
      await expect(answer).rejects.toThrow(/does not answer, so nothing was started. Try again in a minute/);
      await expect(answer).rejects.toMatchObject({ maybeDone: false });
    }
    const password = redis.client.options.password ?? '';
    server = await freshRedis();
    const admin = new Redis(server.url);
    await admin.config('SET', 'requirepass', password);
    await admin.quit();
    await proxy.restore(Number(new URL(server.url).port));
    const told = await vi.waitFor(() => storiesOn(redis).transition('i1', { say: 'x' }), { timeout: 10_000 });
    expect(told).toMatchObject({ version: 1 });
    expect(problems).toEqual([
      expect.stringMatching(/is away \(.*\)\. Trying again\.$/),
      expect.stringMatching(/answers again\.$/),
    ]);
  });

  test('a short break is waited for and nobody notices', async () => {
    await proxy.cut();
    await vi.waitFor(() => expect(redis.client.status).not.toBe('ready'), { timeout: 20_000 });
    const answer = storiesOn(redis).once('after a short break', 60);
    await proxy.restore();
    expect(await answer).toBe(true);
  });

  test('one that takes the question and stays silent leaves it open whether the event was noted', async () => {
    const url = new URL(server.url);
    url.password = redis.client.options.password ?? '';
    const admin = new Redis(url.href);
    await admin.client('PAUSE', 3_500, 'ALL');
    const answer = storiesOn(redis).transition('silent', { say: 'x' });
    await expect(answer).rejects.toThrow(QueueUnavailable);
    await expect(answer).rejects.toThrow(/may or may not have been noted, so look before you ask again/);
    await expect(answer).rejects.toMatchObject({ maybeDone: true });
    await vi.waitFor(() => storiesOn(redis).read('silent'), { timeout: 10_000 });
    await admin.quit();
  });
});
