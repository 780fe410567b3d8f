// The watcher: sees for itself what breaks in the clusters, and hands it to the same intake as every alert. It only
// reads, has no Slack token, and may run several times: Redis knows what was told.

import type { Config } from '../config.ts';
import { type Policy, readableOf } from '../core/policy/policy.ts';
import { historyIn } from '../queue/history.ts';
import { watchNotesIn } from '../queue/watch-notes.ts';
import { alreadyBroken } from './already-broken.ts';
import { intake } from './intake.ts';
import type { Log } from './log.ts';
import { startPolicy } from './policy.ts';
import { openRedis } from './redis.ts';
import { openStories } from './story.ts';
import { watchCluster } from './watch/cluster.ts';
import type { RunningRole } from './worker.ts';

type Watched = { namespaces: string[]; stop(): Promise<void> };

export async function startWatcherRole(config: Config, log: Log): Promise<RunningRole> {
  const { watch } = config;
  if (!watch) throw new Error('The watcher has no settings: read them for the role watcher.');
  const redis = await openRedis(config, log);
  const { stories, close } = openStories(redis, config.approvalKeys, log);
  const notes = watchNotesIn(redis);
  const history = { ...historyIn(redis), now: redis.now };
  const watched = new Map<string, Watched>();
  const policy = startPolicy(config, log, (after) => void follow(after));
  const take = intake({
    clusters: config.clusters.map(({ alias }) => alias),
    cluster: config.clusters[0]?.alias ?? '',
    clusterNames: {},
    channel: watch.channel,
    // Only Slack knows it, and a watcher does not speak to Slack.
    teamId: '',
    policy: policy.current,
    stories,
  });
  const takeAlreadyBroken = alreadyBroken(redis, notes, watch.channel);

  function start({ alias, context }: Config['clusters'][number], namespaces: string[]): Watched {
    const where = context === undefined ? { inCluster: true } : { context, kubeconfig: config.kubeconfig };
    log.info({ cluster: alias, namespaces }, 'a cluster is to be watched');
    const { restartsMin } = watch!;
    const open = { alias, ...where };
    const settings = { open, namespaces, restartsMin, notes, history, take, takeAlreadyBroken, log };
    return { namespaces, ...watchCluster(settings) };
  }

  /** Whatever no channel may read is not watched. A cluster whose namespaces change is watched anew. */
  async function follow(after: Policy): Promise<void> {
    for (const cluster of config.clusters) {
      const namespaces = readableOf(after, cluster.alias).sort();
      const before = watched.get(cluster.alias);
      if (before?.namespaces.join() === namespaces.join()) continue;
      watched.delete(cluster.alias);
      if (namespaces.length > 0) watched.set(cluster.alias, start(cluster, namespaces));
      else log.warn({ cluster: cluster.alias }, 'no namespace of a cluster may be read, so it is not watched');
      await before?.stop();
    }
  }

  await follow(policy.current());
  log.info({ clusters: [...watched.keys()] }, 'watcher is ready');
  return {
    stop: async () => {
      policy.close();
      await Promise.all([...watched.values()].map((one) => one.stop()));
      await close();
      await redis.close();
    },
  };
}
