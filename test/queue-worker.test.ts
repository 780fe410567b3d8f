// Jobs in a real queue with real workers: tried again, put off, kept in order, taken over from the dead, never lost.

import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Handler, JobContext } from '../src/queue/attempt.ts';
import type { Envelope, JobKinds } from '../src/queue/envelope.ts';
import { GiveUp, Later, QueueUnavailable } from '../src/queue/errors.ts';
import { createQueues } from '../src/queue/jobs.ts';
import { connect } from '../src/queue/redis.ts';
import { startRelay } from '../src/queue/relay.ts';
import { type RunningWorker, startWorker, type WorkerSettings } from '../src/queue/worker.ts';
import { type Ask, freshQueue, jobs, killed, startChild } from './support/queue.ts';
import { tcpProxy } from './support/tcp-proxy.ts';

let queue: Awaited<ReturnType<typeof freshQueue>>;
let closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  queue = await freshQueue();
  const queues = createQueues(queue.redis, jobs);
  const relay = startRelay(queue.redis, queues);
  closing = [() => queues.close(), () => relay.close()];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  await queue.stop();
});

type Seen = { id: string; error: unknown };
function work(handlers: { [job: string]: Handler<Ask> }, settings: Partial<WorkerSettings<Ask>> = {}) {
  const gaveUp: Seen[] = [];
  const worker = startWorker<Ask>(queue.redis, {
    queue: 'worker',
    jobs,
    handlers,
    onFailedForGood: async ({ incident, seq }, error) => void gaveUp.push({ id: `${incident}-${seq}`, error }),
    ...settings,
  });
  closing.push(() => worker.close({ capMs: 100 }));
  return { worker, gaveUp };
}
const say = (incident: string, ...asked: Ask[]) => queue.stories.transition(incident, { say: 'x', jobs: asked });
const look = { job: 'look' };
const post = { job: 'post' };
const open = async (incident: string) => {
  const { keys, client } = queue.redis;
  return (await client.zcard(keys.pending(incident))) + (await client.zcard(keys.lane(incident)));
};

