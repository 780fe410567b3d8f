// One request to one API server: credentials, time limit, size limit, one quick second try for reads.
// Answers are plain JSON as the server sent it; the library's models would drop fields they do not know.
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiException, HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } from '@kubernetes/client-node';
import type { Name } from '../core/policy/impersonate.ts';
import type { Cluster } from './clusters.ts';
import { GROUPS } from './connections.ts';
import { credentialsProblem } from './credentials.ts';
import { type Asked, LocalFailure, NOT_KUBERNETES, retryAfterMs, TIME_LIMIT } from './errors.ts';
import { type Place, pathOf } from './kinds.ts';
import { asClusterError } from './words.ts';

export interface Ask extends Place {
  verb: 'get' | 'list' | 'watch' | 'create' | 'patch' | 'delete';
  query?: { [name: string]: string };
  /** Sent as JSON. */
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal;
}

/** Bytes of an answer as they come, already unpacked. */
export type Chunks = AsyncIterable<Uint8Array>;

const METHODS = {
  get: HttpMethod.GET,
  list: HttpMethod.GET,
  watch: HttpMethod.GET,
  create: HttpMethod.POST,
  patch: HttpMethod.PATCH,
  delete: HttpMethod.DELETE,
};
const BODY_BYTES_MAX = 32 * 1024 * 1024;
const ERROR_BYTES_MAX = 64 * 1024;
const SECOND_TRY_MS = 200;
const http = new IsomorphicFetchHttpLibrary();

/** Sends, and gives the answer to `consume` within the same time limit. Throws ClusterError and nothing else. */
export async function ask<T>(cluster: Cluster, request: Ask, consume: (chunks: Chunks) => Promise<T>): Promise<T> {
  const limit = timeLimit(cluster.timeoutMs, request.signal);
  let leave = (): void => undefined;
  try {
    leave = await cluster.enter(limit.signal);
    const first = await attempt(cluster, request, limit, consume);
    if ('value' in first) return first.value;
    const waitMs = secondTryAfterMs(request, first.error);
    if (waitMs === undefined || limit.leftMs() <= waitMs) throw first.error;
    await sleep(waitMs, undefined, { signal: limit.signal });
    const second = await attempt(cluster, request, limit, consume);
    if ('value' in second) return second.value;
    throw second.error;
  } catch (error) {
    throw asClusterError(limit.signal.aborted ? limit.signal.reason : error, askedOf(cluster, request));
  } finally {
    leave();
    limit.done();
  }
}

export function askedOf({ alias, timeoutMs }: Cluster, request: Ask): Asked {
  const { resource, subresource, namespace = '', name = '', verb } = request;
  const what = subresource ? `${resource.plural}/${subresource}` : resource.plural;
  return { cluster: alias, verb, group: resource.group, namespace, name, timeoutMs, resource: what };
}

type Outcome<T> = { value: T } | { error: unknown };

async function attempt<T>(
  cluster: Cluster,
  request: Ask,
  limit: TimeLimit,
  consume: (chunks: Chunks) => Promise<T>,
): Promise<Outcome<T>> {
  try {
    return { value: await consume(await send(cluster, request, limit.signal, limit.race)) };
  } catch (error) {
    return { error };
  }
}

const WRITES: Ask['verb'][] = ['create', 'patch', 'delete'];

/** Several groups leave here as one header; the connection sends each as a line of its own. */
function setName(context: RequestContext, { user, groups }: Name): void {
  context.setHeaderParam('Impersonate-User', user);
  if (groups.length > 0) context.setHeaderParam(GROUPS, groups.join(','));
}

/** Sends once and gives the body of a good answer; throws what the library, the network or this room says otherwise. */
export async function send(
  cluster: Cluster,
  request: Ask,
  signal: AbortSignal,
  race: TimeLimit['race'],
): Promise<Chunks> {
  const context = new RequestContext(`${cluster.server}${pathOf(request)}`, METHODS[request.verb]);
  for (const [name, value] of Object.entries(request.query ?? {})) context.setQueryParam(name, value);
  context.setHeaderParam('Accept', 'application/json');
  context.setHeaderParam('User-Agent', 'loopbreaker');
  if (cluster.inNameOf && WRITES.includes(request.verb)) setName(context, cluster.inNameOf);
  if (request.body !== undefined) {
    context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
    context.setBody(asGoWrites(request.body));
  }
  context.setSignal(signal);
  await race(cluster.config.applySecurityAuthentication(context)).catch((error) => {
    throw credentialsProblem(error, cluster);
  });
  const answer = await http.send(context).toPromise();
  const chunks = (answer.body.stream() ?? []) as Chunks;
  if (answer.httpStatusCode >= 300) {
    const body = await textOf(chunks, ERROR_BYTES_MAX);
    throw new ApiException(answer.httpStatusCode, '', body, answer.headers);
  }
  cluster.clock.heard(answer.headers.date ?? '');
  return chunks;
}

/**
 * JSON in the very letters of the API server's own encoder, which escapes these inside strings: the `test` of a JSON Patch
 * compares strings as they are written, so an unescaped `>` in a command never equals its own value.
 */
function asGoWrites(body: unknown): string {
  return JSON.stringify(body).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Reads are tried once more when the server is busy or the connection broke; writes only when nothing can have happened. */
function secondTryAfterMs(request: Ask, error: unknown): number | undefined {
  const reading = request.verb === 'get' || request.verb === 'list';
  if (error instanceof ApiException) {
    if (error.code !== 429 && !(reading && error.code >= 500 && error.code !== 501)) return undefined;
    return retryAfterMs(error) ?? SECOND_TRY_MS;
  }
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return reading && (cause?.code === 'UND_ERR_SOCKET' || cause?.code === 'ECONNRESET') ? 0 : undefined;
}

interface TimeLimit {
  signal: AbortSignal;
  leftMs: () => number;
  race: <T>(work: Promise<T>) => Promise<T>;
  done: () => void;
}

function timeLimit(timeoutMs: number, outer: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  const { signal } = controller;
  const endsAt = performance.now() + timeoutMs;
  const timer = setTimeout(() => controller.abort(new LocalFailure(TIME_LIMIT, 'time limit')), timeoutMs);
  const stop = (): void => controller.abort(outer?.reason);
  // One reading asks many things at once, and each listens to its end: no leak that Node should warn of.
  if (outer) setMaxListeners(0, outer);
  if (outer?.aborted) stop();
  else outer?.addEventListener('abort', stop, { once: true });
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  aborted.catch(() => undefined);
  return {
    signal,
    leftMs: () => endsAt - performance.now(),
    race: (work) => Promise.race([work, aborted]),
    done: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}

/** A whole body as text; an answer beyond the limit is not Kubernetes' (its own limit for one object is 3 MB). */
export async function textOf(chunks: Chunks, bytesMax = BODY_BYTES_MAX): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > bytesMax) throw new LocalFailure(NOT_KUBERNETES, `the answer is larger than ${bytesMax / 1024 ** 2} MB`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}
