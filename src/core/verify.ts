// Whether a written remedy worked, judged from what the cluster shows. Only steadiness counts as recovered.

import { durationWords } from './spoken.ts';

/** What verification needs to know of the workload at one moment; made by the kube room. */
export interface Sight {
  /** RFC 3339, the cluster's clock. */
  at: string;
  /** Pods that the workload wants; 1 for a bare pod. */
  desired: number;
  /** False while the controller has not yet seen the newest template. */
  observed: boolean;
  podUids: string[];
  /** Those made from the workload's present template; a bare pod is always. */
  currentPodUids: string[];
  /** Of what its pods are to run at this moment; "" or missing where there is none to tell. */
  specHash?: string;
  containers: SeenContainer[];
  /** What the kubelet itself says that it has not yet put in force of a resize, in words; "" when nothing. */
  notInForce?: string;
  /** Warnings about these pods since the write, oldest first. */
  warningsSince?: { reason: string; message: string; pod: string; at: string }[];
}

export interface SeenContainer {
  podUid: string;
  name: string;
  state: 'waiting' | 'running' | 'terminated' | '';
  /** Of waiting or terminated. */
  reason: string;
  exitCode: number | undefined;
  /** Of a pod from before the change: runs that ended since, at least; two when a whole run lies in between. */
  restartCount: number;
  /** RFC 3339 of the present run, "" when none runs. */
  startedAt: string;
  ready: boolean;
}

export interface Watched {
  appliedAt: string;
  steadySeconds: number;
  /** Of the workload as the write left it; missing where an older version wrote it. */
  specHash?: string | undefined;
  /** Seconds the run before the change lived; null or missing when unknown. */
  earlierRunSeconds?: number | null;
}

export type Judged = { is: 'recovered' | 'failed' | 'waiting'; words: string };

/** So long may a rollout take before it counts as not recovered. */
export const PATIENCE_SECONDS = 900;

/** Reasons that no waiting cures. */
const HOPELESS = new Set([
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImagePullBackOff',
]);

const MOST_STEADY_SECONDS = 600;

/** Whatever it does now, it is not this change that did it. */
const CHANGED_SINCE =
  'The template was changed again while I watched, by somebody else or by whoever owns it, so what runs now is not this change.';

/**
 * Between 60 s and 10 min, three times the time to crash and 30 s; `atLeast` when the configuration says how long, but never
 * shorter than earlier runs lived: a run that is younger than that proves nothing. `timeToCrashSeconds` null means unknown.
 */
export function steadySecondsFor(timeToCrashSeconds: number | null, atLeast: number | undefined): number {
  const wanted =
    atLeast === undefined
      ? Math.max(60, 3 * (timeToCrashSeconds ?? 60) + 30)
      : Math.max(atLeast, timeToCrashSeconds ?? 0);
  return Math.max(atLeast ?? 0, Math.min(MOST_STEADY_SECONDS, Math.ceil(wanted)));
}

export function judge(sight: Sight, watched: Watched): Judged {
  if (watched.specHash && sight.specHash && sight.specHash !== watched.specHash)
    return { is: 'failed', words: CHANGED_SINCE };
  const current = new Set(sight.currentPodUids);
  const fresh = sight.containers.filter((c) => current.has(c.podUid));
  const broken = fresh.find((c) => (c.state === 'waiting' && HOPELESS.has(c.reason)) || c.restartCount >= 2);
  if (broken) return { is: 'failed', words: `${broken.name} still crashes: ${crashWords(broken)}.` };

  const now = Date.parse(sight.at);
  const applied = Date.parse(watched.appliedAt);
  const late = now - applied > PATIENCE_SECONDS * 1000;
  const old = sight.podUids.filter((uid) => !current.has(uid)).length;
  const running = fresh.filter((c) => c.state === 'running');
  const readyPods = [...current].filter((uid) => isWell(fresh.filter((c) => c.podUid === uid))).length;

  if (!sight.observed || readyPods < sight.desired || old > 0 || running.length === 0) {
    const words = `${readyPods} of ${sight.desired} new pods ready${old ? `, ${old} old ${old === 1 ? 'pod' : 'pods'} still there` : ''}`;
    return late ? { is: 'failed', words: `After ${PATIENCE_SECONDS / 60} min: ${words}.` } : { is: 'waiting', words };
  }
  if (sight.notInForce)
    return {
      is: late ? 'failed' : 'waiting',
      words: `Ready ${readyPods} of ${sight.desired}, but ${sight.notInForce}`,
    };
  const trouble = warningOf(sight, fresh);
  if (trouble) return { is: 'waiting', words: `Ready ${readyPods} of ${sight.desired}, but ${trouble}` };
  const youngest = Math.min(...running.map((c) => now - Math.max(applied, Date.parse(c.startedAt))));
  const steadyFor = Number.isFinite(youngest) ? Math.max(0, Math.floor(youngest / 1000)) : 0;
  if (steadyFor >= watched.steadySeconds) {
    return {
      is: 'recovered',
      words: `Ready ${readyPods} of ${sight.desired}, no restart for ${steadyFor} s.${livedLonger(watched, steadyFor)}`,
    };
  }
  return { is: 'waiting', words: `Ready ${readyPods} of ${sight.desired}, steady for ${steadyFor} s` };
}

