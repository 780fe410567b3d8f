// The watcher as a process of its own, over HTTPS and a real Redis: what it tells, what it keeps, and how it dies.
import { afterEach, expect, test } from 'vitest';
import { watchAccess } from '../src/demo/recordings.ts';
import { until } from './support/cluster-double.ts';
import { killed } from './support/queue.ts';
import { CHANNEL, type WatchedCluster, watchedCluster } from './support/watcher.ts';

let watched: WatchedCluster | undefined;
afterEach(async () => {
  await watched?.stop();
  watched = undefined;
});

async function crowd(...asked: Parameters<typeof watchedCluster>): Promise<WatchedCluster> {
  watched = await watchedCluster({ crowd: 40, ...asked[0] });
  return watched;
}

const begun = (one: WatchedCluster): Promise<unknown> =>
  until('the beginning of the watch', async () => (await one.begun()).length > 0);

/** Names of the pods that have an incident. */
const names = async (one: WatchedCluster): Promise<string[]> =>
  (await one.opened()).map(({ state }) => state.request.wanted.name).sort();

const podName = (one: WatchedCluster, index: number): string => one.cluster.crowd.placeOf(index).name;

const tells = (one: WatchedCluster, ...indexes: number[]): Promise<unknown> =>
  until(`incidents of ${indexes}`, async () => {
    const found = await names(one);
    return indexes.every((index) => found.includes(podName(one, index)));
  });

/** A trouble that is told after all others: when it is there, nothing else is on its way. */
async function settles(one: WatchedCluster, index: number): Promise<void> {
  one.cluster.crowd.crash(index, 2);
  await tells(one, index);
}

test('a new crash loop becomes an incident of its workload, with the words of Kubernetes', async () => {
  const one = await crowd();
  await one.start('watcher');
  await begun(one);
  one.cluster.crowd.crash(5, 1);
  one.cluster.crowd.crash(9, 2);
  await tells(one, 9);
  expect(await names(one)).toEqual([podName(one, 9)]);
  const [{ state }] = (await one.opened()) as [Awaited<ReturnType<typeof one.opened>>[number]];
  expect(state.request).toMatchObject({
    wanted: { cluster: 'prod', namespace: 'crowd-0', kind: 'Pod', container: 'main' },
    place: { channel: CHANNEL },
    by: { kind: 'alert', id: 'watch' },
    said: 'CrashLoopBackOff, 2 restarts',
  });
});

test('from how many restarts on a crash loop counts is a setting', async () => {
  const one = await crowd({ env: { LOOPBREAKER_WATCH_RESTARTS: '4' } });
  await one.start('watcher');
  await begun(one);
  one.cluster.crowd.crash(5, 3);
  one.cluster.crowd.crash(9, 4);
  await tells(one, 9);
  expect(await names(one)).toEqual([podName(one, 9)]);
});

test('several pods of one Deployment are one incident', async () => {
  const one = await crowd();
  await one.start('watcher');
  await begun(one);
  const { podsPerDeployment } = one.cluster.crowd;
  for (let i = 0; i < podsPerDeployment; i++) one.cluster.crowd.crash(i, 2);
  await settles(one, 20);
  expect(await one.opened()).toHaveLength(2);
});

test('what was broken before anybody watched is one list, and only what breaks later gets a card', async () => {
  const one = await crowd({ crowd: 900 });
  for (let i = 0; i < 800; i += 4) one.cluster.crowd.crash(i, 30);
  one.cluster.crowd.waits(802, 'ImagePullBackOff');
  await one.start('watcher');
  await begun(one);
  one.cluster.crowd.crash(0, 31);
  await settles(one, 880);
  expect(await names(one)).toEqual([podName(one, 880)]);
  const [list, ...more] = await one.broken();
  expect(more).toEqual([]);
  expect(JSON.parse(list!).rows).toHaveLength(201);
});

test('a cluster in which nothing is broken yet gets no list', async () => {
  const one = await crowd();
  await one.start('watcher');
  await begun(one);
  expect(await one.redis.keys('{loopbreaker}:message:*')).toEqual([]);
});

test('a watcher that comes back lists nothing and tells only what is new', async () => {
  const one = await crowd();
  one.cluster.crowd.crash(0, 9);
  const first = await one.start('watcher');
  await begun(one);
  await settles(one, 8);
  await killed(first.child);
  one.cluster.crowd.crash(12, 2);
  await one.start('watcher');
  await tells(one, 12);
  expect(await names(one)).toEqual([podName(one, 8), podName(one, 12)].sort());
  expect(await one.broken()).toHaveLength(1);
});

test('two watchers of one cluster tell each trouble once', async () => {
  const one = await crowd({ crowd: 200 });
  for (let i = 0; i < 40; i += 4) one.cluster.crowd.crash(i, 7);
  await Promise.all([one.start('watcher'), one.start('watcher')]);
  await begun(one);
  for (let i = 40; i < 180; i += 4) one.cluster.crowd.crash(i, 2);
  await tells(one, ...Array.from({ length: 35 }, (_, i) => 40 + 4 * i));
  expect(await one.opened()).toHaveLength(35);
  expect(await one.broken()).toHaveLength(1);
  const deliveries = (await one.notes()).map(({ deliveryId }) => deliveryId);
  expect(new Set(deliveries).size).toBe(deliveries.length);
});

