// Whether this Redis may be trusted with incidents. Invariant: a Redis that may throw keys away, or that does not say
// whether it does, is refused; so is one that takes no writes and one whose keys lie on several nodes.

import type { Redis } from 'ioredis';
import { QueueMisconfigured } from './errors.ts';

/**
 * Answers what INFO says, undefined where this user may not ask.
 * @throws QueueMisconfigured with one sentence that says what was found and what cures it.
 */
export async function checkSuitable(redis: Redis, where: string): Promise<string | undefined> {
  const info = await permitted(redis.info());
  const version = info?.match(/^redis_version:(\d+)\.(\d+)/m);
  if (version && Number(version[1]) * 100 + Number(version[2]) < 602) {
    throw new QueueMisconfigured(`Redis at ${where} is version ${version[1]}.${version[2]}. I need 6.2 or newer.`);
  }
  if (/^cluster_enabled:1/m.test(info ?? '')) {
    throw new QueueMisconfigured(
      `Redis at ${where} is a node of a Redis Cluster. All that I keep has to lie together, so a Cluster gains nothing: ` +
        'give me a single Redis, or one with Sentinels (LOOPBREAKER_REDIS_SENTINELS).',
    );
  }
  if (/^role:slave/m.test(info ?? '')) {
    throw new QueueMisconfigured(
      `Redis at ${where} is a replica, which takes no writes. Name its master in REDIS_URL, or the Sentinels that know ` +
        'who is master in LOOPBREAKER_REDIS_SENTINELS.',
    );
  }
  const policy = info?.match(/^maxmemory_policy:(\S+)/m)?.[1] ?? (await configuredPolicy(redis));
  if (policy === undefined) {
    throw new QueueMisconfigured(
      `Redis at ${where} does not say whether it throws keys away, because its user may run neither INFO nor CONFIG GET. ` +
        'Permit one of them: ACL SETUSER … +info.',
    );
  }
  if (policy !== 'noeviction') {
    throw new QueueMisconfigured(
      `Redis at ${where} throws keys away when memory is short (maxmemory-policy is ${policy}), and incidents with them. ` +
        'Set it to noeviction, or give me a Redis of my own.',
    );
  }
  return info;
}

async function configuredPolicy(redis: Redis): Promise<string | undefined> {
  const answer = await permitted(redis.config('GET', 'maxmemory-policy'));
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined;
}

/** Undefined where this user or this Redis does not know the command. */
export async function permitted<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && /^(NOPERM|ERR unknown command)/.test(error.message)) return undefined;
    throw error;
  }
}
