// The Lua steps of the outbox to Slack. Invariants as in scripts.ts; besides, a channel is held by one gateway at a time,
// and a message is in `new` or `edits` of its channel from being wanted until it looks as wanted or is given up.

import { clock, script } from './scripts.ts';

/** Puts a channel on the list, or tells its holder that there is more to do. Needs now, due, held, poked, channel. */
const wake = `
local function wake(due, held, poked, channel)
  if redis.call('HEXISTS', held, channel) == 1 then redis.call('SADD', poked, channel)
  else redis.call('ZADD', due, 'LT', now, channel) end
end
`;

/**
 * A message is to look otherwise. KEYS message, new, edits, due, held, poked, order, dead.
 * ARGV id, channel, parent, keep for ms, nudge channel. Answers 'wanted', or the channel that it is in already.
 */
export const want = script(`${clock}${wake}
local message, new, edits, due, held, poked, order, dead = unpack(KEYS)
local id, channel = ARGV[1], ARGV[2]
local known = redis.call('HGET', message, 'channel')
if known and known ~= channel then return known end
redis.call('HSET', message, 'channel', channel, 'parent', ARGV[3])
redis.call('HINCRBY', message, 'wants', 1)
redis.call('HSETNX', message, 'wantedAt', now)
if redis.call('ZREM', dead, id) == 1 then
  redis.call('HDEL', message, 'dead', 'tries', 'failures', 'notBefore')
  redis.call('HSET', message, 'wantedAt', now)
end
local queue = redis.call('HEXISTS', message, 'ts') == 1 and edits or new
if not redis.call('ZSCORE', queue, id) then redis.call('ZADD', queue, redis.call('INCR', order), id) end
wake(due, held, poked, channel)
redis.call('PEXPIRE', message, ARGV[4])
redis.call('PUBLISH', ARGV[5], '')
return 'wanted'
`);

/**
 * Takes the channel that has been due the longest. KEYS due, held, poked. ARGV token, hold for ms.
 * Answers {channel} or {'', ms until one is due}, -1 when there is none. A channel due later than anybody could have
 * asked for was put off before Redis' clock was set back: it is due as well.
 */
export const takeChannel = script(`${clock}
local head = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if #head == 0 then return {'', -1} end
local wait = tonumber(head[2]) - now
if wait > 0 and wait <= 120000 then return {'', wait} end
redis.call('ZADD', KEYS[1], now + ARGV[2], head[1])
redis.call('HSET', KEYS[2], head[1], ARGV[1])
redis.call('SREM', KEYS[3], head[1])
return {head[1]}
`);

/** Lets a channel go until `ms` from now. KEYS due, held, poked, new, edits. ARGV channel, token, ms. */
export const giveChannelBack = script(`${clock}
local due, held, poked, new, edits = unpack(KEYS)
if redis.call('HGET', held, ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', held, ARGV[1])
local asked = redis.call('SREM', poked, ARGV[1]) == 1
if redis.call('EXISTS', new, edits) == 0 then return redis.call('ZREM', due, ARGV[1]) end
redis.call('ZADD', due, asked and now or now + ARGV[3], ARGV[1])
return 1
`);

/**
 * Asks for leave to call Slack once, and notes the attempt. KEYS message, held, due, then paces.
 * ARGV channel, token, hold for ms, id of the attempt ('' for a call that may be repeated), then burst and number per
 * minute of each pace. Answers {'go', attempt} | {'wait', ms, which pace, from 0} | {'lost'} when another gateway has the
 * channel by now.
 */
export const begin = script(`${clock}
local message, held, due = KEYS[1], KEYS[2], KEYS[3]
if redis.call('HGET', held, ARGV[1]) ~= ARGV[2] then return {'lost'} end
local wait, longest, left = 0, 0, {}
for i = 4, #KEYS do
  local burst, rate = tonumber(ARGV[2 * i - 3]), tonumber(ARGV[2 * i - 2]) / 60000
  local pace = redis.call('HMGET', KEYS[i], 'left', 'at', 'until')
  local since = math.max(0, now - tonumber(pace[2] or now))
  left[i] = math.min(burst, tonumber(pace[1] or burst) + since * rate)
  local mine = tonumber(pace[3] or 0) - now
  if left[i] < 1 then mine = math.max(mine, math.ceil((1 - left[i]) / rate)) end
  if mine > wait then wait, longest = mine, i - 4 end
end
if wait > 0 then return {'wait', wait, longest} end
for i = 4, #KEYS do
  redis.call('HSET', KEYS[i], 'left', left[i] - 1, 'at', now)
  redis.call('PEXPIRE', KEYS[i], 600000)
end
redis.call('ZADD', due, 'XX', now + ARGV[3], ARGV[1])
if ARGV[4] == '' then return {'go', ''} end
redis.call('HSETNX', message, 'attempt', ARGV[4])
redis.call('HSET', message, 'trying', now)
return {'go', redis.call('HGET', message, 'attempt')}
`);

