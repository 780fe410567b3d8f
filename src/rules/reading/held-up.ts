// A finding about something that keeps a pod from starting, told on the container that it holds up, or on the workload
// when there is no pod at all.

import type { Evidence } from '../../core/evidence.ts';
import { type Citation, known } from '../../core/fact.ts';
import { type Holds, holds, holdsForPod } from '../../core/rule.ts';
import { heldUp } from './events.ts';

export interface HoldUp {
  summary: string;
  evidence: Citation[];
  detail?: { [name: string]: string };
  strength?: Holds['strength'];
  /** Volume it is about, when it is about one. */
  volume?: string;
  /** True when it is about the workload even if an older pod of it still runs. */
  workload?: boolean;
}

/** Nothing is held up when every container runs. */
export function holdUp(evidence: Evidence, finding: HoldUp): Holds[] {
  const { strength = 'proof', volume, workload, ...rest } = finding;
  const k = workload ? undefined : heldUp(evidence, volume);
  if (k) return [holds(k, { ...rest, strength, detail: { container: k.container.name, ...rest.detail } })];
  if (workload || evidence.pod.name.state === 'absent') return [holdsForPod({ ...rest, strength })];
  return [];
}

/**
 * Refusals of a controller stay as events for an hour. They count only while replicas are missing; where that could
 * not be read and a pod is there, they are no more than a sign.
 */
export function refusalCounts(evidence: Evidence): Holds['strength'] | undefined {
  const workload = known(evidence.workload);
  if (workload) return workload.replicas > 0 && workload.readyReplicas >= workload.replicas ? undefined : 'proof';
  return evidence.pod.name.state === 'seen' ? 'sign' : 'proof';
}
