// Redis behind TLS: certificates are checked, a client's own is shown where it is asked for, and every mismatch is
// named with the setting that cures it. The server and OpenSSL are real.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisSettings } from '../src/config/redis.ts';
import { connect } from '../src/queue/redis.ts';
import { authority } from './support/certificates.ts';
import { storiesOn } from './support/queue.ts';
import { FORGETFUL, type RedisServer, redisServer } from './support/redis-server.ts';

let server: RedisServer;
let sentinel: RedisServer;
let folder: string;
const url = () => `rediss://:pw@localhost:${server.port}`;
const soon = { startWithinMs: 700 };

/** What the settings of a bot make of it. */
function placeOf(settings: { [name: string]: string }) {
  const { redis, problems } = redisSettings({ REDIS_URL: url(), ...settings });
  expect(problems).toEqual([]);
  return redis;
}
const file = (name: string) => join(folder, name);
const CLIENT = () => ({ LOOPBREAKER_REDIS_CERT: file('client.pem'), LOOPBREAKER_REDIS_KEY: file('client-key.pem') });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopbreaker-tls-'));
  const ours = authority();
  const redis = ours.sign('DNS:redis.example,DNS:localhost');
  const client = ours.sign('DNS:loopbreaker');
  const files = { 'ca.pem': ours.cert, 'client.pem': client.cert, 'client-key.pem': client.key };
  for (const [name, text] of Object.entries(files)) await writeFile(file(name), text, { mode: 0o600 });
  const secured = [
    'port 0',
    'tls-port PORT',
    'tls-cert-file FOLDER/redis.pem',
    'tls-key-file FOLDER/redis-key.pem',
    'tls-ca-cert-file FOLDER/ca.pem',
    'requirepass pw',
  ];
  const own = { 'redis.pem': redis.cert, 'redis-key.pem': redis.key, 'ca.pem': ours.cert };
  server = await redisServer({ config: [...secured, ...FORGETFUL], files: own });
  const watch = [
    'tls-replication yes',
    `sentinel monitor incidents 127.0.0.1 ${server.port} 1`,
    'sentinel auth-pass incidents pw',
  ];
  sentinel = await redisServer({ config: [...secured, ...watch], files: own, sentinel: true, readyWhen: /\+monitor/ });
});
afterAll(async () => {
  await sentinel?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('with the authority and a certificate of its own the bot works, on every kind of connection', async () => {
  const redis = await connect(placeOf({ LOOPBREAKER_REDIS_CA: file('ca.pem'), ...CLIENT() }));
  const heard = new Promise<void>((resolve) => {
    const ear = redis.listen(redis.keys.nudge, () => ear.close().then(resolve));
  });
  expect(await storiesOn(redis).transition('i1', { say: 'x' })).toMatchObject({ version: 1 });
  await heard;
  await redis.close();
});

test('a certificate for another name than the host is taken when that name is set', async () => {
  const settings = {
    LOOPBREAKER_REDIS_CA: file('ca.pem'),
    ...CLIENT(),
    REDIS_URL: url().replace('localhost', '127.0.0.1'),
  };
  await expect(connect(placeOf(settings), soon)).rejects.toThrow(
    /its certificate is for another name\). Set LOOPBREAKER_REDIS_SERVERNAME/,
  );
  const redis = await connect(placeOf({ ...settings, LOOPBREAKER_REDIS_SERVERNAME: 'redis.example' }));
  await redis.close();
});

test('Sentinels are spoken to over TLS as well, with a password of their own', async () => {
  const place = placeOf({
    ...CLIENT(),
    REDIS_URL: 'rediss://:pw@incidents',
    LOOPBREAKER_REDIS_CA: file('ca.pem'),
    LOOPBREAKER_REDIS_SERVERNAME: 'redis.example',
    LOOPBREAKER_REDIS_SENTINELS: `localhost:${sentinel.port}`,
    LOOPBREAKER_REDIS_SENTINEL_PASSWORD: 'pw',
  });
  const redis = await connect(place);
  expect(await storiesOn(redis).transition('by-sentinel', { say: 'x' })).toMatchObject({ version: 1 });
  await redis.close();
});

describe('is refused with the cure', () => {
  test('an authority that is not known', async () => {
    await expect(connect(placeOf(CLIENT()), soon)).rejects.toThrow(
      /I do not know the authority that signed its certificate\). Set LOOPBREAKER_REDIS_CA/,
    );
  });

  test('no certificate of its own where Redis asks for one', async () => {
    await expect(connect(placeOf({ LOOPBREAKER_REDIS_CA: file('ca.pem') }), soon)).rejects.toThrow(
      /certificate of mine.*set LOOPBREAKER_REDIS_CERT and LOOPBREAKER_REDIS_KEY/i,
    );
  });

  test('redis:// to a port that expects TLS', async () => {
    await expect(connect(url().replace('rediss:', 'redis:'), soon)).rejects.toThrow(/may expect TLS: write rediss:/);
  });

  test('rediss:// to a port that does not', async () => {
    const plain = await redisServer();
    await expect(connect(`rediss://127.0.0.1:${plain.port}`, soon)).rejects.toThrow(
      /does not speak TLS there, write redis:/,
    );
    await plain.stop();
  });

  test.each([
    [{ LOOPBREAKER_REDIS_CA: '/nowhere/ca.pem' }, /LOOPBREAKER_REDIS_CA names a file that cannot be read \(ENOENT\)/],
    [{ LOOPBREAKER_REDIS_CA: import.meta.filename }, /LOOPBREAKER_REDIS_CA names a file that is not PEM/],
    [{ LOOPBREAKER_REDIS_KEY: '/nowhere/key.pem' }, /LOOPBREAKER_REDIS_CERT and LOOPBREAKER_REDIS_KEY belong together/],
    [{ REDIS_URL: 'redis://host', LOOPBREAKER_REDIS_SERVERNAME: 'a' }, /is set, but REDIS_URL begins with redis:/],
    [{ LOOPBREAKER_REDIS_SENTINELS: 'a:b' }, /LOOPBREAKER_REDIS_SENTINELS must be HOST:PORT/],
  ])('the setting %j', (settings, words) => {
    const { problems } = redisSettings({ REDIS_URL: 'rediss://host', ...settings });
    expect(problems.join('\n')).toMatch(words);
  });
});
