// Incidents in a real Redis: one open incident per key, versions without gaps, a journal that tells the same story.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { effectsIn } from '../src/queue/effects.ts';
import { QueueUnreadable } from '../src/queue/errors.ts';
import { verifyJournal } from '../src/queue/journal.ts';
import { freshQueue, storiesOn } from './support/queue.ts';

let queue: Awaited<ReturnType<typeof freshQueue>>;
beforeAll(async () => {
  queue = await freshQueue();
});
afterAll(() => queue.stop());

let counter = 0;
const newId = () => `i${++counter}`;
const outbox = async () =>
  (await queue.redis.client.zrange(queue.redis.keys.outbox, '0', '-1')).map((text) => JSON.parse(text));
const outboxOf = async (incident: string) => (await outbox()).filter((envelope) => envelope.incident === incident);
const spoken = async (incident: string) =>
  (await queue.stories.journal(incident)).entries.map(({ event }) => event.say);

describe('a transition', () => {
  test('the first event begins the incident, later ones go on from where it was', async () => {
    const id = newId();
    expect(await queue.stories.transition(id, { say: 'crashed', jobs: [{ job: 'look' }] })).toEqual({
      state: { heard: ['crashed'] },
      version: 1,
      seq: 1,
      repeated: false,
    });
    await queue.stories.transition(id, { say: 'diagnosed', jobs: [{ job: 'look' }, { job: 'look', note: 'n' }] });
    expect(await queue.stories.read(id)).toMatchObject({
      state: { heard: ['crashed', 'diagnosed'] },
      version: 2,
      seq: 3,
    });
    expect(await outboxOf(id)).toEqual([
      { schemaVersion: 1, incident: id, seq: 1, effect: { job: 'look' } },
      { schemaVersion: 1, incident: id, seq: 2, effect: { job: 'look' } },
      { schemaVersion: 1, incident: id, seq: 3, effect: { job: 'look', note: 'n' } },
    ]);
  });

  test('whatever happens at once is told one after another, with no version missing and every effect once', async () => {
    const said = fc.record({
      say: fc.string({ maxLength: 20 }),
      jobs: fc.array(fc.constantFrom({ job: 'look' }, { job: 'post' }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 12 }), async (events) => {
        const id = newId();
        const others = storiesOn(queue.redis);
        const told = await Promise.all(
          events.map((event, index) => (index % 2 ? others : queue.stories).transition(id, event)),
        );
        const versions = told.map(({ version }) => version).sort((a, b) => a - b);
        expect(versions).toEqual(events.map((_, index) => index + 1));

        const { entries } = await queue.stories.journal(id);
        const stored = await queue.stories.read(id);
        expect(verifyJournal(entries, { end: { version: stored!.version, hash: stored!.hash } })).toMatchObject({
          holds: true,
        });
        // The journal is some serial order of the events, and the state is what that order leads to.
        expect(entries.map(({ event }) => event.say).sort()).toEqual(events.map(({ say }) => say).sort());
        expect(stored!.state.heard).toEqual(entries.map(({ event }) => event.say));

        const { keys, client } = queue.redis;
        const waiting = [
          ...(await client.zrange(keys.pending(id), '0', '-1')),
          ...(await client.zrange(keys.lane(id), '0', '-1')),
        ];
        const seqs = waiting.map((text) => JSON.parse(text).seq).sort((a, b) => a - b);
        expect(seqs).toEqual(
          Array.from({ length: events.flatMap(({ jobs }) => jobs).length }, (_, index) => index + 1),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('an alert that is delivered twice is told once', async () => {
    const id = newId();
    const delivery = `d-${id}`;
    const both = await Promise.all([1, 2].map(() => queue.stories.transition(id, { say: 'fired' }, { delivery })));
    expect(both.map(({ repeated }) => repeated).sort()).toEqual([false, true]);
    expect(await spoken(id)).toEqual(['fired']);
  });

  test('time never runs backwards in a journal, although clocks differ', async () => {
    const id = newId();
    await queue.stories.transition(id, { say: 'now' });
    const slow = storiesOn(queue.redis, { clock: () => new Date('2001-01-01T00:00:00Z') });
    await slow.transition(id, { say: 'from a slow clock' });
    const { entries } = await queue.stories.journal(id);
    expect(entries[1]!.at).toBe(entries[0]!.at);
  });

  test('a story that asks for an unknown job, or puts content into one, changes nothing', async () => {
    const id = newId();
    await expect(queue.stories.transition(id, { say: 'x', jobs: [{ job: 'dance' }] })).rejects.toThrow('a job dance');
    const content = { job: 'look', note: 'x'.repeat(5_000) };
    await expect(queue.stories.transition(id, { say: 'x', jobs: [content] })).rejects.toThrow(
      'put ids in it, not content',
    );
    expect(await queue.stories.read(id)).toBeNull();
  });

  test('an id that Redis or BullMQ would misunderstand is refused', async () => {
    await expect(queue.stories.transition('a:b', { say: 'x' })).rejects.toThrow('An incident id is');
    await expect(queue.stories.open('', newId(), { say: 'x' })).rejects.toThrow('1 to 600 characters');
  });
});

describe('an incident that a newer Loopbreaker wrote', () => {
  test('is left alone, with the reason', async () => {
    const id = newId();
    await storiesOn(queue.redis, { schemaVersion: 2 }).transition(id, { say: 'from the future' });
    const answer = queue.stories.transition(id, { say: 'from the past' });
    await expect(answer).rejects.toThrow(QueueUnreadable);
    await expect(answer).rejects.toThrow(
      /written by a newer Loopbreaker \(schema 2; this one knows up to 1\).*upgrade/,
    );
    await expect(queue.stories.journal(id)).rejects.toThrow('newer Loopbreaker');
  });

  test('an older one is read and goes on as the new schema', async () => {
    const id = newId();
    await queue.stories.transition(id, { say: 'old' });
    const newer = storiesOn(queue.redis, { schemaVersion: 2 });
    await newer.transition(id, { say: 'new' });
    expect((await newer.journal(id)).entries.map(({ schemaVersion }) => schemaVersion)).toEqual([1, 2]);
  });
});

describe('an incident that was damaged in Redis', () => {
  test('with a missing journal entry takes no further event', async () => {
    const id = newId();
    await queue.stories.transition(id, { say: 'one' });
    await queue.stories.transition(id, { say: 'two' });
    await queue.redis.client.rpop(queue.redis.keys.journal(id));
    await expect(queue.stories.transition(id, { say: 'three' })).rejects.toThrow(/holds 1 entries where 2 belong/);
    expect(await queue.stories.read(id)).toMatchObject({ version: 2 });
  });

  test('with a state of another shape takes no further event', async () => {
    const id = newId();
    const strict = storiesOn(queue.redis, { state: z.object({ heard: z.array(z.string()) }) });
    await strict.transition(id, { say: 'one' });
    await queue.redis.client.hset(queue.redis.keys.incident(id), 'state', '{"heard":7}');
    await expect(strict.transition(id, { say: 'two' })).rejects.toThrow(/not as I write it/);
  });
});

describe('the journal of an incident', () => {
  test('is read in pages that join without a gap', async () => {
    const id = newId();
    for (const say of ['a', 'b', 'c', 'd', 'e']) await queue.stories.transition(id, { say });
    const first = await queue.stories.journal(id, { limit: 3 });
    expect(first.next).toBe(4);
    const second = await queue.stories.journal(id, { from: first.next!, limit: 3 });
    expect(second.next).toBeNull();
    expect([...first.entries, ...second.entries].map(({ event }) => event.say)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('one incident per key', () => {
  test('an alert that arrives twice opens one incident', async () => {
    const key = `prod/shop/checkout/${newId()}`;
    const ids = Array.from({ length: 10 }, newId);
    const opened = await Promise.all(ids.map((id) => queue.stories.open(key, id, { say: `opened ${id}` })));
    expect(opened.filter(({ created }) => created)).toHaveLength(1);
    const chosen = new Set(opened.map(({ incident }) => incident));
    expect(chosen.size).toBe(1);
    const [incident] = [...chosen];
    expect(await spoken(incident!)).toEqual([`opened ${incident}`]);
    for (const id of ids) if (id !== incident) expect(await queue.stories.read(id)).toBeNull();
  });

  test('the same delivery after the incident has closed does not open another', async () => {
    const [key, id] = [`k/${newId()}`, newId()];
    await queue.stories.open(key, id, { say: 'fired' }, { delivery: `d-${id}` });
    await queue.stories.close(key, id);
    const again = await queue.stories.open(key, newId(), { say: 'fired' }, { delivery: `d-${id}` });
    expect(again).toEqual({ incident: id, created: false });
  });

  test('after it has closed the next alert opens a new one', async () => {
    const [key, first, second] = [`k/${newId()}`, newId(), newId()];
    await queue.stories.open(key, first, { say: 'fired' });
    await queue.stories.transition(first, { say: 'recovered', closed: true });
    expect(await queue.stories.open(key, second, { say: 'fired' })).toEqual({ incident: second, created: true });
    expect(await queue.stories.read(first)).toMatchObject({ closed: true });
  });

  test('closing an old incident late does not take the key from the new one', async () => {
    const [key, first, second] = [`k/${newId()}`, newId(), newId()];
    await queue.stories.open(key, first, { say: 'fired' });
    expect(await queue.stories.close(key, first)).toBe(true);
    await queue.stories.open(key, second, { say: 'fired' });
    expect(await queue.stories.close(key, first)).toBe(false);
    await queue.stories.transition(first, { say: 'late', closed: true });
    expect(await queue.stories.open(key, newId(), { say: 'fired' })).toEqual({ incident: second, created: false });
  });

  test('a key whose incident has expired opens a new one', async () => {
    const [key, first, second] = [`k/${newId()}`, newId(), newId()];
    await queue.stories.open(key, first, { say: 'fired' });
    await queue.redis.client.del(queue.redis.keys.incident(first), queue.redis.keys.journal(first));
    expect(await queue.stories.open(key, second, { say: 'fired' })).toEqual({ incident: second, created: true });
  });

  test('an id that is in use is not taken over', async () => {
    const id = newId();
    await queue.stories.transition(id, { say: 'mine' });
    await expect(queue.stories.open(`k/${newId()}`, id, { say: 'yours' })).rejects.toThrow('already in use');
  });
});

describe('what is kept, and how long', () => {
  const daysLeft = async (name: string) => Math.round((await queue.redis.client.ttl(name)) / 86_400);

  test('everything of an open incident is kept 90 days after its last event, of a closed one 30', async () => {
    const { keys } = queue.redis;
    const [key, id] = [`k/${newId()}`, newId()];
    const everything = [keys.incident(id), keys.journal(id), keys.pending(id), keys.lane(id)];
    await queue.stories.open(key, id, { say: 'fired', jobs: [{ job: 'look' }, { job: 'post' }] });
    expect(await Promise.all([...everything, keys.open(key)].map(daysLeft))).toEqual([90, 90, 90, 90, 90]);
    await queue.stories.transition(id, { say: 'recovered', closed: true });
    expect(await Promise.all(everything.map(daysLeft))).toEqual([30, 30, 30, 30]);
    await queue.stories.transition(id, { say: 'undone' });
    expect(await daysLeft(keys.incident(id))).toBe(30);
  });

  test('the incidents that moved last are listed first', async () => {
    const [one, two, three] = [newId(), newId(), newId()];
    for (const id of [one, two, three, one]) {
      await queue.stories.transition(id, { say: 'moved' });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect((await queue.stories.recent(2)).map(({ incident }) => incident)).toEqual([one, three]);
  });
});

describe('small promises between processes', () => {
  test('a delivery is seen for the first time once', async () => {
    const id = newId();
    const seen = await Promise.all([1, 2, 3].map(() => queue.stories.once(id, 60)));
    expect(seen.filter(Boolean)).toHaveLength(1);
  });

  test('a plan is claimed by one process at a time, and each later claim carries a larger fence', async () => {
    const name = `plan/${newId()}`;
    const claims = await Promise.all(['a', 'b', 'c'].map((token) => queue.stories.claim(name, token, 60_000)));
    const [winner] = claims.flatMap((claim, index) => (claim ? [{ ...claim, token: ['a', 'b', 'c'][index]! }] : []));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await queue.stories.claim(name, winner!.token, 60_000)).toEqual({ fence: winner!.fence });
    expect(await queue.stories.release(name, 'somebody else')).toBe(false);
    expect(await queue.stories.release(name, winner!.token)).toBe(true);
    const next = await queue.stories.claim(name, 'd', 60_000);
    expect(next!.fence).toBeGreaterThan(winner!.fence);
  });
});

describe('ordered effects of one incident', () => {
  test('leave one at a time, the next when the one before is done', async () => {
    const id = newId();
    const effects = effectsIn(queue.redis);
    await queue.stories.transition(id, { say: 'x', jobs: [{ job: 'post' }, { job: 'look' }, { job: 'post' }] });
    expect((await outboxOf(id)).map(({ seq }) => seq).sort()).toEqual([1, 2]);
    const [first] = await outboxOf(id);
    const third = { ...first, seq: 3 };
    expect(await effects.begin(third)).toBe('wait');
    await effects.finish(first);
    expect(await effects.begin(first)).toBe('done');
    expect((await outboxOf(id)).map(({ seq }) => seq).sort()).toEqual([1, 2, 3]);
    expect(await effects.begin(third)).toBe('run');
  });
});
