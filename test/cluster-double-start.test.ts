// What the cluster double is started from: world files that fit their recordings, nothing else of a recording's folder, and a
// process of its own that leaves nothing behind.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startCluster } from '../src/demo/cluster/cluster.ts';
import { worldFileSchema } from '../src/demo/cluster/world/file.ts';
import { recordingDir, startDouble } from './support/cluster-double.ts';

const scratch = mkdtempSync(join(tmpdir(), 'loopbreaker-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const all = readdirSync(recordingDir('')).filter((name) => existsSync(join(recordingDir(name), 'objects.json')));
const withWorld = all.filter((name) => existsSync(join(recordingDir(name), 'world.yaml')));

test('at least twelve recordings can be chosen for a demo, and each says in a sentence what is wrong', async () => {
  expect(withWorld.length).toBeGreaterThanOrEqual(12);
  const cluster = await startDouble(withWorld);
  for (const { about, namespace } of cluster.recordings) {
    expect(about).toMatch(/\.$/);
    expect(namespace).not.toBe('');
  }
  await cluster.stop();
});

test.each(withWorld)('the world file of %s speaks of containers and fields that its recording has', (name) => {
  const world = worldFileSchema.parse(parse(readFileSync(join(recordingDir(name), 'world.yaml'), 'utf8')));
  const items = JSON.parse(readFileSync(join(recordingDir(name), 'objects.json'), 'utf8')).items as {
    kind: string;
    metadata: { name: string };
    spec?: { template?: { spec?: PodSpec } } & PodSpec;
  }[];
  type PodSpec = { containers?: { name: string }[]; initContainers?: { name: string }[] };
  const specs = items.map((i) => (i.kind === 'Pod' ? i.spec : i.spec?.template?.spec));
  const containers = specs.flatMap((spec) =>
    [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((c) => c.name),
  );
  const workloads = items.map((i) => `${i.kind}/${i.metadata.name}`);
  for (const program of world.programs) {
    expect(containers).toContain(program.container);
    if (program.workload) expect(workloads).toContain(program.workload);
  }
});

test('every recording can be served, all of them at once but for second readings of the same pods', async () => {
  const cluster = await startDouble(
    all.filter((name) => !name.endsWith('-late')),
    { clockSpeed: 1000 },
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  await cluster.stop();
});

test('only objects, logs and the world file of a recording are read', async () => {
  const dir = join(scratch, 'renamed');
  cpSync(recordingDir('bare-pod-crash'), dir, { recursive: true });
  for (const file of ['truth.json', 'manifest.yaml', 'describe.txt']) rmSync(join(dir, file));
  const cluster = await startCluster({ recordings: [dir] });
  expect(cluster.recordings).toEqual([
    {
      name: 'renamed',
      namespace: 'debug-tools',
      workload: 'traffic-replay',
      about: expect.stringContaining('controller'),
    },
  ]);
  await cluster.stop();
});

test.each([
  [
    'a folder without objects',
    (dir: string) => rmSync(join(dir, 'objects.json')),
    /is not a recording: it has no objects\.json/,
  ],
  [
    'objects that are no List',
    (dir: string) => writeFileSync(join(dir, 'objects.json'), '{"items": 3}'),
    /is not a List of Kubernetes objects/,
  ],
  [
    'a condition that does not exist',
    (dir: string) =>
      writeFileSync(join(dir, 'world.yaml'), 'about: x\nprograms: [{container: replay, lives: {wishes: true}}]'),
    /world\.yaml: .*wishes/s,
  ],
])('%s is refused with its path', async (name, spoil, message) => {
  const dir = join(scratch, name.replaceAll(' ', '-'));
  cpSync(recordingDir('bare-pod-crash'), dir, { recursive: true });
  spoil(dir);
  await expect(startCluster({ recordings: [dir] })).rejects.toThrow(message);
});

test('as a process of its own it prints where it serves, keeps its kubeconfig to itself and takes it away at the end', async () => {
  const main = fileURLToPath(new URL('../src/demo/cluster/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--end-with-stdin', recordingDir('healthy')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the cluster ended with ${code} before it served`)));
  });
  const { kubeconfigPath, contexts } = JSON.parse(line) as { kubeconfigPath: string; contexts: string[] };
  expect(contexts).toEqual(['reader', 'writer', 'admin']);
  expect(statSync(kubeconfigPath).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(kubeconfigPath)).mode & 0o777).toBe(0o700);
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  expect((await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace: 'shop-currency' })).items).toHaveLength(
    2,
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  expect(await ended).toBe(0);
  expect(existsSync(dirname(kubeconfigPath))).toBe(false);
});
