// Readiness gates: conditions that a controller outside the pod must set before the pod counts as ready. All containers
// are ready then, and nothing crashes.

import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, known } from '../../core/fact.ts';
import { isHeldBack } from '../../core/status.ts';

/** Who sets the conditions of well-known gates. */
const SETTERS: [RegExp, string][] = [
  [/^target-health\.(?:elbv2|alb\.ingress)\.k8s\.aws\//, 'the AWS Load Balancer Controller'],
  [/^cloud\.google\.com\/load-balancer-neg-ready$/, "GKE's load balancer controller"],
];
/** Conditions that the kubelet and the scheduler set themselves. */
const OWN =
  /^(?:Ready|ContainersReady|Initialized|PodScheduled|PodReadyToStartContainers|DisruptionTarget|PodResize\w*)$/;
const NAMED = /readiness gate "(?<gate>[^"]{1,200})"/;

export interface ClosedGate {
  /** Type of the condition that is awaited, "" when it is not told. */
  gate: string;
  /** "the controller that owns it" where it is none of the well-known ones. */
  setter: string;
  citations: Citation[];
}

/** The gate that keeps a pod of ready containers from being ready. */
export function closedGate(evidence: Evidence): ClosedGate | undefined {
  // A node that stopped reporting has its pods called not ready by the node controller.
  const node = known(evidence.node);
  if (known(evidence.events)?.some((e) => e.reason === 'NodeNotReady')) return undefined;
  if (!isHeldBack(evidence) || node?.conditions.some((c) => c.type === 'Ready' && c.status !== 'True'))
    return undefined;
  const conditions = known(evidence.pod.conditions) ?? [];
  const at = (type: string): string => `[${conditions.findIndex((c) => c.type === type)}]`;
  const ready = conditions.find((c) => c.type === 'Ready');
  const unset = conditions.find((c) => !OWN.test(c.type) && c.status !== 'True');
  const gate = NAMED.exec(ready?.message ?? '')?.groups?.gate ?? unset?.type ?? '';
  const said = [ready?.reason, ready?.message].filter(Boolean).join(': ');
  return {
    gate,
    setter: SETTERS.find(([pattern]) => pattern.test(gate))?.[1] ?? 'the controller that owns it',
    citations: [
      ...cite(evidence.pod.conditions, `Ready: False${said ? ` (${said})` : ''}`, at('Ready')),
      ...(unset ? cite(evidence.pod.conditions, `${unset.type}: ${unset.status}`, at(unset.type)) : []),
      ...cite(evidence.pod.conditions, 'ContainersReady: True', at('ContainersReady')),
    ],
  };
}
