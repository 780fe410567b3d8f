// Slack's rate limits as buckets that refill: a call that finds its bucket empty is told how many seconds to wait.
// Tiers are from Slack's rate-limit page; where it says "and a short burst", a small burst is allowed, not a generous one.

type Bucket = { burst: number; perMinute: number };

const TIER_3: Bucket = { burst: 50, perMinute: 50 };
const TIER_4: Bucket = { burst: 100, perMinute: 100 };

const BUCKETS: Record<string, Bucket> = {
  'chat.update': TIER_3,
  'chat.delete': TIER_3,
  'chat.postEphemeral': TIER_4,
  'chat.getPermalink': { burst: 300, perMinute: 300 },
  'auth.test': { burst: 300, perMinute: 300 },
  'apps.connections.open': { burst: 20, perMinute: 20 },
  'conversations.info': TIER_3,
  'conversations.history': TIER_3,
  'conversations.replies': TIER_3,
  'conversations.members': TIER_4,
  'users.info': TIER_4,
  'usergroups.users.list': { burst: 20, perMinute: 20 },
  'views.open': TIER_4,
  'views.push': TIER_4,
  'views.update': TIER_4,
};

/** Posting: about one message a second in each channel, and several hundred a minute in the whole workspace. */
const POST_IN_CHANNEL: Bucket = { burst: 4, perMinute: 60 };
const POST_IN_WORKSPACE: Bucket = { burst: 100, perMinute: 300 };

/**
 * Returns `take(method, channel)`: 0 when the call may go on, otherwise the whole seconds of `Retry-After`.
 * A refused call takes nothing, as in Slack.
 */
export function createLimits(now: () => number): (method: string, channel: string) => number {
  const state = new Map<string, { left: number; at: number }>();

  const refill = (key: string, bucket: Bucket) => {
    const last = state.get(key) ?? { left: bucket.burst, at: now() };
    const gained = ((now() - last.at) / 60_000) * bucket.perMinute;
    const current = { left: Math.min(bucket.burst, last.left + gained), at: now() };
    state.set(key, current);
    return current;
  };

  return (method, channel) => {
    const wanted: [string, Bucket][] =
      method === 'chat.postMessage'
        ? [
            [`post:${channel}`, POST_IN_CHANNEL],
            ['post', POST_IN_WORKSPACE],
          ]
        : [[method, BUCKETS[method] ?? TIER_4]];
    const buckets = wanted.map(([key, bucket]) => ({ bucket, current: refill(key, bucket) }));
    const waits = buckets
      .filter(({ current }) => current.left < 1)
      .map(({ bucket, current }) => Math.ceil(((1 - current.left) / bucket.perMinute) * 60));
    if (waits.length) return Math.max(1, ...waits);
    for (const { current } of buckets) current.left -= 1;
    return 0;
  };
}
