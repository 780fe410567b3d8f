// One cluster under watch: which namespaces, when to begin, and what to tell. It stops and starts anew as a whole when the
// policy changes what may be read.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Signal, Taken } from '../../core/signal.ts';
import type { Trouble } from '../../core/watch/board.ts';
import type { BrokenRow } from '../../core/watch/broken.ts';
import { openCluster } from '../../kube/clusters.ts';
import { clusterUid } from '../../kube/identify.ts';
import { budgetOf } from '../../kube/watch/budget.ts';
import { lookAtOwner } from '../../kube/watch/owner.ts';
import type { WatchNotes } from '../../queue/watch-notes.ts';
import type { Log } from '../log.ts';
import { sentenceFor } from '../sentences.ts';
import { begin } from './begin.ts';
import { looksUntil } from './looks.ts';
import { keepPast, type PastSettings } from './past.ts';
import { nowOf, type WatchedScope, watchScope } from './scope.ts';
import { createTeller } from './tell.ts';

export interface ClusterWatchSettings {
  open: Parameters<typeof openCluster>[0];
  /** Namespaces that may be read; ["*"] is all. */
  namespaces: string[];
  restartsMin: number;
  notes: WatchNotes;
  history: PastSettings;
  take(signals: Signal[]): Promise<Taken[]>;
  takeAlreadyBroken(id: string, cluster: string, rows: BrokenRow[], at: string): Promise<BrokenRow[]>;
  log: Log;
}

/** Requests to one API server: so many a second, so many at once, and two watches for each namespace. */
export const REQUESTS_PER_SECOND = 10;
const REQUESTS_AT_ONCE = 30;
export const NAMESPACES_MAX = 50;

const AGAIN_MS = 2_000;

export function watchCluster({
  open,
  namespaces,
  restartsMin,
  notes,
  history,
  take,
  takeAlreadyBroken,
  log,
}: ClusterWatchSettings) {
  const controller = new AbortController();
  const { signal } = controller;
  const watched = namespaces.slice(0, NAMESPACES_MAX);
  if (watched.length < namespaces.length)
    log.error(
      { cluster: open.alias, notWatched: namespaces.slice(NAMESPACES_MAX) },
      `at most ${NAMESPACES_MAX} namespaces of a cluster are watched one by one: allow "*", or run a watcher per group of them`,
    );
  const cluster = openCluster({ ...open, allowNamespaces: watched, watches: 2 * watched.length });
  // Nothing of it is meant to end: if it does, so does the process, and whoever supervises us starts another.
  const running = run().catch((error) => {
    if (!signal.aborted) throw error;
  });

  async function run(): Promise<void> {
    const budget = budgetOf(REQUESTS_PER_SECOND, REQUESTS_AT_ONCE);
    const uid = await untilDone('asks for the identity of a cluster', () => clusterUid(cluster));
    const at = (): string => new Date(cluster.clock.nowMs()).toISOString();
    const look = looksUntil(signal);
    const past = keepPast(history, cluster.alias, signal);
    const settings = { cluster, budget, restartsMin, signal, changed: look.soon, past, log };
    const scopes = watched.map((name) => watchScope(name, settings));
    const dismiss = ({ id }: Trouble): void => {
      for (const { board } of scopes) board.dismiss(id);
    };
    const ownerOf = async (namespace: string, owner: { kind: string; name: string }) => {
      await budget(signal);
      return lookAtOwner(cluster, namespace, owner, signal);
    };
    const teller = createTeller({
      cluster: cluster.alias,
      uid,
      notes,
      take,
      lookAtOwner: ownerOf,
      dismiss,
      now: at,
      signal,
      log,
    });
    const begun = new Set<WatchedScope>();
    const beginning = {
      cluster: cluster.alias,
      uid,
      notes,
      teller,
      takeAlreadyBroken: (id: string, rows: BrokenRow[]) => takeAlreadyBroken(id, cluster.alias, rows, at()),
      lacksPods: async (trouble: Trouble) => {
        if (trouble.kind !== 'no-pod') return true;
        const { lacksPods } = await ownerOf(trouble.namespace, trouble.subject);
        if (!lacksPods) dismiss(trouble);
        return lacksPods;
      },
      now: () => ({ ...nowOf(cluster), at: at() }),
    };
    while (!signal.aborted) {
      await look.next();
      const settled = scopes.every((scope) => scope.listed() || scope.forbidden());
      const listed = scopes.filter((scope) => scope.listed() && !begun.has(scope));
      if (settled && listed.length > 0) {
        await untilDone('begins with a cluster', () => begin(listed, beginning));
        for (const scope of listed) begun.add(scope);
        log.info(
          { cluster: cluster.alias, uid, scopes: listed.map(({ name }) => name), pods: podsOf(listed) },
          'watching',
        );
      }
      for (const { board } of begun) {
        const { began, ended } = board.changes(nowOf(cluster));
        for (const trouble of began) teller.began(trouble);
        for (const id of ended) teller.ended(id);
      }
    }
  }

  async function untilDone<T>(what: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ cluster: open.alias, why: sentenceFor(error) }, `the watcher ${what} and tries again`);
        await sleep(AGAIN_MS * (0.5 + Math.random() / 2), undefined, { signal });
      }
    }
  }

  return {
    stop: async (): Promise<void> => {
      controller.abort();
      await running;
      await cluster.close();
    },
  };
}

function podsOf(scopes: WatchedScope[]): number {
  return scopes.reduce((sum, { board }) => sum + board.pods(), 0);
}
