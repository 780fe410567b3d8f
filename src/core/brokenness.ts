// How much a pod asks for attention, by its status, or by its events where nothing else is known of it.

import { at, number, objects, text } from './json.ts';
import { type Look, nameOf, namespaceOf } from './normalise/look.ts';
import type { KubeObject } from './snapshot.ts';

/** `told` adds what a pod's status does not show; `speaks` decides between equals. */
export function mostBroken(
  pods: KubeObject[],
  told: (pod: KubeObject) => number = () => 0,
  speaks: (pod: KubeObject) => boolean = () => false,
): KubeObject | undefined {
  const newestFirst = [...pods].sort(
    (a, b) => created(b).localeCompare(created(a)) || nameOf(a).localeCompare(nameOf(b)),
  );
  let worst: KubeObject | undefined;
  let weight = -1;
  for (const pod of newestFirst) {
    const trouble = Math.max(brokenness(pod), told(pod));
    const own = trouble > 0 && speaks(pod) ? trouble + 0.5 : trouble;
    if (own > weight) [worst, weight] = [pod, own];
  }
  return worst;
}

export function created(object: KubeObject): string {
  return text(object.metadata.creationTimestamp) ?? '';
}

const WAITING_WEIGHT: { [reason: string]: number } = {
  CrashLoopBackOff: 100,
  RunContainerError: 95,
  StartError: 95,
  CreateContainerError: 95,
  CreateContainerConfigError: 95,
  ImagePullBackOff: 90,
  ErrImagePull: 90,
  ErrImageNeverPull: 90,
  InvalidImageName: 90,
  ImageInspectError: 90,
};

const ENDED = 98;

/** How much a pod asks for attention, 0 (healthy) to 100 (crash looping). */
export function brokenness(pod: KubeObject): number {
  const statuses = objects(at(pod, 'status', 'initContainerStatuses')).concat(
    objects(at(pod, 'status', 'containerStatuses')),
  );
  const worst = Math.max(0, ...statuses.map(containerWeight));
  const phase = text(at(pod, 'status', 'phase'));
  // What is being removed ends as it is told to.
  if (pod.metadata.deletionTimestamp !== undefined && worst === ENDED) return 30;
  if (worst >= 90) return worst;
  if (text(at(pod, 'status', 'reason')) === 'Evicted') return 80;
  if (phase === 'Failed') return 75;
  if (phase === 'Pending') return Math.max(worst, 70);
  return worst;
}

const EVENT_WEIGHT: { [reason: string]: number } = {
  BackOff: 90,
  Failed: 90,
  InspectFailed: 90,
  ErrImageNeverPull: 90,
  Evicted: 80,
  FailedCreatePodSandBox: 72,
  FailedAttachVolume: 72,
  FailedMount: 71,
  FailedScheduling: 71,
  Unhealthy: 50,
};

/** Of a pod that only its events tell of: how much these ask for attention. */
export function troubleTold(look: Look, pod: KubeObject): number {
  if (objects(at(pod, 'status', 'containerStatuses')).length > 0 || at(pod, 'status', 'phase') !== undefined) return 0;
  const own = look
    .all('Event', namespaceOf(pod) || undefined)
    .filter((e) => text(at(e, 'involvedObject', 'name')) === nameOf(pod));
  const weights = own.map((e) => {
    const reason = text(e.reason) ?? '';
    const kill = reason === 'Killing' && /probe/.test(text(e.message) ?? '');
    return kill ? 95 : (EVENT_WEIGHT[reason] ?? (e.type === 'Warning' ? 40 : 0));
  });
  return Math.max(0, ...weights);
}

function containerWeight(status: { [key: string]: unknown }): number {
  const waiting = text(at(status, 'state', 'waiting', 'reason'));
  if (waiting !== undefined) return WAITING_WEIGHT[waiting] ?? 0;
  const exit = number(at(status, 'state', 'terminated', 'exitCode'));
  if (exit !== undefined && exit !== 0) return ENDED;
  const restarts = number(status.restartCount) ?? 0;
  if (status.ready === false && restarts > 0) return 97;
  if (restarts > 1) return 65;
  if (status.ready === false && exit === undefined) return 50;
  return restarts > 0 ? 20 : 0;
}
