// Everything a rule may look at, about one workload: normalised, redacted, and three-state throughout.
// Rules never see raw objects. Every field that a rule may cite is a Fact with an address.

import type { LimitRangeEvidence, NodeEvidence, QuotaEvidence, Reference, ServiceEvidence } from './evidence/around.ts';
import type { ContainerEvidence } from './evidence/container.ts';
import type { PodEvidence } from './evidence/pod.ts';
import type { Revision, Sibling, WorkloadEvidence } from './evidence/workload.ts';
import type { Fact } from './fact.ts';

export interface Evidence {
  /** The argument as given: directory, namespace/pod, or "pasted text". */
  source: string;
  cluster: string;
  /** RFC 3339. */
  now: string;
  namespace: string;
  pod: PodEvidence;
  /** The container that was asked about, "" for all of them. */
  only: string;
  /** Init, sidecar and main containers in the order in which the kubelet starts them. */
  containers: ContainerEvidence[];
  /** Events of the pod and its owners, oldest first. */
  events: Fact<EventRecord[]>;
  workload: Fact<WorkloadEvidence>;
  /** Newest last. */
  revisions: Fact<Revision[]>;
  /** ConfigMaps, Secrets, PersistentVolumeClaims and the ServiceAccount that the pod template names. */
  references: Reference[];
  node: Fact<NodeEvidence>;
  /** Other pods of the same workload. */
  siblings: Fact<Sibling[]>;
  /** Services of the namespace, for names found in logs. */
  services: Fact<ServiceEvidence[]>;
  /** Troubled pods behind Services that this workload may need, each with evidence of its own; [] at the end of a chain. */
  behind: Backend[];
  /** Readings that failed in part, in words: "events of Deployment api". */
  unread: { what: string; why: string }[];
  quotas: Fact<QuotaEvidence[]>;
  limitRanges: Fact<LimitRangeEvidence[]>;
  /** Whether the API server can resize a running pod; looked up only where the workload leaves its pods as they are. */
  resizesPods: Fact<boolean>;
}

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  /** RFC 3339 or "". */
  since: string;
}

export interface EventRecord {
  type: string;
  reason: string;
  message: string;
  count: number;
  /** RFC 3339 or "". */
  first: string;
  last: string;
  object: { kind: string; name: string };
  /** Container named by involvedObject.fieldPath, or "". */
  container: string;
  /** `event:Unhealthy` */
  at: string;
}

/** The most troubled pod behind a Service, when none of its pods is ready. */
export interface Backend {
  /** Names of the Services it stands behind, `name` or, in another namespace, `name.namespace`. */
  services: string[];
  evidence: Evidence;
}
