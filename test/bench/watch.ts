// The watch as a large cluster feels it: pods that fail one after another, while connections break, the history expires
// and the API server restarts. Cluster, Redis and watcher are processes of their own; what is missed is counted in Redis.

import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Redis } from 'ioredis';
import { createBoard } from '../../src/core/watch/board.ts';
import { podNote } from '../../src/core/watch/projection.ts';
import { createCrowd } from '../../src/demo/cluster/crowd.ts';
import { createStore } from '../../src/demo/cluster/store.ts';
import { startRedis } from '../../src/setup/redis.mjs';
import { CHANNEL, openedIn } from '../support/watcher.ts';
import { atMost, type Bench, percentile, type Result } from './result.ts';

const BUILT = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export const watch: Bench = {
  names: [
    'watch.missed',
    'watch.doubled',
    'watch.detect.p95.ms',
    'watch.rss.mb',
    'watch.requests',
    'watch.bytes-per-pod',
    'watch.50k.missed',
    'watch.50k.detect.p95.ms',
    'watch.50k.rss.mb',
    'watch.50k.list.s',
  ],
  run: async (): Promise<Result[]> => {
    if (!existsSync(BUILT)) throw new Error('There is no dist/: build first, with npm run build.');
    const ten = await measured({ pods: 10_000, failing: 200, lastsMs: 70_000 });
    const fifty = await measured({ pods: 50_000, failing: 50, lastsMs: 25_000 });
    return [
      atMost('watch.missed', ten.missed, 'pods', 0),
      atMost('watch.doubled', ten.doubled, 'incidents', 0),
      atMost('watch.detect.p95.ms', percentile(ten.detectMs, 0.95), 'ms', 2_000),
      atMost('watch.rss.mb', ten.rssMb, 'MB', 220),
      atMost('watch.requests', ten.requests, 'requests', null),
      atMost('watch.bytes-per-pod', bytesPerPod(), 'bytes', null),
      atMost('watch.50k.missed', fifty.missed, 'pods', 0),
      atMost('watch.50k.detect.p95.ms', percentile(fifty.detectMs, 0.95), 'ms', null),
      atMost('watch.50k.rss.mb', fifty.rssMb, 'MB', null),
      atMost('watch.50k.list.s', fifty.listedMs / 1_000, 's', null),
    ];
  },
};

interface Plan {
  pods: number;
  /** So many fail, evenly over the time. */
  failing: number;
  lastsMs: number;
}

const RESET_EVERY_MS = 20_000;
const DOWN_MS = 2_000;
/** Changes that are no trouble, as a cluster of that size has them all the time. */
const TOUCH_EVERY_MS = 50;

