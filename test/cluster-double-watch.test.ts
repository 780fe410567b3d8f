// Watching the cluster double: history, bookmarks, selections, 410 Gone, and the client library's informer on top of it.
import { CoreV1Api, makeInformer, type V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../src/demo/cluster/cluster.ts';
import { type Caller, caller, type Json, kubeConfig, merge, startDouble, until } from './support/cluster-double.ts';

let cluster: Cluster;
let call: Caller;
const pods = '/api/v1/namespaces/shop-currency/pods';
const configMaps = '/api/v1/namespaces/shop-currency/configmaps';

beforeAll(async () => {
  cluster = await startDouble(['healthy', 'bad-rollout-env-removed'], { clockSpeed: 250, bookmarkEveryMs: 100 });
  call = caller(cluster, cluster.tokens.admin!);
});
afterAll(async () => {
  call.close();
  await cluster.stop();
});

const version = async (path: string): Promise<string> => (await call('GET', path)).json.metadata.resourceVersion;
const seen = (lines: Json[]): [string, string][] =>
  lines.filter((l) => l.type !== 'BOOKMARK').map((l) => [l.type, l.object.metadata.name]);

test('a watch without a version begins with all that is there', async () => {
  const { lines } = await call('GET', `${pods}?watch=true&timeoutSeconds=1`);
  expect(seen(lines)).toEqual([
    ['ADDED', 'currency-api-6d6678449b-95mrr'],
    ['ADDED', 'currency-api-6d6678449b-szgxj'],
  ]);
  expect(lines[0].object).toMatchObject({ kind: 'Pod', apiVersion: 'v1' });
});

test('a watch from a version tells what happened after it, and bookmarks only to those who allow them', async () => {
  const from = await version(configMaps);
  const map = (name: string) => ({ metadata: { name }, data: { a: '1' } });
  await call('POST', configMaps, map('watched'));
  await call('PATCH', `${configMaps}/watched`, { data: { a: '2' } }, merge);
  await call('DELETE', `${configMaps}/watched`);
  const plain = await call('GET', `${configMaps}?watch=1&timeoutSeconds=1&resourceVersion=${from}`);
  expect(seen(plain.lines)).toEqual([
    ['ADDED', 'watched'],
    ['MODIFIED', 'watched'],
    ['DELETED', 'watched'],
  ]);
  expect(plain.lines).toHaveLength(3);
  const marked = await call(
    'GET',
    `${configMaps}?watch=1&timeoutSeconds=1&resourceVersion=${from}&allowWatchBookmarks=true`,
  );
  const bookmarks = marked.lines.filter((l) => l.type === 'BOOKMARK');
  expect(bookmarks.length).toBeGreaterThan(1);
  expect(Number(bookmarks.at(-1).object.metadata.resourceVersion)).toBeGreaterThan(Number(from));
  expect(bookmarks[0].object.kind).toBe('ConfigMap');
});

test('an object that leaves the selection is deleted to the watcher, one that enters it is added', async () => {
  const from = await version(configMaps);
  const selector = encodeURIComponent('app=a');
  await call('POST', configMaps, { metadata: { name: 'labelled', labels: { app: 'a' } } });
  await call('PATCH', `${configMaps}/labelled`, { metadata: { labels: { app: 'b' } } }, merge);
  await call('PATCH', `${configMaps}/labelled`, { metadata: { labels: { app: 'a' } } }, merge);
  const { lines } = await call(
    'GET',
    `${configMaps}?watch=1&timeoutSeconds=1&resourceVersion=${from}&labelSelector=${selector}`,
  );
  expect(seen(lines)).toEqual([
    ['ADDED', 'labelled'],
    ['DELETED', 'labelled'],
    ['ADDED', 'labelled'],
  ]);
});

test('a watch can send what is there first and say where that ends', async () => {
  const { lines } = await call(
    'GET',
    `${pods}?watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
  );
  const end = lines.findIndex((l) => l.object.metadata.annotations?.['k8s.io/initial-events-end'] === 'true');
  expect(seen(lines.slice(0, end))).toHaveLength(2);
});

test('a version that is too old gets one ERROR event with 410 Gone and the end of the watch', async () => {
  cluster.compact();
  const { status, lines } = await call('GET', `${pods}?watch=true&resourceVersion=2`);
  expect(status).toBe(200);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
  expect(lines[0].object.message).toMatch(/^too old resource version: 2 \(\d+\)$/);
});

test('a version from the future is refused', async () => {
  expect((await call('GET', `${pods}?watch=true&resourceVersion=99999999`)).status).toBe(504);
});

test('an informer follows the crash loop and survives 410 Gone and broken connections', async () => {
  const config = kubeConfig(cluster, 'reader');
  const core = config.makeApiClient(CoreV1Api);
  const path = '/api/v1/namespaces/users-avatars/pods';
  const informer = makeInformer(config, path, () => core.listNamespacedPod({ namespace: 'users-avatars' }));
  const restarts: number[] = [];
  let broken = 0;
  informer.on('update', (pod: V1Pod) => {
    if (pod.metadata?.name === 'avatars-5778979d57-9c9rc')
      restarts.push(pod.status?.containerStatuses?.[0]?.restartCount ?? 0);
  });
  informer.on('error', () => {
    broken += 1;
  });
  const lists = () => cluster.requests().filter((r) => r.path === path && r.query.watch === undefined).length;
  await informer.start();
  await until('a restart', async () => restarts.some((count) => count >= 6));
  const listed = lists();
  cluster.dropConnections();
  await until('the informer noticing', async () => broken > 0);
  await call('POST', configMaps, { metadata: { name: 'meanwhile' } });
  cluster.compact();
  await informer.start();
  const so = Math.max(...restarts);
  await until('another restart afterwards', async () => restarts.some((count) => count > so));
  expect(lists()).toBe(listed + 1);
  await informer.stop();
});
