// Which containers of a pod are in trouble, by its status alone. Invariant: a sign depends on the pod and the time and on
// nothing that came before, so every watcher that sees the same pod sees the same signs.
import type { ContainerNote, PodNote } from './projection.ts';

export type TroubleKind = 'crash-loop' | 'not-started' | 'image' | 'init-failed' | 'oom' | 'no-pod';

export interface Sign {
  kind: TroubleKind;
  container: string;
  /** Kubernetes' own word for it. */
  reason: string;
  restarts: number;
  /** It must be seen for so long before it counts. */
  patienceMs: number;
  /** By the cluster's clock; Infinity for what lasts as long as the status says it. */
  untilMs: number;
}

/** The container cannot be made or started: no restart will be counted, and only a change of something cures it. */
const NOT_STARTED = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
  'InvalidImageName',
  'ErrImageNeverPull',
]);

/** Registries stumble; a pull that has not succeeded after a while is a trouble. */
const IMAGE = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
const IMAGE_PATIENCE_MS = 20_000;

/** A status says for ever that a container was once killed for its memory; it is news for so long. */
const OOM_NEWS_MS = 600_000;

/** `restartsMin`: a container in back-off counts from this many restarts on. */
export function signsOf(pod: PodNote, restartsMin: number): Sign[] {
  if (pod.leaving) return [];
  return pod.containers.flatMap((container) => [
    ...waitingSigns(container, restartsMin),
    ...oomSigns(container),
    ...initSigns(pod, container),
  ]);
}

function waitingSigns({ name, waiting, restarts }: ContainerNote, restartsMin: number): Sign[] {
  const sign = { container: name, reason: waiting, restarts, untilMs: Infinity };
  // One whose program cannot be started waits now for the one reason and now for the other: that is one loop.
  if ((waiting === 'CrashLoopBackOff' || NOT_STARTED.has(waiting)) && restarts >= restartsMin)
    return [{ ...sign, kind: 'crash-loop', patienceMs: 0 }];
  if (NOT_STARTED.has(waiting)) return [{ ...sign, kind: 'not-started', patienceMs: 0 }];
  if (IMAGE.has(waiting)) return [{ ...sign, kind: 'image', patienceMs: IMAGE_PATIENCE_MS }];
  return [];
}

function oomSigns({ name, restarts, ended, endedBefore }: ContainerNote): Sign[] {
  const killed = [ended, endedBefore].find((end) => end?.reason === 'OOMKilled');
  if (!killed || killed.atMs === 0) return [];
  const untilMs = killed.atMs + OOM_NEWS_MS;
  return [{ kind: 'oom', container: name, reason: 'OOMKilled', restarts, patienceMs: 0, untilMs }];
}

/** With restartPolicy Never an init container is not tried again: the pod is lost. */
function initSigns({ phase }: PodNote, { name, init, restarts, ended }: ContainerNote): Sign[] {
  if (phase !== 'Failed' || !init || !ended || ended.exitCode === 0) return [];
  const reason = `Init:${ended.reason || 'Error'}`;
  return [{ kind: 'init-failed', container: name, reason, restarts, patienceMs: 0, untilMs: Infinity }];
}

/** The kubelet forgets its back-off when a container has run for so long. */
const LOOP_MS = 600_000;

/**
 * Crash loops that run for a moment, between two crashes. To whoever looks for the first time they are no news when they
 * crash again; to whoever saw them begin they are no sign.
 */
export function loopsAtRest(pod: PodNote, restartsMin: number, clusterMs: number): Sign[] {
  if (pod.leaving) return [];
  return pod.containers.flatMap(({ name, restarts, waiting, endedBefore }): Sign[] => {
    if (waiting !== '' || restarts < restartsMin || !endedBefore || clusterMs - endedBefore.atMs > LOOP_MS) return [];
    const reason = endedBefore.reason || 'Error';
    return [{ kind: 'crash-loop', container: name, reason, restarts, patienceMs: 0, untilMs: Infinity }];
  });
}
