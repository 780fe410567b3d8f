// One watch request: its events as they come, until the server ends it. Invariant: a connection that says nothing for
// longer than the limit counts as dead, whatever the network believes.
import { z } from 'zod';
import { askedOf, type Chunks, send } from '../ask.ts';
import type { Cluster } from '../clusters.ts';
import { LocalFailure, NOT_KUBERNETES, TIME_LIMIT } from '../errors.ts';
import { asClusterError } from '../words.ts';
import { linesOf } from './lines.ts';
import type { Scope } from './scope.ts';

export interface WatchEvent {
  type: string;
  object: { [key: string]: unknown };
}

export interface StreamOptions {
  /** Only what happened after it. */
  resourceVersion: string;
  /** An API server sends a bookmark about every minute. */
  idleMs: number;
  signal: AbortSignal;
  /** The API server has accepted the watch. */
  opened(): void;
}

const event = z.object({ type: z.string(), object: z.record(z.string(), z.unknown()) });

/** The server ends a watch by itself after about five minutes; not all of them at the same moment. */
const LASTS_SECONDS = 240;

/** Throws ClusterError. Returns when the server ended the stream in good order. */
export async function* watchEvents(
  cluster: Cluster,
  { resource, namespace, fieldSelector }: Scope,
  { resourceVersion, idleMs, signal, opened }: StreamOptions,
): AsyncGenerator<WatchEvent> {
  const query = {
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(Math.round(LASTS_SECONDS * (1 + Math.random() / 4))),
    ...(fieldSelector ? { fieldSelector } : {}),
  };
  const request = { verb: 'watch' as const, resource, namespace, query };
  const life = lifeOf(signal);
  try {
    life.endsAfter(cluster.timeoutMs);
    const chunks = await send(cluster, request, life.signal, life.race);
    opened();
    for await (const line of linesOf(heard(chunks, () => life.endsAfter(idleMs)))) yield eventOf(line);
  } catch (error) {
    const timeoutMs = idleMs;
    throw asClusterError(life.signal.aborted ? life.signal.reason : error, {
      ...askedOf(cluster, request),
      timeoutMs,
    });
  } finally {
    life.end();
  }
}

async function* heard(chunks: Chunks, noted: () => void): AsyncGenerator<Uint8Array> {
  noted();
  for await (const chunk of chunks) {
    noted();
    yield chunk;
  }
}

function eventOf(line: string): WatchEvent {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    throw new LocalFailure(NOT_KUBERNETES, 'a line of the watch is not JSON');
  }
  const checked = event.safeParse(read);
  if (!checked.success) throw new LocalFailure(NOT_KUBERNETES, 'a line of the watch is no watch event');
  return checked.data;
}

/** Ends with `outer`, or when nobody has prolonged it in time; `end` lets the connection go. */
function lifeOf(outer: AbortSignal) {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => controller.abort(outer.reason);
  if (outer.aborted) stop();
  else outer.addEventListener('abort', stop, { once: true });
  const aborted = new Promise<never>((_, reject) =>
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason)),
  );
  aborted.catch(() => undefined);
  return {
    signal: controller.signal,
    race: <T>(work: Promise<T>): Promise<T> => Promise.race([work, aborted]),
    endsAfter: (limitMs: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(new LocalFailure(TIME_LIMIT, 'time limit')), limitMs);
    },
    end: (): void => {
      clearTimeout(timer);
      outer.removeEventListener('abort', stop);
      controller.abort();
    },
  };
}
