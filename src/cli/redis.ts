// The Redis that the bot uses, for the commands that look into it: found by the bot's own settings.

import { redisSettings } from '../config/redis.ts';
import { connect, type RedisConnections } from '../queue/redis.ts';
import { complain } from './output.ts';

/** Undefined, and said why, when the settings do not lead to one. `holds`: what of the bot's is in it. */
export async function openRedis(holds: string): Promise<RedisConnections | undefined> {
  const { redis, problems } = redisSettings(process.env);
  if (redis.url === '')
    complain(`REDIS_URL is not set: ${holds} in the Redis that the bot uses. Give it the same REDIS_URL.`);
  else for (const problem of problems) complain(problem);
  return problems.length > 0 ? undefined : connect(redis);
}
