// The past without Prometheus and without any diagnosis: the watcher alone looks at a cluster that lives, and the questions
// of the command line have answers.
import { afterEach, expect, test } from 'vitest';
import { until } from './support/cluster-double.ts';
import { root, run } from './support/processes.ts';
import { type WatchedCluster, watchedCluster } from './support/watcher.ts';

let watched: WatchedCluster | undefined;
afterEach(async () => {
  await watched?.stop();
  watched = undefined;
});

// biome-ignore lint/suspicious/noExplicitAny: what the command line prints is looked into field by field.
async function asked(one: WatchedCluster, ...words: string[]): Promise<any> {
  const { stdout } = await run(process.execPath, ['dist/cli/main.js', ...words, '--json'], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', REDIS_URL: one.redisUrl },
  }).catch(() => ({ stdout: '' }));
  return stdout === '' ? undefined : JSON.parse(stdout.split('\n')[0] ?? '');
}

test('top, warnings and history tell what the watcher saw, under the name of the Deployment', async () => {
  watched = await watchedCluster({ recordings: ['bad-rollout-env-removed'], clockSpeed: 20 });
  await watched.start('watcher');
  const top = await until('restarts of avatars', async () => {
    const { top = [] } = (await asked(watched!, 'top', '--above', '0')) ?? {};
    return top.find(({ name }: { name: string }) => name === 'avatars');
  });
  expect(top).toMatchObject({ namespace: 'users-avatars', kind: 'Deployment', restarts: expect.any(Number) });
  const { warnings } = await asked(watched, 'warnings');
  expect(warnings).toContainEqual(expect.objectContaining({ namespace: 'users-avatars', reason: 'BackOff' }));
  const { history } = await asked(watched, 'history', 'avatars');
  expect(history).toMatchObject([{ kind: 'Deployment', name: 'avatars', warnings: [{ reason: 'BackOff' }] }]);
  expect(history[0].restarts.lastHour).toBeGreaterThanOrEqual(top.restarts);
});

test('two watchers and a thousand sights of a pod count its restarts once', async () => {
  watched = await watchedCluster({ crowd: 100 });
  await Promise.all([watched.start('watcher'), watched.start('watcher')]);
  for (let restarts = 1; restarts <= 9; restarts++) watched.cluster.crowd.crash(7, restarts);
  const top = await until('nine restarts', async () => {
    const { top: [first] = [] } = (await asked(watched!, 'top', '--above', '8')) ?? {};
    return first;
  });
  expect(top).toMatchObject({ namespace: 'crowd-0', kind: 'Deployment', name: 'app-1', restarts: 9 });
});
