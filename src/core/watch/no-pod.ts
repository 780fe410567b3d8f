// An owner that cannot make its pods: the API server says so only in FailedCreate events. What the watch keeps of one.
import { at, object, text } from '../json.ts';

export interface FailedCreate {
  namespace: string;
  owner: { uid: string; kind: string; name: string };
  /** Milliseconds since 1970, by the cluster's clock; 0 when it is not known. */
  atMs: number;
}

const MAKERS = new Set(['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']);

/** Undefined for any other event. */
export function failedCreate(event: unknown): FailedCreate | undefined {
  if (at(event, 'reason') !== 'FailedCreate') return undefined;
  const involved = object(at(event, 'involvedObject'));
  const [uid, kind, name, namespace] = ['uid', 'kind', 'name', 'namespace'].map((field) => text(involved[field]));
  if (!uid || !kind || !name || !namespace || !MAKERS.has(kind)) return undefined;
  const times = [at(event, 'series', 'lastObservedTime'), at(event, 'lastTimestamp'), at(event, 'eventTime')];
  const atMs = Math.max(0, ...times.map((time) => Date.parse(text(time) ?? '') || 0));
  return { namespace, owner: { uid, kind, name }, atMs };
}
