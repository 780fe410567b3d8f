// A pod's phase and conditions from the states of its containers, as the kubelet computes them. Pure: edits the draft it is given.
import type { ContainerStatus, Pod } from '../kinds.ts';

type Condition = NonNullable<NonNullable<Pod['status']>['conditions']>[number];

const hasEnded = (s: ContainerStatus): boolean => s.state?.terminated !== undefined;
const neverRan = (s: ContainerStatus): boolean => s.state?.waiting !== undefined && !s.lastState?.terminated;

function phaseOf(pod: Pod, mains: ContainerStatus[], initialized: boolean): string {
  if (!initialized || mains.length === 0 || mains.some(neverRan)) return 'Pending';
  const policy = pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Always' || !mains.every(hasEnded)) return 'Running';
  const failed = mains.some((s) => s.state?.terminated?.exitCode !== 0);
  if (!failed) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

function condition(pod: Pod, type: string, holds: boolean, now: string, reason?: string, message?: string): void {
  const list = pod.status!.conditions ?? [];
  const existing = list.find((c) => c.type === type);
  const status = holds ? 'True' : 'False';
  const next: Condition = {
    type,
    status,
    lastTransitionTime: existing?.status === status ? existing.lastTransitionTime : now,
    observedGeneration: pod.metadata.generation,
    ...(holds ? {} : { reason, message }),
  };
  // JSON from the API server carries an explicit null here.
  const withProbe = { lastProbeTime: null, ...next } as unknown as Condition;
  pod.status!.conditions = existing ? list.map((c) => (c === existing ? withProbe : c)) : [...list, withProbe];
}

export const isInitialized = (pod: Pod): boolean =>
  (pod.spec?.initContainers ?? []).every((c) => {
    const status = pod.status?.initContainerStatuses?.find((s) => s.name === c.name);
    return c.restartPolicy === 'Always' ? status?.started === true : status?.state?.terminated?.exitCode === 0;
  });

/** Brings phase and conditions in line with the container statuses. */
export function settle(pod: Pod, now: string): void {
  if (!pod.status || pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') return;
  const inits = pod.status.initContainerStatuses ?? [];
  const mains = pod.status.containerStatuses ?? [];
  const initialized = isInitialized(pod);
  const incomplete = inits.filter((s) => !s.ready).map((s) => s.name);
  const sidecars = inits.filter(
    (s) => pod.spec?.initContainers?.find((c) => c.name === s.name)?.restartPolicy === 'Always',
  );
  const unready = [...sidecars, ...mains].filter((s) => !s.ready).map((s) => s.name);
  const phase = phaseOf(pod, mains, initialized);
  pod.status.phase = phase;
  condition(pod, 'PodReadyToStartContainers', pod.status.podIP !== undefined, now);
  condition(
    pod,
    'Initialized',
    initialized,
    now,
    'ContainersNotInitialized',
    `containers with incomplete status: [${incomplete.join(' ')}]`,
  );
  const over = phase === 'Succeeded';
  const reason = over ? 'PodCompleted' : 'ContainersNotReady';
  const message = over ? undefined : `containers with unready status: [${unready.join(' ')}]`;
  for (const type of ['Ready', 'ContainersReady'])
    condition(pod, type, unready.length === 0 && phase === 'Running', now, reason, message);
  condition(pod, 'PodScheduled', true, now);
}

export const isReady = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  (pod.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True');

/** Ready for at least the workload's minReadySeconds of the simulated world. */
export const isAvailable = (pod: Pod, minReadySeconds: number, secondsSince: (instant: string) => number): boolean =>
  isReady(pod) &&
  (minReadySeconds === 0 ||
    secondsSince(pod.status?.conditions?.find((c) => c.type === 'Ready')?.lastTransitionTime ?? '') >= minReadySeconds);
