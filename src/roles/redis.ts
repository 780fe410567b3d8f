// The Redis of a role: connected, found suitable, and what it may lose said once in the log.

import type { Config } from '../config.ts';
import { connect, type RedisConnections } from '../queue/redis.ts';
import type { Log } from './log.ts';

export async function openRedis({ redis: place }: Config, log: Log): Promise<RedisConnections> {
  const redis = await connect(place, { onProblem: (sentence) => log.warn(sentence) });
  const { sure, sentence } = redis.durability;
  log[sure ? 'info' : 'warn'](sentence);
  return redis;
}
