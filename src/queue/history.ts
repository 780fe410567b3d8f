// What is kept of clusters' pasts, longer than Kubernetes keeps its events: changes of counts and moments of incidents.
// Invariants: telling a count twice, or by two who look at once, counts it once; and everything is bounded, 7 days and
// the newest 50,000 of a kind and cluster, about 200 bytes each.

import { z } from 'zod';
import { DAY_MS, KEPT_MS, type Kept } from '../core/history/answer.ts';
import type { Moment } from '../core/history/ask.ts';
import type { Change } from '../core/history/change.ts';
import type { RestartNote, WarningNote } from '../core/watch/past.ts';
import type { RedisConnections } from './redis.ts';
import { script } from './scripts.ts';

/** KEYS the changes, then the count of each thing. ARGV now, keep ms, most, known ms; per thing: count, since, at, JSON. */
const note = script(`
local now, keep = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = 2, #KEYS do
  local a = 5 + (i - 2) * 4
  local count, since, at = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  local known = redis.call('HMGET', KEYS[i], 'count', 'seen')
  local before = tonumber(known[1] or '0')
  if known[2] then since = tonumber(known[2]) end
  if count > before then
    at = math.min(now, math.max(at, since))
    local member = string.format('%d|%d|%d|', count, count - before, math.min(since, at)) .. ARGV[a + 3]
    redis.call('ZADD', KEYS[1], 'NX', string.format('%d', at), member)
  end
  redis.call('HSET', KEYS[i], 'count', math.max(count, before), 'seen', string.format('%d', now))
  redis.call('PEXPIRE', KEYS[i], ARGV[4])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%d', now - keep))
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -(tonumber(ARGV[3]) + 1))
redis.call('PEXPIRE', KEYS[1], keep)
`);

const most = 50_000;
/** For how long a count is known. An event is gone hours after it was last told, and there are many. */
const knownMs = { restarts: KEPT_MS, warnings: 2 * DAY_MS };
const atOnce = 200;

interface Counted {
  id: string;
  count: number;
  sinceMs: number;
  atMs: number;
  what: Pick<Change, 'namespace' | 'kind' | 'name' | 'part'>;
}

const changeWhat = z.tuple([z.string(), z.string(), z.string(), z.string()]);
const momentShape: z.ZodType<Moment> = z.object({
  at: z.number(),
  incident: z.string(),
  namespace: z.string(),
  kind: z.string(),
  name: z.string(),
  container: z.string(),
  is: z.enum(['broken', 'well']),
  cause: z.string(),
  words: z.string(),
});

export type History = ReturnType<typeof historyIn>;

export function historyIn({ ask, keys }: RedisConnections) {
  /** For whoever looks at pods: each look may tell all it sees; what has not changed costs one field. */
  function noteRestarts(cluster: string, nowMs: number, counts: readonly RestartNote[]): Promise<void> {
    const told = counts.filter(({ restarts, uid }) => restarts > 0 && uid !== '');
    return noteCounts(
      'restarts',
      cluster,
      nowMs,
      told.map(({ namespace, kind, name, container, ...one }) => ({
        id: `${cluster}/${one.uid}/${container}`,
        count: one.restarts,
        sinceMs: msOf(one.madeAt, nowMs, 0),
        atMs: msOf(one.endedAt, nowMs, nowMs),
        what: { namespace, kind, name, part: container },
      })),
    );
  }

  /** For whoever looks at events: an event is known by its object, reason and beginning, whoever tells it. */
  function noteWarnings(cluster: string, nowMs: number, warnings: readonly WarningNote[]): Promise<void> {
    return noteCounts(
      'warnings',
      cluster,
      nowMs,
      warnings.map(({ namespace, kind, name, reason, count, first, last }) => ({
        id: `${cluster}/${namespace}/${kind}/${name}/${reason}/${first}`,
        count,
        sinceMs: msOf(first, nowMs, 0),
        atMs: msOf(last, nowMs, nowMs),
        what: { namespace, kind, name, part: reason },
      })),
    );
  }

  /** Of which clusters anything is kept. */
  function clusters(): Promise<string[]> {
    return ask((redis) => redis.smembers(keys.historyClusters)).then((names) => names.sort());
  }

  async function noteCounts(
    kind: keyof typeof knownMs,
    cluster: string,
    nowMs: number,
    counted: Counted[],
  ): Promise<void> {
    if (counted.length > 0) await ask((redis) => redis.sadd(keys.historyClusters, cluster));
    for (let i = 0; i < counted.length; i += atOnce) {
      const part = counted.slice(i, i + atOnce);
      const touched = part.map(({ id }) => keys.counted(kind, id.slice(0, 600)));
      const told = part.flatMap(({ count, sinceMs, atMs, what }) => [
        Math.floor(count),
        Math.floor(sinceMs),
        Math.floor(atMs),
        JSON.stringify([what.namespace, what.kind, what.name, what.part]),
      ]);
      const args = [nowMs, KEPT_MS, most, knownMs[kind], ...told];
      await ask((redis) => note(redis, [keys.history(kind, cluster), ...touched], args));
    }
  }

  /** `words` are redacted already. */
  async function noteMoment(cluster: string, moment: Moment): Promise<void> {
    const key = keys.history('moments', cluster);
    await ask((redis) =>
      redis
        .multi()
        .sadd(keys.historyClusters, cluster)
        .zadd(key, moment.at, JSON.stringify(moment))
        .zremrangebyscore(key, '-inf', `(${moment.at - KEPT_MS}`)
        .zremrangebyrank(key, 0, -(most + 1))
        .pexpire(key, KEPT_MS)
        .exec(),
    );
  }

  /** What is kept of a cluster since then, of the namespaces that may be read; `['*']` for all. */
  async function kept(cluster: string, sinceMs: number, namespaces: readonly string[]): Promise<Kept> {
    const may = ({ namespace }: { namespace: string }): boolean =>
      namespaces.includes('*') || namespaces.includes(namespace);
    const [restarts, warnings, moments] = await Promise.all(
      (['restarts', 'warnings', 'moments'] as const).map((kind) =>
        ask((redis) => redis.zrangebyscore(keys.history(kind, cluster), sinceMs, '+inf', 'WITHSCORES')),
      ),
    );
    return {
      restarts: changesOf(restarts ?? []).filter(may),
      warnings: changesOf(warnings ?? []).filter(may),
      moments: pairsOf(moments ?? [])
        .flatMap(([member]) => momentOf(member) ?? [])
        .filter(may),
    };
  }

  return { noteRestarts, noteWarnings, noteMoment, kept, clusters };
}

/** Never later than now, since clocks of nodes differ; `unknown` where it is no time. */
function msOf(time: string, nowMs: number, unknown: number): number {
  const ms = Date.parse(time);
  return ms > 0 ? Math.min(ms, nowMs) : unknown;
}

const pairsOf = (answer: string[]): [string, number][] =>
  answer.flatMap((member, i) => (i % 2 === 0 ? [[member, Number(answer[i + 1])]] : []));

/** What is not of my form is left out: history decides nothing. */
function changesOf(answer: string[]): Change[] {
  return pairsOf(answer).flatMap(([member, at]) => {
    const [, by, since, json] = /^\d+\|(\d+)\|(\d+)\|(.*)$/s.exec(member) ?? [];
    const what = changeWhat.safeParse(parsed(json ?? ''));
    if (!what.success) return [];
    const [namespace, kind, name, part] = what.data;
    return [{ namespace, kind, name, part, by: Number(by), since: Number(since), at }];
  });
}

function momentOf(member: string): Moment | undefined {
  return momentShape.safeParse(parsed(member)).data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