/** What is never steady, for something is new or complains all the time, has failed in the end. */
export function atLast(judged: Judged, sight: Sight, { appliedAt, steadySeconds }: Watched): Judged {
  const patience = PATIENCE_SECONDS + steadySeconds;
  const tooLate = Date.parse(sight.at) - Date.parse(appliedAt) > patience * 1000;
  if (judged.is !== 'waiting' || !tooLate) return judged;
  return { is: 'failed', words: `After ${Math.round(patience / 60)} min it is not steady: ${judged.words}.` };
}

/** A pod of which nothing is seen yet is not ready, nor one whose container has just ended: only an init container may. */
function isWell(containers: SeenContainer[]): boolean {
  const isUp = (c: SeenContainer): boolean => c.state === 'running' && c.ready;
  const isThrough = (c: SeenContainer): boolean => c.state === 'terminated' && c.exitCode === 0 && c.ready;
  return containers.some(isUp) && containers.every((c) => isUp(c) || isThrough(c));
}

/** Warnings that the new pods earn while they look well: a probe that fails again is no recovery. */
const TELLING = new Set(['Unhealthy', 'BackOff', 'FailedMount', 'Evicted', 'OOMKilling']);
const FRESH_SECONDS = 15;

function warningOf(sight: Sight, fresh: Sight['containers']): string | undefined {
  const now = Date.parse(sight.at);
  const started = Math.max(...fresh.map((c) => Date.parse(c.startedAt)).filter(Number.isFinite));
  const last = (sight.warningsSince ?? []).findLast(
    (w) => TELLING.has(w.reason) && Date.parse(w.at) > started && now - Date.parse(w.at) < FRESH_SECONDS * 1000,
  );
  return last && `${last.reason}: ${last.message.slice(0, 160)}`;
}

/** A run that lived longer before it ended proves more than the time that was watched. */
function livedLonger({ earlierRunSeconds }: Watched, steadyFor: number): string {
  return (earlierRunSeconds ?? 0) > steadyFor
    ? ` Earlier runs lived ${durationWords(earlierRunSeconds ?? 0)} before they ended, so look again later.`
    : '';
}

/** The line that named the cause, said again by a new run; digits may differ. Words too short to tell are never the same. */
export function saysAgain(proof: string, log: string): boolean {
  const wanted = bare(proof);
  return wanted.length >= 12 && log.split('\n').some((line) => bare(line).includes(wanted));
}

function bare(line: string): string {
  return line.replace(/\d+/g, '0').replace(/\s+/g, ' ').trim().toLowerCase();
}

function crashWords(c: Sight['containers'][number]): string {
  const restarts = c.restartCount
    ? `${c.restartCount} ${c.restartCount === 1 ? 'restart' : 'restarts'} since the change`
    : '';
  const exit = c.exitCode === undefined ? '' : `last exit ${c.exitCode}`;
  return [c.reason, restarts, exit].filter(Boolean).join(', ');
}
