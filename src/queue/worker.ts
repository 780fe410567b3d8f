// Runs the jobs of one queue. Invariant: a job whose worker died starts again within 15 s, and a job leaves its queue
// only by being done or by the story having heard that it never will be.

import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { type AttemptSettings, runAttempt } from './attempt.ts';
import { onClockSet } from './clock.ts';
import { effectsIn } from './effects.ts';
import type { JobEffect } from './envelope.ts';
import type { RedisConnections } from './redis.ts';
import { withoutArguments } from './refusals.ts';

export interface WorkerSettings<Effect extends JobEffect> extends AttemptSettings<Effect> {
  queue: string;
  /** Jobs at a time; 8. */
  concurrency?: number;
}

export interface RunningWorker {
  /** Takes no new job, waits capMs for the running ones, then tells them to stop and leaves them to another worker. */
  close(options?: { capMs?: number }): Promise<void>;
}

// A dead worker's lock ends within lockMs. Checks come every checkMs, in the worst case at twice that.
const lockMs = 7_000;
const checkMs = 3_000;

export function startWorker<Effect extends JobEffect>(
  redis: RedisConnections,
  settings: WorkerSettings<Effect>,
): RunningWorker {
  const { queue, concurrency = 8, onProblem = () => {} } = settings;
  const effects = effectsIn(redis);
  const running = new Map<string, AbortController>();
  let leaving = false;
  let idle = () => {};

  const worker = new Worker(queue, run, {
    connection: redis.workerOptions,
    prefix: redis.keys.bull,
    concurrency,
    lockDuration: lockMs,
    stalledInterval: checkMs,
    maxStalledCount: 1_000_000, // a job that kills its workers is given up in runAttempt, where the story hears of it
    runRetryDelay: 1_000,
  });
  worker.on('error', (error) => {
    if (redis.client.status === 'ready') onProblem(`Queue ${queue}: ${withoutArguments(error).message}`);
  });
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) running.get(id)?.abort(new Error('another worker has taken this job over'));
  });

  // BullMQ times what waits by the clock of this machine. After it was set all of it is looked at: what is not due waits on.
  const waiting = new Queue(queue, {
    connection: redis.client,
    prefix: redis.keys.bull,
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  waiting.on('error', () => {}); // reported by the connection
  const clock = onClockSet(() => {
    onProblem('The clock of this machine was set. What waits is timed anew.');
    waiting.promoteJobs().catch(() => {});
  });

  async function run(job: Job, token?: string): Promise<void> {
    const stop = new AbortController();
    const id = job.id ?? '';
    running.get(id)?.abort(new Error('this job was started again'));
    running.set(id, stop);
    try {
      const attempt = job.attemptsMade + 1;
      const ending = await runAttempt(
        {
          data: job.data,
          attempt,
          lastAttempt: attempt >= (job.opts.attempts ?? 1),
          deaths: job.stalledCounter,
          nowMs: redis.now(),
          stop,
          leaving: () => leaving,
        },
        effects,
        settings,
      );
      if (ending.kind === 'again') {
        await job.moveToDelayed(Date.now() + ending.afterMs, token);
        throw new DelayedError();
      }
      if (ending.kind === 'retry') throw new Error(label(job, ending.error));
      if (ending.kind === 'over') throw new UnrecoverableError(label(job, ending.error));
    } finally {
      if (running.get(id) === stop) running.delete(id);
      if (running.size === 0) idle();
    }
  }

  const idleWithin = (limitMs: number) =>
    atMost(
      limitMs,
      new Promise<void>((resolve) => {
        idle = resolve;
        if (running.size === 0) resolve();
      }),
    );

  async function close({ capMs = 10_000 } = {}): Promise<void> {
    const paused = worker.pause().catch(() => {}); // resolves when BullMQ has noted how the running jobs ended
    await idleWithin(capMs);
    leaving = true;
    for (const stop of running.values()) stop.abort(new Error('this process is shutting down'));
    await idleWithin(3_000);
    await atMost(2_000, paused);
    // By force, because a close that waits waits for ever while Redis is away, and cannot be forced afterwards.
    await atMost(2_000, worker.close(true));
    clock.stop();
    await waiting.close();
  }

  return { close };
}

/** What BullMQ stores about a failure: never the message, which may hold content. */
const label = (job: Job, error: unknown) => `${job.name}: ${error instanceof Error ? error.name : typeof error}`;

async function atMost(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
