// One part of a cluster under watch, a namespace or all of it: its pods, and the warnings, among which are those of owners
// that cannot make any.

import { type Board, createBoard, type Now } from '../../core/watch/board.ts';
import { failedCreate } from '../../core/watch/no-pod.ts';
import { podNote } from '../../core/watch/projection.ts';
import type { Cluster } from '../../kube/clusters.ts';
import { events, pods } from '../../kube/kinds.ts';
import type { Budget } from '../../kube/watch/budget.ts';
import { follow } from '../../kube/watch/follow.ts';
import type { Log } from '../log.ts';
import type { Past } from './past.ts';

export interface WatchedScope {
  /** A namespace, or "*". */
  name: string;
  board: Board;
  /** Pods and events were seen once, so that what is there can be told from what comes. Events may be forbidden. */
  listed(): boolean;
  /** Pods may not be watched here; the log says what grants it. */
  forbidden(): boolean;
}

type Part = 'unseen' | 'listed' | 'forbidden';

export interface ScopeSettings {
  cluster: Cluster;
  budget: Budget;
  restartsMin: number;
  signal: AbortSignal;
  /** Something is to be looked at. */
  changed(): void;
  past: Past;
  log: Log;
}

/** Watches until the signal ends it. */
export function watchScope(name: string, settings: ScopeSettings): WatchedScope {
  const { cluster, budget, restartsMin, signal, changed, past, log } = settings;
  const board = createBoard({ restartsMin });
  const parts: { pods: Part; events: Part } = { pods: 'unseen', events: 'unseen' };
  const namespace = name === '*' ? {} : { namespace: name };
  const listed = (part: keyof typeof parts) => (): void => {
    if (part === 'pods') board.listed();
    parts[part] = 'listed';
    changed();
  };
  const trouble = (part: keyof typeof parts) => (sentence: string | undefined, forbidden: boolean) => {
    if (forbidden && parts[part] === 'unseen') parts[part] = 'forbidden';
    const what = { cluster: cluster.alias, scope: name, resource: part };
    if (sentence === undefined) log.info(what, 'the watch works again');
    else log.warn({ ...what, why: sentence }, 'the watch does not work');
    changed();
  };
  const options = { budget, signal };
  follow(
    cluster,
    { resource: pods, ...namespace },
    {
      listing: board.listing,
      listed: listed('pods'),
      seen: (object) => {
        const pod = podNote(object);
        if (!pod) return;
        board.put(pod);
        past.pod(pod);
        changed();
      },
      gone: (object) => {
        const pod = podNote(object);
        if (!pod) return;
        board.remove(pod.uid);
        changed();
      },
      trouble: trouble('pods'),
    },
    options,
  );
  follow(
    cluster,
    { resource: events, ...namespace, fieldSelector: 'type=Warning' },
    {
      listing: () => {},
      listed: listed('events'),
      seen: (object) => {
        past.event(object);
        const event = failedCreate(object);
        if (!event) return;
        board.failed(event);
        changed();
      },
      // An event that expires says nothing: the time of its last sight counts.
      gone: () => {},
      trouble: trouble('events'),
    },
    options,
  );
  return {
    name,
    board,
    listed: () => parts.pods === 'listed' && parts.events !== 'unseen',
    forbidden: () => parts.pods === 'forbidden',
  };
}

export function nowOf(cluster: Cluster): Now {
  return { steadyMs: performance.now(), clusterMs: cluster.clock.nowMs() };
}
