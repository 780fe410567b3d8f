// Following the pods of a cluster through everything that breaks a watch: what is known in the end is what is there.
import { afterEach, expect, test } from 'vitest';
import type { Cluster, ClusterOptions } from '../src/demo/cluster/cluster.ts';
import { startCluster } from '../src/demo/cluster/cluster.ts';
import { budgetOf } from '../src/kube/watch/budget.ts';
import { linesOf } from '../src/kube/watch/lines.ts';
import { until } from './support/cluster-double.ts';
import { type Following, following } from './support/watch.ts';

const opened: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.stop();
});

async function crowd(size: number, options: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const cluster = await startCluster({ recordings: [], crowd: size, bookmarkEveryMs: 30, ...options });
  opened.push(cluster);
  return cluster;
}

function followed(...asked: Parameters<typeof following>): Following {
  const one = following(...asked);
  opened.push(one);
  return one;
}

const restartsOf = (follower: Following, cluster: Cluster, index: number): number | undefined =>
  follower.known.get(cluster.crowd.placeOf(index).name);

const sees = (follower: Following, cluster: Cluster, index: number, restarts: number): Promise<unknown> =>
  until(`pod ${index} with ${restarts} restarts`, async () => restartsOf(follower, cluster, index) === restarts);

const listsAll = (follower: Following, size: number): Promise<unknown> =>
  until('the whole list', async () => follower.lists > 0 && follower.known.size === size);

const asked = (cluster: Cluster, wanted: 'list' | 'watch') =>
  cluster.requests().filter(({ query }) => (query.watch === 'true') === (wanted === 'watch'));

test('a large cluster is listed in pages of 500, and watched from where the list stood', async () => {
  const cluster = await crowd(1_203);
  const follower = followed(cluster);
  await listsAll(follower, 1_203);
  expect(asked(cluster, 'list').map(({ query }) => query.limit)).toEqual(['500', '500', '500']);
  cluster.crowd.crash(1_200, 3);
  await sees(follower, cluster, 1_200, 3);
  expect(asked(cluster, 'watch')[0]?.query).toMatchObject({ allowWatchBookmarks: 'true' });
  expect(Number(asked(cluster, 'watch')[0]?.query.resourceVersion)).toBeGreaterThan(0);
});

test('what changes while all connections are broken is seen after, without another list', async () => {
  const cluster = await crowd(20);
  const follower = followed(cluster);
  await listsAll(follower, 20);
  for (let round = 1; round <= 5; round++) {
    cluster.dropConnections();
    cluster.crowd.crash(round, round);
    await sees(follower, cluster, round, round);
  }
  expect(follower.lists).toBe(1);
});

test('a quiet watch goes on from its newest bookmark, however much changed elsewhere', async () => {
  const cluster = await crowd(1_000);
  const follower = followed(cluster, { namespace: 'crowd-1' });
  await listsAll(follower, 500);
  await until('the watch', async () => asked(cluster, 'watch').length > 0);
  cluster.crowd.crash(0, 1);
  const now = cluster.store.revision();
  await until('a watch from a bookmark', async () => {
    if (Number(asked(cluster, 'watch').at(-1)?.query.resourceVersion) >= now) return true;
    // Long enough for a bookmark.
    await new Promise((done) => setTimeout(done, 100));
    cluster.dropConnections();
    return false;
  });
  expect(follower.lists).toBe(1);
});

test('after a history that is gone (410) everything is listed again, and what was deleted meanwhile is known to be gone', async () => {
  const cluster = await crowd(30);
  const follower = followed(cluster);
  await listsAll(follower, 30);
  await cluster.halt();
  cluster.crowd.remove(7);
  cluster.crowd.crash(8, 4);
  cluster.compact();
  await cluster.start();
  await sees(follower, cluster, 8, 4);
  expect(follower.lists).toBe(2);
  expect(follower.known.size).toBe(29);
  expect(restartsOf(follower, cluster, 7)).toBeUndefined();
});

test('a list that expires between two pages is begun anew and becomes whole', async () => {
  const cluster = await crowd(4_000, { latencyMs: 40 });
  const follower = followed(cluster);
  await until('the second page', async () => asked(cluster, 'list').length >= 2);
  cluster.compact();
  await listsAll(follower, 4_000);
  expect(asked(cluster, 'list').some(({ status }) => status === 410)).toBe(true);
});

