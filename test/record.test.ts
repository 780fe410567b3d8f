// `loopbreaker record`: what was read of a cluster can be diagnosed again later, elsewhere, and says the same.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { answer } from '../src/answer.ts';
import { recordCommand, writeRecording } from '../src/cli/record.ts';
import { readRecording, UnreadableRecording } from '../src/cli/recording.ts';
import type { Report } from '../src/core/report.ts';
import { collect } from '../src/kube/collect.ts';
import { folderOf, recordedCluster } from './support/cluster.ts';

const NAMES = [
  'bad-rollout-env-removed',
  'config-key-renamed-optional',
  'cronjob-failing',
  'daemonset-bad-update',
  'dependency-refused-postgres',
  'emptydir-evicted',
  'liveness-wrong-port',
  'native-sidecar-bad-config',
  'oom-startup-python',
  'quota-exceeded',
  'recovered-single-crash',
  'secret-missing-envref',
  'statefulset-redis-corrupt-aof',
  'unschedulable-gpu',
];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-record-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'recording');
}

/** What a person reads of it: everything but the name of the cluster. */
function read({ verdict, causes, context, gaps, nextQuestion, status, timeline, logExcerpt, ruledOut }: Report) {
  return { verdict, causes, context, gaps, nextQuestion, status, timeline, logExcerpt, ruledOut };
}

test.each(NAMES)('a recording of %s says what the cluster said', async (name) => {
  const { target: named } = answer(readRecording(folderOf(name)), {}, name)!;
  const target = named.pod
    ? { namespace: named.namespace, pod: named.pod }
    : { namespace: named.namespace, workload: named.workload };
  const cluster = (await recordedCluster([name])).open();
  const snapshot = await collect(cluster, target);
  const dir = newFolder();
  writeRecording(dir, snapshot, target);
  expect(readdirSync(dir).sort()).toEqual(['logs', 'objects.json', 'read.json']);
  const live = answer(snapshot, target, 'x')!;
  expect(read(answer(readRecording(dir), {}, 'x')!)).toEqual(read(live));
});

test('the bytes of a long log that were left out are still said to be missing', async () => {
  const dir = newFolder();
  const cluster = (await recordedCluster(['bad-rollout-env-removed'])).open();
  const { namespace, pod } = answer(readRecording(folderOf('bad-rollout-env-removed')), {}, 'x')!.target;
  const snapshot = await collect(cluster, { namespace, pod });
  for (const log of snapshot.logs) log.skippedBytes = 4096;
  writeRecording(dir, snapshot, { namespace, pod });
  expect(answer(readRecording(dir), {}, 'x')!.gaps).toContainEqual({
    what: 'middle of the previous log of avatars',
    why: 'at least 4096 bytes between head and tail were not read',
  });
});

test('a pod or container whose name is no file name is left out, and said to be', () => {
  const dir = newFolder();
  const log = { pod: '../../evil', container: 'app', run: 'previous' as const, text: 'x' };
  writeRecording(
    dir,
    { cluster: 'x', now: '2026-07-01T12:00:00Z', objects: [], logs: [log], unread: [], templateHashes: {} },
    { namespace: 'shop' },
  );
  expect(readdirSync(join(dir, 'logs'))).toEqual([]);
  expect(readFileSync(join(dir, 'read.json'), 'utf8')).toMatch(/evil/);
});

test('an extra file that is not ours is named with its cure', () => {
  const dir = newFolder();
  mkdirSync(dir);
  writeFileSync(join(dir, 'objects.json'), '{"items":[]}');
  writeFileSync(join(dir, 'read.json'), '{"readAt":5}');
  expect(() => readRecording(dir)).toThrow(UnreadableRecording);
});

afterEach(() => vi.restoreAllMocks());

test('the command reads the cluster once and says how to go on', async () => {
  const { kubeconfigFile } = await recordedCluster(['liveness-wrong-port']);
  const dir = newFolder();
  const kubeconfig = `${dir}.kubeconfig`;
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigFile));
  vi.stubEnv('KUBECONFIG', kubeconfig);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const complaints: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => complaints.push(String(text)) > 0);

  expect(await recordCommand('deployment/cart-api', dir, { namespace: 'shop-cart' })).toBe(0);
  expect(written.join('')).toMatch(/Diagnose it with: loopbreaker diagnose --recording/);
  expect(answer(readRecording(dir), {}, 'x')?.verdict.cause).toBe('probe-wrong-port');

  expect(await recordCommand('deployment/cart-api', dir, { namespace: 'shop-cart' })).toBe(2);
  expect(complaints.join('')).toMatch(/is not empty\. Name a new or empty folder\./);
  const other = `${dir}-2`;
  expect(await recordCommand('deployment/nothing', other, { namespace: 'shop-cart' })).toBe(1);
  expect(existsSync(other)).toBe(false);
});

test('a recording by another tool that left out whole kinds proves no absence', () => {
  const dir = newFolder();
  mkdirSync(dir);
  const { items } = JSON.parse(readFileSync(join(folderOf('config-key-renamed-optional'), 'objects.json'), 'utf8'));
  const pods = items.filter((o: { kind: string }) => ['Pod', 'ReplicaSet', 'Deployment'].includes(o.kind));
  writeFileSync(join(dir, 'objects.json'), JSON.stringify({ items: pods }));
  const { gaps, context } = answer(readRecording(dir), {}, 'x')!;
  expect(gaps.map((g) => g.what)).toEqual(
    expect.arrayContaining(['ConfigMap product-feed-config', 'events', 'node', 'services']),
  );
  expect(context.map((c) => c.text).join()).not.toMatch(/no Service/);
});
