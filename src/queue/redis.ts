// The connections to Redis. Invariants: a question to Redis is answered within its limit or refused as QueueUnavailable,
// and is never silently sent twice; every connection comes back by itself; no 'error' event is left without a listener.

import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { RedisOptions as WorkerRedisOptions } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { QueueMisconfigured, QueueUnavailable } from './errors.ts';
import { defaultPrefix, type Keys, keysUnder } from './keys.ts';
import { parseRedisUrl } from './redis-url.ts';
import { checkSuitable } from './suitable.ts';

export interface ConnectOptions {
  /** All keys begin with it; one word in braces. */
  prefix?: string;
  /** The longest wait for one answer. */
  limitMs?: number;
  /** The longest wait for the first connection. */
  startWithinMs?: number;
  /** For rediss: an own authority, a client certificate. */
  tls?: TlsOptions;
  /** One sentence when Redis goes away and one when it is back, for the log. */
  onProblem?: (sentence: string) => void;
}

export interface RedisConnections {
  keys: Keys;
  /** Host, port and database, without user and password. */
  where: string;
  /** Rejects with QueueUnavailable within limitMs when Redis is away, silent, full or not ready. */
  ask<Answer>(question: (client: Redis) => Promise<Answer>): Promise<Answer>;
  /** Calls back on each message, and on each (re)connection, since messages may have been missed meanwhile. */
  listen(channel: string, callback: () => void): { close(): Promise<void> };
  /** Shared with BullMQ's producers: rejects at once when Redis is away. */
  client: Redis;
  /** For BullMQ's workers, which wait for Redis as long as it takes. */
  workerOptions: WorkerRedisOptions;
  close(): Promise<void>;
}

const away = 'My queue (Redis) does not answer, so nothing was started';
const silent =
  'My queue (Redis) did not answer in time: your request may or may not have been noted, so look before you ask again';
const cure = 'If this goes on, ask whoever runs me to look at Redis.';

export async function connect(url: string, options: ConnectOptions = {}): Promise<RedisConnections> {
  const { prefix = defaultPrefix, limitMs = 2_000, startWithinMs = 5_000, onProblem = () => {} } = options;
  const keys = keysUnder(prefix);
  const { where, ...address } = parseRedisUrl(url, options.tls);
  let closed = false;
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
  let lastError: Error | undefined;
  let lost = false;
  client.on('error', (error: Error) => {
    lastError = error;
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
    const until = Date.now() + withinMs;
    await ready(client, withinMs).catch(() => {
      throw new QueueUnavailable(`${away}. Try again in a minute. ${cure}`, { cause: lastError });
    });
    try {
      return await within(Math.max(until - Date.now(), 50), question(client));
    } catch (error) {
      throw explain(error);
    }
  }

  try {
    await Promise.race([ask((redis) => redis.ping(), startWithinMs), refusedAt(client, where)]);
    await ask((redis) => checkSuitable(redis, where));
  } catch (error) {
    await close();
    if (!(error instanceof QueueUnavailable)) throw error;
    const found = lastError?.message ?? 'no answer in time';
    throw new QueueUnavailable(`Redis at ${where} cannot be used (${found}). Start it, or correct REDIS_URL.`, {
      cause: error,
    });
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
    client.disconnect();
  }

  const workerOptions = { ...common, maxRetriesPerRequest: null, socketTimeout: 15_000 };
  return { keys, where, ask, listen, client, workerOptions, close };
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
    timer = setTimeout(() => reject(new QueueUnavailable(`${silent}. ${cure}`, { maybeDone: true })), limitMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Connection troubles and answers like LOADING or OOM become QueueUnavailable; all else is passed on as it is. */
function explain(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof QueueUnavailable) return cause;
  if (/^OOM /.test(cause.message)) {
    const message = 'My queue (Redis) is full, so nothing was started. Ask whoever runs me to give Redis more memory.';
    return new QueueUnavailable(message, { cause });
  }
  if (cause.name === 'ReplyError') {
    const transient =
      /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|MISCONF|NOREPLICAS|BUSY|NOAUTH|WRONGPASS|NOPERM)\b/;
    if (!transient.test(cause.message)) return cause;
    const message = `My queue (Redis) refuses to work, so nothing was started. ${cure}`;
    return new QueueUnavailable(message, { cause });
  }
  if (/isn't writeable/.test(cause.message))
    return new QueueUnavailable(`${away}. Try again in a minute. ${cure}`, { cause });
  if (/max retries per request|Connection is closed|ECONN|EPIPE|ETIMEDOUT|Socket timeout/i.test(cause.message)) {
    return new QueueUnavailable(`${silent}. ${cure}`, { maybeDone: true, cause });
  }
  return cause;
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
