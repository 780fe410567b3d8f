// Reading from a real API server, as the command line does it: a diagnosis, a recording of it, and lists of several pages.
// Run only where KUBECONFIG_TEST names a cluster.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { configMaps } from '../src/kube/kinds.ts';
import { listObjects } from '../src/kube/objects.ts';
import { opener } from './support/cluster.ts';
import { configMap } from './support/contract-objects.ts';
import { kubeconfigOfTest } from './support/real/server.ts';
import { realNamespace, realWorld } from './support/real/world.ts';

const kubeconfig = kubeconfigOfTest()!;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** Beside the test, which goes on playing the kubelet. */
async function loopbreaker(...words: string[]): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1', KUBECONFIG: kubeconfig };
  return (await promisify(execFile)(process.execPath, [main, ...words], { env })).stdout;
}

test('a pod is diagnosed, and its recording says the same', async () => {
  const { namespace, admin } = await realWorld(kubeconfig, 'bad-rollout-env-removed');
  const parent = mkdtempSync(join(tmpdir(), 'loopbreaker-real-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const dir = join(parent, 'recorded');
  const live = JSON.parse(
    await loopbreaker('diagnose', 'deploy/avatars', '-n', namespace, '--context', admin.context, '--json'),
  );
  expect(live.verdict).toMatchObject({ cause: 'env-missing', grade: 'confirmed', container: 'avatars' });
  expect(live.context.map(({ kind }: { kind: string }) => kind)).toContain('began-with-revision');
  expect(live.proposals.find(({ refusal }: { refusal: string | null }) => !refusal).action).toBe('rollback');
  await loopbreaker('record', 'deploy/avatars', dir, '-n', namespace, '--context', admin.context);
  const replayed = JSON.parse(await loopbreaker('diagnose', '--recording', dir, '--json'));
  expect(replayed.verdict).toEqual(live.verdict);
});

test('a list of several pages is read whole', async () => {
  const { server, namespace } = await realNamespace(kubeconfig);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const names = Array.from({ length: 520 }, (_, n) => `page-${n}`);
  for (let from = 0; from < names.length; from += 20)
    await Promise.all(names.slice(from, from + 20).map((name) => server.must('POST', path, configMap(name, {}))));
  const admin = opener(readFileSync(kubeconfig, 'utf8'))();
  const { items, whole } = await listObjects(admin, configMaps, namespace);
  const found = new Set(items.map(({ metadata }) => metadata.name));
  expect(whole).toBe(true);
  expect(names.filter((name) => !found.has(name))).toEqual([]);
  expect(items).toHaveLength(found.size);
});
