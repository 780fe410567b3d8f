// Keeps a follower true to one part of a cluster: lists, then watches from where the list stood, for as long as it is
// wanted. Invariant: no change is skipped: whenever the thread may be lost, everything is listed again.
import { setTimeout as sleep } from 'node:timers/promises';
import { at, text } from '../../core/json.ts';
import type { Cluster } from '../clusters.ts';
import { ClusterError } from '../errors.ts';
import { readable } from '../words.ts';
import type { Budget } from './budget.ts';
import { readPages } from './pages.ts';
import type { Scope } from './scope.ts';
import { type WatchEvent, watchEvents } from './stream.ts';

export interface Follower {
  /** A list begins: whatever it does not show before `listed` exists no longer. */
  listing(): void;
  listed(): void;
  seen(object: unknown): void;
  gone(object: unknown): void;
  /** One sentence when following stops to work, undefined when it works again. `forbidden`: the account may not. */
  trouble(sentence: string | undefined, forbidden: boolean): void;
}

export interface FollowOptions {
  budget: Budget;
  signal: AbortSignal;
  /** A watch that says nothing for so long is opened anew; a little more than the minute between two bookmarks. */
  idleMs?: number;
  /** The wait after a failure: the same for the first few, then doubled up to `waitMaxMs`. */
  waitMs?: number;
  waitMaxMs?: number;
}

/** Connections break now and then; so many failures in a row are worth a line. */
const FAILURES_TOLD = 3;

/** An API server that restarts is back within seconds, and what breaks meanwhile is to be seen soon after. */
const FAILURES_QUICK = 10;

/** A watch that is ended sooner did not work, and is not opened again at once. */
const SHORT_MS = 1_000;

/** So many refusals of a version in a row, and the version itself is doubted (a restored etcd knows none of ours). */
const REFUSALS_MAX = 3;

/** Ends only with the signal, and never throws. */
export async function follow(
  cluster: Cluster,
  scope: Scope,
  follower: Follower,
  { budget, signal, idleMs = 70_000, waitMs = 250, waitMaxMs = 5_000 }: FollowOptions,
): Promise<void> {
  let version: string | undefined;
  let failures = 0;
  let refusals = 0;
  let told = '';
  const works = (): void => {
    if (told !== '') follower.trouble(undefined, false);
    told = '';
    failures = 0;
    refusals = 0;
  };
  const failed = (error: unknown): void => {
    failures += 1;
    const forbidden = isForbidden(error);
    const sentence = readable(error);
    if ((failures < FAILURES_TOLD && !forbidden) || told === sentence) return;
    follower.trouble(sentence, forbidden);
    told = sentence;
  };
  while (!signal.aborted) {
    let askedToWaitMs = 0;
    let openedAtMs = Infinity;
    const lasted = (): boolean => performance.now() - openedAtMs >= SHORT_MS;
    const opened = (): void => {
      openedAtMs = performance.now();
    };
    try {
      if (version === undefined) {
        follower.listing();
        version = await readPages(cluster, scope, { budget, signal, item: follower.seen });
        follower.listed();
        works();
      }
      await budget(signal);
      for await (const event of watchEvents(cluster, scope, { resourceVersion: version, idleMs, signal, opened })) {
        version = versionAfter(event, version);
        if (event.type === 'DELETED') follower.gone(event.object);
        else if (event.type !== 'BOOKMARK') follower.seen(event.object);
        works();
      }
      if (lasted()) works();
      else failures += 1;
    } catch (error) {
      if (signal.aborted) return;
      if (lasted() && !isSilence(error)) works();
      failed(error);
      refusals += isRefusal(error) ? 1 : 0;
      if (isGone(error) || refusals >= REFUSALS_MAX) version = undefined;
      askedToWaitMs = error instanceof ClusterError ? (error.failure.retryAfterMs ?? 0) : 0;
    }
    const doublings = Math.min(Math.max(failures - FAILURES_QUICK, 0), 16);
    const backOffMs = Math.min(waitMs * 2 ** doublings, waitMaxMs) * (0.5 + Math.random() / 2);
    // Never sooner than asked, and not all at the same moment after it.
    const pauseMs = failures === 0 ? 0 : Math.max(backOffMs, askedToWaitMs * (1 + Math.random() / 10));
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Throws ClusterError on an ERROR event, which carries a Status. */
function versionAfter({ type, object }: WatchEvent, before: string): string {
  if (type === 'ERROR') {
    const code = Number(object.code) || 500;
    const failure = { kind: 'other' as const, code, reason: text(object.reason) ?? '', message: '' };
    throw new ClusterError(`The API server ended a watch with an error (${code}).`, failure);
  }
  return text(at(object, 'metadata', 'resourceVersion')) || before;
}

function isGone(error: unknown): boolean {
  return error instanceof ClusterError && error.failure.code === 410;
}

/** It was accepted, and then nothing came. */
function isSilence(error: unknown): boolean {
  return error instanceof ClusterError && error.failure.kind === 'timeout';
}

function isForbidden(error: unknown): boolean {
  return error instanceof ClusterError && error.failure.kind === 'forbidden';
}

/** An answer that another try with the same version will not change. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof ClusterError)) return false;
  const { code } = error.failure;
  return code >= 400 && code !== 401 && code !== 403 && code !== 429;
}
