// Envelopes become BullMQ jobs. Invariant: an effect has one job id for ever, so that handing it over twice makes one
// job; and what a job stores when it fails is never content.

import { Queue } from 'bullmq';
import { type Envelope, type JobEffect, type JobKinds, jobId } from './envelope.ts';
import type { RedisConnections } from './redis.ts';

export interface Queues {
  /** Whether this process knows the kind of job. */
  knows(job: string): boolean;
  /** Resolves when the job is in its queue, also when it was there before. */
  hand(envelope: Envelope<JobEffect>): Promise<void>;
  close(): Promise<void>;
}

const hour = 3_600;

export function createQueues(redis: RedisConnections, jobs: JobKinds): Queues {
  const queues = new Map<string, Queue>();
  for (const { queue: name } of Object.values(jobs)) {
    if (queues.has(name)) continue;
    const queue = new Queue(name, {
      connection: redis.client,
      prefix: redis.keys.bull,
      skipWaitingForReady: true, // without these two, adding while Redis is away waits for ever
      skipVersionCheck: true,
      streams: { events: { maxLen: 1_000 } },
    });
    queue.on('error', () => {}); // reported by the connection
    queues.set(name, queue);
  }

  async function hand(envelope: Envelope<JobEffect>): Promise<void> {
    const { job, delayMs = 0 } = envelope.effect;
    const kind = jobs[job];
    const queue = kind && queues.get(kind.queue);
    if (!queue) throw new RangeError(`No queue is known for the job ${job}.`);
    await redis.ask(() =>
      queue.add(
        job,
        { ...envelope, handedMs: redis.now() },
        {
          jobId: jobId(envelope),
          delay: delayMs,
          attempts: kind.attempts ?? 5,
          backoff: { type: 'exponential', delay: kind.backoffMs ?? 1_000, jitter: 0.5 },
          removeOnComplete: { age: hour, count: 1_000 },
          removeOnFail: { age: 7 * 24 * hour, count: 1_000 },
          stackTraceLimit: 0,
        },
      ),
    );
  }

  return {
    knows: (job) => Object.hasOwn(jobs, job),
    hand,
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