test('while the API server restarts, its refusals are told once, and nothing of that time is missed', async () => {
  const cluster = await crowd(10);
  const follower = followed(cluster);
  await listsAll(follower, 10);
  await cluster.halt();
  await until('the trouble', async () => follower.troubles.length === 1);
  cluster.crowd.crash(3, 9);
  await cluster.start();
  await sees(follower, cluster, 3, 9);
  await until('the end of the trouble', async () => follower.troubles.length === 2);
  expect(follower.troubles).toEqual([expect.stringMatching(/refuses the connection/), 'works again']);
});

test('a connection that stays open and says nothing is given up', async () => {
  const cluster = await crowd(10);
  const follower = followed(cluster, { idleMs: 150 });
  await listsAll(follower, 10);
  await until('the watch', async () => asked(cluster, 'watch').length > 0);
  cluster.fallSilent();
  cluster.crowd.crash(5, 6);
  await sees(follower, cluster, 5, 6);
  expect(follower.lists).toBe(1);
});

test('an API server that asks for patience (429) is not asked again before', async () => {
  const cluster = await crowd(10);
  cluster.beBusy(1, 1);
  const follower = followed(cluster, { timeoutMs: 500 });
  await listsAll(follower, 10);
  const [refused, next] = cluster.requests();
  expect(refused?.status).toBe(429);
  expect(Date.parse(next?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(999);
});

test('somebody who sets the clock of this machine changes nothing', async () => {
  const cluster = await crowd(10);
  const follower = followed(cluster, { idleMs: 400 });
  await listsAll(follower, 10);
  const clusterNow = follower.cluster.clock.nowMs();
  const real = Date.now;
  try {
    Date.now = () => real() + 3 * 3_600_000;
    expect(follower.cluster.clock.nowMs() - clusterNow).toBeLessThan(60_000);
    cluster.crowd.crash(1, 1);
    await sees(follower, cluster, 1, 1);
    Date.now = () => real() - 3 * 3_600_000;
    cluster.crowd.crash(2, 2);
    await sees(follower, cluster, 2, 2);
  } finally {
    Date.now = real;
  }
  expect(follower.lists).toBe(1);
});

test('a version that the API server refuses again and again is given up for a new list', async () => {
  const cluster = await crowd(10);
  const follower = followed(cluster);
  await listsAll(follower, 10);
  // An etcd restored from an older copy: its versions are behind ours.
  await cluster.halt();
  cluster.store.restore(cluster.store.revision() - 5);
  await cluster.start();
  await until('another list', async () => follower.lists === 2);
  cluster.crowd.crash(4, 4);
  await sees(follower, cluster, 4, 4);
});

test('an account that may not watch is told at once what grants it', async () => {
  const cluster = await crowd(5, { access: { reader: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] } });
  const follower = followed(cluster);
  await until('the trouble', async () => follower.troubles.length > 0);
  expect(follower.troubles[0]).toMatch(
    /^Not permitted \(403\): watch pods in the whole cluster; grant it with: kubectl/,
  );
});

test('a budget lets so many requests through at once and the others one by one', async () => {
  const budget = budgetOf(100, 3);
  const { signal } = new AbortController();
  const started = performance.now();
  for (let i = 0; i < 13; i++) await budget(signal);
  // Ten more than may go at once, at a hundred a second.
  expect(performance.now() - started).toBeGreaterThanOrEqual(90);
});

test('a budget that is waited for in vain ends with the one who waits', async () => {
  const budget = budgetOf(0.001, 1);
  const controller = new AbortController();
  await budget(controller.signal);
  const waiting = budget(controller.signal);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow();
});

async function* chunksOf(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text;
}

async function collect(chunks: AsyncGenerator<Uint8Array>, bytesMax?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunks, bytesMax)) lines.push(line);
  return lines;
}

test('lines are the same however the network cuts them, also in the middle of a letter', async () => {
  const whole = Buffer.from('{"a":"ä"}\n{"b":"→"}\r\n\n{"c":1}\n');
  const wanted = ['{"a":"ä"}', '{"b":"→"}\r', '{"c":1}'];
  for (let cut = 0; cut <= whole.length; cut++)
    expect(await collect(chunksOf(whole.subarray(0, cut), whole.subarray(cut)))).toEqual(wanted);
  expect(await collect(chunksOf(...[...whole].map((byte) => Uint8Array.of(byte))))).toEqual(wanted);
});

test('a line without an end is not held beyond its bound', async () => {
  await expect(collect(chunksOf('x'.repeat(60), 'x'.repeat(60)), 100)).rejects.toThrow(/a line of the watch is larger/);
});
