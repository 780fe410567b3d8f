// What the watch sees that the history keeps: how often containers restarted, and the warnings of the API server. The same
// fields as those a diagnosis tells, so that whoever tells a count twice tells one thing.
import { object, text } from '../json.ts';
import { recordOf } from '../normalise/events.ts';
import type { KubeObject } from '../snapshot.ts';
import { namedOwner, type PodNote } from './projection.ts';

export interface RestartNote {
  namespace: string;
  /** The topmost owner that is known, or the pod itself. */
  kind: string;
  name: string;
  container: string;
  /** Of the pod. */
  uid: string;
  restarts: number;
  /** RFC 3339; "" when not known. */
  madeAt: string;
  endedAt: string;
}

export interface WarningNote {
  namespace: string;
  reason: string;
  /** What it is about. */
  kind: string;
  name: string;
  count: number;
  /** RFC 3339; "" when not known. */
  first: string;
  last: string;
}

/** Containers that restarted at least once. */
export function restartNotes({ namespace, name: pod, uid, owner, madeAtMs, containers }: PodNote): RestartNote[] {
  const { kind, name } = owner ? namedOwner(owner) : { kind: 'Pod', name: pod };
  return containers
    .filter(({ restarts }) => restarts > 0)
    .map(({ name: container, restarts, endedBefore }) => ({
      namespace,
      kind,
      name,
      container,
      uid,
      restarts,
      madeAt: timeText(madeAtMs),
      endedAt: timeText(endedBefore?.atMs ?? 0),
    }));
}

/** Undefined for what is no warning, or is about a node, which belongs to no namespace. */
export function warningNote(event: unknown): WarningNote | undefined {
  const { type, reason, object: about, count, first, last } = recordOf(object(event) as unknown as KubeObject);
  const namespace = text(object(object(event).metadata).namespace) ?? '';
  if (type !== 'Warning' || !reason || !namespace || !about.name || about.kind === 'Node') return undefined;
  return { namespace, reason, ...about, count, first, last };
}

const timeText = (ms: number): string => (ms > 0 ? new Date(ms).toISOString() : '');
