// From what breaks in a cluster to the card in Slack, through the watcher, the worker and the gateway as processes of their
// own: what a channel gets to see, and what it never sees twice.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { startCluster } from '../src/demo/cluster/cluster.ts';
import { demoAccess, watchAccess } from '../src/demo/recordings.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { OPS, startBot } from './support/bot.ts';
import { jsonPatch, until } from './support/cluster-double.ts';
import { killed } from './support/queue.ts';

type Bot = Awaited<ReturnType<typeof startBot>>;
let bot: Bot;
afterEach(() => bot?.stop());

const LIST = /broken already when I began to watch/;
const lists = (): Message[] => bot.cards().filter((card) => LIST.test(bot.text(card)));
/** Everything else that stands in the channel by itself. */
const cards = (): Message[] => bot.cards().filter((card) => !LIST.test(bot.text(card)));
const card = (pattern: RegExp): Promise<Message> => bot.until(() => cards().find((one) => pattern.test(bot.text(one))));
const appOf = (index: number): string => `app-${Math.floor(index / bot.cluster.crowd.podsPerDeployment)}`;
const placed = (index: number): RegExp => new RegExp(`\\b${appOf(index)}\\b`);

/** The list is posted, so whatever breaks from now on is new. */
async function begin(broken: number[]): Promise<void> {
  for (const index of broken) bot.cluster.crowd.crash(index, 30);
  await bot.watch();
  await until('the list', async () => lists().length > 0);
}

test('two hundred old crash loops are one message, the next one is a card, and its alert joins it', async () => {
  bot = await startBot([], { crowd: 900 });
  await begin(Array.from({ length: 200 }, (_, i) => 4 * i));
  const [list] = lists();
  expect(bot.text(list!)).toMatch(/200 workloads were broken already/);
  expect(cards()).toEqual([]);

  bot.cluster.crowd.crash(880, 2);
  await card(placed(880));
  const { namespace, name } = bot.cluster.crowd.placeOf(880);
  const labels = { namespace, pod: name, container: 'main' };
  expect(await bot.alert([{ fingerprint: 'a880', labels }])).toBe(200);
  // What is told after the alert is there, so the alert has been heard.
  bot.cluster.crowd.crash(884, 2);
  await card(placed(884));
  expect(cards()).toHaveLength(2);
  expect(lists()).toHaveLength(1);
});

test('what an alert told first is not told again by the watch', async () => {
  bot = await startBot([], { crowd: 40 });
  await begin([0]);
  const { namespace, name } = bot.cluster.crowd.placeOf(20);
  await bot.alert([{ fingerprint: 'a20', labels: { namespace, pod: name, container: 'main' } }]);
  await card(placed(20));
  bot.cluster.crowd.crash(20, 2);
  bot.cluster.crowd.crash(24, 2);
  await card(placed(24));
  expect(cards()).toHaveLength(2);
});

test('a Deployment that gets no pod at all is a card that says why', async () => {
  bot = await startBot(['serviceaccount-missing'], { crowd: 8 });
  const { namespace, workload } = bot.cluster.recordings[0]!;
  const scale = (replicas: number) =>
    bot.kubectl(
      'PATCH',
      `/apis/apps/v1/namespaces/${namespace}/deployments/${workload}`,
      [{ op: 'replace', path: '/spec/replicas', value: replicas }],
      jsonPatch,
    );
  await scale(0);
  await begin([0]);
  expect(bot.text(lists()[0]!)).not.toContain(workload);
  await scale(1);
  const told = await card(new RegExp(workload));
  await bot.until(() => cards().find((one) => one.ts === told.ts && /service ?account/i.test(bot.text(one))));
  expect(cards()).toHaveLength(1);
});

test('watchers that are killed and started again while things break leave one card for each', async () => {
  bot = await startBot([], { crowd: 200 });
  await begin([0]);
  let other = await bot.watch();
  const broken = [40, 80, 120];
  for (const index of broken) {
    bot.cluster.crowd.crash(index, 2);
    await killed(other.child);
    other = await bot.watch();
  }
  for (const index of broken) await card(placed(index));
  bot.cluster.crowd.crash(180, 2);
  await card(placed(180));
  expect(cards()).toHaveLength(broken.length + 1);
  expect(lists()).toHaveLength(1);
});

test('what breaks while the API server is away for half a minute, and its history with it, is told when it is back', async () => {
  bot = await startBot([], { crowd: 200 });
  await begin([0]);
  await bot.cluster.halt();
  bot.cluster.crowd.crash(40, 2);
  bot.cluster.crowd.remove(0);
  await new Promise((done) => setTimeout(done, 30_000));
  bot.cluster.compact();
  await bot.cluster.start();
  await card(placed(40));
  bot.cluster.crowd.crash(60, 2);
  await card(placed(60));
  expect(cards()).toHaveLength(2);
  expect(lists()).toHaveLength(1);
});

test('the same workload that breaks in two clusters is a card for each, by one watcher', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-us-'));
  const us = await startCluster({
    recordings: [],
    crowd: 40,
    access: { 'us-worker': demoAccess(), 'us-watcher': watchAccess() },
  });
  onTestFinished(async () => {
    await us.stop();
    await rm(folder, { recursive: true, force: true });
  });
  // Two clusters have nothing in common, not even the names in their kubeconfigs.
  us.store.edit('namespaces', { metadata: { name: 'kube-system' } }, (draft) => {
    draft.metadata.uid = 'c0c0c0c0-0000-4000-c000-000000000001';
  });
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  await writeFile(kubeconfig, stringify(us.kubeconfigFile).replaceAll(/\b(demo|admin)\b/g, 'us-$1'), { mode: 0o600 });
  bot = await startBot([], {
    crowd: 40,
    kubeconfigs: [kubeconfig],
    settings: {
      LOOPBREAKER_CLUSTERS: 'prod=context:worker,us=context:us-worker',
      LOOPBREAKER_READ: `${OPS}=prod/*,us/*`,
    },
  });
  bot.cluster.crowd.crash(0, 30);
  us.crowd.crash(0, 30);
  await bot.watch({ LOOPBREAKER_CLUSTERS: 'prod=context:watcher,us=context:us-watcher' });
  await until('both lists', async () => lists().length === 2);
  bot.cluster.crowd.crash(20, 2);
  us.crowd.crash(20, 2);
  await until('a card for each', async () => cards().length === 2);
  const names = cards().map((one) => /\b(?:prod|us)\b/.exec(bot.text(one))?.[0]);
  expect(names.sort()).toEqual(['prod', 'us']);
});