async function measured(plan: Plan) {
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-bench-'));
  const redis = await startRedis({});
  const client = new Redis(redis.url);
  const cluster = await startDouble(plan.pods);
  let watcher: ChildProcess | undefined;
  try {
    if (Number(await cluster.do('podBytes')) < 5 * 1024) throw new Error('The pods are smaller than promised.');
    const kubeconfig = join(folder, 'kubeconfig.yaml');
    await writeFile(kubeconfig, String(await cluster.do('kubeconfig')), { mode: 0o600 });
    const startedMs = performance.now();
    // As it is shipped: our own loader for TypeScript would be measured as well.
    const env = environment(folder, redis.url, kubeconfig);
    watcher = fork(BUILT, ['--role', 'watcher'], { env, execArgv: [], stdio: 'inherit' });
    const rss = watchRss(watcher);
    await until(async () => (await client.keys('{loopbreaker}:watch:begun:*')).length > 0);
    const listedMs = performance.now() - startedMs;
    const failedMs = await failOverTime(cluster, plan);
    await until(async () => (await client.zcard('{loopbreaker}:recent')) >= plan.failing).catch(() => undefined);
    const opened = await openedIn(client);
    const seenMs = new Map(opened.map(({ state, atMs }) => [state.request.wanted.name, atMs]));
    const detectMs = [...failedMs].flatMap(([name, ms]) => (seenMs.has(name) ? [(seenMs.get(name) ?? 0) - ms] : []));
    const missed = plan.failing - detectMs.length;
    const requests = Number(await cluster.do('requests'));
    return { missed, doubled: opened.length - detectMs.length, detectMs, rssMb: rss.stop(), listedMs, requests };
  } finally {
    watcher?.kill('SIGKILL');
    cluster.stop();
    client.disconnect();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Double = Awaited<ReturnType<typeof startDouble>>;

/** Name of each failing pod → when the API server knew. */
async function failOverTime(cluster: Double, { pods, failing, lastsMs }: Plan): Promise<Map<string, number>> {
  const failedMs = new Map<string, number>();
  const apart = Math.floor(pods / failing);
  let going = true;
  const disturbing = disturb(cluster, lastsMs);
  const touching = (async () => {
    // Never one that is to fail.
    for (let i = 1; going; i += apart) {
      await cluster.do('touch', (i % pods) % apart === 0 ? (i + 1) % pods : i % pods);
      await sleep(TOUCH_EVERY_MS);
    }
  })();
  for (let i = 0; i < failing; i++) {
    const index = i * apart;
    const atMs = Number(await cluster.do('crash', index));
    failedMs.set(String(await cluster.do('nameOf', index)), atMs);
    await sleep(lastsMs / failing);
  }
  going = false;
  await Promise.all([touching, disturbing]);
  return failedMs;
}

/** Resets all the time; the history expires after a third of it, the API server restarts after two. */
async function disturb(cluster: Double, lastsMs: number): Promise<void> {
  const events: [number, () => Promise<unknown>][] = [
    [lastsMs / 3, () => cluster.do('expire')],
    [(lastsMs * 2) / 3, () => cluster.do('restart', DOWN_MS)],
  ];
  for (let ms = RESET_EVERY_MS; ms < lastsMs; ms += RESET_EVERY_MS) events.push([ms, () => cluster.do('reset')]);
  await Promise.all(
    events.map(async ([ms, happens]) => {
      await sleep(ms);
      await happens();
    }),
  );
}

async function startDouble(pods: number) {
  const child = fork(fileURLToPath(new URL('./watch-cluster.ts', import.meta.url)), [String(pods)], {
    execArgv: ['--import', 'tsx'],
  });
  const waiting = new Map<number, (answer: unknown) => void>();
  await new Promise<void>((ready, fail) => {
    child.once('message', () => ready());
    child.once('exit', () => fail(new Error('The cluster double ended at its start.')));
  });
  child.on('message', ([number, answer]: [number, unknown]) => waiting.get(number)?.(answer));
  let asked = 0;
  return {
    do: (verb: string, argument = 0): Promise<unknown> =>
      new Promise((resolve) => {
        asked += 1;
        waiting.set(asked, resolve);
        child.send([asked, verb, argument]);
      }),
    stop: () => void child.kill('SIGKILL'),
  };
}

function environment(home: string, redisUrl: string, kubeconfig: string): { [name: string]: string } {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    REDIS_URL: redisUrl,
    KUBECONFIG: kubeconfig,
    LOOPBREAKER_CLUSTERS: 'prod=context:watcher',
    LOOPBREAKER_READ: `${CHANNEL}=prod/*`,
    LOOPBREAKER_ALERT_CHANNEL: CHANNEL,
    LOOPBREAKER_LOG_LEVEL: 'error',
  };
}

/** The most that was ever resident, from the kernel's own accounting. */
function watchRss(child: ChildProcess): { stop(): number } {
  let most = 0;
  const look = (): void => {
    const said = execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' }).trim();
    most = Math.max(most, Number(said) / 1024);
  };
  const timer = setInterval(look, 250);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

async function until(done: () => Promise<boolean>, limitMs = 120_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await done())) {
    if (performance.now() > endMs) throw new Error(`not seen within ${limitMs / 1_000} s`);
    await sleep(50);
  }
}

/** What the watch keeps of healthy pods, measured on the heap: what comes with them and goes with them. */
function bytesPerPod(): number {
  const count = 20_000;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    for (let i = 0; i < 3; i++) collect();
    return process.memoryUsage().heapUsed;
  };
  const store = createStore();
  createCrowd(store, count);
  const board = createBoard({ restartsMin: 2 });
  // As they arrive: each as a text of its own, of which nothing else is kept.
  const come = (): void => {
    for (const pod of store.list('pods')) board.put(podNote(JSON.parse(JSON.stringify(pod)))!);
    if (board.pods() !== count) throw new Error('pods were lost');
  };
  const go = (): void => {
    for (const { metadata } of store.list('pods')) board.remove(metadata.uid ?? '');
    if (board.pods() !== 0) throw new Error('pods were kept');
  };
  // Once for the store, which becomes smaller when it is read for the first time.
  come();
  go();
  const without = used();
  come();
  const kept = used() - without;
  go();
  return kept / count;
}
