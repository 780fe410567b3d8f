// The outcome of a plan as an Event on the workload. Whoever may not write Events loses this line and nothing else.

import type { IncidentState } from '../../core/incident/state.ts';
import type { Cluster } from '../../kube/clusters.ts';
import { noteOutcome } from '../../kube/note.ts';
import type { Work } from './work.ts';

interface Outcome {
  reason: 'Recovered' | 'NotRecovered' | 'Done';
  words: string;
}

export async function noted(
  { log }: Work,
  cluster: Cluster | undefined,
  { id, operation }: IncidentState,
  { reason, words }: Outcome,
): Promise<void> {
  if (!cluster || !operation) return;
  const { plan, askedBy, approvals } = operation;
  const asked = askedBy ? `asked by ${askedBy}, ` : '';
  const note = `${plan.title} (${asked}approved by ${approvals.map(({ by }) => by).join(', ')}): ${words} Incident ${id}.`;
  try {
    await noteOutcome(cluster, plan, { reason, note, at: new Date(cluster.clock.nowMs()).toISOString() });
  } catch (error) {
    log.warn({ incident: id, error: String(error) }, 'the Event on the workload could not be written');
  }
}
