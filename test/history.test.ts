// The past: totals that Kubernetes tells become what happened within an hour or a day, however often and by whom told.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerFrom, DAY_MS, HOUR_MS } from '../src/core/history/answer.ts';
import type { HistoryAsk, Moment } from '../src/core/history/ask.ts';
import { shareAfter, totalsAfter } from '../src/core/history/change.ts';
import type { RestartNote, WarningNote } from '../src/core/watch/past.ts';
import { historyIn } from '../src/queue/history.ts';
import { freshQueue } from './support/queue.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
const asking = (ask: Partial<HistoryAsk>): HistoryAsk => ({
  what: 'list',
  cluster: '',
  namespace: '',
  kind: '',
  name: '',
  above: 0,
  ...ask,
});

let queue: Awaited<ReturnType<typeof freshQueue>>;
beforeAll(async () => {
  queue = await freshQueue();
});
afterAll(() => queue.stop());

let clusters = 0;
/** A cluster of its own in one Redis. */
function fresh() {
  clusters += 1;
  const cluster = `c${clusters}`;
  const history = historyIn(queue.redis);
  const answer = async (ask: Partial<HistoryAsk>, nowMs = NOW, namespaces = ['*']) =>
    answerFrom(await history.kept(cluster, 0, namespaces), asking(ask), cluster, nowMs);
  const restarts = (restarts: number, minutesAgo: number, more: Partial<RestartNote> = {}) => {
    const one = { namespace: 'shop', kind: 'Deployment', name: 'cart', container: 'cart', uid: 'u1', ...more };
    const nowMs = NOW - minutesAgo * 60_000;
    return history.noteRestarts(cluster, nowMs, [{ madeAt: ago(3_000), endedAt: '', restarts, ...one }]);
  };
  const warning = (count: number, minutesAgo: number, more: Partial<WarningNote> = {}) =>
    history.noteWarnings(cluster, NOW - minutesAgo * 60_000, [
      {
        namespace: 'shop',
        reason: 'BackOff',
        kind: 'Pod',
        name: 'cart-1',
        count,
        first: ago(2_000),
        last: '',
        ...more,
      },
    ]);
  const moment = (minutesAgo: number, more: Partial<Moment> = {}) =>
    history.noteMoment(cluster, {
      at: NOW - minutesAgo * 60_000,
      incident: 'i1',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'cart',
      container: 'cart',
      is: 'broken',
      cause: 'env-missing',
      words: 'REDIS_ADDR is not set.',
      ...more,
    });
  return { cluster, history, answer, restarts, warning, moment };
}

describe('restarts in the last hour', () => {
  test('are the difference of totals, not the totals', async () => {
    const { restarts, answer } = fresh();
    await restarts(40, 65);
    await restarts(43, 30);
    await restarts(47, 1);
    expect((await answer({ what: 'top' })).top).toEqual([
      expect.objectContaining({ namespace: 'shop', name: 'cart', container: 'cart', restarts: 7 }),
    ]);
  });

  test('of a pod that was made in it are all of its restarts', async () => {
    const { restarts, answer } = fresh();
    await restarts(5, 0, { madeAt: ago(20) });
    expect((await answer({ what: 'top' })).top).toMatchObject([{ restarts: 5, exact: true }]);
  });

  test('of one that was first seen now are a share by time, and it is said to be no more than that', async () => {
    const { restarts, answer } = fresh();
    await restarts(50, 0, { madeAt: ago(300) });
    expect((await answer({ what: 'top' })).top).toMatchObject([{ restarts: 10, exact: false }]);
  });

  test('of the pods of one workload are added, and a pod that took another’s place begins anew', async () => {
    const { restarts, answer } = fresh();
    await restarts(10, 50);
    await restarts(12, 30);
    await restarts(3, 5, { uid: 'u2', madeAt: ago(25) });
    expect((await answer({ what: 'top' })).top?.[0]?.restarts).toBeGreaterThanOrEqual(5);
    expect((await answer({ what: 'top', above: 30 })).top).toEqual([]);
  });

  test('a calm hour later there are none', async () => {
    const { restarts, answer } = fresh();
    await restarts(3, 0, { madeAt: ago(20) });
    expect((await answer({ what: 'top' }, NOW + 2 * HOUR_MS)).top).toEqual([]);
  });

  test('are counted once by however many lookers, in whatever order they tell', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 12 }), async (seen) => {
        const { restarts, history, cluster } = fresh();
        await Promise.all(seen.map((count) => restarts(count, 0, { madeAt: ago(20) })));
        const kept = await history.kept(cluster, 0, ['*']);
        const total = totalsAfter(kept.restarts, NOW - HOUR_MS, () => '')[0]?.by ?? 0;
        expect(total).toBe(Math.max(...seen));
      }),
      { numRuns: 40 },
    );
  });
});

