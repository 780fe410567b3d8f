// The connections to Redis. Invariants: a question to Redis is answered within its limit or refused as QueueUnavailable,
// and is never silently sent twice; every connection comes back by itself; no 'error' event is left without a listener.

import type { RedisOptions as WorkerRedisOptions } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { type SharedClock, sharedClock } from './clock.ts';
import { type Durability, durabilityOf } from './durability.ts';
import { QueueMisconfigured, QueueUnavailable } from './errors.ts';
import { defaultPrefix, type Keys, keysUnder } from './keys.ts';
import { addressOf, type RedisPlace } from './redis-place.ts';
import { explain, explainAway, silent, whyNotReached, withoutArguments } from './refusals.ts';
import { checkSuitable } from './suitable.ts';

export interface ConnectOptions {
  /** All keys begin with it; one word in braces. */
  prefix?: string;
  /** The longest wait for one answer. */
  limitMs?: number;
  /** The longest wait for the first connection. */
  startWithinMs?: number;
  /** One sentence when Redis goes away and one when it is back, for the log. */
  onProblem?: (sentence: string) => void;
}

export interface RedisConnections {
  keys: Keys;
  /** Host, port and database, without user and password. */
  where: string;
  /** What this Redis may lose, as it was at the start. */
  durability: Durability;
  /** Rejects with QueueUnavailable within limitMs when Redis is away, silent, full or not ready. */
  ask<Answer>(question: (client: Redis) => Promise<Answer>): Promise<Answer>;
  /** Milliseconds since 1970 as Redis has it, the same for all roles, whatever the clock of this machine says. */
  now(): number;
  /** Calls back on each message, and on each (re)connection, since messages may have been missed meanwhile. */
  listen(channel: string, callback: () => void): { close(): Promise<void> };
  /** Shared with BullMQ's producers: rejects at once when Redis is away. */
  client: Redis;
  /** For BullMQ's workers, which wait for Redis as long as it takes. */
  workerOptions: WorkerRedisOptions;
  close(): Promise<void>;
}

/** `place`: REDIS_URL alone, or with what else leads there. */
export async function connect(place: string | RedisPlace, options: ConnectOptions = {}): Promise<RedisConnections> {
  const { prefix = defaultPrefix, limitMs = 2_000, startWithinMs = 5_000, onProblem = () => {} } = options;
  const keys = keysUnder(prefix);
  let closed = false;
  const { where, tls, failsOver, address } = addressOf(place, () => closed);
  const common = {
    ...address,
    connectTimeout: limitMs,
    keepAlive: 10_000,
    // Null ends the trying of every connection, also of those that BullMQ made and cannot close while Redis is away.
    retryStrategy: (times: number) => (closed ? null : Math.min(2 ** times * 25, 1_000) * (0.5 + Math.random() / 2)),
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'), // a failover left us on a replica
  } satisfies RedisOptions;
  const client = new Redis({
    ...common,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    socketTimeout: limitMs, // a half-open connection is replaced
  });
  client.setMaxListeners(1_000); // that many may ask while it is away
  let lastError: Error | undefined;
  let lost = false;
  client.on('error', (error: Error) => {
    lastError = withoutArguments(error);
  });
  client.on('connect', () => {
    lastError = undefined;
  });
  client.on('close', () => {
    if (!lost && !closed)
      onProblem(`Redis at ${where} is away (${lastError?.message ?? 'connection closed'}). Trying again.`);
    lost = true;
  });
  client.on('ready', () => {
    if (lost) onProblem(`Redis at ${where} answers again.`);
    lost = false;
    lastError = undefined;
  });

  async function ask<Answer>(question: (client: Redis) => Promise<Answer>, withinMs = limitMs): Promise<Answer> {
    const until = performance.now() + withinMs;
    await ready(client, withinMs).catch(() => {
      throw explainAway(lastError);
    });
    try {
      return await within(Math.max(until - performance.now(), 50), question(client));
    } catch (error) {
      throw explain(error);
    }
  }

  let durability: Durability;
  let clock: SharedClock;
  try {
    await Promise.race([ask((redis) => redis.ping(), startWithinMs), refusedAt(client, where)]);
    durability = await ask(async (redis) => durabilityOf(redis, await checkSuitable(redis, where), failsOver));
    clock = await sharedClock(() => ask((redis) => redis.time()));
  } catch (error) {
    const reached = client.status === 'connect';
    await close();
    if (!(error instanceof QueueUnavailable)) throw error;
    const found = whyNotReached({ error: lastError, reached, tls });
    throw new QueueUnavailable(`Redis at ${where} cannot be used ${found}`, { cause: error });
  }

  function listen(channel: string, callback: () => void) {
    const subscriber = new Redis({ ...common, maxRetriesPerRequest: null });
    subscriber.on('error', () => {}); // reported by the other connection
    subscriber.on('ready', callback);
    subscriber.on('message', callback);
    subscriber.subscribe(channel).catch(() => {}); // closed before it was ready
    return { close: async () => subscriber.disconnect() };
  }

  async function close() {
    closed = true;
    clock?.stop();
    client.disconnect();
  }

  const workerOptions = { ...common, maxRetriesPerRequest: null, socketTimeout: 15_000 };
  return { keys, where, durability, ask, now: clock.now, listen, client, workerOptions, close };
}

/** Resolves when commands can be sent. */
function ready(client: Redis, withinMs: number): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  if (client.status === 'end') return Promise.reject(new Error('closed'));
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => () => {
      clearTimeout(timer);
      client.off('ready', onReady).off('end', onEnd);
      settled();
    };
    const onReady = settle(resolve);
    const onEnd = settle(() => reject(new Error('closed')));
    const timer = setTimeout(onEnd, withinMs);
    client.on('ready', onReady).on('end', onEnd);
  });
}

function within<Answer>(limitMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new QueueUnavailable(silent, { maybeDone: true })), limitMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Rejects when Redis does not accept the user or password, which no waiting will cure. */
function refusedAt(client: Redis, where: string): Promise<never> {
  return new Promise((_, reject) => {
    client.on('error', (error: Error) => {
      if (!/WRONGPASS|NOAUTH|invalid password/i.test(error.message)) return;
      reject(new QueueMisconfigured(`Redis at ${where} refuses the user or password. Correct them in REDIS_URL.`));
    });
  });
}
