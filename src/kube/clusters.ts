// Opens a cluster by the rules of kubectl: a given kubeconfig or several, else ~/.kube/config, else the service account of
// the pod we run in. A Cluster says which namespaces may be read and how long a read may take; nothing here asks it anything.

import type { Name } from '../core/policy/impersonate.ts';
import type { PooledKubeConfig } from './connections.ts';
import { problem } from './errors.ts';
import { inCluster, readKubeconfigs } from './kubeconfig.ts';
import { turns } from './turns.ts';

export interface ClusterOptions {
  /** The name that people use for it. */
  alias: string;
  /** A path, several paths joined as in KUBECONFIG, or the text itself; missing or "" means ~/.kube/config. */
  kubeconfig?: string;
  /** Missing means the current one. */
  context?: string;
  /** Use the pod's own service account and no kubeconfig. */
  inCluster?: boolean;
  /** For each read; 8 s. */
  timeoutMs?: number;
  /** Never read outside these; ['*'], the default, is all. */
  allowNamespaces?: readonly string[];
  /** Connections beside those of ordinary requests: each watch holds one. */
  watches?: number;
}

export interface Cluster {
  alias: string;
  context: string;
  /** Address of the API server, from the kubeconfig and from nowhere else. */
  server: string;
  /** The context's own namespace. */
  namespace: string;
  allowedNamespaces: readonly string[];
  timeoutMs: number;
  config: PooledKubeConfig;
  /** Waits for a free place among the requests under way. */
  enter: (signal: AbortSignal) => Promise<() => void>;
  /** The API server's time of day, as its answers tell it: ages must not depend on our own clock. */
  clock: Clock;
  close: () => Promise<void>;
  /** Whose name writes carry; missing: our own. Reads are always our own. */
  inNameOf?: Name;
}

/** The same cluster and connections, written to in somebody's name. */
export function inNameOf(cluster: Cluster, name: Name | undefined): Cluster {
  return name ? { ...cluster, inNameOf: name } : cluster;
}

export interface Clock {
  nowMs: () => number;
  /** Takes note of an answer's Date header. */
  heard: (date: string) => void;
}

/** As many as there are connections. */
const REQUESTS_AT_A_TIME = 8;

/** Throws ClusterError with the cure when there is no kubeconfig or no such context. */
export function openCluster(options: ClusterOptions): Cluster {
  const { alias, timeoutMs = 8_000, allowNamespaces = ['*'], watches = 0 } = options;
  const config = options.inCluster ? inCluster() : readKubeconfigs(options.kubeconfig ?? '');
  if (options.context !== undefined) config.setCurrentContext(options.context);
  config.connectionsMax += watches;
  const context = config.getCurrentContext() ?? '';
  const chosen = config.getContextObject(context);
  if (!chosen) throw problem(noContext(context, config));
  const cluster = config.getCurrentCluster();
  if (!cluster)
    throw problem(`Context "${context}" names the cluster "${chosen.cluster}", which its kubeconfig does not hold.`);
  if (!config.getCurrentUser())
    throw problem(`Context "${context}" names the user "${chosen.user}", which its kubeconfig does not hold.`);
  return {
    alias,
    context,
    server: cluster.server,
    namespace: chosen.namespace || 'default',
    allowedNamespaces: allowNamespaces,
    timeoutMs,
    config,
    enter: turns(REQUESTS_AT_A_TIME),
    clock: serverClock(),
    close: () => config.close(),
  };
}

/** A Date header tells whole seconds, so a small difference is none. */
const SKEW_MIN_MS = 2_000;

/** Goes on by itself between two answers: somebody who sets our own clock does not change it. */
function serverClock(): Clock {
  let aheadMs = Date.now() - performance.now();
  const nowMs = (): number => performance.now() + aheadMs;
  return {
    nowMs,
    heard: (date) => {
      const difference = Date.parse(date) - nowMs();
      if (Math.abs(difference) >= SKEW_MIN_MS) aheadMs += difference;
    },
  };
}

function noContext(context: string, config: PooledKubeConfig): string {
  const names = config.getContexts().map((c) => c.name);
  const known = names.length ? `It has: ${names.slice(0, 20).join(', ')}` : 'It has none';
  return context
    ? `There is no context "${context}" in the kubeconfig. ${known}.`
    : `The kubeconfig names no current context. ${known}; choose one with --context, or: kubectl config use-context NAME.`;
}

/** Whether this namespace may be read in this cluster and, when given, by this request too. */
export function mayRead(cluster: Cluster, namespace: string, allowed: readonly string[] = ['*']): boolean {
  return [cluster.allowedNamespaces, allowed].every((names) => names.includes('*') || names.includes(namespace));
}