test('killed again and again while things break, it misses nothing and doubles nothing', async () => {
  const one = await crowd({ crowd: 400 });
  let watcher = await one.start('watcher');
  await begun(one);
  const indexes = Array.from({ length: 60 }, (_, i) => i * 4);
  for (const [turn, index] of indexes.entries()) {
    one.cluster.crowd.crash(index, 2);
    await new Promise((done) => setTimeout(done, 5));
    if (turn % 20 !== 19) continue;
    // At some moment between seeing, noting, handing over and noting again.
    await killed(watcher.child);
    watcher = await one.start('watcher');
  }
  await tells(one, ...indexes);
  expect(await one.opened()).toHaveLength(indexes.length);
  expect((await one.broken()).map((list) => JSON.parse(list).rows)).toEqual([[]]);
});

test('what was noted and not handed over when a watcher died is handed over by the next', async () => {
  const one = await crowd();
  const first = await one.start('watcher');
  await begun(one);
  await settles(one, 4);
  await killed(first.child);
  // As if it had died right after its note: the incident was never opened, and the pod is gone meanwhile.
  const [key = ''] = await one.redis.keys('{loopbreaker}:watch:troubles:*');
  const [[id, text] = ['', '']] = Object.entries(await one.redis.hgetall(key));
  const note = JSON.parse(text);
  const signal = {
    ...note.signal,
    name: 'gone-1',
    owner: { kind: 'Deployment', name: 'gone' },
    deliveryId: 'watch-gone',
  };
  await one.redis.hset(key, id.replace(/^[^/]+/, 'a-pod-that-is-gone'), JSON.stringify({ stage: 'claimed', signal }));
  await one.start('watcher');
  await until('the incident', async () => (await names(one)).includes('gone-1'));
  await until('the end', async () => (await one.notes()).every((left) => !left.id.startsWith('a-pod-that-is-gone')));
});

test('what was handed over and not noted so when a watcher died is not told again', async () => {
  const one = await crowd();
  const first = await one.start('watcher');
  await begun(one);
  await settles(one, 4);
  await killed(first.child);
  const [key = ''] = await one.redis.keys('{loopbreaker}:watch:troubles:*');
  for (const [id, text] of Object.entries(await one.redis.hgetall(key)))
    await one.redis.hset(key, id, JSON.stringify({ ...JSON.parse(text), stage: 'claimed' }));
  await one.start('watcher');
  await until('the note', async () => (await one.notes()).every(({ stage }) => stage === 'told'));
  await settles(one, 12);
  expect(await one.opened()).toHaveLength(2);
});

test('while Redis is away nothing is lost', async () => {
  const one = await crowd();
  await one.start('watcher');
  await begun(one);
  await one.redis.client('PAUSE', 4_000, 'ALL');
  one.cluster.crowd.crash(8, 2);
  one.cluster.crowd.crash(16, 2);
  await tells(one, 8, 16);
  expect(await one.opened()).toHaveLength(2);
});

test('only the namespaces that the policy lets be read are watched, each by itself', async () => {
  const one = await crowd({
    crowd: 1_600,
    access: { watcher: watchAccess(['crowd-0', 'crowd-2']) },
    env: { LOOPBREAKER_READ: `${CHANNEL}=prod/crowd-0,prod/crowd-2` },
  });
  await one.start('watcher');
  await begun(one);
  one.cluster.crowd.crash(600, 2);
  one.cluster.crowd.crash(4, 2);
  one.cluster.crowd.crash(1_200, 2);
  await tells(one, 4, 1_200);
  expect(await one.opened()).toHaveLength(2);
  const paths = new Set(one.cluster.requests().map(({ path }) => path));
  expect([...paths].filter((path) => /pods|events/.test(path)).sort()).toEqual([
    '/api/v1/namespaces/crowd-0/events',
    '/api/v1/namespaces/crowd-0/pods',
    '/api/v1/namespaces/crowd-2/events',
    '/api/v1/namespaces/crowd-2/pods',
  ]);
});

test('one namespace that may not be read does not keep the others waiting', async () => {
  const one = await crowd({
    crowd: 600,
    access: { watcher: watchAccess(['crowd-0']) },
    env: { LOOPBREAKER_READ: `${CHANNEL}=prod/crowd-0,prod/crowd-1`, LOOPBREAKER_LOG_LEVEL: 'silent' },
  });
  await one.start('watcher');
  await begun(one);
  await settles(one, 4);
});

test('it asks for nothing that the generated Roles do not give, and is refused nothing', async () => {
  const one = await crowd();
  await one.start('watcher');
  await begun(one);
  await settles(one, 4);
  expect(one.cluster.requests().filter(({ status }) => status === 401 || status === 403)).toEqual([]);
});
