// Following the cluster double as the watcher does, with what was seen of it as plain lists.
import { stringify } from 'yaml';
import { at } from '../../src/core/json.ts';
import { podNote } from '../../src/core/watch/projection.ts';
import type { Cluster as Double } from '../../src/demo/cluster/cluster.ts';
import { type Cluster, type ClusterOptions, openCluster } from '../../src/kube/clusters.ts';
import { pods } from '../../src/kube/kinds.ts';
import { type Budget, budgetOf } from '../../src/kube/watch/budget.ts';
import { type FollowOptions, follow } from '../../src/kube/watch/follow.ts';

export interface Following {
  /** Pods that exist as far as the follower knows: name → restarts of its container. */
  known: Map<string, number>;
  /** How often everything was listed. */
  lists: number;
  troubles: string[];
  cluster: Cluster;
  stop(): Promise<void>;
}

export const clusterOf = (double: Double, options: Partial<ClusterOptions> = {}): Cluster =>
  openCluster({ alias: 'test', kubeconfig: stringify(double.kubeconfigFile), context: 'reader', ...options });

export function following(
  double: Double,
  options: Partial<Omit<FollowOptions, 'signal'>> & { namespace?: string; timeoutMs?: number; budget?: Budget } = {},
): Following {
  const { namespace, timeoutMs, ...rest } = options;
  const cluster = clusterOf(double, { watches: 1, ...(timeoutMs ? { timeoutMs } : {}) });
  const controller = new AbortController();
  const one: Following = { known: new Map(), lists: 0, troubles: [], cluster, stop };
  let listed: Set<string> | undefined;
  const nameOf = (pod: unknown): string => podNote(pod)?.name ?? '';
  const running = follow(
    cluster,
    { resource: pods, ...(namespace ? { namespace } : {}) },
    {
      listing: () => {
        listed = new Set();
      },
      listed: () => {
        one.lists += 1;
        for (const name of one.known.keys()) if (!listed?.has(name)) one.known.delete(name);
        listed = undefined;
      },
      seen: (pod) => {
        listed?.add(nameOf(pod));
        one.known.set(nameOf(pod), Number(at(pod, 'status', 'containerStatuses', 0, 'restartCount')));
      },
      gone: (pod) => void one.known.delete(nameOf(pod)),
      trouble: (sentence) => void one.troubles.push(sentence ?? 'works again'),
    },
    { budget: budgetOf(1_000, 1_000), waitMs: 5, waitMaxMs: 50, ...rest, signal: controller.signal },
  );
  async function stop(): Promise<void> {
    controller.abort();
    await running;
    await cluster.close();
  }
  return one;
}
