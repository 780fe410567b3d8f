// What about a container asks for an explanation: it crashes, cannot start, waits, is not ready, or is well.

import type { ContainerEvidence, Termination } from '../evidence/container.ts';
import type { EventRecord, Evidence } from '../evidence.ts';
import { known } from '../fact.ts';
import { CANNOT_START, type Ending } from './ending.ts';
import { livedFor } from './lived-for.ts';
import { PROBE_KILL } from './probe-kill.ts';

/** What about this container asks for an explanation. */
export type Symptom =
  | 'crash-loop' // ends again and again, or ended and counts as failed
  | 'cannot-start' // the runtime or kubelet cannot create or start it
  | 'image' // its image cannot be had
  | 'not-ready' // runs, never killed, gets no traffic
  | 'waits' // has not had its turn: pod pending, init container before it, volumes
  | 'recovered' // ended once, runs now
  | 'healthy'
  | 'unread'; // nothing is known of its state

const IMAGE_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

export function symptomOf(
  container: ContainerEvidence,
  ending: Ending,
  events: EventRecord[],
  evidence: Evidence,
): Symptom {
  if (container.state.state === 'unread') return symptomWithoutState(container, ending, events);
  const state = known(container.state);
  const restarts = restartsOf(container);
  if (!state) return 'waits';
  if (state.is === 'waiting') {
    if (IMAGE_REASONS.has(state.reason)) return 'image';
    if (CANNOT_START.has(state.reason)) return 'cannot-start';
    if (state.reason === 'CrashLoopBackOff') return ending === 'start-failed' ? 'cannot-start' : 'crash-loop';
    return ending === 'never-ended' || ending === 'unknown' ? 'waits' : 'crash-loop';
  }
  if (state.is === 'terminated') {
    if (ending === 'start-failed') return 'cannot-start';
    if (restarts === 0 && isStopped(state, evidence)) return 'healthy';
    if (state.exitCode !== 0) return 'crash-loop';
    if (container.kind === 'init' || known(evidence.pod.phase) === 'Succeeded') return 'healthy';
    return known(evidence.pod.restartPolicy) === 'Never' || known(evidence.pod.restartPolicy) === 'OnFailure'
      ? 'healthy'
      : 'crash-loop';
  }
  if (restarts === 0) {
    // It runs; whether it did not run before is not known.
    if (container.restartCount.state === 'unread' && container.lastState.state === 'unread') return 'unread';
    return known(container.ready) === false ? 'not-ready' : 'healthy';
  }
  return runsAfterEnd(container, state.startedAt, evidence);
}

/**
 * The pod is being removed (scaled down, rolled over, deleted), and this run ended when it was told to: with whatever code
 * it answers SIGTERM. An eviction or a drain says so itself.
 */
export function isStopped(run: Termination, evidence: Evidence): boolean {
  const deleted = Date.parse(known(evidence.pod.deletionTimestamp) ?? '');
  const graceSeconds = known(evidence.pod.terminationGracePeriodSeconds) ?? 30;
  const taken = (known(evidence.pod.conditions) ?? []).some(
    (c) => c.type === 'DisruptionTarget' && c.status === 'True',
  );
  return !taken && run.reason !== 'OOMKilled' && Date.parse(run.finishedAt) >= deleted - (graceSeconds + 1) * 1000;
}

/** A run that is known to have ended was followed by at least one restart, whether or not these were counted. */
function restartsOf(container: ContainerEvidence): number {
  return known(container.restartCount) ?? (container.lastState.state === 'seen' ? 1 : 0);
}

/** A container that runs now after it ended before: over, or only between two crashes? */
function runsAfterEnd(container: ContainerEvidence, startedAt: string, evidence: Evidence): Symptom {
  const upForSeconds = (Date.parse(evidence.now) - Date.parse(startedAt)) / 1000;
  const lived = livedFor(known(container.lastState)) ?? 0;
  const ready = known(container.ready);
  const restarts = restartsOf(container);
  // Who could not see whether it is ready cannot say that it is over.
  const unready = ready === false || container.ready.state === 'unread';
  // Who could not see since when it runs cannot say so either, of more than one accident.
  if (!(upForSeconds >= 0)) return unready || restarts > 1 ? 'crash-loop' : 'recovered';
  const steadyAfterSeconds = Math.min(600, Math.max(60, 3 * lived));
  if (upForSeconds >= steadyAfterSeconds && !unready) return 'recovered';
  // One crash that is behind it, ready ever since: over, unless it has not yet outlived its former self.
  if (restarts === 1 && ready === true && upForSeconds >= 30 && upForSeconds > 2 * lived) return 'recovered';
  // Lost with its node, not ended: the kubelet makes up the 255.
  const last = known(container.lastState);
  if (last?.reason === 'Unknown' && last.exitCode === 255 && ready === true) return 'recovered';
  if (upForSeconds >= 600 && ready === false && restarts <= 1) return 'not-ready';
  return 'crash-loop';
}

function symptomWithoutState(container: ContainerEvidence, ending: Ending, events: EventRecord[]): Symptom {
  if (ending !== 'unknown' && ending !== 'never-ended')
    return ending === 'start-failed' ? 'cannot-start' : 'crash-loop';
  if ((known(container.restartCount) ?? 0) > 0) return 'crash-loop';
  return SYMPTOMS_OF_EVENTS.find(({ tells }) => events.some(tells))?.symptom ?? 'unread';
}

const IMAGE =
  /(?<![\w-])pull(?:ing)?(?![\w-])|ErrImage|ImagePull|InvalidImageName|image reference|image name|image tag|inspect image|is not present with/i;

/** What the kubelet's events say of a container whose state was not read; the first that applies. */
const SYMPTOMS_OF_EVENTS: { symptom: Symptom; tells: (e: EventRecord) => boolean }[] = [
  {
    symptom: 'cannot-start',
    tells: (e) => e.reason === 'Failed' && /^Error: /.test(e.message) && !IMAGE.test(e.message),
  },
  { symptom: 'crash-loop', tells: (e) => /restarting failed container/.test(e.message) || PROBE_KILL.test(e.message) },
  {
    symptom: 'image',
    tells: (e) => /^(?:Failed|BackOff|InspectFailed|ErrImageNeverPull)$/.test(e.reason) && IMAGE.test(e.message),
  },
  {
    symptom: 'waits',
    tells: (e) => /^Failed(?:Mount|AttachVolume|MapVolume|CreatePodSandBox|Scheduling)$/.test(e.reason),
  },
];
