// A trouble that the watch found as the signal that every edge hands in.

import type { Signal } from '../../core/signal.ts';
import type { Trouble } from '../../core/watch/board.ts';

export interface Seen {
  /** Alias and uid of the cluster. */
  cluster: string;
  uid: string;
  /** The topmost owner that is known; null for a pod of nobody. */
  top: { kind: string; name: string } | null;
  /** RFC 3339. */
  at: string;
}

/** All watchers of a cluster give one episode of a trouble one id: the one whose note stands has named its beginning. */
export function signalOf(trouble: Trouble, { cluster, uid, top, at }: Seen): Signal {
  const { namespace, container, subject, kind, reason, restarts, labels } = trouble;
  // Nobody asks for a ReplicaSet by its name; a Job is asked for by its own.
  const of = kind === 'no-pod' && subject.kind === 'ReplicaSet' && top ? top : subject;
  return {
    deliveryId: `watch-${uid}-${trouble.id}-${at}`,
    source: 'watch',
    status: 'firing',
    cluster,
    namespace,
    kind: of.kind,
    name: of.name,
    container,
    owner: top,
    title: titleOf(reason, restarts),
    severity: '',
    labels: { ...labels },
    at,
  };
}

function titleOf(reason: string, restarts: number): string {
  if (reason === 'FailedCreate') return 'FailedCreate, no pod at all';
  if (restarts === 0) return reason;
  return `${reason}, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
}
