// A Redis as somebody else configured it: what it may lose is said at the start, what cannot work is refused in one
// sentence, and what fails later is told to the person who asked. Every Redis here is a real one.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { QueueMisconfigured, QueueUnavailable } from '../src/queue/errors.ts';
import { connect } from '../src/queue/redis.ts';
import { manifest } from './support/manifests.ts';
import { storiesOn } from './support/queue.ts';
import { DURABLE, FORGETFUL, redisServer, type ServerOptions } from './support/redis-server.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function server(config?: string[], options: ServerOptions = {}) {
  const started = await redisServer({ ...(config ? { config } : {}), ...options });
  closing.push(started.stop);
  return started;
}

async function connected(...[url, options]: Parameters<typeof connect>) {
  const redis = await connect(url, options);
  closing.push(redis.close);
  return redis;
}

function adminOf(url: string): Redis {
  const admin = new Redis(url);
  closing.push(() => admin.disconnect());
  return admin;
}

describe('what Redis may lose is said when the bot starts', () => {
  test.each([
    [DURABLE, true, /on disk before it acknowledges it: its crash loses nothing/],
    [
      ['appendonly yes', 'appendfsync everysec'],
      false,
      /about the last second of acknowledged alerts.*appendfsync always/,
    ],
    [['appendonly yes', 'appendfsync no'], false, /about the last 30 s are lost/],
    [['appendonly no', 'save 900 1'], false, /everything since its last snapshot/],
    [FORGETFUL, false, /a crash of it loses everything, open incidents too/],
  ])('%j', async (config, sure, words) => {
    const { durability } = await connected((await server(config)).url);
    expect(durability).toEqual({ sure, sentence: expect.stringMatching(words) });
  });

  test('the Redis of the manifests starts with its configuration, and loses nothing', async () => {
    const conf: string[] = manifest('ConfigMap', 'loopbreaker-redis').data['redis.conf'].split('\n');
    const own = conf.filter((line) => line && !/^(#|bind|port|dir|include) ?/.test(line));
    expect(own).toHaveLength(7);
    expect((await connected((await server(own)).url)).durability.sure).toBe(true);
  });

  test('where CONFIG GET is not permitted, it is not known, and that is said', async () => {
    const { port, url } = await server(DURABLE);
    const admin = adminOf(url);
    await admin.acl('SETUSER', 'bot', 'on', '>pw', '~*', '&*', '+@all', '-config');
    const { durability } = await connected(`redis://bot:pw@127.0.0.1:${port}`);
    expect(durability).toEqual({ sure: false, sentence: expect.stringMatching(/does not say how often.*CONFIG GET/) });
    await admin.acl('SETUSER', 'bot', '-info', '+config|get');
    expect((await connected(`redis://bot:pw@127.0.0.1:${port}`)).durability.sure).toBe(true);
  });
});

describe('what cannot work is refused at the start', () => {
  test('a replica, which takes no writes', async () => {
    const master = await server();
    const replica = await server([...FORGETFUL, `replicaof 127.0.0.1 ${master.port}`]);
    await vi.waitFor(
      async () => expect(await adminOf(replica.url).info('replication')).toContain('link_status:up'),
      10_000,
    );
    const answer = connect(replica.url);
    await expect(answer).rejects.toThrow(QueueMisconfigured);
    await expect(answer).rejects.toThrow(/is a replica.*Name its master.*LOOPBREAKER_REDIS_SENTINELS/);
  });

  test('a node of a Redis Cluster', async () => {
    const answer = connect((await server([...FORGETFUL, 'cluster-enabled yes'])).url);
    await expect(answer).rejects.toThrow(QueueMisconfigured);
    await expect(answer).rejects.toThrow(/is a node of a Redis Cluster.*a single Redis, or one with Sentinels/);
  });

  test('one that is still loading, as such', async () => {
    const first = await server(['appendonly no', 'save ""']);
    const admin = adminOf(first.url);
    for (let i = 0; i < 40; i++) await admin.set(`key-${i}`, 'x'.repeat(1_024));
    await admin.save();
    admin.disconnect();
    await first.kill();
    await writeFile(
      join(first.folder, 'redis.conf'),
      [
        `dir ${first.folder}`,
        'bind 127.0.0.1',
        `port ${first.port}`,
        'key-load-delay 1000000',
        'loading-process-events-interval-bytes 1024',
        'save ""',
      ].join('\n'),
    );
    void first.start().catch(() => {}); // it is ended before it is ready
    const answer = connect(first.url, { startWithinMs: 1_500 });
    await expect(answer).rejects.toThrow(/it answers, but is still loading what it kept\). Wait for it/);
  });
});

describe('what fails later is told to the person who asked', () => {
  test('a full disk', async () => {
    const { folder, url } = await server([
      'appendonly no',
      'save 900 1',
      'stop-writes-on-bgsave-error yes',
      'dbfilename dump.rdb',
    ]);
    const redis = await connected(url);
    // A snapshot cannot take the place of a folder that holds something: for Redis that is a disk that takes no write.
    await mkdir(join(folder, 'dump.rdb', 'in-the-way'), { recursive: true });
    const admin = adminOf(url);
    await admin.set('a', 'b');
    await admin.bgsave();
    await vi.waitFor(
      async () => expect(await admin.info('persistence')).toContain('rdb_last_bgsave_status:err'),
      5_000,
    );
    const answer = storiesOn(redis).transition('i1', { say: 'x' });
    await expect(answer).rejects.toThrow(QueueUnavailable);
    await expect(answer).rejects.toThrow(/cannot write to its disk, so nothing was started.*disk of Redis is full/);
  });

  test('a master that became a replica', async () => {
    const other = await server();
    const { url } = await server();
    const redis = await connected(url);
    await adminOf(url).replicaof('127.0.0.1', other.port);
    const answer = storiesOn(redis).transition('i1', { say: 'x' });
    await expect(answer).rejects.toThrow(
      /is a replica, which takes no writes, so nothing was started.*lead to the master/,
    );
  });

  test('a password that was changed meanwhile', async () => {
    const { url } = await server();
    const redis = await connected(url);
    const admin = adminOf(url);
    await admin.config('SET', 'requirepass', 'another');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await expect
      .poll(
        () =>
          storiesOn(redis)
            .read('i1')
            .catch((error: Error) => error.message),
        { timeout: 60_000 },
      )
      .toMatch(/refuses my user or password, so nothing was started/);
  });

  test('a right that is missing, with the command', async () => {
    const { port, url } = await server();
    await adminOf(url).acl('SETUSER', 'bot', 'on', '>pw', '~{loopbreaker}:*', '&*', '+@all', '-evalsha', '-set');
    const redis = await connected(`redis://bot:pw@127.0.0.1:${port}`);
    await expect(storiesOn(redis).once('delivery', 60)).rejects.toThrow(
      /does not let my user run SET, so nothing was started.*docs\/redis.md/,
    );
    await expect(storiesOn(redis).transition('i1', { say: 'x' })).rejects.toThrow(/does not let my user run EVALSHA/);
  });

  test('a right that one of the scripts misses', async () => {
    const { port, url } = await server();
    await adminOf(url).acl('SETUSER', 'bot', 'on', '>pw', '~{loopbreaker}:*', '&*', '+@all', '-time');
    const redis = await connected(`redis://bot:pw@127.0.0.1:${port}`);
    await expect(storiesOn(redis).transition('i1', { say: 'x' })).rejects.toThrow(
      /does not let my user run (TIME|a command of my scripts), so nothing was started/,
    );
  });

  test('keys that the user may not touch', async () => {
    const { port, url } = await server();
    await adminOf(url).acl('SETUSER', 'bot', 'on', '>pw', '~other:*', '&*', '+@all');
    const redis = await connected(`redis://bot:pw@127.0.0.1:${port}`);
    await expect(storiesOn(redis).once('delivery', 60)).rejects.toThrow(/does not let my user use my keys/);
  });
});