/**
 * Slack said "not before": nothing goes through the first pace for so long, and what is left of the others is used up.
 * KEYS paces. ARGV ms.
 */
export const holdPaces = script(`${clock}
for i, pace in ipairs(KEYS) do
  redis.call('HSET', pace, 'left', 0, 'at', now)
  if i == 1 then redis.call('HSET', pace, 'until', now + ARGV[1]) end
  redis.call('PEXPIRE', pace, 600000 + ARGV[1])
end
`);

/** The message is in Slack. KEYS message, new, edits, order. ARGV id, ts, shown, repeated ('1'), at. */
export const posted = script(`
local message, new, edits, order = unpack(KEYS)
redis.call('HSET', message, 'ts', ARGV[2], 'shown', ARGV[3])
if ARGV[4] == '1' then redis.call('HSET', message, 'repeated', '1') end
if ARGV[5] ~= '' then redis.call('HSET', message, 'at', ARGV[5]) end
redis.call('HDEL', message, 'attempt', 'trying', 'tries', 'failures', 'notBefore', 'anew')
redis.call('ZREM', new, ARGV[1])
redis.call('ZADD', edits, redis.call('INCR', order), ARGV[1])
`);

/**
 * The message looks as it was wanted when `wants` was read; 1 unless it is wanted otherwise by now, and then it goes
 * behind what was wanted meanwhile. KEYS message, new, edits, order. ARGV id, wants, shown, keep for ms.
 */
export const settled = script(`${clock}
local message, new, edits, order = unpack(KEYS)
if ARGV[3] ~= '' then redis.call('HSET', message, 'shown', ARGV[3]) end
redis.call('HDEL', message, 'tries', 'failures', 'notBefore')
redis.call('PEXPIRE', message, ARGV[4])
redis.call('ZREM', new, ARGV[1])
redis.call('ZREM', edits, ARGV[1])
if redis.call('HGET', message, 'wants') == ARGV[2] then return redis.call('HDEL', message, 'wantedAt') end
redis.call('HSET', message, 'wantedAt', now)
redis.call('ZADD', redis.call('HEXISTS', message, 'ts') == 1 and edits or new, redis.call('INCR', order), ARGV[1])
return 0
`);

/**
 * Not now. KEYS message. ARGV ms, whether it is sure that Slack did nothing ('1'), what is counted ('failures', 'tries').
 */
export const putOff = script(`${clock}
if redis.call('EXISTS', KEYS[1]) == 0 then return end
redis.call('HSET', KEYS[1], 'notBefore', now + ARGV[1])
if ARGV[2] == '1' then redis.call('HDEL', KEYS[1], 'trying') end
if ARGV[3] ~= '' then redis.call('HINCRBY', KEYS[1], ARGV[3], 1) end
`);

/** Given up. KEYS message, new, edits, dead. ARGV id, why (JSON), keep for ms. */
export const bury = script(`${clock}
local message, new, edits, dead = unpack(KEYS)
redis.call('HSET', message, 'dead', ARGV[2])
redis.call('HDEL', message, 'wantedAt')
redis.call('PEXPIRE', message, ARGV[3])
redis.call('ZREM', new, ARGV[1])
redis.call('ZREM', edits, ARGV[1])
redis.call('ZADD', dead, now, ARGV[1])
redis.call('ZREMRANGEBYRANK', dead, 0, -1001)
redis.call('ZREMRANGEBYSCORE', dead, '-inf', now - ARGV[3])
`);

/** It is to be posted anew although Slack has it or had it. KEYS message, new, edits, order. ARGV id. */
export const startAnew = script(`
local message, new, edits, order = unpack(KEYS)
redis.call('HDEL', message, 'ts', 'shown', 'told', 'attempt', 'trying', 'repeated')
redis.call('HSET', message, 'anew', '1')
redis.call('ZREM', edits, ARGV[1])
redis.call('ZADD', new, redis.call('INCR', order), ARGV[1])
`);
