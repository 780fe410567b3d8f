// An upgrade in the middle of things: what a Loopbreaker of schema 1 left in Redis (test/fixtures/schema-1, taken from
// one at work) is read, told on and worked off by today's code. These files are never changed: a new schema gets its own.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { IncidentEvent } from '../src/core/incident/events.ts';
import { isOver } from '../src/core/incident/life.ts';
import type { IncidentState } from '../src/core/incident/state.ts';
import type { Envelope } from '../src/queue/envelope.ts';
import { type JournalEntry, verifyJournal } from '../src/queue/journal.ts';
import { startWorker } from '../src/queue/worker.ts';
import { provesEntry } from '../src/roles/approvals.ts';
import { createLog } from '../src/roles/log.ts';
import { JOBS, openStories, STORY } from '../src/roles/story.ts';
import { lookOf } from '../src/slack/post.ts';
import { freshQueue } from './support/queue.ts';

const KEY = 'a-key-of-the-test-itself-0123456789';

interface Kept {
  incident: string;
  fields: { [name: string]: string } & { state: IncidentState };
  journal: JournalEntry<IncidentEvent>[];
}

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`fixtures/schema-1/${name}.json`, import.meta.url), 'utf8')) as T;

let queue: Awaited<ReturnType<typeof freshQueue>>;
let open: ReturnType<typeof openStories>;
beforeAll(async () => {
  queue = await freshQueue();
  open = openStories(queue.redis, [KEY], createLog('silent', 'test'));
});
afterAll(async () => {
  await open.close();
  await queue.stop();
});

/** Puts it into Redis as it was. */
async function restored(name: string): Promise<Kept> {
  const kept = fixture<Kept>(name);
  const { client, keys } = queue.redis;
  await client.hset(keys.incident(kept.incident), { ...kept.fields, state: JSON.stringify(kept.fields.state) });
  await client.rpush(keys.journal(kept.incident), ...kept.journal.map((entry) => JSON.stringify(entry)));
  return kept;
}

describe.each(['recovered', 'planned', 'alert'])('an incident of schema 1 (%s)', (name) => {
  let kept: Kept;
  beforeAll(async () => {
    kept = await restored(name);
  });

  test('is read, and its messages can be drawn', async () => {
    const stored = await open.stories.read(kept.incident);
    expect(stored?.state).toMatchObject({ id: kept.incident, phase: kept.fields.state.phase });
    const card = { workspaceUrl: 'https://example.slack.com/', someoneMayApprove: true, remediation: true };
    for (const message of Object.keys(kept.fields.state.messages))
      expect(lookOf(stored!.state, message as 'card', card, stored!)?.text, message).toMatch(/\S/);
  });

  test('has a journal that holds, sealed, and that still tells how it stands', async () => {
    const { entries } = await open.stories.journal(kept.incident);
    const proves = (hash: string, proof: string) => provesEntry([KEY], hash, proof);
    expect(verifyJournal(entries, { proves })).toEqual({ holds: true, entries: kept.journal.length });
    let state: IncidentState | null = null;
    for (const { event, at } of entries) ({ state } = STORY.step(state, event, at));
    expect(state).toMatchObject({ id: kept.incident, phase: kept.fields.state.phase });
  });

  test('is told on, and its journal grows by a fitting entry', async () => {
    const before = kept.journal.length;
    const event: IncidentEvent = isOver(kept.fields.state)
      ? { type: 'attempt-refused', by: 'U0EVE', attempt: 'approve', planId: '', why: 'over' }
      : { type: 'diagnose-again', by: 'U0ANN' };
    expect(await open.stories.transition(kept.incident, event)).toMatchObject({ version: before + 1 });
    const { entries } = await open.stories.journal(kept.incident);
    expect(verifyJournal(entries)).toEqual({ holds: true, entries: before + 1 });
  });
});

test('every kind of job that schema 1 wrote reaches the handler of today', async () => {
  const jobs = fixture<Envelope<{ job: keyof typeof JOBS }>[]>('jobs');
  expect(Object.keys(JOBS)).toEqual(expect.arrayContaining(jobs.map(({ effect }) => effect.job)));
  const done: Envelope<unknown>[] = [];
  const handlers = Object.fromEntries(
    Object.keys(JOBS).map((job) => [job, async (envelope: Envelope<unknown>) => void done.push(envelope)]),
  );
  const onFailedForGood = async () => {};
  const workers = ['worker', 'gateway'].map((name) =>
    startWorker(queue.redis, { queue: name, jobs: JOBS, handlers, onFailedForGood }),
  );
  // As a role of then left them when it ended: noted as not done, and not yet in a queue.
  const { client, keys } = queue.redis;
  for (const envelope of jobs) {
    const text = JSON.stringify(envelope);
    await client.zadd(keys.pending(envelope.incident), envelope.seq, text);
    await client.zadd(keys.outbox, 0, text);
  }
  await vi.waitFor(() => expect(done).toEqual(expect.arrayContaining(jobs)), 15_000);
  await Promise.all(workers.map((worker) => worker.close()));
});