describe('a job', () => {
  test('is done once and is then no longer open', async () => {
    const done: Envelope<Ask>[] = [];
    work({ look: async (envelope) => void done.push(envelope) });
    await say('i1', { job: 'look', note: 'plan-7' });
    await vi.waitFor(async () => expect(await open('i1')).toBe(0), { timeout: 60_000 });
    expect(done).toEqual([{ schemaVersion: 1, incident: 'i1', seq: 1, effect: { job: 'look', note: 'plan-7' } }]);
  });

  test('that is handed over again after it was done is not done again', async () => {
    const done: number[] = [];
    work({ look: async ({ seq }) => void done.push(seq) });
    await say('i1', look);
    await vi.waitFor(async () => expect(await open('i1')).toBe(0), { timeout: 60_000 });
    const again = { schemaVersion: 1, incident: 'i1', seq: 1, effect: look };
    await queue.redis.client.zadd(queue.redis.keys.outbox, 0, JSON.stringify(again));
    const bull = `${queue.redis.keys.bull}:worker:i1-1`; // BullMQ has forgotten that it ever was
    await vi.waitFor(async () => expect(await queue.redis.client.exists(bull)).toBe(1), { timeout: 60_000 });
    await queue.redis.client.del(bull);
    await queue.redis.client.zadd(queue.redis.keys.outbox, 0, JSON.stringify({ ...again, seq: 1 }));
    await say('i1', look);
    await vi.waitFor(() => expect(done).toEqual([1, 2]), { timeout: 60_000 });
  });

  test('that goes wrong is tried again, and its attempts are counted', async () => {
    const attempts: number[] = [];
    const { gaveUp } = work({
      look: async (_, { attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error('not yet');
      },
    });
    await say('i1', look);
    await vi.waitFor(async () => expect(await open('i1')).toBe(0), { timeout: 60_000 });
    expect(attempts).toEqual([1, 2, 3]);
    expect(gaveUp).toEqual([]);
  });

  test('that goes wrong every time is told to the story once it is given up', async () => {
    const { gaveUp } = work({
      look: async () => {
        throw new Error('never');
      },
    });
    await say('i1', look);
    await vi.waitFor(async () => expect(await open('i1')).toBe(0), { timeout: 60_000 });
    expect(gaveUp).toEqual([{ id: 'i1-1', error: new Error('never') }]);
  });

  test('for which trying again cannot help is given up at once', async () => {
    let tries = 0;
    const { gaveUp } = work({
      look: async () => {
        tries += 1;
        throw new GiveUp('no such cluster');
      },
    });
    await say('i1', look);
    await vi.waitFor(() => expect(gaveUp).toHaveLength(1), { timeout: 60_000 });
    expect(tries).toBe(1);
  });

  test('is not given up before the story could be told', async () => {
    let calls = 0;
    const problems: string[] = [];
    work(
      { look: async () => Promise.reject(new GiveUp('no')) },
      {
        onFailedForGood: async () => {
          calls += 1;
          if (calls === 1) throw new QueueUnavailable('away');
        },
        onProblem: (sentence) => problems.push(sentence),
      },
    );
    await say('i1', look);
    await vi.waitFor(async () => expect(await open('i1')).toBe(0), { timeout: 60_000 });
    expect(calls).toBe(2);
    expect(problems).toEqual(['That look failed could not be noted (QueueUnavailable). Trying again.']);
  });

  test('that asks for a later time gets it and loses no attempt', async () => {
    const seen: Pick<JobContext, 'attempt'>[] = [];
    work({
      look: async (_, { attempt }) => {
        seen.push({ attempt });
        if (seen.length < 5) throw new Later(10);
      },
    });
    await say('i1', look);
    await vi.waitFor(async () => expect(await open('i1')).toBe(0), { timeout: 60_000 });
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
  });

  test('that does not end in its time is told to stop, and counts as a failed try', async () => {
    const brief: JobKinds = { ...jobs, look: { queue: 'worker', timeoutMs: 50 } };
    const reasons: unknown[] = [];
    const { gaveUp } = work(
      {
        look: (_, { signal }) => {
          signal.addEventListener('abort', () => reasons.push(signal.reason));
          return new Promise(() => {});
        },
      },
      { jobs: brief },
    );
    await say('i1', look);
    await vi.waitFor(() => expect(gaveUp).toHaveLength(1), { timeout: 60_000 });
    expect(reasons).toEqual(Array(3).fill(new Error('it did not end within 0.05 s')));
    expect(gaveUp[0]!.error).toBe(reasons[2]);
  });

  test('of a newer Loopbreaker, or of a kind without a handler, waits for a process that knows it', async () => {
    const problems: string[] = [];
    const done: string[] = [];
    const { worker, gaveUp } = work({}, { onProblem: (sentence) => problems.push(sentence) });
    await say('i1', look);
    await vi.waitFor(() =>
      expect(problems).toEqual(['This process has no handler for the job look; another one has to take it.']),
    );
    await worker.close();
    work({ look: async ({ incident }) => void done.push(incident) });
    await vi.waitFor(() => expect(done).toEqual(['i1']), { timeout: 60_000 });
    expect(gaveUp).toEqual([]);
  });

  test('leaves nothing of what went wrong in Redis but the kind of error', async () => {
    work({ look: async () => Promise.reject(new GiveUp('password=hunter2')) });
    await say('i1', look);
    const bull = `${queue.redis.keys.bull}:worker:i1-1`;
    await vi.waitFor(
      async () => {
        const job = await queue.redis.client.hgetall(bull);
        expect(job.failedReason).toBe('look: GiveUp');
        expect(JSON.stringify(job)).not.toContain('hunter2');
      },
      { timeout: 60_000 },
    );
  });
});

describe('posts of one incident', () => {
  test('never overlap and keep their order, also when one of them has to wait or to be tried again', async () => {
    const posted: { [incident: string]: number[] } = {};
    const now = new Set<string>();
    let troubles = 0;
    const handler: Handler<Ask> = async ({ incident, seq }, { attempt }) => {
      expect(now.has(incident)).toBe(false);
      now.add(incident);
      await new Promise((resolve) => setTimeout(resolve, 3));
      now.delete(incident);
      if (seq === 2 && troubles++ < 4) throw new Later(30);
      if (seq === 3 && attempt === 1) throw new Error('again');
      posted[incident] = [...(posted[incident] ?? []), seq];
    };
    for (let index = 0; index < 2; index++) work({ post: handler }, { queue: 'gateway', concurrency: 4 });
    const incidents = ['a', 'b', 'c'];
    for (let round = 0; round < 3; round++) await Promise.all(incidents.map((id) => say(id, post, post)));
    await vi.waitFor(async () => expect(await Promise.all(incidents.map(open))).toEqual([0, 0, 0]), {
      timeout: 60_000,
    });
    for (const id of incidents) expect(posted[id]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('one that is given up does not hold back those after it', async () => {
    const posted: number[] = [];
    const { gaveUp } = work(
      {
        post: async ({ seq }) => {
          if (seq === 1) throw new GiveUp('channel_not_found');
          posted.push(seq);
        },
      },
      { queue: 'gateway' },
    );
    await say('i1', post, post);
    await vi.waitFor(() => expect(posted).toEqual([2]), { timeout: 60_000 });
    expect(gaveUp.map(({ id }) => id)).toEqual(['i1-1']);
  });
});

describe('a worker that dies', () => {
  test('with a job in its hands: another one starts it again within 15 s', { timeout: 60_000 }, async () => {
    const child = await startChild('worker', queue.url);
    const took = new Promise((resolve) => child.once('message', resolve));
    await say('i1', look);
    await took;
    await killed(child);
    const done: [string, number][] = [];
    work({ look: async ({ incident }, { attempt }) => void done.push([incident, attempt]) });
    await vi.waitFor(() => expect(done).toEqual([['i1', 1]]), { timeout: 60_000 });
  });

  /** A job of which six workers died, as BullMQ counts it, handed over so long ago. */
  async function deadlyFor(ageMs: number): Promise<void> {
    const { keys, client, now } = queue.redis;
    await say('i1', look);
    const bull = `${keys.bull}:worker:i1-1`;
    await vi.waitFor(async () => expect(await client.exists(bull)).toBe(1), { timeout: 60_000 });
    const data = JSON.parse((await client.hget(bull, 'data')) ?? '');
    await client.hset(bull, { stc: 6, data: JSON.stringify({ ...data, handedMs: now() - ageMs }) });
  }

  test('of every try at the same job for minutes: it is given up, and the story hears of it', async () => {
    const done: number[] = [];
    await deadlyFor(6 * 60_000);
    const { gaveUp } = work({ look: async ({ seq }) => void done.push(seq) });
    await vi.waitFor(() => expect(gaveUp).toHaveLength(1), { timeout: 60_000 });
    expect(gaveUp[0]!.error).toEqual(new GiveUp('its worker died 6 times while doing it'));
    expect(done).toEqual([]);
  });

  test('again and again within moments, whatever it does: no job of its is blamed for that', async () => {
    const done: number[] = [];
    await deadlyFor(30_000);
    const { gaveUp } = work({ look: async ({ seq }) => void done.push(seq) });
    await vi.waitFor(() => expect(done).toEqual([1]), { timeout: 60_000 });
    expect(gaveUp).toEqual([]);
  });
});

describe('a worker that is told to end', () => {
  test('finishes the job it has', async () => {
    const done: number[] = [];
    let begun = () => {};
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const { worker } = work({
      look: async ({ seq }) => {
        begun();
        await new Promise((resolve) => setTimeout(resolve, 300));
        done.push(seq);
      },
    });
    await say('i1', look);
    await beginning;
    await worker.close();
    expect(done).toEqual([1]);
    expect(await open('i1')).toBe(0);
  });

  test('leaves a job that does not end to the next worker, without using up an attempt', async () => {
    let begun = () => {};
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const { worker, gaveUp } = work({
      look: async () => {
        begun();
        await new Promise(() => {});
      },
    });
    await say('i1', look);
    await beginning;
    await worker.close({ capMs: 50 });
    const attempts: number[] = [];
    work({ look: async (_, { attempt }) => void attempts.push(attempt) });
    await vi.waitFor(() => expect(attempts).toEqual([1]), { timeout: 60_000 });
    expect(gaveUp).toEqual([]);
  });

  test('closes everything it opened, so that the process ends by itself', async () => {
    const child = await startChild('idle', queue.url);
    const ended = once(child, 'exit');
    child.send('close');
    expect(await ended).toEqual([0, null]);
  });
});

describe('a worker whose Redis goes away', () => {
  async function proxied() {
    const url = new URL(queue.url);
    const proxy = await tcpProxy({ port: Number(url.port), host: url.hostname });
    [url.hostname, url.port] = ['127.0.0.1', String(proxy.port)];
    return { proxy, url: url.href };
  }

  test('goes on by itself when it is back, and does nothing twice', async () => {
    const { proxy, url } = await proxied();
    const redis = await connect(url);
    const done: string[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun = () => {};
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const worker: RunningWorker = startWorker<Ask>(redis, {
      queue: 'worker',
      jobs,
      handlers: {
        look: async ({ incident }) => {
          begun();
          await released;
          done.push(incident);
        },
      },
      onFailedForGood: async () => {},
    });
    await say('before', look);
    await beginning;
    await proxy.cut();
    release(); // it ends while Redis is away
    await vi.waitFor(() => expect(done).toEqual(['before']), { timeout: 60_000 });
    await say('during', look);
    await proxy.restore();
    await vi.waitFor(async () => expect([await open('before'), await open('during')]).toEqual([0, 0]), {
      timeout: 60_000,
    });
    expect(done).toEqual(['before', 'during']);
    await worker.close();
    await redis.close();
    await proxy.close();
  });

  test('closes everything it opened while Redis is away, so that the process ends by itself', async () => {
    const { proxy, url } = await proxied();
    const child = await startChild('idle', url);
    const ended = once(child, 'exit');
    await proxy.cut();
    child.send('close');
    expect(await ended).toEqual([0, null]);
  });
});