test('a share of a count is never more than the count, and never nothing of what was seen within the time', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000 }), fc.nat(), fc.nat(), fc.nat(), (by, since, length, from) => {
      const share = shareAfter({ by: by + 1, since, at: since + length }, from);
      expect(share.by).toBeLessThanOrEqual(by + 1);
      expect(share.by > 0).toBe(since + length >= from);
    }),
  );
});

describe('warnings in a day', () => {
  test('are added by namespace and reason, longer than Kubernetes keeps its events', async () => {
    const { warning, answer } = fresh();
    await warning(3, 600, { first: ago(610) });
    await warning(9, 590, { first: ago(610) });
    await warning(2, 5, { name: 'cart-2', first: ago(6) });
    await warning(1, 5, { namespace: 'jobs', reason: 'FailedMount', first: ago(6) });
    await warning(100, 2_000, { reason: 'Old', first: ago(2_001) });
    expect((await answer({ what: 'warnings' })).warnings).toEqual([
      expect.objectContaining({ namespace: 'shop', reason: 'BackOff', count: 11, objects: 2 }),
      expect.objectContaining({ namespace: 'jobs', reason: 'FailedMount', count: 1, objects: 1 }),
    ]);
  });
});

describe('the list', () => {
  test('says what loops now, what did within the day, and why', async () => {
    const { restarts, moment, answer } = fresh();
    await restarts(4, 2, { madeAt: ago(20) });
    await moment(1);
    await restarts(6, 300, { name: 'web', uid: 'u2', madeAt: ago(400) });
    await restarts(2, 2_000, { name: 'old', uid: 'u3', madeAt: ago(2_100) });
    await moment(90, { name: 'stuck', cause: 'image-not-found', incident: 'i2' });
    const { list = [] } = await answer({});
    expect(list).toMatchObject([
      { name: 'cart', now: true, restarts: 4, cause: 'env-missing', incident: 'i1' },
      { name: 'stuck', now: true, restarts: 0, cause: 'image-not-found' },
      { name: 'web', now: false, restarts: 6, cause: '' },
    ]);
  });

  test('what recovered is not there now', async () => {
    const { restarts, moment, answer } = fresh();
    await restarts(4, 6, { madeAt: ago(20) });
    await moment(5);
    await moment(1, { is: 'well' });
    expect((await answer({})).list).toMatchObject([{ name: 'cart', now: false }]);
  });
});

test('the history of a workload outlives the day, with its warnings and its incidents', async () => {
  const { restarts, warning, moment, answer } = fresh();
  await moment(3_000);
  await moment(2_900, { is: 'well', words: 'rolled back to revision 41' });
  await restarts(7, 2_950, { madeAt: ago(3_010) });
  await restarts(9, 30, { uid: 'u9', madeAt: ago(50) });
  await warning(12, 30, { first: ago(50) });
  const { history = [] } = await answer({ what: 'history', name: 'cart' });
  expect(history).toMatchObject([
    {
      name: 'cart',
      moments: [{ is: 'broken' }, { is: 'well', words: 'rolled back to revision 41' }],
      restarts: { lastHour: 9, last24Hours: 9, last7Days: 16 },
      warnings: [{ reason: 'BackOff', count: 12 }],
    },
  ]);
  expect((await answer({ what: 'history', name: 'nothing' })).history).toEqual([]);
});

test('only namespaces that may be read are told of', async () => {
  const { restarts, warning, moment, answer } = fresh();
  await Promise.all([restarts(4, 2), warning(3, 2), moment(1)]);
  for (const what of ['list', 'top', 'warnings'] as const)
    expect(Object.values(await answer({ what }, NOW, ['other'])).filter(Array.isArray)).toEqual([[]]);
});

test('what is kept ends: after seven days nothing is left', async () => {
  const { restarts, history, cluster } = fresh();
  await restarts(4, 2);
  await history.noteRestarts(cluster, NOW + 8 * DAY_MS, [
    { namespace: 'shop', kind: 'Pod', name: 'x', container: 'x', uid: 'u8', restarts: 1, madeAt: '', endedAt: '' },
  ]);
  expect((await history.kept(cluster, 0, ['*'])).restarts).toMatchObject([{ name: 'x' }]);
});
