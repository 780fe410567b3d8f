// The Lua scripts: each is one step that either happened or did not, whoever else is at work.
// Invariant: a script touches only the keys it is given, checks before it writes, and never sees the content of a state.

import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

export type Script = (redis: Redis, keys: string[], args: (string | number)[]) => Promise<unknown>;

export function script(lua: string): Script {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return redis.eval(lua, keys.length, ...keys, ...args); // first use, or Redis was restarted
    }
  };
}

// Before Redis 7 a script that reads the clock may write only after saying this.
export const clock = `
if redis.replicate_commands then redis.replicate_commands() end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * One transition. KEYS incident, journal, outbox, recent, pending, lane, open, delivery.
 * ARGV id, expected version, holder the open key must have ('' none, '*' any), state, version, seq, hash, at, schema,
 * entry, incident key, close now ('1'), open seconds, closed seconds, delivery seconds (0: no delivery), nudge channel,
 * what is kept in brief, then per effect: seq, 'ordered' or 'free', envelope.
 * Answers: written | conflict | repeated + incident | broken + journal length.
 */
export const write = script(`${clock}
local incident, journal, outbox, recent, pending, lane, open, delivery = unpack(KEYS)
local id, expected, holder = ARGV[1], ARGV[2], ARGV[3]
local deliverySeconds = tonumber(ARGV[15])

if deliverySeconds > 0 then
  local seen = redis.call('GET', delivery)
  if seen then return {'repeated', seen} end
end
if (redis.call('HGET', incident, 'version') or '0') ~= expected then return {'conflict'} end
if holder ~= '*' and (redis.call('GET', open) or '') ~= holder then return {'conflict'} end
local length = redis.call('LLEN', journal)
if tostring(length) ~= expected then return {'broken', length} end

redis.call('RPUSH', journal, ARGV[10])
redis.call('HSET', incident, 'state', ARGV[4], 'version', ARGV[5], 'seq', ARGV[6], 'hash', ARGV[7], 'at', ARGV[8],
  'schemaVersion', ARGV[9], 'key', ARGV[11], 'brief', ARGV[17])
if deliverySeconds > 0 then redis.call('SET', delivery, id, 'EX', deliverySeconds) end

if holder ~= '*' then
  redis.call('SET', open, id)
  redis.call('HDEL', incident, 'closed')
end
local mine = ARGV[11] ~= '' and redis.call('GET', open) == id
if ARGV[12] == '1' then
  redis.call('HSET', incident, 'closed', '1')
  if mine then redis.call('DEL', open) end
elseif mine then
  redis.call('EXPIRE', open, ARGV[13])
end

for i = 18, #ARGV, 3 do
  local seq, ordered, envelope = ARGV[i], ARGV[i + 1] == 'ordered', ARGV[i + 2]
  redis.call('ZADD', ordered and lane or pending, seq, envelope)
  if not ordered or redis.call('ZCARD', lane) == 1 then redis.call('ZADD', outbox, now, envelope) end
end

local seconds = redis.call('HGET', incident, 'closed') and ARGV[14] or ARGV[13]
for _, key in ipairs({incident, journal, pending, lane}) do redis.call('EXPIRE', key, seconds) end
redis.call('ZADD', recent, now, id)
redis.call('ZREMRANGEBYRANK', recent, 0, -10001)
if #ARGV > 17 then redis.call('PUBLISH', ARGV[16], id) end
return {'written'}
`);

/** KEYS open, incident, journal, pending, lane. ARGV id, seconds. Answers 1 when the key was this incident's. */
export const close = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('HSET', KEYS[2], 'closed', '1') end
for i = 2, 5 do redis.call('EXPIRE', KEYS[i], ARGV[2]) end
return 1
`);

/** What led to one incident leads to another. KEYS open. ARGV from, to, seconds. */
export const point = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
`);

/**
 * Takes due envelopes and hides them from other relays for a while. KEYS outbox. ARGV count, hide for ms.
 * An envelope hidden for longer than that was hidden before Redis' clock was set back: it is due as well.
 */
export const takeDue = script(`${clock}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
if #due == 0 then due = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. (now + ARGV[2]), '+inf', 'LIMIT', 0, ARGV[1]) end
for _, envelope in ipairs(due) do redis.call('ZADD', KEYS[1], now + ARGV[2], envelope) end
return due
`);

/**
 * Takes something in, once: a later one of the same name is a repeat. It counts as taken for a while.
 * KEYS once, inbox. ARGV text, taken for ms, seconds for which both are kept. Answers 1 for the first.
 */
export const takeIn = script(`${clock}
if not redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return 1
`);

/** Puts back what was taken, behind what is due. KEYS outbox. ARGV the envelopes. */
export const giveBack = script(`${clock}
for _, envelope in ipairs(ARGV) do redis.call('ZADD', KEYS[1], 'XX', now, envelope) end
`);

/** Whether an effect's turn has come. KEYS pending, lane. ARGV seq. Answers run | wait | done. */
export const beginEffect = script(`
if redis.call('ZCOUNT', KEYS[1], ARGV[1], ARGV[1]) > 0 then return 'run' end
if redis.call('ZCOUNT', KEYS[2], ARGV[1], ARGV[1]) == 0 then return 'done' end
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
return tonumber(first[2]) == tonumber(ARGV[1]) and 'run' or 'wait'
`);

/** Marks an effect done and hands out the next of its lane. KEYS pending, lane, outbox. ARGV seq, nudge channel. */
export const finishEffect = script(`${clock}
redis.call('ZREMRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[1])
if redis.call('ZREMRANGEBYSCORE', KEYS[2], ARGV[1], ARGV[1]) == 0 then return end
local next = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
if not next then return end
redis.call('ZADD', KEYS[3], 'NX', now, next)
redis.call('PUBLISH', ARGV[2], '')
`);

/** KEYS claim, fence. ARGV token, ms. Answers the fence, or nil while another token holds the claim. */
export const claim = script(`
local holder = redis.call('HGET', KEYS[1], 'token')
if holder and holder ~= ARGV[1] then return nil end
if not holder then redis.call('HSET', KEYS[1], 'token', ARGV[1], 'fence', redis.call('INCR', KEYS[2])) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return tonumber(redis.call('HGET', KEYS[1], 'fence'))
`);

/** KEYS claim. ARGV token. Answers 1 when the token held it. */
export const release = script(`
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);
