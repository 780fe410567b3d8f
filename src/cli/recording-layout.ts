// The names and the extra file of a recording, the same for whoever writes and whoever reads it. Checked by hand: to load
// a validator would cost more than the diagnosis.

import { isObject, type JsonObject, number, object, objects, text } from '../core/json.ts';
import type { LogText, UnreadPart } from '../core/snapshot.ts';

export const OBJECTS = 'objects.json';
export const LOGS = 'logs';

/** What a folder of objects and logs cannot say by itself. */
export const READING = 'read.json';

export interface Reading {
  /** RFC 3339: when the cluster was read. */
  readAt: string;
  /** What it was read for. */
  about: { namespace: string; pod?: string; workload?: { kind: string; name: string } };
  unread: UnreadPart[];
  /** Bytes left out between head and tail of a log, at least so many, by the name of its file. */
  skippedBytes: { [file: string]: number };
}

const MOST_UNREAD = 10_000;

/** Undefined when it is not what `loopbreaker record` writes. */
export function readingOf(found: unknown): Reading | undefined {
  if (!isObject(found)) return undefined;
  const readAt = text(found.readAt) ?? '';
  const about = aboutOf(object(found.about));
  const unread = objects(found.unread).flatMap(({ at, why }) =>
    typeof at === 'string' && typeof why === 'string' ? [{ at, why }] : [],
  );
  const skipped = Object.entries(object(found.skippedBytes)).filter(([, bytes]) => (number(bytes) ?? -1) >= 0);
  const isWhole =
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(readAt) &&
    Array.isArray(found.unread) &&
    unread.length === found.unread.length &&
    unread.length <= MOST_UNREAD &&
    skipped.length === Object.keys(object(found.skippedBytes)).length;
  return about && isWhole
    ? { readAt, about, unread, skippedBytes: Object.fromEntries(skipped) as Reading['skippedBytes'] }
    : undefined;
}

function aboutOf({ namespace, pod, workload }: JsonObject): Reading['about'] | undefined {
  const { kind, name } = object(workload);
  if (typeof namespace !== 'string' || (pod !== undefined && typeof pod !== 'string')) return undefined;
  if (workload !== undefined && (typeof kind !== 'string' || typeof name !== 'string')) return undefined;
  return {
    namespace,
    ...(pod === undefined ? {} : { pod }),
    ...(workload === undefined ? {} : { workload: { kind: String(kind), name: String(name) } }),
  };
}

/** `POD.CONTAINER.previous.txt` */
export function logFile({ pod, container, run }: Pick<LogText, 'pod' | 'container' | 'run'>): string {
  return `${pod}.${container}.${run}.txt`;
}
