// From the outbox to BullMQ: whatever dies in between, every effect becomes one job.

import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createQueues } from '../src/queue/jobs.ts';
import { startRelay } from '../src/queue/relay.ts';
import { startWorker } from '../src/queue/worker.ts';
import { freshQueue, jobs, killed, startChild, storiesOn } from './support/queue.ts';
import { tcpProxy } from './support/tcp-proxy.ts';

let queue: Awaited<ReturnType<typeof freshQueue>>;
let closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  queue = await freshQueue();
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
  await queue.stop();
});

function started<Part extends { close(): Promise<unknown> }>(part: Part): Part {
  closing.push(() => part.close());
  return part;
}
const relay = (options = {}) => started(startRelay(queue.redis, started(createQueues(queue.redis, jobs)), options));
const outboxSize = () => queue.redis.client.zcard(queue.redis.keys.outbox);
const empty = async () => expect(await outboxSize()).toBe(0);
async function jobsIn(name: string) {
  const reader = new Queue(name, { connection: queue.redis.client, prefix: queue.redis.keys.bull });
  const found = await reader.getJobs(['waiting', 'delayed', 'active', 'completed', 'failed']);
  await reader.close();
  return found;
}

describe('the relay', () => {
  test('every effect becomes a job that carries ids and the time of its handing over, under an id made of incident and sequence', async () => {
    relay();
    const asked = [{ job: 'look', note: 'plan-7' }, { job: 'post' }, { job: 'look', delayMs: 60_000 }];
    await queue.stories.transition('i1', { say: 'x', jobs: asked });
    await vi.waitFor(empty, { timeout: 60_000 });
    const [first, later] = (await jobsIn('worker')).sort((a, b) => String(a.id).localeCompare(String(b.id)));
    expect(first).toMatchObject({ id: 'i1-1', name: 'look' });
    const effect = { job: 'look', note: 'plan-7' };
    expect(first!.data).toEqual({ schemaVersion: 1, incident: 'i1', seq: 1, effect, handedMs: expect.any(Number) });
    expect(later).toMatchObject({ id: 'i1-3', delay: 60_000 });
    expect((await jobsIn('gateway')).map(({ id }) => id)).toEqual(['i1-2']);
  });

  test('several relays share the work, and each effect is still one job', async () => {
    for (let index = 0; index < 3; index++) relay();
    const ids = Array.from({ length: 40 }, (_, index) => `i${index}`);
    const asked = [{ job: 'look' }, { job: 'look' }];
    await Promise.all(ids.map((id) => queue.stories.transition(id, { say: 'x', jobs: asked })));
    await vi.waitFor(empty, { timeout: 60_000 });
    const found = (await jobsIn('worker')).map(({ id }) => id).sort();
    expect(found).toEqual(ids.flatMap((id) => [`${id}-1`, `${id}-2`]).sort());
  });

  test('what another process wrote is moved too, also when its nudge was missed', async () => {
    relay();
    await queue.redis.client.zadd(
      queue.redis.keys.outbox,
      0,
      JSON.stringify({ schemaVersion: 1, incident: 'i1', seq: 1, effect: { job: 'look' } }),
    );
    await vi.waitFor(empty, { timeout: 60_000 });
    expect((await jobsIn('worker')).map(({ id }) => id)).toEqual(['i1-1']);
  });

  test('an effect of a newer Loopbreaker, or of an unknown kind, stays for a relay that knows it', async () => {
    const problems: string[] = [];
    relay({ takenForMs: 50, onProblem: (sentence: string) => problems.push(sentence) });
    await storiesOn(queue.redis, { schemaVersion: 2 }).transition('new', { say: 'x', jobs: [{ job: 'look' }] });
    const more = { ...jobs, dance: { queue: 'worker' } };
    await storiesOn(queue.redis, { jobs: more }).transition('odd', { say: 'x', jobs: [{ job: 'dance' }] });
    await vi.waitFor(() => expect(problems).toHaveLength(2), { timeout: 60_000 });
    expect(problems.join('\n')).toMatch(/Job new-1 was written by a newer Loopbreaker/);
    expect(problems.join('\n')).toMatch(/a job dance that this process does not know/);
    expect(await outboxSize()).toBe(2);

    started(startRelay(queue.redis, started(createQueues(queue.redis, more)), { schemaVersion: 2, takenForMs: 50 }));
    await vi.waitFor(empty, { timeout: 60_000 });
  });
});

describe('a relay that is killed', () => {
  const effects = 3;

  /** Runs a relay process behind a proxy and kills it at its nth exchange with Redis after it was nudged. */
  async function killAt(nth: number, side: 'onRequest' | 'onReply', incident: string): Promise<boolean> {
    let armed = false;
    let passed = 0;
    let child: Awaited<ReturnType<typeof startChild>> | undefined;
    const hook = async () => {
      if (armed && child && passed++ === nth) await killed(child);
    };
    const target = new URL(queue.url);
    const proxy = await tcpProxy({ port: Number(target.port), host: target.hostname }, { [side]: hook });
    const url = new URL(queue.url);
    [url.hostname, url.port] = ['127.0.0.1', String(proxy.port)];
    child = await startChild('relay', url.href);
    armed = true;
    const asked = Array.from({ length: effects }, () => ({ job: 'look' }));
    await queue.stories.transition(incident, { say: 'x', jobs: asked });
    await vi.waitFor(async () => expect(passed > nth || (await outboxSize()) === 0).toBe(true), { timeout: 60_000 });
    const died = passed > nth;
    await killed(child);
    await proxy.close();
    return died;
  }

  test('at any point between two steps loses no effect and doubles none', { timeout: 120_000 }, async () => {
    const done: string[] = [];
    const handlers = {
      look: async ({ incident, seq }: { incident: string; seq: number }) => void done.push(`${incident}-${seq}`),
    };
    started(startWorker(queue.redis, { queue: 'worker', jobs, handlers, onFailedForGood: async () => {} }));
    const incidents: string[] = [];
    for (const side of ['onRequest', 'onReply'] as const) {
      for (let nth = 0, died = true; died && nth < 12; nth++) {
        const incident = `${side}-${nth}`;
        incidents.push(incident);
        died = await killAt(nth, side, incident);
      }
    }
    relay({ takenForMs: 300 });
    await vi.waitFor(empty, { timeout: 60_000 });
    const expected = incidents.flatMap((id) => Array.from({ length: effects }, (_, index) => `${id}-${index + 1}`));
    await vi.waitFor(() => expect(done).toHaveLength(expected.length), { timeout: 60_000 });
    expect([...done].sort()).toEqual(expected.sort());
    expect(incidents.length).toBeGreaterThan(6); // so many different points were hit
  });
});
