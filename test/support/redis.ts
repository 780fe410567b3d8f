// A real Redis for tests. As vitest's global set-up this file provides REDIS_URL when nothing has set it; a test that
// writes asks for freshRedis(), so that no two test files ever see each other's keys.
import { Redis } from 'ioredis';
import { startRedis } from '../../src/setup/redis.mjs';

export type TestRedis = { url: string; stop: () => Promise<void> };

/** Called once by vitest, before all test files; what it returns is called after them. */
export async function setup(): Promise<() => Promise<void>> {
  const redis = await startRedis({ log: console.error });
  process.env.REDIS_URL = redis.url;
  return redis.stop;
}

/**
 * An empty Redis that is the caller's alone: a server of its own, which `stop` ends. Where only a Redis of the user's
 * own can be had (REDIS_URL), it is a logical database that was empty, and `stop` empties it again.
 */
export async function freshRedis(): Promise<TestRedis> {
  const { REDIS_URL: given, ...env } = process.env;
  try {
    return await startRedis({ env });
  } catch (error) {
    if (!given) throw error;
    return claimDatabase(given);
  }
}

/** Takes the first empty logical database of a Redis that others may use as well. */
async function claimDatabase(address: string): Promise<TestRedis> {
  for (let index = 1; index < 16; index++) {
    const url = new URL(address);
    url.pathname = `/${index}`;
    const redis = new Redis(url.href, { maxRetriesPerRequest: 1 });
    if (await claim(redis)) {
      const stop = async () => {
        await redis.flushdb();
        await redis.quit();
      };
      return { url: url.href, stop };
    }
    await redis.quit();
  }
  throw new Error('databases 1 to 15 of REDIS_URL all hold keys: empty one, or unset REDIS_URL.');
}

/** Looking and taking are one script, so that two test files never take the same database. */
async function claim(redis: Redis): Promise<boolean> {
  const script = `if redis.call('DBSIZE') > 0 then return 0 end redis.call('SET', 'taken-by-a-test', ARGV[1]) return 1`;
  return (await redis.eval(script, 0, String(process.pid))) === 1;
}
