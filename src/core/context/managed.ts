// Who else owns the workload: a direct change would be put back, so the cure belongs where they read it.

import type { Condition, Evidence } from '../evidence.ts';
import { known } from '../fact.ts';
import type { ContextFact } from '../report.ts';

export function managed(evidence: Evidence): ContextFact[] {
  const workload = known(evidence.workload);
  const at = `${evidence.workload.at}:metadata`;
  const owners = (workload?.managedBy ?? []).map((by) => ({
    kind: 'managed-by' as const,
    text: `managed by ${by}: a direct change would be reverted`,
    at,
  }));
  return [...owners, ...resources(evidence), ...(workload?.ownerConditions ?? []).map((c) => reconciled(c, evidence))];
}

/** The admission controller of the autoscaler says on the pod what it set there. */
function resources(evidence: Evidence): ContextFact[] {
  const note = known(evidence.pod.annotations)?.vpaUpdates;
  if (typeof note !== 'string') return [];
  const name = /updated by ([^\s:]+)/.exec(note)?.[1] ?? '';
  return [
    {
      kind: 'managed-by',
      text: `requests and limits are set by the vertical pod autoscaler ${name}: ${note.slice(0, 200)}`,
      at: 'metadata.annotations.vpaUpdates',
    },
  ];
}

/** Crossplane and most operators say on their own object whether they could bring about what it asks for. */
function reconciled(c: Condition, evidence: Evidence): ContextFact {
  const why = [c.reason, c.message].filter(Boolean).join(': ').slice(0, 300);
  return {
    kind: 'managed-by',
    text: `its owner says ${c.type}=${c.status}${why ? ` (${why})` : ''}`,
    at: `${evidence.workload.at}:metadata.ownerReferences`,
  };
}
