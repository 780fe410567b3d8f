// A watcher as its users run it, a process of its own, against the cluster double and a Redis of the test's.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { stringify } from 'yaml';
import type { IncidentState } from '../../src/core/incident/state.ts';
import { startRole } from '../../src/demo/bot.ts';
import { type ClusterOptions, startCluster } from '../../src/demo/cluster/cluster.ts';
import { watchAccess } from '../../src/demo/recordings.ts';
import { recordingDir } from './cluster-double.ts';
import { freshRedis } from './redis.ts';

export const CHANNEL = 'C0ALERTS';

export interface Opened {
  id: string;
  state: IncidentState;
  /** When its first event was written. */
  atMs: number;
}

export interface Noted {
  id: string;
  stage: string;
  deliveryId: string;
}

/** A cluster under watch; everything is gone after `stop`. */
export async function watchedCluster(options: Partial<ClusterOptions> & { env?: { [name: string]: string } } = {}) {
  const { env: more = {}, ...rest } = options;
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-watch-'));
  const server = await freshRedis();
  const redis = new Redis(server.url);
  const cluster = await startCluster({
    access: { watcher: watchAccess() },
    ...rest,
    recordings: (rest.recordings ?? []).map(recordingDir),
  });
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  await writeFile(kubeconfig, stringify(cluster.kubeconfigFile), { mode: 0o600 });
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    REDIS_URL: server.url,
    KUBECONFIG: kubeconfig,
    LOOPBREAKER_CLUSTERS: 'prod=context:watcher',
    LOOPBREAKER_READ: `${CHANNEL}=prod/*`,
    LOOPBREAKER_ALERT_CHANNEL: CHANNEL,
    LOOPBREAKER_LOG_LEVEL: 'error',
    ...more,
  };
  const roles: Awaited<ReturnType<typeof startRole>>[] = [];
  const start = async (role: 'watcher' | 'gateway', extra: { [name: string]: string } = {}) => {
    const one = await startRole(role, { ...env, ...extra });
    roles.push(one);
    return one;
  };
  return {
    cluster,
    redis,
    redisUrl: server.url,
    start,
    opened: () => openedIn(redis),
    notes: () => notes(redis),
    /** The clusters that somebody has begun to watch, with what was broken already there. */
    begun: () => redis.keys('{loopbreaker}:watch:begun:*'),
    broken: async (): Promise<string[]> => {
      const keys = await redis.keys('{loopbreaker}:watch:broken:*');
      return (await Promise.all(keys.map((key) => redis.get(key)))).map(String);
    },
    stop: async (): Promise<void> => {
      for (const one of roles) await one.stop();
      await cluster.stop();
      await redis.quit();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type WatchedCluster = Awaited<ReturnType<typeof watchedCluster>>;

/** All incidents, whoever opened them. */
export async function openedIn(redis: Redis): Promise<Opened[]> {
  const ids = await redis.zrange('{loopbreaker}:recent', '0', '-1');
  return Promise.all(
    ids.map(async (id) => {
      const [state, first] = await Promise.all([
        redis.hget(`{loopbreaker}:incident:${id}`, 'state'),
        redis.lindex(`{loopbreaker}:journal:${id}`, 0),
      ]);
      return { id, state: JSON.parse(state ?? '{}') as IncidentState, atMs: Date.parse(JSON.parse(first ?? '{}').at) };
    }),
  );
}

async function notes(redis: Redis): Promise<Noted[]> {
  const keys = await redis.keys('{loopbreaker}:watch:troubles:*');
  const all = await Promise.all(keys.map((key) => redis.hgetall(key)));
  return all
    .flatMap((one) => Object.entries(one))
    .map(([id, text]) => {
      const { stage, signal } = JSON.parse(text) as { stage: string; signal: { deliveryId: string } };
      return { id, stage, deliveryId: signal.deliveryId };
    });
}
