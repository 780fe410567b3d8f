// The Redis and the browser that set-up provides, on real servers, processes and folders.
import { chmodSync, chownSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, test, vi } from 'vitest';
import { cacheFolder, refuseForeign } from '../src/setup/cache.mjs';
import { ensureChromium, findChromium } from '../src/setup/chromium.mjs';
import { installAdvice } from '../src/setup/platform.mjs';
import { startRedis } from '../src/setup/redis.mjs';
import { ping } from '../src/setup/redis-ping.mjs';
import { commandLines, endOf, folder, folderWith, isAlive, lineOf, pathWith, processOf } from './support/processes.ts';
import { freshRedis } from './support/redis.ts';

async function serverPid(url: string): Promise<number> {
  const redis = new Redis(url);
  const info = await redis.info('server');
  redis.disconnect();
  return Number(info.match(/process_id:(\d+)/)?.[1]);
}

describe('a Redis that is started here', () => {
  test('answers its password only, keeps nothing, and never forgets a key for want of memory', async () => {
    const { url, stop } = await freshRedis();
    expect(await ping(url, 5_000)).toBeNull();
    const open = new URL(url);
    open.password = '';
    expect(await ping(open.href, 5_000)).toContain('NOAUTH');
    const redis = new Redis(url);
    const settings = ['bind', 'save', 'appendonly', 'maxmemory-policy'];
    const found = await Promise.all(settings.map((name) => redis.config('GET', name)));
    redis.disconnect();
    expect(found).toEqual([
      ['bind', '127.0.0.1'],
      ['save', ''],
      ['appendonly', 'no'],
      ['maxmemory-policy', 'noeviction'],
    ]);
    await stop();
    expect(await ping(url, 5_000)).toContain('did not answer');
  });

  test('does not show its password to those who list processes', async () => {
    const { url, stop } = await freshRedis();
    const listed = await commandLines();
    await stop();
    expect(listed).toContain('redis-server');
    expect(listed).not.toContain(new URL(url).password);
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('ends with a process that ends by %s', async (signal) => {
    const { REDIS_URL: _, ...env } = process.env;
    const text = `import { startRedis } from 'setup/redis.mjs';
      console.log((await startRedis()).url); setInterval(() => {}, 1000);`;
    const parent = processOf(text, env);
    const url = await lineOf(parent);
    const pid = await serverPid(url);
    parent.kill(signal);
    await endOf(parent);
    await vi.waitUntil(() => !isAlive(pid), { timeout: 20_000 });
    expect(await ping(url, 5_000)).toContain('did not answer');
  });

  test('does not keep a process alive that has nothing more to do', async () => {
    const { REDIS_URL: _, ...env } = process.env;
    const parent = processOf("import { startRedis } from 'setup/redis.mjs'; await startRedis();", env);
    expect(await endOf(parent)).toBe(0);
  });

  test('lets the process that stops it go on until the end', async () => {
    const { REDIS_URL: _, ...env } = process.env;
    const text = `import { startRedis } from 'setup/redis.mjs';
      const redis = await startRedis(); await redis.stop(); console.log('stopped'); process.exitCode = 7;`;
    const parent = processOf(text, env);
    expect(await Promise.all([lineOf(parent), endOf(parent)])).toEqual(['stopped', 7]);
  });

  test('can be stopped twice, also after it died by itself', async () => {
    const { url, stop } = await freshRedis();
    process.kill(await serverPid(url), 'SIGKILL');
    await stop();
    await stop();
    expect(await ping(url, 5_000)).toContain('did not answer');
  });
});

describe('a Redis that is given', () => {
  test('is used as it is and not stopped', async () => {
    const { url, stop } = await freshRedis();
    const given = await startRedis({ env: { REDIS_URL: url } });
    expect(given.url).toBe(url);
    await given.stop();
    expect(await ping(url, 5_000)).toBeNull();
    await stop();
  });

  test('lends every test an empty database of its own where no server can be started', async () => {
    const { url, stop } = await freshRedis();
    vi.stubEnv('REDIS_URL', url).stubEnv('PATH', folder());
    const [one, other] = [await freshRedis(), await freshRedis()];
    vi.unstubAllEnvs();
    expect([one.url, other.url]).toEqual([`${url}/1`, `${url}/2`]);
    await one.stop();
    const redis = new Redis(url);
    expect(await redis.info('keyspace')).toMatch(/^# Keyspace\r\ndb2:keys=1,/);
    redis.disconnect();
    await other.stop();
    await stop();
  });

  test.each([
    ['redis://:s3cret@127.0.0.1:1', /^REDIS_URL is set, but 127\.0\.0\.1:1 did not answer .*: start that Redis/],
    ['http://:s3cret@127.0.0.1:6379', /^REDIS_URL is set, but it begins with http: and not with redis:/],
    ['s3cret', /^REDIS_URL is set, but it is not a URL of the form redis:/],
  ])('is refused in one sentence without its password: %s', async (address, sentence) => {
    const refusal = await startRedis({ env: { REDIS_URL: address } }).catch((error: Error) => error.message);
    expect(refusal).toMatch(sentence);
    expect(refusal).not.toContain('s3cret');
  });

  test('is refused in its own words when the password is wrong', async () => {
    const { url, stop } = await freshRedis();
    const wrong = new URL(url);
    wrong.password = 's3cret';
    expect(await ping(wrong.href, 5_000)).toContain('WRONGPASS');
    await stop();
  });
});

describe('where there is no Redis', () => {
  test('the one sentence names all that was tried and what to install', async () => {
    const env = { PATH: pathWith('redis-server', 'echo "Redis server v=5.0.14 sha=0"') };
    const sentence = await startRedis({ env }).catch((error: Error) => error.message);
    expect(sentence).toMatch(/^there is no Redis \(REDIS_URL is not set; .*redis-server is 5\.0, older than 6\.2; /);
    expect(sentence).toContain('docker is not on PATH; podman is not on PATH');
    expect(sentence).toMatch(/(install|run Loopbreaker)[^:]*\.$/);
  });

  test('a server that cannot start is quoted', async () => {
    const script = 'if [ "$1" = --version ]; then echo v=7.2.4; else echo "no memory for you" >&2; exit 1; fi';
    const env = { PATH: pathWith('valkey-server', script) };
    await expect(startRedis({ env })).rejects.toThrow(/valkey-server ended before it was ready: no memory for you/);
  });

  test.each([
    ['darwin', {}, 'brew install redis'],
    ['win32', {}, 'WSL'],
    ['linux', { ID: 'ubuntu', ID_LIKE: 'debian' }, 'apt-get install redis-server'],
    ['linux', { ID: 'rocky', ID_LIKE: 'rhel centos fedora' }, 'dnf install valkey'],
    ['linux', { ID: 'alpine' }, 'apk add valkey'],
    ['linux', {}, 'set REDIS_URL'],
  ] as const)('the advice for %s %o is its own', (platform, release, words) => {
    expect(installAdvice(platform, release)).toContain(words);
  });
});

describe('the cache folder from which programs are run', () => {
  test('is made for its user alone', () => {
    const path = cacheFolder({ XDG_CACHE_HOME: folder() });
    expect(path).toMatch(/\/loopbreaker$/);
    expect(readdirSync(path)).toEqual([]);
    expect(() => refuseForeign(path)).not.toThrow();
  });

  test('is refused when other users can change it', () => {
    const base = folder();
    chmodSync(cacheFolder({ XDG_CACHE_HOME: base }), 0o770);
    expect(() => cacheFolder({ XDG_CACHE_HOME: base })).toThrow(
      /can be changed by other users, so nothing is run from it/,
    );
  });

  test('is refused when it belongs to another user', () => {
    // Root can give a folder away; for everybody else the root folder is somebody else's.
    const foreign = process.getuid?.() === 0 ? folder() : '/';
    if (foreign !== '/') chownSync(foreign, 65534, 65534);
    expect(() => refuseForeign(foreign)).toThrow(/belongs to another user/);
  });

  test('is refused when it is a link to elsewhere', () => {
    const base = folder();
    symlinkSync(folder(), join(base, 'loopbreaker'));
    expect(() => cacheFolder({ XDG_CACHE_HOME: base })).toThrow(/is not a folder/);
  });

  test('that cannot be made is named with the cure', () => {
    const base = join(folderWith({ file: '' }), 'file');
    expect(() => cacheFolder({ XDG_CACHE_HOME: base })).toThrow(/cannot be made \(E[A-Z]+\): set XDG_CACHE_HOME/);
  });
});

describe('the browser', () => {
  test('counts only when it runs', async () => {
    const standIn = pathWith('chromium-browser', 'echo "requires the chromium snap" >&2; exit 1');
    const real = pathWith('chromium', 'echo "Chromium 156.0"');
    expect(await findChromium({ PATH: standIn })).not.toBe(join(standIn, 'chromium-browser'));
    expect(await findChromium({ PATH: `${standIn}:${real}` })).toBe(join(real, 'chromium'));
  });

  test('that was named and does not run is said so, and none is installed in its place', async () => {
    expect(await ensureChromium({ env: { CHROMIUM_PATH: '/nowhere/chromium' } })).toEqual({
      reason: 'CHROMIUM_PATH names /nowhere/chromium, which does not run: correct it.',
    });
  });
});
