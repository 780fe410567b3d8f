// What a rule may look at of the workload: what it wants, its revisions, the other pods it has.

import type { Condition } from '../evidence.ts';
import type { JsonObject } from '../json.ts';

export interface WorkloadEvidence {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  generation: number;
  templateHash: string;
  replicas: number;
  readyReplicas: number;
  /** No controller has told its status: how many are ready is not known. */
  unobserved?: true;
  availableReplicas: number;
  paused: boolean;
  updateStrategy: string;
  /** Of a Deployment: its rollout takes no old pod away before a new one is ready. */
  keepsAllWhileRolling: boolean;
  /** Of a StatefulSet: pods of a lower ordinal keep their old template; 0 for none. */
  partition: number;
  conditions: Condition[];
  /** "Helm release shop", "Argo CD application shop", "operator Kafka/main"; [] when nobody else owns it. */
  managedBy: string[];
  /** What an owner above the workload says of itself, where that is not well: Crossplane's Ready and Synced, an operator's. */
  ownerConditions: Condition[];
  labels: JsonObject;
  annotations: JsonObject;
  /** CronJob schedule, Job backoffLimit, activeDeadlineSeconds and the like. */
  detail: JsonObject;
}

export interface Revision {
  number: number;
  /** ReplicaSet or ControllerRevision name. */
  name: string;
  uid: string;
  createdAt: string;
  templateHash: string;
  /** Redacted pod template: for differences in words, never for building a patch. */
  template: JsonObject;
  current: boolean;
  readyReplicas: number;
}

export interface Sibling {
  name: string;
  /** "" when unknown. */
  uid: string;
  ready: boolean;
  restarts: number;
  nodeName: string;
  /** Waiting or terminated reason of its worst container, or "". */
  trouble: string;
  /** Template hash label or controller-revision-hash: which revision it runs. */
  revision: string;
  /** RFC 3339 or "". */
  createdAt: string;
}
