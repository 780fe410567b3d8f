// How much is waiting, for metrics: read from BullMQ's own lists, which every process that can read Redis may do.

import type { RedisConnections } from './redis.ts';

export interface Depth {
  queue: string;
  /** Ready to be done, being done, due later, given up. */
  jobs: { waiting: number; active: number; delayed: number; failed: number };
  /** How long the oldest that is ready has waited; 0 when none does. */
  oldestSeconds: number;
}

export async function depthOf({ ask, keys, now }: RedisConnections, queues: readonly string[]): Promise<Depth[]> {
  return ask((redis) =>
    Promise.all(
      queues.map(async (queue) => {
        const key = (part: string): string => `${keys.bull}:${queue}:${part}`;
        const [waiting, active, delayed, failed, oldest] = await Promise.all([
          redis.llen(key('wait')),
          redis.llen(key('active')),
          redis.zcard(key('delayed')),
          redis.zcard(key('failed')),
          redis.lindex(key('wait'), -1),
        ]);
        const since = oldest === null ? null : await redis.hget(key(oldest), 'timestamp');
        const oldestSeconds = since === null ? 0 : Math.max(0, (now() - Number(since)) / 1_000);
        return { queue, jobs: { waiting, active, delayed, failed }, oldestSeconds };
      }),
    ),
  );
}

/** Effects that are not yet in a queue. */
export async function outboxDepth({ ask, keys }: RedisConnections): Promise<number> {
  return ask((redis) => redis.zcard(keys.outbox));
}
