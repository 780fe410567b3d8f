// What the queue's tests share: a Redis of their own, and a story small enough to see through.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { JobKinds } from '../../src/queue/envelope.ts';
import { type ConnectOptions, connect } from '../../src/queue/redis.ts';
import { createStories, type StoriesOptions, type Story } from '../../src/queue/story.ts';
import { freshRedis } from './redis.ts';

export interface Said {
  say: string;
  jobs?: { job: string; delayMs?: number; note?: string }[];
  closed?: boolean;
}
export interface Heard {
  heard: string[];
}
export type Ask = { job: string; delayMs?: number; note?: string };

/** Remembers what was said, and asks for the jobs that the event names. */
export const echo: Story<Heard, Said, Ask> = {
  step: (state, event) => ({
    state: { heard: [...(state?.heard ?? []), event.say] },
    effects: event.jobs ?? [],
    closed: event.closed ?? false,
  }),
};

export const jobs: JobKinds = {
  look: { queue: 'worker', attempts: 3, backoffMs: 20 },
  post: { queue: 'gateway', ordered: true, attempts: 3, backoffMs: 20 },
};

export const storiesOn = (
  redis: Awaited<ReturnType<typeof connect>>,
  options: Partial<StoriesOptions<Heard, Said>> = {},
) => createStories(redis, echo, { jobs, ...options });

/** An empty Redis and a connection to it; `stop` ends both. */
export async function freshQueue(options: ConnectOptions = {}) {
  const server = await freshRedis();
  const redis = await connect(server.url, options);
  const stop = async () => {
    await redis.close();
    await server.stop();
  };
  return { url: server.url, redis, stories: storiesOn(redis), stop };
}

/** A process of its own that runs a part of the queue; see queue-child.ts. */
export async function startChild(part: 'relay' | 'worker' | 'idle', url: string): Promise<ChildProcess> {
  const file = fileURLToPath(new URL('./queue-child.ts', import.meta.url));
  const child = fork(file, [part], { execArgv: ['--import', 'tsx'], env: { ...process.env, QUEUE_TEST_URL: url } });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the ${part} process ended with ${code} before it was ready`);
    }),
  ]);
  return child;
}

export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
